//! What strangers' validators say: pyHanko (strict), poppler's pdfsig, qpdf and OpenSSL.
//!
//! A validator that is not installed is skipped, unless `DEEDBOX_REQUIRE_VALIDATORS=1` (set by
//! `make test`), when its absence fails the test.

mod common;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use common::{Form, Instance, instance, pem, signed_three};

fn required() -> bool {
    std::env::var("DEEDBOX_REQUIRE_VALIDATORS").is_ok_and(|value| value == "1")
}

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn python() -> Option<PathBuf> {
    let python = std::env::var_os("DEEDBOX_TEST_PYTHON")
        .map_or_else(|| root().join(".venv/bin/python"), PathBuf::from);
    let there = Command::new(&python)
        .args(["-c", "import pyhanko"])
        .output();
    let there = there.is_ok_and(|output| output.status.success());
    assert!(
        there || !required(),
        "pyHanko is required: run scripts/setup test"
    );
    there.then_some(python)
}

fn tool(name: &str) -> Option<Command> {
    let there = Command::new(name).arg("--version").output().is_ok()
        || Command::new(name).arg("-v").output().is_ok();
    assert!(
        there || !required(),
        "{name} is required: run scripts/setup test"
    );
    there.then(|| Command::new(name))
}

struct Case {
    folder: tempfile::TempDir,
    file: PathBuf,
}

impl Case {
    fn new(pdf: &[u8], instance: &Instance) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("case.pdf");
        std::fs::write(&file, pdf).unwrap();
        std::fs::write(
            folder.path().join("ca.pem"),
            pem(instance.authority.certificate()),
        )
        .unwrap();
        Self { folder, file }
    }

    /// pyHanko's verdict on `count` signatures, strict.
    fn pyhanko(&self, count: usize) {
        let Some(python) = python() else { return };
        let output = Command::new(python)
            .arg(root().join("scripts/validate_pdf.py"))
            .arg("--trust")
            .arg(self.folder.path().join("ca.pem"))
            .args(["--at", "2026-04-11T10:00:30Z"])
            .arg(&self.file)
            .output()
            .unwrap();
        let answer = String::from_utf8_lossy(&output.stdout);
        let verdict: serde_json::Value = serde_json::from_str(&answer)
            .unwrap_or_else(|_| panic!("{answer} {}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(verdict["ok"], true, "{verdict:#}");
        let signatures = verdict["signatures"].as_array().unwrap();
        assert_eq!(signatures.len(), count, "{verdict:#}");
        for signature in signatures {
            assert_eq!(signature["docmdp_ok"], true, "{signature:#}");
            assert_ne!(signature["coverage"], "UNCLEAR", "{signature:#}");
        }
    }

    fn pdfsig(&self, count: usize) {
        let Some(mut pdfsig) = tool("pdfsig") else {
            return;
        };
        let output = pdfsig.arg("-nocert").arg(&self.file).output().unwrap();
        let answer = String::from_utf8_lossy(&output.stdout);
        let valid = answer.matches("Signature is Valid").count();
        assert_eq!(valid, count, "{answer}");
    }

    fn qpdf(&self) {
        let Some(mut qpdf) = tool("qpdf") else { return };
        let output = qpdf.arg("--check").arg(&self.file).output().unwrap();
        let answer = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{answer}");
    }
}

#[test]
fn three_sequential_signatures_are_valid_everywhere() {
    let instance = instance();
    for form in [Form::Table, Form::Streams] {
        let (prepared, _) = signed_three(&instance, form);
        let case = Case::new(&prepared.pdf, &instance);
        case.qpdf();
        case.pdfsig(3);
        case.pyhanko(3);
    }
}
