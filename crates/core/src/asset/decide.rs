//! What a command means for an asset.

mod handover;
mod leave;

use crate::announcement::{Body, Verdict};
use crate::asset::command::{Command, IssueCertificate, VaultIn};
use crate::asset::event::{
    Accessed, AssetEvent, CertificateIssued, Compliance, ConsentGiven, ConsentPerson,
    ConsentRequested, HoldChanged, HoldPerson, PaperPerson, PaperRecorded, Quarantine, Stored,
    StoredPerson, TamperDetected,
};
use crate::asset::refusal::Refusal;
use crate::asset::state::{Asset, TamperSource, VaultState};
use crate::context::Context;
use crate::decision::Decision;
use crate::digest::Digest;
use crate::envelope::state::PaperOriginal;
use crate::evidence::control::{ControlDraft, ControlEntry};
use crate::ids::{ConsentId, OrgId};
use crate::invalid::Faults;
use crate::job::{Job, JobKind};

/// Days between two integrity sweeps of a vaulted record (partner API §8.2).
pub const SWEEP_DAYS: i64 = 7;

/// Decides a command on an asset.
///
/// # Errors
/// The [`Refusal`] of tables 4.2 and section 7; nothing then changes.
pub fn decide(asset: &Asset, command: Command, ctx: &Context) -> Result<Decision, Refusal> {
    match command {
        Command::VaultIn(vault_in) => store(asset, *vault_in, ctx),
        Command::RecordPaper(paper) => record_paper(asset, paper, ctx),
        Command::IssueCertificate(certificate) => issue(asset, *certificate, ctx),
        Command::AccessAuthoritative { purpose } => {
            access(asset, asset.document_hash, purpose, ctx)
        }
        Command::AccessCopy { purpose } => access_copy(asset, purpose, ctx),
        Command::Release(order) => leave::release(asset, *order, ctx),
        Command::Acknowledge {
            release_id,
            by,
            package_sha256,
            control,
        } => leave::acknowledge(asset, &release_id, &by, package_sha256, control, ctx),
        Command::CancelRelease { release_id, by } => leave::cancel(asset, &release_id, &by, ctx),
        Command::LapseRelease { release_id } => leave::lapse(asset, &release_id, ctx),
        Command::Offer(offer) => handover::offer(asset, *offer, ctx),
        Command::Accept {
            transfer_id,
            by,
            assignee,
            control,
        } => handover::accept(asset, &transfer_id, &by, assignee, control, ctx),
        Command::Reject { transfer_id, by } => handover::reject(asset, &transfer_id, &by, ctx),
        Command::Confirm {
            transfer_id,
            by,
            custodian,
            control,
            certificate_id,
        } => {
            let confirmation = handover::Confirmation {
                custodian,
                control,
                certificate_id,
            };
            handover::confirm(asset, &transfer_id, &by, confirmation, ctx)
        }
        Command::CancelTransfer { transfer_id, by } => {
            handover::cancel(asset, &transfer_id, &by, ctx)
        }
        Command::LapseTransfer { transfer_id } => handover::lapse(asset, &transfer_id, ctx),
        Command::RequestConsent {
            consent_id,
            scope,
            summary,
        } => request_consent(asset, consent_id, scope, summary, ctx),
        Command::GiveConsent { consent_id } => give_consent(asset, &consent_id, ctx),
        Command::ReportMismatch { actual, source } => Ok(mismatch(asset, actual, source, ctx)),
        Command::ReportRestored { actual } => Ok(restored(asset, actual, ctx)),
        Command::PlaceHold { reason } => place_hold(asset, reason, ctx),
        Command::LiftHold => lift_hold(asset, ctx),
    }
}

