//! Where things lie in a checkout of the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the checkout that this crate was compiled in.
///
/// # Panics
/// Never: the crate lies where it was compiled.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/testkit lies two levels below the root")
}

/// The contract that the binary carries for `deedbox demo`: three pages, an instalment sale.
#[must_use]
pub fn sample_contract() -> PathBuf {
    root().join("crates/deedbox/assets/sample-contract.pdf")
}

/// Folder of foreign PDFs to try, named by `DEEDBOX_PDF_CORPUS`; none is no failure.
#[must_use]
pub fn corpus() -> Option<PathBuf> {
    std::env::var_os("DEEDBOX_PDF_CORPUS").map(PathBuf::from)
}

/// The interpreter with the pinned outside judges.
///
/// # Panics
/// When `scripts/setup test` has not been run.
#[must_use]
pub fn python() -> PathBuf {
    let python = root().join(".venv/bin/python");
    assert!(
        python.exists(),
        "no .venv in the repository: run `scripts/setup test`"
    );
    python
}

/// A script of `scripts/`, ready to run with [`python`].
#[must_use]
pub fn python_script(name: &str) -> Command {
    let mut command = Command::new(python());
    command
        .arg(root().join("scripts").join(name))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
