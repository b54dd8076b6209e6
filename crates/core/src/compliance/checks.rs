//! The eight checks of §8.1, one function each.

mod signatures;

use crate::asset::state::{Asset, VaultState};
use crate::compliance::facts::{CertificateFact, CopyFact, Facts, LogFact, PdfSeal, SealOwner};
use crate::compliance::report::{Check, CheckResult, EvidenceItem, EvidenceKind};
use crate::digest::Digest;
use crate::envelope::state::{Envelope, Kind};
use crate::record::Record;

/// What a check found.
pub(super) struct Finding {
    pub result: CheckResult,
    pub detail: String,
    pub evidence: Vec<EvidenceItem>,
}

impl Finding {
    fn new(result: CheckResult, detail: impl Into<String>) -> Self {
        Self {
            result,
            detail: detail.into(),
            evidence: Vec::new(),
        }
    }

    fn verified(detail: impl Into<String>) -> Self {
        Self::new(CheckResult::Verified, detail)
    }

    fn attested(detail: impl Into<String>) -> Self {
        Self::new(CheckResult::Attested, detail)
    }

    fn open(detail: impl Into<String>) -> Self {
        Self::new(CheckResult::NotEstablished, detail)
    }

    fn failed(detail: impl Into<String>) -> Self {
        Self::new(CheckResult::Failed, detail)
    }

    fn with(
        mut self,
        kind: EvidenceKind,
        sha256: impl Into<Option<Digest>>,
        reference: Option<String>,
    ) -> Self {
        self.evidence.push(EvidenceItem {
            kind,
            sha256: sha256.into(),
            reference,
        });
        self
    }

    fn with_log(self, log: &LogFact) -> Self {
        match log {
            LogFact::Included { root } => self.with(EvidenceKind::Log, *root, None),
            LogFact::Pending | LogFact::Failed { .. } => self,
        }
    }
}

pub(super) fn find(check: Check, record: &Record, facts: &Facts) -> Finding {
    let Record {
        envelope, asset, ..
    } = record;
    match check {
        Check::Single => single(envelope, asset, facts),
        Check::Integrity => integrity(asset, facts),
        Check::Assignee => assignee(asset, facts),
        Check::Signatures => signatures::signatures(envelope, asset, facts),
        Check::Copies => copies(asset, facts),
        Check::Revisions => revisions(envelope, asset, facts),
        Check::Consent => consent(asset, facts),
        Check::Certificate => certificate(record, facts),
    }
}

const NOT_VAULTED: &str = "The record is not vaulted";

fn single(envelope: &Envelope, asset: &Asset, facts: &Facts) -> Finding {
    if let Some(gone) = gone(asset) {
        return gone;
    }
    let found = if facts.live_copies != 1 {
        Finding::failed(format!(
            "{} live authoritative copies are registered, one is required",
            facts.live_copies
        ))
    } else if facts.object.is_none() {
        Finding::failed("The authoritative object is missing from the store")
    } else if facts.live_elsewhere > 0 {
        Finding::failed(format!(
            "The same source bytes are live in {} other records",
            facts.live_elsewhere
        ))
    } else {
        paper(envelope, asset)
    };
    found.with(EvidenceKind::Object, asset.document_hash, path(asset))
}

/// Before vault-in and after release there is no copy here to speak of.
fn gone(asset: &Asset) -> Option<Finding> {
    match (asset.vault_state, asset.effective_release()) {
        (VaultState::None, _) => Some(Finding::open(NOT_VAULTED)),
        (VaultState::Released, Some(release)) => {
            let at = release.released_at.unwrap_or(release.opened_at);
            let to = release
                .recipient
                .as_ref()
                .map_or("a recipient since erased", |it| it.name.as_str());
            Some(Finding::open(format!(
                "The authoritative copy left this vault on {at} to {to}"
            )))
        }
        (VaultState::Released, None) => {
            Some(Finding::open("The authoritative copy left this vault"))
        }
        _ => None,
    }
}

/// A scan may be the single copy only when somebody says what became of the paper (Official Comment 3).
fn paper(envelope: &Envelope, asset: &Asset) -> Finding {
    match (envelope.kind, &asset.paper_original) {
        (Kind::Esign, _) => Finding::verified("Authoritative copy stored"),
        (Kind::Paper, None) => Finding::open(
            "Authoritative copy stored; what became of the paper original was not said",
        ),
        (Kind::Paper, Some(paper)) => {
            let who = paper.attestation.as_ref().map(|it| it.name.clone());
            let said = paper.disposition.as_str().replace('_', " ");
            Finding::attested(format!("Authoritative copy stored; paper original: {said}")).with(
                EvidenceKind::Attestation,
                None,
                who,
            )
        }
    }
}

