use std::path::Path;
use std::process::Command;

use tempfile::{NamedTempFile, TempDir};

use super::{run, text};

/// The self-signed certificates that the file's own signatures carry, as one PEM file to trust.
///
/// With them a validator checks that every chain is whole and ends in the instance's authority; whether
/// that authority deserves trust is not for a test of this repository to say.
///
/// # Panics
/// When pdfsig or openssl is not installed, or no signature carries such a certificate.
#[must_use]
pub fn embedded_roots(pdf: &Path) -> NamedTempFile {
    let folder = TempDir::new().expect("a folder");
    let pdf = std::path::absolute(pdf).expect("a path");
    let dumped = run(
        Command::new("pdfsig")
            .arg("-dump")
            .arg(pdf)
            .current_dir(folder.path()),
        "install poppler-utils with `scripts/setup test`",
    );
    let signatures = std::fs::read_dir(folder.path()).expect("the dumped signatures");
    let roots: String = signatures
        .flatten()
        .flat_map(|entry| certificates(&entry.path()))
        .filter(Certificate::is_self_signed)
        .map(|certificate| certificate.pem)
        .collect();
    assert!(
        !roots.is_empty(),
        "no root in any signature: {}",
        text(&dumped.stdout)
    );
    let file = tempfile::Builder::new()
        .suffix(".pem")
        .tempfile()
        .expect("a temporary file");
    std::fs::write(file.path(), roots).expect("room in the temporary folder");
    file
}

struct Certificate {
    subject: String,
    issuer: String,
    pem: String,
}

impl Certificate {
    fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }
}

fn certificates(cms: &Path) -> Vec<Certificate> {
    let mut command = Command::new("openssl");
    command
        .args(["pkcs7", "-inform", "DER", "-print_certs", "-in"])
        .arg(cms);
    let output = run(&mut command, "install openssl with `scripts/setup test`");
    let printed = text(&output.stdout);
    printed
        .split_inclusive("-----END CERTIFICATE-----\n")
        .filter_map(certificate)
        .collect()
}

fn certificate(printed: &str) -> Option<Certificate> {
    let name = |label: &str| {
        let line = printed.lines().find_map(|line| line.strip_prefix(label))?;
        Some(line.trim_start_matches('=').trim().to_owned())
    };
    let pem = printed.find("-----BEGIN CERTIFICATE-----")?;
    Some(Certificate {
        subject: name("subject")?,
        issuer: name("issuer")?,
        pem: printed[pem..].to_owned(),
    })
}
