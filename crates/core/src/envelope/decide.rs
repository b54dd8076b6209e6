//! What a command means for an envelope.

use crate::announcement::{Body, SentSigner};
use crate::context::Context;
use crate::decision::Decision;
use crate::envelope::command::{Command, Prepared, Seal, Upload};
use crate::envelope::event::{self, EnvelopeEvent, ReasonPerson, UploadedPerson};
use crate::envelope::refusal::Refusal;
use crate::envelope::signer::Signer;
use crate::envelope::state::{Envelope, Kind, Revision, RevisionKind, Status};
use crate::envelope::{chase, step, turn};
use crate::ids::SignerId;
use crate::invalid::Faults;
use crate::job::{Job, JobKind};

/// Decides a command on an existing envelope.
///
/// # Errors
/// The [`Refusal`] of table 4.1 or of the signing page; nothing then changes.
pub fn decide(envelope: &Envelope, command: Command, ctx: &Context) -> Result<Decision, Refusal> {
    match command {
        Command::Upload(file) => upload(envelope, file, ctx),
        Command::Prepare(document) => prepare(envelope, document),
        Command::Send => send(envelope, ctx),
        Command::Open {
            signer_id,
            document_sha256,
        } => step::open(envelope, &signer_id, document_sha256, ctx),
        Command::Consent {
            signer_id,
            disclosure_id,
            version,
            locale,
            sha256,
        } => {
            let text = step::Disclosed {
                disclosure_id,
                version,
                locale,
                sha256,
            };
            step::consent(envelope, &signer_id, text, ctx)
        }
        Command::SendOtp {
            signer_id,
            channel,
            document_sha256,
            sealed_code,
        } => step::send_otp(
            envelope,
            &signer_id,
            channel,
            document_sha256,
            sealed_code,
            ctx,
        ),
        Command::PassOtp {
            signer_id,
            channel,
            document_sha256,
        } => step::pass_otp(envelope, &signer_id, channel, document_sha256, ctx),
        Command::FailOtp { signer_id, channel } => {
            step::fail_otp(envelope, &signer_id, channel, ctx)
        }
        Command::OtpUndelivered { signer_id, channel } => {
            step::otp_undelivered(envelope, &signer_id, channel, ctx)
        }
        Command::CaptureBiometric(captured) => step::capture_biometric(envelope, captured, ctx),
        Command::DecideBiometric {
            signer_id,
            decision,
        } => step::decide_biometric(envelope, &signer_id, decision, ctx),
        Command::Sign(sign) => turn::sign(envelope, *sign, ctx),
        Command::Augment(seal) => augment(envelope, seal, ctx),
        Command::Decline { signer_id, reason } => turn::decline(envelope, &signer_id, reason, ctx),
        Command::Void { reason } => void(envelope, reason, ctx),
        Command::Remind { email } => chase::remind(envelope, email.as_ref(), ctx),
        Command::Resend { signer_id } => chase::resend(envelope, &signer_id, ctx),
        Command::Extend { expires_at } => chase::extend(envelope, expires_at, ctx),
        Command::Expire => chase::expire(envelope, ctx),
    }
}

fn upload(envelope: &Envelope, file: Upload, ctx: &Context) -> Result<Decision, Refusal> {
    envelope.admit_upload()?;
    let (disposition, attestation) = match file.paper_original {
        Some(paper) => (Some(paper.disposition), paper.attestation),
        None => (None, None),
    };
    if let Some(Err(faults)) = attestation
        .as_ref()
        .map(crate::envelope::Attestation::check)
    {
        return Err(Refusal::Invalid(faults));
    }
    debug_assert!(ctx.now >= envelope.created_at);
    Ok(
        Decision::nothing().event(EnvelopeEvent::Uploaded(event::Uploaded {
            size: file.size,
            sha256: file.sha256,
            pages: file.pages,
            signatures: file.signatures,
            paper_original: disposition,
            person: UploadedPerson {
                filename: Some(file.filename),
                attestation,
            },
        })),
    )
}

/// `pending` to `preparing`.
pub(super) fn prepare(envelope: &Envelope, document: Prepared) -> Result<Decision, Refusal> {
    envelope.require_kind(Kind::Esign)?;
    if envelope.status != Status::Pending {
        return Err(envelope.wrong_status());
    }
    if !follow_each_other(&document.revisions) {
        return Err(Refusal::DocumentChanged);
    }
    Ok(
        Decision::nothing().event(EnvelopeEvent::Prepared(event::Prepared {
            revisions: document.revisions,
            pages: document.pages,
            fields: document.fields,
            signature_sheet: document.signature_sheet,
        })),
    )
}

