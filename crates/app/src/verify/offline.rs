//! `deedbox verify`: a document and its evidence, without network or database.

use std::fmt;

use deedbox_core::Timestamp;
use deedbox_ledger::{BundleReport, PinnedKey, verify_bundle};
use serde::Serialize;
use serde_json::Value;

use super::{
    Verdict,
    seal::{SealReport, check},
};
use crate::error::Error;

/// What the verifier trusts beforehand.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    /// Certificates of issuing authorities, DER.
    pub roots: Vec<Vec<u8>>,
    /// Public keys of the evidence.
    pub keys: Vec<PinnedKey>,
}

/// The offline answer.
#[derive(Clone, Debug, Serialize)]
pub struct OfflineReport {
    /// In one word.
    pub verdict: Verdict,
    /// What the PDF proves.
    pub seal: SealReport,
    /// What the evidence bundle proves; `None` when none was given.
    pub evidence: Option<BundleReport>,
    /// What could not be checked, and what would be needed.
    pub not_checked: Vec<String>,
    /// When.
    pub checked_at: Timestamp,
}

/// Verifies a document, with its evidence bundle and pinned keys when given.
///
/// # Errors
/// [`Error::Invalid`] when evidence or trust file cannot be read as what they must be.
pub fn verify_offline(
    pdf: &[u8],
    evidence: Option<&[u8]>,
    trust: Option<&[u8]>,
    now: Timestamp,
) -> Result<OfflineReport, Error> {
    let pinned = trust.map(read_trust).transpose()?;
    let bundle = evidence.map(read_bundle).transpose()?;
    let mut not_checked = Vec::new();
    let roots = match (&pinned, &bundle) {
        (Some(trusted), _) if !trusted.roots.is_empty() => trusted.roots.clone(),
        (_, Some(bundle)) => {
            not_checked.push(
                "the issuing authority and the keys are those the bundle names: pin them with --trust"
                    .to_owned(),
            );
            deedbox_ledger::authorities(bundle)
        }
        _ => {
            not_checked
                .push("no issuing authority is trusted: give --evidence or --trust".to_owned());
            Vec::new()
        }
    };
    let (_, seal) = check(pdf, roots, now);
    let keys = pinned
        .map(|trusted| trusted.keys)
        .filter(|keys| !keys.is_empty());
    let evidence = bundle.map(|bundle| verify_bundle(&bundle, &seal.sha256, keys.as_deref()));
    if let Some(report) = &evidence {
        not_checked.extend(report.not_checked.iter().cloned());
    }
    let verdict = join(seal.finding.into(), evidence.as_ref());
    Ok(OfflineReport {
        verdict,
        seal,
        evidence,
        not_checked,
        checked_at: now,
    })
}

/// Evidence can only make the answer worse: it never vouches for bytes that the PDF does not.
fn join(seal: Verdict, evidence: Option<&BundleReport>) -> Verdict {
    match evidence {
        Some(report) if !report.ok && seal == Verdict::Genuine => Verdict::Altered,
        _ => seal,
    }
}

fn read_bundle(bytes: &[u8]) -> Result<Value, Error> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Error::invalid("evidence", format!("is not JSON: {error}")))?;
    Ok(match value.get("data") {
        Some(inner) => inner.clone(),
        None => value,
    })
}

/// A PEM file with certificates, or a saved `deedbox-keys.json`.
fn read_trust(bytes: &[u8]) -> Result<Trusted, Error> {
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        let keys = deedbox_ledger::pinned_keys(&value)
            .ok_or_else(|| Error::invalid("trust", "must be PEM or a saved deedbox-keys.json"))?;
        return Ok(Trusted {
            roots: deedbox_ledger::authorities(&value),
            keys,
        });
    }
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let roots = pem_certificates(text);
    if roots.is_empty() {
        return Err(Error::invalid(
            "trust",
            "must be PEM or a saved deedbox-keys.json",
        ));
    }
    Ok(Trusted {
        roots,
        keys: Vec::new(),
    })
}

fn pem_certificates(text: &str) -> Vec<Vec<u8>> {
    use base64::Engine as _;
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let bodies = text
        .split(BEGIN)
        .skip(1)
        .filter_map(|rest| rest.split(END).next());
    bodies
        .filter_map(|body| {
            let packed: String = body.split_whitespace().collect();
            base64::engine::general_purpose::STANDARD
                .decode(packed)
                .ok()
        })
        .collect()
}

impl fmt::Display for OfflineReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.verdict.as_str())?;
        writeln!(f, "  sha256   {}", self.seal.sha256)?;
        for signature in &self.seal.signatures {
            let state = if signature.intact { "holds" } else { "BROKEN" };
            let who = signature.signer.as_deref().unwrap_or("unknown signer");
            let when = signature
                .signed_at
                .map(Timestamp::to_iso)
                .unwrap_or_default();
            writeln!(f, "  {state:8} {who}  {when}")?;
        }
        if let Some(evidence) = &self.evidence {
            for check in &evidence.checks {
                let state = if check.ok { "ok" } else { "FAILED" };
                writeln!(f, "  {state:8} {}: {}", check.name, check.detail)?;
            }
        }
        for line in &self.not_checked {
            writeln!(f, "  note     {line}")?;
        }
        Ok(())
    }
}
