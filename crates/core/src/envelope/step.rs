//! The steps before a signature: opening, consent, one-time codes, biometric checks.

use crate::announcement::Body;
use crate::context::Context;
use crate::decision::Decision;
use crate::digest::Digest;
use crate::envelope::command::{BiometricDecision, Captured};
use crate::envelope::event::{
    BiometricCaptured, BiometricDecided, BiometricOutcome, CapturedPerson, Consented,
    EnvelopeEvent, Opened, OtpFailed, OtpFault, OtpSent, OtpSentPerson, OtpVerified, Viewed,
};
use crate::envelope::refusal::Refusal;
use crate::envelope::signer::{AuthKind, AuthStep, Signer, SignerStatus, StepKind};
use crate::envelope::state::{Envelope, ReasonCode};
use crate::envelope::turn;
use crate::ids::SignerId;
use crate::job::{Job, JobKind};

/// The text a signer agreed to.
pub(super) struct Disclosed {
    pub disclosure_id: String,
    pub version: u32,
    pub locale: String,
    pub sha256: Digest,
}

pub(super) fn open(
    envelope: &Envelope,
    signer_id: &SignerId,
    document_sha256: Digest,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let signer = envelope.admit_open(signer_id, ctx.now)?;
    if signer.status == SignerStatus::Viewed {
        return Ok(Decision::nothing());
    }
    if !envelope.was_shown(&document_sha256) {
        return Err(Refusal::DocumentChanged);
    }
    let (signer_id, role) = (signer_id.clone(), signer.role.clone());
    let announced = Body::EnvelopeViewed {
        signer_id: signer_id.clone(),
        email: signer.person.email.clone(),
        role: role.clone(),
        viewed_at: ctx.now,
    };
    let opened = Opened {
        signer_id: signer_id.clone(),
        document_sha256,
        opened_at: ctx.now,
    };
    Ok(Decision::nothing()
        .event(EnvelopeEvent::Viewed(Viewed {
            signer_id,
            role,
            viewed_at: ctx.now,
        }))
        .event(EnvelopeEvent::Opened(opened))
        .tell(&envelope.org_id, announced))
}

pub(super) fn consent(
    envelope: &Envelope,
    signer_id: &SignerId,
    text: Disclosed,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let signer = envelope.admit_act(signer_id, ctx.now)?;
    if signer
        .consent
        .as_ref()
        .is_some_and(|given| given.sha256 == text.sha256)
    {
        return Ok(Decision::nothing());
    }
    let signer = envelope.admit_step(signer_id, StepKind::Consent, ctx.now)?;
    Ok(
        Decision::nothing().event(EnvelopeEvent::Consented(Consented {
            signer_id: signer.signer_id.clone(),
            disclosure_id: text.disclosure_id,
            version: text.version,
            locale: text.locale,
            sha256: text.sha256,
            accepted_at: ctx.now,
        })),
    )
}

/// The signer and its open step of this channel, unless it is locked.
fn unlocked<'a>(
    envelope: &'a Envelope,
    signer_id: &SignerId,
    channel: AuthKind,
    ctx: &Context,
) -> Result<(&'a Signer, &'a AuthStep), Refusal> {
    let signer = envelope.admit_step(signer_id, channel.step(), ctx.now)?;
    let step = signer.auth_step(channel).ok_or(Refusal::WrongStep {
        current: signer.current_step(),
    })?;
    match step.locked_until.filter(|until| *until > ctx.now) {
        Some(until) => Err(Refusal::TooManyAttempts {
            retry_after_s: ctx.now.seconds_until(until),
        }),
        None => Ok((signer, step)),
    }
}

fn attempts_max(signer: &Signer, ctx: &Context) -> u32 {
    signer.attempts_max.unwrap_or(ctx.policy.otp_attempts_max)
}

pub(super) fn send_otp(
    envelope: &Envelope,
    signer_id: &SignerId,
    channel: AuthKind,
    document_sha256: Digest,
    sealed_code: String,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let (signer, step) = unlocked(envelope, signer_id, channel, ctx)?;
    if !envelope.was_shown(&document_sha256) {
        return Err(Refusal::DocumentChanged);
    }
    let cooldown_s = signer
        .cooldown_s
        .map_or(ctx.policy.otp_cooldown_s, i64::from);
    let ready_at = step
        .code
        .as_ref()
        .map(|code| code.sent_at.plus_seconds(cooldown_s));
    if let Some(at) = ready_at.filter(|at| *at > ctx.now) {
        return Err(Refusal::CodeCooldown {
            retry_after_s: ctx.now.seconds_until(at),
        });
    }
    let expires_at = ctx.now.plus_seconds(ctx.policy.otp_ttl_s);
    let job = JobKind::SendOtp {
        signer_id: signer_id.clone(),
        channel,
        sealed_code,
        expires_at,
    };
    Ok(Decision::nothing()
        .job(Job::now(ctx, &envelope.envelope_id, job))
        .event(EnvelopeEvent::OtpSent(OtpSent {
            signer_id: signer_id.clone(),
            channel,
            document_sha256,
            sent_at: ctx.now,
            expires_at,
            attempts_left: attempts_max(signer, ctx).saturating_sub(step.failures),
            resent: step.codes_sent > 0,
            person: OtpSentPerson {
                to_masked: masked_target(signer, channel),
            },
        })))
}

/// Where a code goes, not readable: `a***@example.com`, `+57*******00`.
#[must_use]
pub(super) fn masked_target(signer: &Signer, channel: AuthKind) -> Option<String> {
    if channel.needs_phone() {
        signer.person.phone.as_deref().map(masked_phone)
    } else {
        signer
            .person
            .email
            .as_ref()
            .map(crate::email::EmailAddress::masked)
    }
}

