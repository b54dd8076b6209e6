//! What the PDF itself proves.

use deedbox_core::Timestamp;
use deedbox_pades::{Report, SignatureReport, Trust};
use serde::Serialize;

/// The signatures of a document.
#[derive(Clone, Debug, Serialize)]
pub struct SealReport {
    /// The PDF's own finding, finer than the verdict: `genuine`, `content_added`, `unknown_signer`,
    /// `altered`, `no_signature`, `could_not_check`.
    pub finding: deedbox_pades::Verdict,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Its length in bytes.
    pub length: u64,
    /// Whether every byte is covered by a signature or a permitted update.
    pub every_byte_accounted: bool,
    /// The signatures in the order in which they were made.
    pub signatures: Vec<SealSignature>,
    /// What could not be checked.
    pub problems: Vec<String>,
}

/// One signature.
#[derive(Clone, Debug, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent findings, printed as they are"
)]
pub struct SealSignature {
    /// The form field that holds it.
    pub field: String,
    /// The name in the certificate.
    pub signer: Option<String>,
    /// The address in the certificate.
    pub email: Option<String>,
    /// Why, as the dictionary says.
    pub reason: Option<String>,
    /// Time proven by an RFC 3161 token.
    pub signed_at: Option<Timestamp>,
    /// Level as found (ETSI EN 319 142-1).
    pub level: Option<deedbox_pades::Level>,
    /// Whether digest and signature hold.
    pub intact: bool,
    /// Whether the certificate leads to a trusted root.
    pub trusted: bool,
    /// Whether only permitted changes followed.
    pub changes_permitted: bool,
    /// Whether it covers the whole file.
    pub covers_whole_file: bool,
}

/// Checks the signatures of `pdf` against trusted roots (DER).
pub(crate) fn check(pdf: &[u8], roots: Vec<Vec<u8>>, now: Timestamp) -> (Report, SealReport) {
    let report = deedbox_pades::verify(
        pdf,
        &Trust {
            roots,
            now: now.to_offset(),
        },
    );
    let seal = SealReport {
        finding: report.verdict(),
        sha256: report.sha256.clone(),
        length: report.length,
        every_byte_accounted: report.every_byte_accounted(),
        signatures: report.signatures.iter().map(signature).collect(),
        problems: report.problems.iter().map(ToString::to_string).collect(),
    };
    (report, seal)
}

fn signature(found: &SignatureReport) -> SealSignature {
    let subject = found.signer.as_ref();
    let micros = |at: time::OffsetDateTime| i64::try_from(at.unix_timestamp_nanos() / 1_000).ok();
    SealSignature {
        field: found.field.clone(),
        signer: subject.and_then(|it| it.common_name.clone()),
        email: subject.and_then(|it| it.email.clone()),
        reason: found.reason.clone(),
        signed_at: found
            .proven_time
            .and_then(micros)
            .map(Timestamp::from_micros),
        level: found.level,
        intact: found.intact(),
        trusted: found.trusted(),
        changes_permitted: found.changes_permitted(),
        covers_whole_file: found.covers_whole_file,
    }
}
