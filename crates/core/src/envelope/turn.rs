//! The end of a signer's part: it signs, declines, or fails.

use crate::announcement::{Body, CompletedSigner};
use crate::context::Context;
use crate::decision::Decision;
use crate::digest::Digest;
use crate::envelope::admit::Admission;
use crate::envelope::command::{FilledField, Seal, Sign};
use crate::envelope::decide::{check_reason, invitations};
use crate::envelope::event::{
    Completed, Declined, EnvelopeEvent, FieldPerson, FieldSigned, ReasonPerson, Signed,
    SignerFailed,
};
use crate::envelope::refusal::Refusal;
use crate::envelope::signer::{Signer, SignerStatus};
use crate::envelope::state::{Envelope, OnFail, ReasonCode, Revision, RevisionKind};
use crate::ids::SignerId;
use crate::job::{Job, JobKind};
use crate::template::FieldValue;

pub(super) fn sign(envelope: &Envelope, sign: Sign, ctx: &Context) -> Result<Decision, Refusal> {
    if envelope.admit_sign(&sign.signer_id, &sign.shown_sha256, ctx.now)? == Admission::Already {
        return Ok(Decision::nothing());
    }
    let signer = envelope
        .signer(&sign.signer_id)
        .ok_or(Refusal::UnknownSigner)?;
    let last = envelope.is_last(&sign.signer_id);
    check_revisions(envelope, &sign, last)?;
    let decision = fields_signed(&sign).then(signed(envelope, signer, &sign, ctx));
    Ok(match sign.seal {
        Some(seal) => decision.then(complete(envelope, signer, seal, ctx)),
        None if !envelope.others_can_act(&sign.signer_id) => decision.then(dead_end(envelope, ctx)),
        None => decision,
    })
}

/// The new revisions continue the newest one; a seal comes exactly with the last signature. Otherwise somebody else
/// was first, and the app builds again.
fn check_revisions(envelope: &Envelope, sign: &Sign, last: bool) -> Result<(), Refusal> {
    let over =
        envelope.latest_revision().map(|revision| revision.sha256) == Some(sign.signed_over_sha256);
    let follows = (sign.revision.n, sign.revision.offset) == envelope.next_revision();
    let sealed = match &sign.seal {
        Some(seal) => {
            last && seal.revision.n == sign.revision.n + 1
                && seal.revision.offset == sign.revision.end()
        }
        None => !last,
    };
    if over && follows && sealed {
        Ok(())
    } else {
        Err(Refusal::DocumentChanged)
    }
}

fn fields_signed(sign: &Sign) -> Decision {
    let event = |field: &FilledField| {
        EnvelopeEvent::FieldSigned(FieldSigned {
            signer_id: sign.signer_id.clone(),
            field_id: field.field_id.clone(),
            name: field.name.clone(),
            kind: field.kind,
            page: field.page,
            person: FieldPerson {
                // Strokes and pictures stay in the document; the trail needs only their digest.
                value: Some(field.value.clone())
                    .filter(|value| !matches!(value, FieldValue::Mark(_))),
                value_sha256: Some(field.value.digest()),
            },
        })
    };
    sign.fields
        .iter()
        .fold(Decision::nothing(), |decision, field| {
            decision.event(event(field))
        })
}

fn signed(envelope: &Envelope, signer: &Signer, sign: &Sign, ctx: &Context) -> Decision {
    let others = envelope
        .signers
        .iter()
        .filter(|other| other.signer_id != sign.signer_id);
    let remaining = others
        .filter(|other| other.status != SignerStatus::Signed)
        .count();
    let remaining = u32::try_from(remaining).unwrap_or(u32::MAX);
    let invited = envelope.next_invited(Some(&sign.signer_id));
    Decision::nothing()
        .tell(
            &envelope.org_id,
            Body::EnvelopeSigned {
                signer_id: signer.signer_id.clone(),
                email: signer.person.email.clone(),
                role: signer.role.clone(),
                signed_at: ctx.now,
                remaining,
            },
        )
        .jobs(invitations(envelope, &invited, ctx))
        .event(EnvelopeEvent::Signed(Signed {
            signer_id: signer.signer_id.clone(),
            role: signer.role.clone(),
            signed_at: ctx.now,
            shown_sha256: sign.shown_sha256,
            signed_over_sha256: sign.signed_over_sha256,
            revision: Revision {
                kind: RevisionKind::Signature,
                ..sign.revision.clone()
            },
            fields: u32::try_from(sign.fields.len()).unwrap_or(u32::MAX),
            remaining,
            invited,
        }))
}

