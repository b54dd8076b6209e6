use std::path::Path;
use std::process::Command;

use super::{run, text};

const REMEDY: &str = "install qpdf with `scripts/setup test`";

/// What `qpdf --check` says about the structure of a file.
#[derive(Clone, Debug)]
pub struct QpdfVerdict {
    /// No error and no warning.
    pub clean: bool,
    /// Errors only; warnings alone leave it readable.
    pub readable: bool,
    /// Everything it printed.
    pub messages: String,
}

/// Checks cross-reference tables, objects and streams of a file.
///
/// # Panics
/// When qpdf is not installed.
#[must_use]
pub fn qpdf_check(pdf: &Path) -> QpdfVerdict {
    let output = run(Command::new("qpdf").arg("--check").arg(pdf), REMEDY);
    // qpdf's exit codes: 0 clean, 2 errors, 3 warnings only.
    let code = output.status.code();
    QpdfVerdict {
        clean: code == Some(0),
        readable: matches!(code, Some(0 | 3)),
        messages: text(&output.stdout) + &text(&output.stderr),
    }
}

/// How many pages qpdf counts.
///
/// # Panics
/// When qpdf is not installed or cannot read the file.
#[must_use]
pub fn qpdf_pages(pdf: &Path) -> usize {
    let output = run(Command::new("qpdf").arg("--show-npages").arg(pdf), REMEDY);
    let stdout = text(&output.stdout);
    stdout
        .trim()
        .parse()
        .unwrap_or_else(|_| panic!("qpdf counts no pages: {stdout}{}", text(&output.stderr)))
}
