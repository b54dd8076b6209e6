//! Jobs that re-enter as commands: deadlines, auto-vault, integrity.

use deedbox_app::Error;
use deedbox_core::{envelope::Refusal, job::JobKind};

use super::{Fault, Handlers};
use crate::run::Outcome;

/// How long a deadline that was moved away waits for its next look, in seconds: an expiry is
/// noticed at most a minute late.
const LOOK_AGAIN_S: i64 = 30;

impl Handlers {
    pub(super) async fn command(
        &self,
        envelope_id: &str,
        kind: JobKind,
    ) -> Result<Outcome, Fault> {
        match kind {
            JobKind::Expire => self.expire(envelope_id).await,
            JobKind::AutoVault { actor } => {
                self.app.auto_vault(envelope_id, actor).await?;
                Ok(Outcome::Done)
            }
            JobKind::LapseRelease { release_id } => {
                self.app.lapse_release(envelope_id, &release_id).await?;
                Ok(Outcome::Done)
            }
            JobKind::LapseTransfer { transfer_id } => {
                self.app.lapse_transfer(envelope_id, &transfer_id).await?;
                Ok(Outcome::Done)
            }
            JobKind::Sweep => {
                self.app.sweep(envelope_id).await?;
                Ok(Outcome::Done)
            }
            other => Err(Fault::Final(format!("{} is no command", other.as_str()))),
        }
    }

    async fn expire(&self, envelope_id: &str) -> Result<Outcome, Fault> {
        match self.app.envelope_expire(envelope_id).await {
            Ok(()) => Ok(Outcome::Done),
            Err(Error::Refused(Refusal::NotYetDue { .. })) => Ok(Outcome::Again {
                error: "the deadline was moved".into(),
                at: Some(self.app.now().plus_seconds(LOOK_AGAIN_S)),
            }),
            Err(error) => Err(error.into()),
        }
    }
}
