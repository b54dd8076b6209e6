//! Keeping an envelope moving: reminders, new invitations, a later deadline, and the end of time.

use crate::announcement::Body;
use crate::context::Context;
use crate::decision::Decision;
use crate::email::EmailAddress;
use crate::envelope::create::EXPIRY_DAYS_MAX;
use crate::envelope::decide::invitations;
use crate::envelope::event::{self, EnvelopeEvent};
use crate::envelope::refusal::Refusal;
use crate::envelope::signer::{Signer, SignerStatus};
use crate::envelope::state::{Envelope, Kind, OnFail, Status};
use crate::ids::SignerId;
use crate::job::{Job, JobKind};
use crate::time::Timestamp;

pub(super) fn remind(
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

pub(super) fn resend(
    envelope: &Envelope,
    signer_id: &SignerId,
    ctx: &Context,
) -> Result<Decision, Refusal> {
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

pub(super) fn extend(
    envelope: &Envelope,
    expires_at: Timestamp,
    ctx: &Context,
) -> Result<Decision, Refusal> {
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

pub(super) fn expire(envelope: &Envelope, ctx: &Context) -> Result<Decision, Refusal> {
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
