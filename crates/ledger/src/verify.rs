//! Verifying a bundle against a document.

use deedbox_core::{
    Digest, Entry, EnvelopeId, Record, Timestamp,
    evidence::{
        ControlEntry, Signature, SignedJson,
        bundle::{BundleEntry, verify_trail},
        replay,
    },
};
use serde_json::Value;

use crate::{
    keys::{PinnedKey, pinned_keys, verifies},
    report::BundleReport,
};

/// Verifies a bundle against the SHA-256 (hex) of a document. With `pinned` keys only those count;
/// without, the keys that the bundle names are used and the caller should say so.
#[must_use]
pub fn verify_bundle(
    bundle: &Value,
    document_sha256: &str,
    pinned: Option<&[PinnedKey]>,
) -> BundleReport {
    let named = bundle["envelope_id"].as_str().map(str::to_owned);
    let mut report = BundleReport::new(named.clone());
    let own = pinned_keys(bundle).unwrap_or_default();
    let keys = pinned.unwrap_or(&own);
    match named.and_then(|id| EnvelopeId::parse(&id).ok()) {
        Some(id) => verify_record(&mut report, bundle, &id, document_sha256),
        None => report.note("trail", Err("the bundle names no envelope".to_owned())),
    }
    if bundle["control"]
        .as_array()
        .is_some_and(|it| !it.is_empty())
    {
        // Control keys belong to the parties, so they are always those of the bundle, identified by
        // the fingerprints that the certificate names.
        report.note("control", check_control(bundle, &own));
    }
    for name in ["certificate", "completion"] {
        if !bundle[name].is_null() {
            report.note(name, check_signed(&bundle[name], keys));
        }
    }
    if bundle["log"].is_null() {
        let generated = bundle["generated_at"].as_str().unwrap_or("an unknown time");
        report.not_checked.push(format!(
            "the bundle carries no proof of inclusion in a public log: it shows the record as its \
             server told it at {generated}"
        ));
    }
    report
}

fn verify_record(
    report: &mut BundleReport,
    bundle: &Value,
    envelope_id: &EnvelopeId,
    document_sha256: &str,
) {
    match check_trail(bundle, envelope_id) {
        Ok((record, detail)) => {
            report.note("trail", Ok(detail));
            report.note("document", check_document(&record, document_sha256));
        }
        Err(fault) => report.note("trail", Err(fault)),
    }
}

fn check_trail(bundle: &Value, envelope_id: &EnvelopeId) -> Result<(Record, String), String> {
    let trail: Vec<BundleEntry> = serde_json::from_value(bundle["trail"].clone())
        .map_err(|fault| format!("the trail cannot be read: {fault}"))?;
    let (chain, _) = verify_trail(&trail).map_err(|fault| fault.to_string())?;
    if chain.envelope_id != *envelope_id {
        return Err("the trail belongs to another envelope".to_owned());
    }
    let entries: Vec<Entry> = trail.iter().filter_map(BundleEntry::entry).collect();
    let record = Record::fold(&entries, None).map_err(|fault| fault.to_string())?;
    let last = entries
        .last()
        .map(|entry| entry.at.to_iso())
        .unwrap_or_default();
    Ok((
        record,
        format!(
            "{} entries follow each other, the last of {last}",
            entries.len()
        ),
    ))
}

fn check_document(record: &Record, document_sha256: &str) -> Result<String, String> {
    let digest = Digest::parse(document_sha256).map_err(|_| "no document digest".to_owned())?;
    let Record {
        envelope, asset, ..
    } = record;
    if asset.document_hash == Some(digest) {
        return Ok(match asset.effective_release() {
            Some(_) => "the authoritative copy, released since".to_owned(),
            None => "the authoritative copy".to_owned(),
        });
    }
    if asset.copies.iter().any(|copy| copy.sha256 == digest) {
        return Ok("a registered copy, not the authoritative one".to_owned());
    }
    if envelope.sealed_digest() == Some(digest) {
        return Ok("the sealed document".to_owned());
    }
    match envelope
        .revisions
        .iter()
        .find(|revision| revision.sha256 == digest)
    {
        Some(revision) => Ok(format!(
            "revision {} ({}) of the document",
            revision.n, revision.kind
        )),
        None => Err("the trail names no document with this SHA-256".to_owned()),
    }
}

fn check_control(bundle: &Value, keys: &[PinnedKey]) -> Result<String, String> {
    let entries: Vec<ControlEntry> = serde_json::from_value(bundle["control"].clone())
        .map_err(|fault| format!("the control record cannot be read: {fault}"))?;
    let verify = |signature: &Signature, message: &[u8]| {
        let key = keys.iter().find(|key| key.key_id == signature.key_id)?;
        let holds = verifies(&key.public, message, &signature.raw()?);
        holds.then(|| Digest::of(&key.public))
    };
    let head = replay(&entries, verify).map_err(|fault| fault.to_string())?;
    let certified = bundle["certificate"]["control_chain"]["head_hash"].as_str();
    if certified.is_some_and(|hash| hash != head.head.to_string()) {
        return Err("the certificate names another control record".to_owned());
    }
    Ok(format!(
        "{} entries, the assignee in force is {}",
        head.length, head.assignee.name
    ))
}

fn check_signed(document: &Value, keys: &[PinnedKey]) -> Result<String, String> {
    let (signed, signature) = SignedJson::read(document).ok_or("it is not signed")?;
    let key = keys
        .iter()
        .find(|key| key.key_id == signature.key_id && key.purpose == "certificate")
        .ok_or_else(|| format!("its key {} is not among the trusted ones", signature.key_id))?;
    let raw = signature.raw().unwrap_or_default();
    if !verifies(&key.public, &signed.signed_bytes(), &raw) {
        return Err("its signature does not hold".to_owned());
    }
    let issued = document["issued_at"]
        .as_str()
        .and_then(|at| Timestamp::parse(at).ok());
    Ok(match issued {
        Some(at) => format!("signed by {}, issued {}", key.key_id, at.to_iso()),
        None => format!("signed by {}", key.key_id),
    })
}
