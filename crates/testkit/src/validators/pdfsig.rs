use std::path::Path;
use std::process::Command;

use super::{run, text};

/// What poppler's `pdfsig` says about one signature. Certificates are not judged (`-nocert`).
#[derive(Clone, Debug, Default)]
pub struct PdfsigSignature {
    /// Name of the signature field.
    pub field: String,
    /// Common name of the signer's certificate.
    pub signer: String,
    /// The kind written in the dictionary, e.g. `ETSI.CAdES.detached`.
    pub kind: String,
    /// Its sentence on validity, e.g. `Signature is Valid.`
    pub validation: String,
    /// Whether it says that the whole file is signed by this one.
    pub total_document_signed: bool,
}

impl PdfsigSignature {
    /// Whether the signature holds.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.validation == "Signature is Valid."
    }

    /// Whether this is of a kind that pdfsig does not know, such as a document timestamp; pyHanko
    /// judges those.
    #[must_use]
    pub fn is_unknown_kind(&self) -> bool {
        self.kind == "unknown" || self.validation.contains("unimplemented feature")
    }
}

/// Asks poppler's `pdfsig` about every signature of a file, in its order. Fields not yet signed are
/// left out.
///
/// # Panics
/// When poppler-utils is not installed.
#[must_use]
pub fn pdfsig(pdf: &Path) -> Vec<PdfsigSignature> {
    let mut command = Command::new("pdfsig");
    let output = run(
        command.arg("-nocert").arg(pdf),
        "install poppler-utils with `scripts/setup test`",
    );
    read(&text(&output.stdout))
}

fn read(report: &str) -> Vec<PdfsigSignature> {
    let mut all = Vec::new();
    for line in report.lines() {
        if line.starts_with("Signature #") {
            all.push(PdfsigSignature::default());
        } else if let (Some(signature), Some(line)) =
            (all.last_mut(), line.trim().strip_prefix("- "))
        {
            note(signature, line);
        }
    }
    all.retain(|signature: &PdfsigSignature| !signature.kind.is_empty());
    all
}

fn note(signature: &mut PdfsigSignature, line: &str) {
    let set = |place: &mut String, value: &str| value.trim().clone_into(place);
    if let Some(name) = line.strip_prefix("Signature Field Name:") {
        set(&mut signature.field, name);
    } else if let Some(name) = line.strip_prefix("Signer Certificate Common Name:") {
        set(&mut signature.signer, name);
    } else if let Some(kind) = line.strip_prefix("Signature Type:") {
        set(&mut signature.kind, kind);
    } else if let Some(verdict) = line.strip_prefix("Signature Validation:") {
        set(&mut signature.validation, verdict);
    } else if line.starts_with("Total document signed") {
        signature.total_document_signed = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "\
Digital Signature Info of: two.pdf
Signature #1:
  - Signature Field Name: buyer_signature
  - Signer Certificate Common Name: Ana Torres
  - Signing Time: Nov 23 2026 15:00:00
  - Signing Hash Algorithm: SHA-256
  - Signature Type: ETSI.CAdES.detached
  - Signed Ranges: [0 - 100], [200 - 300]
  - Not total document signed
  - Signature Validation: Signature is Valid.
Signature #2:
  - Signature Field Name: seal
  - Signature Type: ETSI.CAdES.detached
  - Total document signed
  - Signature Validation: Digest Mismatch.
";

    #[test]
    fn the_report_is_read_signature_by_signature() {
        let all = read(REPORT);
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].field, "buyer_signature");
        assert_eq!(all[0].signer, "Ana Torres");
        assert!(all[0].is_valid() && !all[0].total_document_signed);
        assert!(!all[1].is_valid() && all[1].total_document_signed);
    }
}