fn path(asset: &Asset) -> Option<String> {
    asset
        .authoritative
        .as_ref()
        .map(|object| object.path.clone())
}

fn integrity(asset: &Asset, facts: &Facts) -> Finding {
    let Some(expected) = asset.document_hash else {
        return Finding::open(NOT_VAULTED);
    };
    let released = asset.vault_state == VaultState::Released;
    let found = match facts.object {
        None if released => Finding::open("The bytes are no longer stored here"),
        None => Finding::failed("The authoritative object is missing from the store"),
        Some(actual) if actual != expected => {
            Finding::failed("The stored bytes do not hash to the recorded digest")
        }
        Some(_) => seals(facts),
    };
    let stamped = facts.seals.iter().filter(|seal| seal.timestamped);
    let found = found
        .with(EvidenceKind::Object, facts.object, path(asset))
        .with_log(&facts.log);
    stamped.fold(found, |found, seal| {
        found.with(EvidenceKind::Timestamp, seal.sha256, None)
    })
}

/// The vault seal must be there and hold, and so must every seal made here before it.
fn seals(facts: &Facts) -> Finding {
    let ours = |seal: &&PdfSeal| seal.owner != SealOwner::Uploaded;
    let vault = facts
        .seals
        .iter()
        .find(|seal| seal.owner == SealOwner::Vault);
    let found = match (
        vault,
        facts.seals.iter().filter(ours).find(|seal| !seal.valid),
        &facts.log,
    ) {
        (None, _, _) => Finding::failed("The vault seal is missing"),
        (Some(_), Some(_), _) => Finding::failed("A seal in the stored bytes does not verify"),
        (Some(_), None, LogFact::Failed { detail }) => {
            Finding::failed(format!("Evidence log: {detail}"))
        }
        (Some(_), None, LogFact::Pending) => {
            Finding::verified("Stored bytes and seals verify; the next log checkpoint covers them")
        }
        (Some(_), None, LogFact::Included { .. }) => {
            Finding::verified("Stored bytes, seals and log inclusion verify")
        }
    };
    facts.seals.iter().filter(ours).fold(found, |found, seal| {
        found.with(EvidenceKind::Seal, seal.sha256, None)
    })
}

fn assignee(asset: &Asset, facts: &Facts) -> Finding {
    if let Some(gone) = gone(asset) {
        return gone;
    }
    let (Some(named), Some(custodian), Some(location)) =
        (&asset.assignee, &asset.custodian, &asset.location)
    else {
        return Finding::open("Assignee or custodian were erased");
    };
    let Some((assignee, entry)) = facts.control_head() else {
        return Finding::failed("The head of the control record is missing or altered");
    };
    let found = if entry.hash != asset.control_head || assignee != named {
        Finding::failed("The named assignee is not the one at the head of the control record")
    } else if entry.draft.custodian.designation_id != custodian.designation_id {
        Finding::failed("The custodian has no designation in force")
    } else if location.vault_id != facts.vault_id {
        Finding::failed("The record is located in another vault")
    } else {
        let keeper = custodian.name.as_deref().unwrap_or(&custodian.id);
        Finding::verified(format!(
            "Assignee {}; custodian {keeper}; location this vault",
            named.name
        ))
    };
    found.with(EvidenceKind::ControlHead, entry.hash, None)
}

fn copies(asset: &Asset, facts: &Facts) -> Finding {
    if asset.copies.is_empty() || facts.copies.is_empty() {
        return Finding::open("No copy is registered");
    }
    let fault = facts
        .copies
        .iter()
        .find_map(|copy| copy_fault(copy, asset).map(|fault| (copy, fault)));
    let found = match fault {
        Some((copy, fault)) => Finding::failed(format!("{}: {fault}", copy.path)),
        None => {
            Finding::verified("Every registered copy is marked on every page and in its metadata")
        }
    };
    facts.copies.iter().fold(found, |found, copy| {
        found.with(EvidenceKind::Copy, copy.registered, Some(copy.path.clone()))
    })
}

fn copy_fault(copy: &CopyFact, asset: &Asset) -> Option<&'static str> {
    match copy.found {
        None => Some("the copy is missing from the store"),
        Some(found) if found != copy.registered => {
            Some("the copy does not hash to its registered digest")
        }
        Some(found) if Some(found) == asset.document_hash => {
            Some("the copy is the authoritative file")
        }
        Some(_) if !copy.marked_on_every_page => Some("a page does not carry the mark"),
        Some(_) if !copy.marked_in_metadata => Some("the metadata do not carry the mark"),
        Some(_) => None,
    }
}