/// A base and everything up to the prepared revision, without a gap. A normalised base stands alone: the upload as
/// it came is kept beside it and is no prefix of it.
fn follow_each_other(revisions: &[Revision]) -> bool {
    let begins = revisions.first().is_some_and(|first| {
        let base = matches!(
            first.kind,
            RevisionKind::Original | RevisionKind::Normalised
        );
        first.n == 0 && first.offset == 0 && base
    });
    let linked = revisions
        .windows(2)
        .all(|pair| pair[1].n == pair[0].n + 1 && pair[1].offset == pair[0].end());
    begins
        && linked
        && revisions
            .last()
            .is_some_and(|last| last.kind == RevisionKind::Prepared)
}

/// `preparing` to `sent`.
pub(super) fn send(envelope: &Envelope, ctx: &Context) -> Result<Decision, Refusal> {
    envelope.require_kind(Kind::Esign)?;
    if envelope.status != Status::Preparing {
        return Err(envelope.wrong_status());
    }
    let invited = envelope.next_invited(None);
    let announced = envelope.signers.iter().map(sent_signer).collect();
    Ok(Decision::nothing()
        .tell(
            &envelope.org_id,
            Body::EnvelopeSent {
                sent_at: ctx.now,
                expires_at: envelope.expires_at,
                signing_order: envelope.signing_order,
                signers: announced,
            },
        )
        .jobs(invitations(envelope, &invited, ctx))
        .event(EnvelopeEvent::Sent(event::Sent {
            sent_at: ctx.now,
            expires_at: envelope.expires_at,
            signing_order: envelope.signing_order,
            invited,
        })))
}

fn sent_signer(signer: &Signer) -> SentSigner {
    SentSigner {
        signer_id: signer.signer_id.clone(),
        email: signer.person.email.clone(),
        name: signer.person.name.clone(),
        role: signer.role.clone(),
        order: signer.order,
    }
}

/// One invitation per signer.
pub(super) fn invitations(envelope: &Envelope, invited: &[SignerId], ctx: &Context) -> Vec<Job> {
    let invite = |signer_id: &SignerId| JobKind::Invite {
        signer_id: signer_id.clone(),
    };
    invited
        .iter()
        .map(|signer_id| Job::now(ctx, &envelope.envelope_id, invite(signer_id)))
        .collect()
}

fn augment(envelope: &Envelope, seal: Seal, ctx: &Context) -> Result<Decision, Refusal> {
    envelope.require_kind(Kind::Esign)?;
    if envelope.status != Status::Completed {
        return Err(envelope.wrong_status());
    }
    if (seal.revision.n, seal.revision.offset) != envelope.next_revision() {
        return Err(Refusal::DocumentChanged);
    }
    let revision = Revision {
        kind: RevisionKind::Augmentation,
        ..seal.revision
    };
    Ok(
        Decision::nothing().event(EnvelopeEvent::Augmented(event::Augmented {
            augmented_at: ctx.now,
            revision,
            level: seal.level,
        })),
    )
}

fn void(envelope: &Envelope, reason: Option<String>, ctx: &Context) -> Result<Decision, Refusal> {
    match envelope.status {
        Status::Pending | Status::Uploaded | Status::Preparing | Status::Sent | Status::Viewed => {}
        _ => return Err(envelope.wrong_status()),
    }
    check_reason(reason.as_deref())?;
    let invited: Vec<SignerId> = envelope
        .signers
        .iter()
        .filter(|s| s.invited_at.is_some())
        .map(|s| s.signer_id.clone())
        .collect();
    let notify = (!invited.is_empty()).then_some(JobKind::NotifyVoided { signers: invited });
    Ok(Decision::nothing()
        .tell(
            &envelope.org_id,
            Body::EnvelopeVoided {
                voided_at: ctx.now,
                reason: reason.clone(),
                voided_by: ctx.actor.id.clone(),
            },
        )
        .jobs(notify.map(|kind| Job::now(ctx, &envelope.envelope_id, kind)))
        .event(EnvelopeEvent::Voided(event::Voided {
            voided_at: ctx.now,
            voided_by: ctx.actor.id.clone(),
            person: ReasonPerson { reason },
        })))
}

/// A reason has at most 1000 characters.
pub(super) fn check_reason(reason: Option<&str>) -> Result<(), Refusal> {
    let mut faults = Faults::new();
    faults.length(reason.unwrap_or(""), 0, 1000, "reason");
    faults.into_result(()).map_err(Refusal::Invalid)
}
