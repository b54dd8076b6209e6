//! The certificate of §8.3: what the checks found, signed. It reports; it draws no legal conclusion.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::asset::state::{Asset, CertificateStatus};
use crate::asset::transfer::Transfer;
use crate::compliance::report::{Profile, Report};
use crate::digest::Digest;
use crate::envelope::state::{Envelope, Kind};
use crate::evidence::signature::SignedJson;
use crate::ids::CertificateId;
use crate::record::Record;
use crate::time::Timestamp;

/// What a certificate does not say.
pub const LIMITATIONS: [&str; 4] = [
    "This certificate reports the results of checks made by software at the time stated; it is not a legal opinion and draws no legal conclusion about control, perfection, priority or enforceability.",
    "Results marked attested rest on the statement of the person named and were not verified by software.",
    "Whether the record is chattel paper, who is entitled to it, and whether an earlier or later transfer outside this vault took place is outside these checks.",
    "It speaks of the record as of the time of evaluation; a newer certificate for the same record supersedes it.",
];

/// What the reader should know of the law.
pub const LEGAL_NOTICES: [&str; 3] = [
    "References are to section 9-105 and related sections of the Uniform Commercial Code in its official text; the law of the governing state applies as enacted there.",
    "Electronic signatures and records: 15 U.S.C. §§ 7001-7006 (ESIGN) and the Uniform Electronic Transactions Act where enacted.",
    "Copies marked as non-authoritative are for information only and transfer no right in the record.",
];

/// The software that evaluated and issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Software {
    /// `deedbox`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the running binary, if known.
    pub build_sha256: Option<Digest>,
}

/// What the certificate says beside record and report.
#[derive(Debug, Clone, PartialEq)]
pub struct CertificateTerms {
    /// Its id.
    pub certificate_id: CertificateId,
    /// When it is issued.
    pub issued_at: Timestamp,
    /// Its status as issued.
    pub status: CertificateStatus,
    /// Its predecessor.
    pub supersedes: Option<CertificateId>,
    /// E.g. `US-NY` (organization setting).
    pub governing_law: Option<String>,
    /// The object's version in the store.
    pub object_version: String,
    /// SHA-256 of the canonical settings in force: who could have acted.
    pub policy_snapshot_sha256: Digest,
    /// The software.
    pub software: Software,
}

/// Builds the certificate, to be signed over [`SignedJson::signed_bytes`]. A record that was never vaulted has none.
#[must_use]
pub fn certificate(
    record: &Record,
    report: &Report,
    terms: &CertificateTerms,
) -> Option<SignedJson> {
    let Record {
        envelope, asset, ..
    } = record;
    asset.asset_id.as_ref()?;
    let mut document = Map::new();
    for part in [
        head(record, terms),
        parties(envelope, asset, report, terms),
        custody(asset, terms),
        findings(asset, report, terms),
        closing(asset),
    ] {
        if let Value::Object(part) = part {
            document.extend(part);
        }
    }
    Some(SignedJson::new(document))
}

fn head(record: &Record, terms: &CertificateTerms) -> Value {
    let Record {
        envelope, asset, ..
    } = record;
    let moved = transferred_here(asset).is_some();
    let secured = envelope.secured_party.as_ref();
    // After a transfer the secured party is who took control; before it, who was named when the record was made.
    let (name, registration_id) = if moved {
        let assignee = asset.assignee.as_ref();
        (
            assignee.map(|it| it.name.as_str()),
            assignee.and_then(|it| it.registration_id.as_deref()),
        )
    } else {
        (
            secured.map(|it| it.name.as_str()),
            secured.and_then(|it| it.registration_id.as_deref()),
        )
    };
    json!({
        "certificate_type": "ucc_9105_electronic_chattel_paper",
        "certificate_version": "1.0",
        "issued_at": terms.issued_at.whole_millis(),
        "subject": {
            "envelope_id": envelope.envelope_id,
            "envelope_name": envelope.name,
            "customer_id": envelope.customer_id.as_ref().filter(|_| !moved),
            "status": envelope.status,
        },
        "secured_party": {
            "name": name,
            "organization_id": record.holder(),
            "registration_id": registration_id,
        },
        "certificate_id": terms.certificate_id,
        "status": terms.status,
        "supersedes": terms.supersedes,
    })
}

