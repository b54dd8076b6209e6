use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{run, text};
use crate::repository;

/// pyHanko's verdict on one file.
#[derive(Clone, Debug, Deserialize)]
pub struct Report {
    /// The file judged.
    pub file: PathBuf,
    /// At least one signature, and nothing against any.
    pub ok: bool,
    /// Why the file as a whole could not be judged.
    pub error: Option<String>,
    /// One verdict per filled signature field, in file order, document timestamps among them.
    pub signatures: Vec<Verdict>,
}

/// pyHanko's verdict on one signature.
#[derive(Clone, Debug, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are pyHanko's answers, one by one"
)]
pub struct Verdict {
    /// Full name of the field.
    pub field: String,
    /// `signature`, or `timestamp` for a document timestamp.
    pub kind: String,
    /// The cryptographic signature verifies.
    pub valid: bool,
    /// The signed bytes have the signed digest.
    pub intact: bool,
    /// The chain ends in a certificate given as trusted.
    pub trusted: bool,
    /// `ENTIRE_FILE`, `ENTIRE_REVISION`, …
    pub coverage: Option<String>,
    /// Whether later changes are such as the signature's policy permits.
    pub docmdp_ok: Option<bool>,
    /// What was changed later: `NONE`, `LTA_UPDATES`, `FORM_FILLING`, `ANNOTATIONS`, `OTHER`.
    pub modification_level: Option<String>,
    /// `None` without a time stamp token, else whether it is sound and trusted.
    pub timestamp_ok: Option<bool>,
    /// Everything above in one word.
    pub bottom_line: bool,
    /// Why a later change was refused, or what went wrong.
    pub detail: Option<String>,
}

/// How pyHanko is to judge.
#[derive(Clone, Debug, Default)]
pub struct Pyhanko {
    trust: Vec<PathBuf>,
    at: Option<String>,
    lenient: bool,
}

impl Pyhanko {
    /// Strict reading, and these certificates (PEM or DER files) as the only trusted roots.
    #[must_use]
    pub fn trusting(roots: &[&Path]) -> Self {
        Self {
            trust: roots.iter().map(|path| path.to_path_buf()).collect(),
            ..Self::default()
        }
    }

    /// Judges as of this instant (ISO 8601) instead of now.
    #[must_use]
    pub fn at(mut self, instant: &str) -> Self {
        self.at = Some(instant.to_owned());
        self
    }

    /// Reads the file as a viewer would, past errors of structure that the upload already had.
    #[must_use]
    pub const fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// Judges one file.
    ///
    /// # Panics
    /// When pyHanko is not installed or gives no answer.
    #[must_use]
    pub fn judge(&self, pdf: &Path) -> Report {
        self.judge_all(&[pdf]).pop().expect("one report per file")
    }

    /// Judges several files in one run, since starting pyHanko takes most of its time.
    ///
    /// # Panics
    /// When pyHanko is not installed or gives no answer.
    #[must_use]
    pub fn judge_all(&self, pdfs: &[&Path]) -> Vec<Report> {
        let mut command = repository::python_script("validate_pdf.py");
        for root in &self.trust {
            command.arg("--trust").arg(root);
        }
        if let Some(instant) = &self.at {
            command.args(["--at", instant]);
        }
        if self.lenient {
            command.arg("--lenient");
        }
        let output = run(command.args(pdfs), "run `scripts/setup test`");
        let reports: Vec<Report> = text(&output.stdout)
            .lines()
            .map(|line| serde_json::from_str(line).expect("a JSON report per line"))
            .collect();
        assert_eq!(
            reports.len(),
            pdfs.len(),
            "pyHanko failed: {}",
            text(&output.stderr)
        );
        reports
    }
}

/// Judges one file strictly, with these trusted roots.
///
/// # Panics
/// When pyHanko is not installed or gives no answer.
#[must_use]
pub fn pyhanko(pdf: &Path, trust: &[&Path]) -> Report {
    Pyhanko::trusting(trust).judge(pdf)
}
