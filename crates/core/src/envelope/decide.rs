//! What a command means for an envelope.

use crate::announcement::{Body, SentSigner};
use crate::context::Context;
use crate::decision::Decision;
use crate::email::EmailAddress;
use crate::envelope::command::{Command, Prepared, Seal, Upload};
use crate::envelope::create::EXPIRY_DAYS_MAX;
use crate::envelope::event::{self, EnvelopeEvent, ReasonPerson, UploadedPerson};
use crate::envelope::refusal::Refusal;
use crate::envelope::signer::{Signer, SignerStatus};
use crate::envelope::state::{Envelope, Kind, OnFail, Revision, RevisionKind, Status};
use crate::envelope::{step, turn};
use crate::ids::SignerId;
use crate::invalid::Faults;
use crate::job::{Job, JobKind};
use crate::time::Timestamp;

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
        Command::Remind { email } => remind(envelope, email.as_ref(), ctx),
        Command::Resend { signer_id } => resend(envelope, &signer_id, ctx),
        Command::Extend { expires_at } => extend(envelope, expires_at, ctx),
        Command::Expire => expire(envelope, ctx),
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

fn remind(
    envelope: &Envelope,
    email: Option<&EmailAddress>,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    envelope.require_kind(Kind::Esign)?;
    if !envelope.status.is_out() {
        return Err(envelope.wrong_status());
    }
    let meant = |signer: &&Signer| {
        signer.is_pending() && email.is_none_or(|email| signer.person.email.as_ref() == Some(email))
    };
    let pending: Vec<&Signer> = envelope.signers.iter().filter(meant).collect();
    let ready_at = |signer: &Signer| {
        signer.reminded_at.map_or(Timestamp::MIN, |at| {
            at.plus_seconds(ctx.policy.reminder_cooldown_s)
        })
    };
    let Some(earliest) = pending.iter().map(|signer| ready_at(signer)).min() else {
        return Err(Refusal::NotAPendingSigner);
    };
    if earliest > ctx.now {
        return Err(Refusal::ReminderCooldown {
            retry_after_s: ctx.now.seconds_until(earliest),
        });
    }
    let due = pending
        .into_iter()
        .filter(|signer| ready_at(signer) <= ctx.now);
    let signers: Vec<SignerId> = due.map(|signer| signer.signer_id.clone()).collect();
    let remind = |signer_id: &SignerId| JobKind::Remind {
        signer_id: signer_id.clone(),
    };
    Ok(Decision::nothing()
        .jobs(
            signers
                .iter()
                .map(|id| Job::now(ctx, &envelope.envelope_id, remind(id))),
        )
        .event(EnvelopeEvent::Reminded(event::Reminded {
            signers,
            reminded_at: ctx.now,
        })))
}

fn resend(envelope: &Envelope, signer_id: &SignerId, ctx: &Context) -> Result<Decision, Refusal> {
    envelope.require_kind(Kind::Esign)?;
    if !envelope.status.is_out() {
        return Err(envelope.wrong_status());
    }
    let signer = envelope.signer(signer_id).ok_or(Refusal::UnknownSigner)?;
    let reopened = match signer.status {
        SignerStatus::Waiting => return Err(Refusal::NotInvited),
        SignerStatus::Signed => return Err(Refusal::HasCompleted),
        SignerStatus::Declined
            if envelope.on_fail == OnFail::Continue && signer.is_reopenable() =>
        {
            true
        }
        SignerStatus::Declined => return Err(Refusal::HasDeclined),
        SignerStatus::Sent | SignerStatus::Viewed => false,
    };
    let cooldown_s = signer
        .cooldown_s
        .map_or(ctx.policy.reminder_cooldown_s, i64::from);
    let ready_at = signer
        .reminded_at
        .map_or(Timestamp::MIN, |at| at.plus_seconds(cooldown_s));
    if ready_at > ctx.now {
        return Err(Refusal::ReminderCooldown {
            retry_after_s: ctx.now.seconds_until(ready_at),
        });
    }
    Ok(Decision::nothing()
        .jobs(invitations(envelope, std::slice::from_ref(signer_id), ctx))
        .event(EnvelopeEvent::Reinvited(event::Reinvited {
            signer_id: signer_id.clone(),
            reopened,
            invited_at: ctx.now,
        })))
}

fn extend(envelope: &Envelope, expires_at: Timestamp, ctx: &Context) -> Result<Decision, Refusal> {
    envelope.require_kind(Kind::Esign)?;
    if !(envelope.status.is_out() || matches!(envelope.status, Status::Pending | Status::Preparing))
    {
        return Err(envelope.wrong_status());
    }
    let later = envelope
        .expires_at
        .is_none_or(|present| expires_at > present);
    if !later || expires_at <= ctx.now || expires_at > ctx.now.plus_days(EXPIRY_DAYS_MAX) {
        return Err(Refusal::DeadlineNotLater);
    }
    Ok(Decision::nothing()
        .job(Job::at(
            ctx,
            &envelope.envelope_id,
            expires_at,
            JobKind::Expire,
        ))
        .event(EnvelopeEvent::Extended(event::Extended {
            from: envelope.expires_at,
            expires_at,
        })))
}

fn expire(envelope: &Envelope, ctx: &Context) -> Result<Decision, Refusal> {
    let open =
        envelope.status.is_out() || matches!(envelope.status, Status::Pending | Status::Preparing);
    let Some(expires_at) = envelope.expires_at.filter(|_| open) else {
        return Ok(Decision::nothing());
    };
    if ctx.now < expires_at {
        return Err(Refusal::NotYetDue);
    }
    let unsigned = || {
        envelope
            .signers
            .iter()
            .filter(|signer| signer.status != SignerStatus::Signed)
    };
    let address = |signer: &Signer| signer.person.email.as_ref().map(ToString::to_string);
    let pending = unsigned().filter_map(address).collect();
    Ok(Decision::nothing()
        .tell(
            &envelope.org_id,
            Body::EnvelopeExpired {
                expired_at: ctx.now,
                pending,
            },
        )
        .job(Job::now(ctx, &envelope.envelope_id, JobKind::NotifyExpired))
        .event(EnvelopeEvent::Expired(event::Expired {
            expired_at: ctx.now,
            pending: unsigned().map(|signer| signer.signer_id.clone()).collect(),
        })))
}
