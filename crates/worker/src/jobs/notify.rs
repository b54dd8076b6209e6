//! `notify_completed`, `notify_declined`, `notify_voided`, `notify_expired`: tell the signers how
//! it ended. The sender is told by webhook.

use deedbox_app::letter::Letterhead;
use deedbox_core::{
    envelope::{Envelope, Signer, SignerStatus},
    job::JobKind,
};
use deedbox_store::jobs::Job;

use super::{
    Fault, Handlers,
    letters::{Way, one_each, reader},
};
use crate::{
    mail::{Quote, SignedBy, Subject},
    run::Outcome,
};

impl Handlers {
    /// First splits into one job per reader; such a job then sends its message.
    pub(super) async fn notify(
        &self,
        job: &Job,
        envelope_id: &str,
        kind: &JobKind,
    ) -> Result<Outcome, Fault> {
        let head = self.app.letterhead(envelope_id).await?;
        let envelope = &head.envelope;
        let Some(reader) = reader(job) else {
            let readers = envelope
                .signers
                .iter()
                .filter(|signer| is_told(kind, signer));
            return one_each(job, readers);
        };
        let Some(signer) = envelope.signer(&reader) else {
            return Ok(Outcome::Done);
        };
        let Some(way) = Way::to(signer) else {
            return Ok(Outcome::Done);
        };
        let Some(subject) = self.ending(&head, signer, kind).await? else {
            return Ok(Outcome::Done);
        };
        self.send(job, &head, signer, way, subject).await
    }

    async fn ending(
        &self,
        head: &Letterhead,
        signer: &Signer,
        kind: &JobKind,
    ) -> Result<Option<Subject>, Fault> {
        let envelope = &head.envelope;
        if !matches!(kind, JobKind::NotifyCompleted) {
            return Ok(closing(envelope, kind));
        }
        let Some(completed_at) = envelope.completed_at else {
            return Ok(None);
        };
        let link = self.link(head, signer).await?;
        Ok(Some(Subject::Completed {
            link,
            completed_at,
            signers: signed_by(envelope),
        }))
    }
}

/// Everybody hears of completion. Of another end, those who were invited and are not its cause.
fn is_told(kind: &JobKind, signer: &Signer) -> bool {
    match kind {
        JobKind::NotifyCompleted => true,
        JobKind::NotifyDeclined { signer_id } => {
            signer.invited_at.is_some() && signer.signer_id != *signer_id
        }
        JobKind::NotifyVoided { signers } => signers.contains(&signer.signer_id),
        JobKind::NotifyExpired => {
            signer.invited_at.is_some() && signer.status != SignerStatus::Declined
        }
        _ => false,
    }
}

fn closing(envelope: &Envelope, kind: &JobKind) -> Option<Subject> {
    let closing = envelope.closing.as_ref()?;
    let reason = closing.reason.clone().map(Quote);
    match kind {
        JobKind::NotifyDeclined { signer_id } => Some(Subject::Declined {
            by: envelope
                .signer(signer_id)
                .map(Signer::name)
                .unwrap_or_default()
                .to_owned(),
            reason,
            declined_at: closing.at,
        }),
        JobKind::NotifyVoided { .. } => Some(Subject::Voided {
            reason,
            voided_at: closing.at,
        }),
        JobKind::NotifyExpired => Some(Subject::Expired {
            expired_at: closing.at,
        }),
        _ => None,
    }
}

fn signed_by(envelope: &Envelope) -> Vec<SignedBy> {
    let signed = envelope.signers.iter().filter_map(|signer| {
        Some(SignedBy {
            name: signer.name().to_owned(),
            at: signer.signed_at()?,
        })
    });
    let mut signed: Vec<SignedBy> = signed.collect();
    signed.sort_by_key(|signature| signature.at);
    signed
}
