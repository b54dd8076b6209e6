//! The child process that reads untrusted PDFs, for the tests of this package. The product's is `deedbox pdf-child`.

fn main() -> std::io::Result<()> {
    deedbox_pdf::child::serve(std::io::stdin().lock(), std::io::stdout().lock())
}