fn parties(envelope: &Envelope, asset: &Asset, report: &Report, terms: &CertificateTerms) -> Value {
    let source = match envelope.kind {
        Kind::Esign => "esign",
        Kind::Paper => "paper_upload",
    };
    let transferor = transferred_here(asset)
        .map(|transfer| json!({"name": transfer.from_name, "organization_id": transfer.from}));
    let profile: Profile = report.profile;
    json!({
        "profile": profile,
        "governing_law": terms.governing_law,
        "asset_id": asset.asset_id,
        "asset_kind": "electronic_chattel_paper",
        "source": source,
        "debtor": {"name": envelope.customer.name},
        "transferor": transferor,
    })
}

/// The transfer by which the present assignee got control.
fn transferred_here(asset: &Asset) -> Option<&Transfer> {
    asset.confirmed_transfers().last()
}

fn custody(asset: &Asset, terms: &CertificateTerms) -> Value {
    let assignee = asset.assignee.as_ref();
    let assignee_id = assignee.and_then(|it| {
        let organization = it.organization_id.as_ref().map(ToString::to_string);
        organization.or_else(|| it.email.as_ref().map(ToString::to_string))
    });
    let custodian = asset.custodian.as_ref();
    let object = asset.authoritative.as_ref();
    let live = asset.vault_state.is_live();
    let copy = json!({
        "medium": "electronic",
        "sha256": asset.document_hash,
        "size": object.map(|it| it.size),
        "object_version": terms.object_version,
    });
    json!({
        "assignee": {
            "name": assignee.map(|it| &it.name),
            "id": assignee_id,
            "key_fpr": assignee.map(|it| it.key_fpr),
        },
        "custodian": {
            "name": custodian.map(|it| it.name.as_ref().unwrap_or(&it.id)),
            "designation_id": custodian.map(|it| &it.designation_id),
        },
        "custody": {"custodian": custodian.map(|it| &it.id), "since": custodian.map(|it| it.since)},
        "location": asset.location,
        "document": {
            "hash": asset.document_hash,
            "hash_algorithm": "SHA-256",
            "size": object.map(|it| it.size),
            "vault_path": object.map(|it| &it.path),
            "stored_at": asset.vaulted_at,
        },
        "authoritative_copies": if live { vec![copy] } else { Vec::new() },
    })
}

fn findings(asset: &Asset, report: &Report, terms: &CertificateTerms) -> Value {
    let paper = asset.paper_original.as_ref();
    let attestation = paper.and_then(|it| it.attestation.as_ref());
    json!({
        "tangible_original": {
            "disposition": paper.map_or("none", |it| it.disposition.as_str()),
            "evidence_sha256": attestation.map(crate::evidence::canonical::digest),
            "attested_by": attestation.map(|it| &it.name),
        },
        "control_chain": {"length": asset.control_length, "head_hash": asset.control_head},
        "acknowledgments": [],
        "compliance": {
            "compliant": report.compliant,
            "score": report.score,
            "evaluated_at": report.evaluated_at,
            "missing_requirements": report.missing_requirements,
            "checks": report.checks,
        },
        "policy_snapshot_sha256": terms.policy_snapshot_sha256,
        "software": terms.software,
        "limitations": LIMITATIONS,
        "legal_notices": LEGAL_NOTICES,
    })
}

/// The closing certificate says how the record left.
fn closing(asset: &Asset) -> Value {
    let Some(release) = asset.effective_release() else {
        return Value::Null;
    };
    json!({
        "release": {
            "release_id": release.release_id,
            "released_at": release.released_at,
            "recipient": release.recipient,
            "reason": release.reason,
        },
    })
}