fn complete(envelope: &Envelope, last: &Signer, seal: Seal, ctx: &Context) -> Decision {
    let completed = |signer: &Signer| CompletedSigner {
        signer_id: signer.signer_id.clone(),
        email: signer.person.email.clone(),
        role: signer.role.clone(),
        signed_at: if signer.signer_id == last.signer_id {
            Some(ctx.now)
        } else {
            signer.signed_at()
        },
    };
    let sealed_hash: Digest = seal.revision.sha256;
    let auto_vault = ctx.policy.auto_vault.then(|| JobKind::AutoVault {
        actor: envelope.created_by.clone(),
    });
    let jobs = std::iter::once(JobKind::NotifyCompleted).chain(auto_vault);
    Decision::nothing()
        .tell(
            &envelope.org_id,
            Body::EnvelopeCompleted {
                completed_at: ctx.now,
                sealed_hash,
                signers: envelope.signers.iter().map(completed).collect(),
            },
        )
        .jobs(jobs.map(|kind| Job::now(ctx, &envelope.envelope_id, kind)))
        .event(EnvelopeEvent::Completed(Completed {
            completed_at: ctx.now,
            seal: Revision {
                kind: RevisionKind::Seal,
                ..seal.revision
            },
            level: seal.level,
        }))
}

/// Everybody else refused for good: the envelope fails with the first who did (M2M §4.1).
fn dead_end(envelope: &Envelope, ctx: &Context) -> Decision {
    let refused = envelope
        .signers
        .iter()
        .find_map(|signer| signer.failure.as_ref().map(|failure| (signer, failure)));
    refused.map_or_else(Decision::nothing, |(signer, failure)| {
        close(
            envelope,
            signer,
            failure.reason_code,
            failure.reason.clone(),
            ctx,
        )
    })
}

pub(super) fn decline(
    envelope: &Envelope,
    signer_id: &SignerId,
    reason: Option<String>,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let signer = envelope.admit_act(signer_id, ctx.now)?;
    check_reason(reason.as_deref())?;
    Ok(fail(envelope, signer, ReasonCode::Declined, reason, ctx))
}

/// A signer is out of the flow. Either the envelope ends with it, or the others go on.
pub(super) fn fail(
    envelope: &Envelope,
    signer: &Signer,
    reason_code: ReasonCode,
    reason: Option<String>,
    ctx: &Context,
) -> Decision {
    let reopenable = reason_code != ReasonCode::Declined;
    let goes_on = reopenable || envelope.others_can_act(&signer.signer_id);
    if envelope.on_fail == OnFail::CancelFlow || !goes_on {
        return close(envelope, signer, reason_code, reason, ctx);
    }
    let invited = envelope.next_invited(Some(&signer.signer_id));
    Decision::nothing()
        .jobs(invitations(envelope, &invited, ctx))
        .event(EnvelopeEvent::SignerFailed(SignerFailed {
            signer_id: signer.signer_id.clone(),
            reason_code,
            failed_at: ctx.now,
            invited,
            person: ReasonPerson { reason },
        }))
}

fn close(
    envelope: &Envelope,
    signer: &Signer,
    reason_code: ReasonCode,
    reason: Option<String>,
    ctx: &Context,
) -> Decision {
    let notify = JobKind::NotifyDeclined {
        signer_id: signer.signer_id.clone(),
    };
    Decision::nothing()
        .tell(
            &envelope.org_id,
            Body::EnvelopeDeclined {
                signer_id: signer.signer_id.clone(),
                email: signer.person.email.clone(),
                role: signer.role.clone(),
                declined_at: ctx.now,
                reason: reason.clone(),
                reason_code,
            },
        )
        .job(Job::now(ctx, &envelope.envelope_id, notify))
        .event(EnvelopeEvent::Declined(Declined {
            signer_id: signer.signer_id.clone(),
            role: signer.role.clone(),
            declined_at: ctx.now,
            reason_code,
            person: ReasonPerson { reason },
        }))
}