fn store(asset: &Asset, vault_in: VaultIn, ctx: &Context) -> Result<Decision, Refusal> {
    match asset.vault_state {
        VaultState::None => {}
        VaultState::Released => return Err(Refusal::Released),
        _ => return Ok(Decision::nothing()),
    }
    if vault_in.live_elsewhere {
        return Err(Refusal::DuplicateAuthoritativeCopy);
    }
    let seal = &vault_in.vault_seal;
    let object = &vault_in.authoritative;
    if object.sha256 != seal.sha256 || object.size != seal.end() {
        return Err(Refusal::IntegrityFailed);
    }
    if vault_in.copy.sha256 == object.sha256 {
        return Err(Refusal::SourceDiffers);
    }
    check_paper(vault_in.paper_original.as_ref())?;
    let expected = ControlDraft::first(
        vault_in.asset_id.clone(),
        object.sha256,
        vault_in.assignee.clone(),
        vault_in.custodian.clone(),
        vault_in.control.draft.at,
    );
    check_control(&vault_in.control, &expected)?;
    let stored_by = vault_in.controller.clone();
    let envelope_id = vault_in.envelope_id.clone();
    let announced = Body::VaultStored {
        path: object.path.clone(),
        hash: object.sha256,
    };
    Ok(Decision::nothing()
        .tell(&stored_by, announced)
        .job(Job::at(
            ctx,
            &envelope_id,
            ctx.now.plus_days(SWEEP_DAYS),
            JobKind::Sweep,
        ))
        .event(AssetEvent::Stored(Box::new(stored(vault_in, ctx)))))
}

fn stored(vault_in: VaultIn, ctx: &Context) -> Stored {
    let (disposition, attestation) = match vault_in.paper_original {
        Some(paper) => (Some(paper.disposition), paper.attestation),
        None => (None, None),
    };
    Stored {
        envelope_id: vault_in.envelope_id,
        asset_id: vault_in.asset_id,
        path: vault_in.authoritative.path,
        hash: vault_in.authoritative.sha256,
        size: vault_in.authoritative.size,
        source_sha256: vault_in.source_sha256,
        vault_seal: vault_in.vault_seal,
        copy: vault_in.copy,
        custody_record: vault_in.custody_record,
        controller: vault_in.controller,
        custodian_kind: vault_in.custodian.kind,
        custodian_id: vault_in.custodian.id,
        designation_id: vault_in.custodian.designation_id,
        custodian_since: vault_in.custodian.since,
        location: vault_in.location,
        assignee_acts_by_link: vault_in.assignee.acts_by_link(),
        paper_original: disposition,
        control_hash: vault_in.control.hash,
        stored_at: ctx.now,
        person: StoredPerson {
            assignee: Some(vault_in.assignee),
            custodian_name: vault_in.custodian.name,
            attestation,
            control: Some(Box::new(vault_in.control)),
        },
    }
}

/// A disposition counts only with the person who attests it (partner API P5).
fn check_paper(paper: Option<&PaperOriginal>) -> Result<(), Refusal> {
    match paper.map(|paper| paper.attestation.as_ref()) {
        Some(Some(attestation)) => attestation.check().map_err(Refusal::Invalid),
        Some(None) => {
            let mut faults = Faults::new();
            faults.push("attestation", "is required with paper_original");
            faults.into_result(()).map_err(Refusal::Invalid)
        }
        None => Ok(()),
    }
}

/// The entry must be exactly the draft that follows the control record's head, and hash to its own content. Its
/// signature is checked by the app that has the keys, and again at every evaluation.
fn check_control(entry: &ControlEntry, expected: &ControlDraft) -> Result<(), Refusal> {
    let unfit = |detail| Err(Refusal::ControlEntryUnfit { detail });
    if (entry.draft.seq, entry.draft.prev_hash) != (expected.seq, expected.prev_hash) {
        unfit("it does not name the newest entry")
    } else if entry.draft != *expected {
        unfit("it says something else than the command")
    } else if entry.hash != Digest::of(&entry.draft.signing_bytes()) {
        unfit("its content does not give its hash")
    } else {
        Ok(())
    }
}