/// All but the first three and the last two characters of a telephone number are hidden.
#[must_use]
pub fn masked_phone(phone: &str) -> String {
    let count = phone.chars().count();
    let keep = |index: usize| index < 3 || index + 2 >= count;
    phone
        .chars()
        .enumerate()
        .map(|(index, c)| if keep(index) { c } else { '*' })
        .collect()
}

pub(super) fn pass_otp(
    envelope: &Envelope,
    signer_id: &SignerId,
    channel: AuthKind,
    document_sha256: Digest,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let (_, step) = unlocked(envelope, signer_id, channel, ctx)?;
    let code = step.code.as_ref().ok_or(Refusal::CodeNotSent)?;
    if code.expires_at <= ctx.now {
        return Err(Refusal::CodeExpired);
    }
    if code.document_sha256 != document_sha256 {
        return Err(Refusal::DocumentChanged);
    }
    Ok(
        Decision::nothing().event(EnvelopeEvent::OtpVerified(OtpVerified {
            signer_id: signer_id.clone(),
            channel,
            document_sha256,
            verified_at: ctx.now,
        })),
    )
}

pub(super) fn fail_otp(
    envelope: &Envelope,
    signer_id: &SignerId,
    channel: AuthKind,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let (signer, step) = unlocked(envelope, signer_id, channel, ctx)?;
    let code = step.code.as_ref().ok_or(Refusal::CodeNotSent)?;
    if code.expires_at <= ctx.now {
        return Err(Refusal::CodeExpired);
    }
    let left = attempts_max(signer, ctx).saturating_sub(step.failures.saturating_add(1));
    let ends = left == 0 && signer.attempts_max.is_some();
    let locks = left == 0 && signer.attempts_max.is_none();
    let failed = Decision::nothing().event(EnvelopeEvent::OtpFailed(OtpFailed {
        signer_id: signer_id.clone(),
        channel,
        reason: OtpFault::WrongCode,
        attempts_left: left,
        locked_until: locks.then(|| ctx.now.plus_seconds(ctx.policy.otp_lock_s)),
        failed_at: ctx.now,
    }));
    if ends {
        Ok(failed.then(turn::fail(
            envelope,
            signer,
            ReasonCode::AttemptsExhausted,
            None,
            ctx,
        )))
    } else {
        Ok(failed)
    }
}

pub(super) fn otp_undelivered(
    envelope: &Envelope,
    signer_id: &SignerId,
    channel: AuthKind,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let (signer, step) = unlocked(envelope, signer_id, channel, ctx)?;
    if step.code.is_none() {
        return Ok(Decision::nothing());
    }
    Ok(
        Decision::nothing().event(EnvelopeEvent::OtpFailed(OtpFailed {
            signer_id: signer_id.clone(),
            channel,
            reason: OtpFault::DeliveryFailed,
            attempts_left: attempts_max(signer, ctx).saturating_sub(step.failures),
            locked_until: None,
            failed_at: ctx.now,
        })),
    )
}

pub(super) fn capture_biometric(
    envelope: &Envelope,
    captured: Captured,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let (_, step) = unlocked(envelope, &captured.signer_id, AuthKind::Biometric, ctx)?;
    if step.pending_review {
        return Err(Refusal::ReviewPending);
    }
    Ok(
        Decision::nothing().event(EnvelopeEvent::BiometricCaptured(BiometricCaptured {
            signer_id: captured.signer_id,
            capture_number: step.captures.saturating_add(1),
            images: captured
                .images
                .iter()
                .map(|(name, _)| name.clone())
                .collect(),
            release_id: captured.release_id,
            release_sha256: captured.release_sha256,
            captured_at: ctx.now,
            person: CapturedPerson {
                digests: captured.images.into_iter().collect(),
                document_number: captured.document_number,
            },
        })),
    )
}

pub(super) fn decide_biometric(
    envelope: &Envelope,
    signer_id: &SignerId,
    decision: BiometricDecision,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let (signer, step) = unlocked(envelope, signer_id, AuthKind::Biometric, ctx)?;
    let refused = decision == BiometricDecision::ConsentRefused;
    if !refused && !step.pending_review {
        return Err(Refusal::NothingToReview);
    }
    let left = signer
        .attempts_max
        .map(|max| max.saturating_sub(step.failures));
    let decided = |outcome, reason, proof, attempts_left| {
        Decision::nothing().event(EnvelopeEvent::BiometricDecided(BiometricDecided {
            signer_id: signer_id.clone(),
            outcome,
            reason,
            proof,
            attempts_left,
            decided_at: ctx.now,
        }))
    };
    Ok(match decision {
        BiometricDecision::Approved(proof) => {
            decided(BiometricOutcome::Approved, None, Some(proof), left)
        }
        BiometricDecision::ConsentRefused => decided(
            BiometricOutcome::ConsentRefused,
            Some("consent_refused".to_owned()),
            None,
            left,
        ),
        BiometricDecision::Rejected { proof, reason } => {
            let left = left.map(|left| left.saturating_sub(1));
            let rejected = decided(BiometricOutcome::Rejected, Some(reason), Some(proof), left);
            match left {
                Some(0) => rejected.then(turn::fail(
                    envelope,
                    signer,
                    ReasonCode::BiometricRejected,
                    None,
                    ctx,
                )),
                _ => rejected,
            }
        }
    })
}
