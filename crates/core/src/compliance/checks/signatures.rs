//! Check 4: all required signatures collected.

use super::Finding;
use crate::asset::state::Asset;
use crate::compliance::facts::{Facts, SealOwner};
use crate::compliance::report::EvidenceKind;
use crate::envelope::signer::{Signer, SignerStatus};
use crate::envelope::state::{Envelope, Kind, Status};

pub(super) fn signatures(envelope: &Envelope, asset: &Asset, facts: &Facts) -> Finding {
    match envelope.kind {
        Kind::Esign => signed_here(envelope, asset, facts),
        Kind::Paper => signed_on_paper(envelope, asset, facts),
    }
}

fn signed_here(envelope: &Envelope, asset: &Asset, facts: &Facts) -> Finding {
    let open = envelope
        .signers
        .iter()
        .filter(|signer| signer.status != SignerStatus::Signed)
        .count();
    if open > 0 || envelope.completed_at.is_none() {
        return Finding::open(format!(
            "{open} of {} signers have not signed",
            envelope.signers.len()
        ));
    }
    if let Some(signer) = envelope
        .signers
        .iter()
        .find(|signer| !is_bound(envelope, signer))
    {
        return Finding::failed(format!(
            "The signature of {} is not bound to the sealed document",
            signer.role
        ));
    }
    // Of altered bytes nothing can be said here; check 2 says it.
    let intact = facts.object.is_some() && facts.object == asset.document_hash;
    let broken = facts
        .seals
        .iter()
        .any(|seal| seal.owner == SealOwner::Signer && !seal.valid);
    if intact && broken {
        return Finding::failed("A signer's signature in the stored bytes does not verify");
    }
    let found = Finding::verified(format!("All {} signers signed", envelope.signers.len()));
    let revision = |signer: &Signer| {
        let number = signer.signature.as_ref()?.revision;
        envelope
            .revisions
            .iter()
            .find(|revision| revision.n == number)
            .map(|revision| revision.sha256)
    };
    envelope
        .signers
        .iter()
        .filter_map(revision)
        .fold(found, |found, sha256| {
            found.with(EvidenceKind::Seal, sha256, None)
        })
}

/// A signature event is bound when its revision stands in the document right after the one it was made over, and
/// every step before it was passed.
fn is_bound(envelope: &Envelope, signer: &Signer) -> bool {
    let Some(signature) = &signer.signature else {
        return false;
    };
    let before = signature.revision.checked_sub(1);
    let over = envelope
        .revisions
        .iter()
        .find(|revision| Some(revision.n) == before);
    let own = envelope
        .revisions
        .iter()
        .any(|revision| revision.n == signature.revision);
    let linked = over.is_some_and(|revision| revision.sha256 == signature.signed_over_sha256);
    let shown = envelope.was_shown(&signature.shown_sha256);
    own && linked && shown && signer.consent.is_some() && signer.is_authenticated()
}

fn signed_on_paper(envelope: &Envelope, asset: &Asset, facts: &Facts) -> Finding {
    let Some(upload) = &envelope.upload else {
        return Finding::open("Nothing has been uploaded");
    };
    if !matches!(envelope.status, Status::Vaulted | Status::Released) {
        return Finding::open("Nobody has vaulted the uploaded file as the signed document");
    }
    let intact = facts.object == asset.document_hash;
    let broken = facts
        .seals
        .iter()
        .any(|seal| seal.owner == SealOwner::Uploaded && !seal.valid);
    if intact && broken {
        return Finding::failed("A PDF signature inside the uploaded file is broken");
    }
    let who = asset
        .custodian
        .as_ref()
        .map(|custodian| custodian.id.clone());
    Finding::attested("The vaulting actor states that the uploaded file is the signed document")
        .with(EvidenceKind::Attestation, None, who)
        .with(EvidenceKind::Object, upload.sha256, None)
}