fn record_paper(asset: &Asset, paper: PaperOriginal, ctx: &Context) -> Result<Decision, Refusal> {
    match asset.vault_state {
        VaultState::None => return Err(Refusal::NotVaulted),
        VaultState::Released => return Err(Refusal::Released),
        _ => {}
    }
    check_paper(Some(&paper))?;
    match &asset.paper_original {
        Some(recorded) if *recorded == paper => return Ok(Decision::nothing()),
        Some(_) => return Err(Refusal::PaperAlreadyRecorded),
        None => {}
    }
    Ok(
        Decision::nothing().event(AssetEvent::PaperRecorded(PaperRecorded {
            paper_original: paper.disposition,
            recorded_at: ctx.now,
            person: PaperPerson {
                attestation: paper.attestation,
            },
        })),
    )
}

fn issue(asset: &Asset, certificate: IssueCertificate, ctx: &Context) -> Result<Decision, Refusal> {
    let Some(controller) = &asset.controller else {
        return Err(Refusal::NotVaulted);
    };
    let newest = asset.newest_certificate();
    if newest.map(|newest| &newest.certificate_id) != certificate.supersedes.as_ref() {
        return Err(Refusal::CertificateOutOfOrder);
    }
    let changed = newest.is_none_or(|newest| newest.compliant != certificate.compliant);
    // The closing certificate of a release says how the record ended; it is no new verdict on a live record.
    let verdict = (changed && asset.vault_state.is_live()).then(|| verdict(&certificate));
    let issued = Decision::nothing().event(AssetEvent::CertificateIssued(CertificateIssued {
        certificate_id: certificate.certificate_id,
        sha256: certificate.sha256,
        status: certificate.status,
        supersedes: certificate.supersedes,
        compliant: certificate.compliant,
        score: certificate.score,
        results: certificate.results,
        issued_at: ctx.now,
    }));
    Ok(match verdict {
        Some(verdict) => issued.then(announce_verdict(controller, verdict)),
        None => issued,
    })
}

fn verdict(certificate: &IssueCertificate) -> Verdict {
    Verdict {
        compliant: certificate.compliant,
        score: certificate.score,
        missing_requirements: certificate.missing_requirements.clone(),
        evaluated_at: certificate.evaluated_at,
        certificate_id: certificate.certificate_id.clone(),
    }
}

fn announce_verdict(controller: &OrgId, verdict: Verdict) -> Decision {
    let recorded = Compliance {
        compliant: verdict.compliant,
        score: verdict.score,
        missing_requirements: verdict.missing_requirements.clone(),
        evaluated_at: verdict.evaluated_at,
        certificate_id: verdict.certificate_id.clone(),
    };
    if verdict.compliant {
        let event = AssetEvent::CompliancePassed(recorded);
        Decision::nothing()
            .event(event)
            .tell(controller, Body::CompliancePassed(verdict))
    } else {
        let event = AssetEvent::ComplianceFailed(recorded);
        Decision::nothing()
            .event(event)
            .tell(controller, Body::ComplianceFailed(verdict))
    }
}

fn access(
    asset: &Asset,
    sha256: Option<Digest>,
    purpose: String,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    asset.admit_read_copy()?;
    let accessed = Accessed {
        sha256,
        purpose,
        accessed_at: ctx.now,
    };
    Ok(Decision::nothing().event(AssetEvent::Accessed(accessed)))
}

fn access_copy(asset: &Asset, purpose: String, ctx: &Context) -> Result<Decision, Refusal> {
    asset.admit_read_copy()?;
    let sha256 = asset.copies.last().map(|copy| copy.sha256);
    let accessed = Accessed {
        sha256,
        purpose,
        accessed_at: ctx.now,
    };
    Ok(Decision::nothing().event(AssetEvent::CopyAccessed(accessed)))
}

fn request_consent(
    asset: &Asset,
    consent_id: ConsentId,
    scope: Digest,
    summary: String,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let envelope_id = live_envelope(asset)?;
    let asked = asset
        .consent(&scope)
        .is_some_and(|consent| ctx.now < consent.expires_at);
    if asked || !asset.assignee_acts_by_link {
        return Ok(Decision::nothing());
    }
    let link = JobKind::SendConsentLink {
        consent_id: consent_id.clone(),
    };
    Ok(Decision::nothing()
        .job(Job::now(ctx, envelope_id, link))
        .event(AssetEvent::ConsentRequested(ConsentRequested {
            consent_id,
            scope,
            requested_at: ctx.now,
            expires_at: ctx.now.plus_seconds(ctx.policy.consent_ttl_s),
            person: ConsentPerson {
                summary: Some(summary),
            },
        })))
}

