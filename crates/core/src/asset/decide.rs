//! What a command means for an asset.

mod arrive;
mod guard;
mod handover;
mod leave;

use crate::announcement::{Body, Verdict};
use crate::asset::command::{Command, IssueCertificate};
use crate::asset::event::{
    Accessed, AssetEvent, CertificateIssued, Compliance, ConsentGiven, ConsentPerson,
    ConsentRequested,
};
use crate::asset::refusal::Refusal;
use crate::asset::state::Asset;
use crate::context::Context;
use crate::decision::Decision;
use crate::digest::Digest;
use crate::evidence::control::{ControlDraft, ControlEntry};
use crate::ids::{ConsentId, OrgId};
use crate::job::{Job, JobKind};

/// Days between two integrity sweeps of a vaulted record (partner API §8.2).
pub const SWEEP_DAYS: i64 = 7;

/// Decides a command on an asset.
///
/// # Errors
/// The [`Refusal`] of tables 4.2 and section 7; nothing then changes.
pub fn decide(asset: &Asset, command: Command, ctx: &Context) -> Result<Decision, Refusal> {
    match command {
        Command::VaultIn(vault_in) => arrive::store(asset, *vault_in, ctx),
        Command::RecordPaper(paper) => arrive::record_paper(asset, paper, ctx),
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
        Command::ReportMismatch { actual, source } => {
            Ok(guard::mismatch(asset, actual, source, ctx))
        }
        Command::ReportRestored { actual } => Ok(guard::restored(asset, actual, ctx)),
        Command::PlaceHold { reason } => guard::place_hold(asset, reason, ctx),
        Command::LiftHold => guard::lift_hold(asset, ctx),
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
