//! `invite`, `remind`: ask a signer to sign.

use deedbox_core::ids::SignerId;
use deedbox_store::jobs::Job;

use super::{Fault, Handlers, letters::Way};
use crate::{
    mail::{Quote, Subject},
    run::Outcome,
};

/// Kind of the job that sends a reminder.
const REMIND: &str = "remind";

impl Handlers {
    /// Asks the signer to sign, unless that is no longer wanted: the envelope was closed, or the
    /// signer was quicker than the mail.
    pub(super) async fn request(
        &self,
        job: &Job,
        envelope_id: &str,
        signer_id: &SignerId,
    ) -> Result<Outcome, Fault> {
        let head = self.app.letterhead(envelope_id).await?;
        let envelope = &head.envelope;
        let Some(signer) = envelope
            .signer(signer_id)
            .filter(|signer| signer.is_pending())
        else {
            return Ok(Outcome::Done);
        };
        let Some(way) = Way::to(signer).filter(|_| envelope.status.is_out()) else {
            return Ok(Outcome::Done);
        };
        let role = signer.role.clone();
        let message = envelope.message.clone().map(Quote);
        let link = self.link(&head, signer).await?;
        let expires_at = envelope.expires_at;
        let subject = if job.kind == REMIND {
            Subject::Reminder {
                role,
                message,
                link,
                expires_at,
            }
        } else {
            Subject::Invitation {
                role,
                message,
                link,
                expires_at,
            }
        };
        self.send(job, &head, signer, way, subject).await
    }
}