fn give_consent(asset: &Asset, consent_id: &ConsentId, ctx: &Context) -> Result<Decision, Refusal> {
    live_envelope(asset)?;
    let asked = asset
        .consents
        .iter()
        .find(|consent| consent.consent_id == *consent_id);
    let consent = asked.ok_or(Refusal::UnknownConsent)?;
    if ctx.now >= consent.expires_at {
        return Err(Refusal::ConsentExpired);
    }
    if consent.given_at.is_some() {
        return Ok(Decision::nothing());
    }
    Ok(
        Decision::nothing().event(AssetEvent::ConsentGiven(ConsentGiven {
            consent_id: consent_id.clone(),
            scope: consent.scope,
            given_at: ctx.now,
            expires_at: ctx.now.plus_seconds(ctx.policy.consent_ttl_s),
        })),
    )
}

/// The envelope of a live asset; `N` or `R` otherwise.
fn live_envelope(asset: &Asset) -> Result<&crate::ids::EnvelopeId, Refusal> {
    match (&asset.envelope_id, asset.vault_state.is_live()) {
        (None, _) => Err(Refusal::NotVaulted),
        (Some(_), false) => Err(Refusal::Released),
        (Some(envelope_id), true) => Ok(envelope_id),
    }
}

fn mismatch(
    asset: &Asset,
    actual: Option<Digest>,
    source: TamperSource,
    ctx: &Context,
) -> Decision {
    let (Some(controller), Some(expected)) = (&asset.controller, asset.document_hash) else {
        return Decision::nothing();
    };
    let new = asset.vault_state.is_live() && asset.vault_state != VaultState::Quarantined;
    if !new || actual == Some(expected) {
        return Decision::nothing();
    }
    let detected = TamperDetected {
        expected_hash: expected,
        actual_hash: actual,
        detected_at: ctx.now,
        source,
    };
    let announced = Body::TamperDetected {
        expected_hash: expected,
        actual_hash: actual,
        detected_at: ctx.now,
        source,
    };
    Decision::nothing()
        .event(AssetEvent::TamperDetected(detected))
        .tell(controller, announced)
        .then(handover::cancel_for_integrity(asset, ctx))
        .then(leave::cancel_for_integrity(asset, ctx))
        .event(AssetEvent::QuarantineEntered(Quarantine {
            at: ctx.now,
            actual_hash: actual,
        }))
}

fn restored(asset: &Asset, actual: Digest, ctx: &Context) -> Decision {
    if asset.vault_state != VaultState::Quarantined || asset.document_hash != Some(actual) {
        return Decision::nothing();
    }
    let lifted = Quarantine {
        at: ctx.now,
        actual_hash: Some(actual),
    };
    Decision::nothing().event(AssetEvent::QuarantineLifted(lifted))
}

fn place_hold(asset: &Asset, reason: Option<String>, ctx: &Context) -> Result<Decision, Refusal> {
    live_envelope(asset)?;
    let mut faults = Faults::new();
    faults.length(reason.as_deref().unwrap_or(""), 0, 1000, "reason");
    faults.into_result(()).map_err(Refusal::Invalid)?;
    if asset.is_held() {
        return Ok(Decision::nothing());
    }
    let placed = HoldChanged {
        at: ctx.now,
        person: HoldPerson { reason },
    };
    Ok(Decision::nothing().event(AssetEvent::HoldPlaced(placed)))
}

fn lift_hold(asset: &Asset, ctx: &Context) -> Result<Decision, Refusal> {
    live_envelope(asset)?;
    if !asset.is_held() {
        return Ok(Decision::nothing());
    }
    let lifted = HoldChanged {
        at: ctx.now,
        person: HoldPerson::default(),
    };
    Ok(Decision::nothing().event(AssetEvent::HoldLifted(lifted)))
}
