//! Programs that are not ours, asked what they think of a PDF.
//!
//! Each answers a typed verdict; a program that is not installed fails the test and names the remedy.

mod chain;
mod pdfsig;
mod pyhanko;
mod qpdf;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

pub use chain::embedded_roots;
pub use pdfsig::{PdfsigSignature, pdfsig};
pub use pyhanko::{Pyhanko, Report, Verdict, pyhanko};
pub use qpdf::{QpdfVerdict, qpdf_check, qpdf_pages};

/// Keeps bytes in a file for programs that read only files. The file goes with the value.
///
/// # Panics
/// When the temporary folder is not writable.
#[must_use]
pub fn file_of(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new()
        .prefix("deedbox-")
        .suffix(".pdf")
        .tempfile()
        .expect("a temporary file");
    file.write_all(bytes).expect("room in the temporary folder");
    file
}

/// Asks all three judges and panics with the whole answer unless each is content: pyHanko (strict,
/// chain to `trust`) with every signature, `pdfsig` with every signature, `qpdf --check` with the file.
///
/// # Panics
/// When one of them is not.
pub fn assert_accepted(pdf: &Path, trust: &[&Path], signatures: usize) {
    let report = Pyhanko::trusting(trust).judge(pdf);
    assert!(report.ok, "pyHanko refuses {}: {report:#?}", pdf.display());
    assert_eq!(
        report.signatures.len(),
        signatures,
        "signatures seen by pyHanko: {report:#?}"
    );

    let seen = pdfsig(pdf);
    let accepted = |one: &PdfsigSignature| one.is_valid() || one.is_unknown_kind();
    assert!(
        seen.iter().all(accepted),
        "pdfsig refuses a signature: {seen:#?}"
    );
    assert_eq!(
        seen.len(),
        signatures,
        "signatures seen by pdfsig: {seen:#?}"
    );

    let structure = qpdf_check(pdf);
    assert!(structure.clean, "qpdf complains: {}", structure.messages);
}

fn run(command: &mut Command, remedy: &str) -> Output {
    command
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap_or_else(|error| panic!("{command:?} does not start ({error}): {remedy}"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