fn revisions(envelope: &Envelope, asset: &Asset, facts: &Facts) -> Finding {
    if asset.vault_state == VaultState::None {
        return Finding::open(NOT_VAULTED);
    }
    if facts.object.is_none() && asset.vault_state == VaultState::Released {
        return Finding::open("The bytes are no longer stored here");
    }
    // An altered object is itself identified as unauthorized: check 2 fails and the record is quarantined. Its
    // inner revisions mean nothing.
    if facts.object != asset.document_hash {
        return Finding::verified(
            "The stored version differs from the authorized one and is flagged as unauthorized",
        );
    }
    let known = |sha256: &Digest| {
        let recorded = envelope
            .revisions
            .iter()
            .any(|revision| revision.sha256 == *sha256);
        recorded || facts.flagged.contains(sha256)
    };
    // Revisions older than our base came with the upload and were authorized with it.
    let base = envelope.original_digest();
    let first = facts
        .revisions
        .iter()
        .position(|sha256| Some(*sha256) == base)
        .unwrap_or(0);
    let ours = facts.revisions.iter().skip(first);
    match ours.clone().find(|sha256| !known(sha256)) {
        Some(unknown) => Finding::failed("A revision in the stored bytes was never recorded").with(
            EvidenceKind::Object,
            *unknown,
            None,
        ),
        None if facts.revisions.last().copied() != asset.document_hash => {
            Finding::failed("The newest revision in the stored bytes is not the recorded one")
        }
        None => Finding::verified(format!("{} revisions, all recorded", ours.count())).with(
            EvidenceKind::Object,
            asset.document_hash,
            path(asset),
        ),
    }
}

fn consent(asset: &Asset, facts: &Facts) -> Finding {
    if asset.vault_state == VaultState::None {
        return Finding::open(NOT_VAULTED);
    }
    match &facts.replay {
        Err(fault) => Finding::failed(format!("Control record: {fault}")),
        Ok(head) if head.head != asset.control_head || head.length != asset.control_length => {
            Finding::failed("The control record is not the one that the trail commits to")
        }
        Ok(head) => {
            let detail = match head.changes {
                0 => "No change of assignee since vault-in".to_owned(),
                count => format!(
                    "{count} changes of assignee, each signed by the assignee then in force"
                ),
            };
            Finding::verified(detail).with(EvidenceKind::ControlHead, head.head, None)
        }
    }
}

fn certificate(record: &Record, facts: &Facts) -> Finding {
    let newest = record.asset.newest_certificate();
    let trail = match &facts.trail {
        Err(fault) => return Finding::failed(format!("Audit trail: {fault}")),
        Ok(chain) if chain.head != record.head || chain.seq != record.seq => {
            return Finding::failed("The audit trail is not the one that was read");
        }
        Ok(chain) => chain,
    };
    let found = match (&facts.certificate, newest) {
        (CertificateFact::Missing, None) => Finding::open("No certificate has been issued"),
        (CertificateFact::Missing, Some(_)) => {
            Finding::failed("The newest certificate is missing from the store")
        }
        (CertificateFact::BeingIssued, _) => {
            log_finding(&facts.log, "Audit trail verifies up to this certificate")
        }
        (CertificateFact::Stored { signed: false, .. }, _) => {
            Finding::failed("The signature of the newest certificate does not verify")
        }
        (CertificateFact::Stored { sha256, .. }, newest)
            if newest.is_none_or(|it| it.sha256 != *sha256) =>
        {
            Finding::failed("The stored certificate is not the newest one issued")
        }
        (CertificateFact::Stored { sha256, log, .. }, _) => {
            log_finding(log, "Certificate, audit trail and log verify").with(
                EvidenceKind::Certificate,
                *sha256,
                newest.map(|it| it.certificate_id.to_string()),
            )
        }
    };
    found.with(EvidenceKind::TrailHead, trail.head, None)
}

fn log_finding(log: &LogFact, detail: &str) -> Finding {
    match log {
        LogFact::Failed { detail } => Finding::failed(format!("Evidence log: {detail}")),
        LogFact::Pending => {
            Finding::verified(format!("{detail}; the next log checkpoint covers it"))
        }
        LogFact::Included { .. } => Finding::verified(detail).with_log(log),
    }
}
