//! Jobs that re-enter as commands: deadlines, auto-vault.

use deedbox_app::Error;
use deedbox_core::{Actor, envelope::Refusal};

use super::{Fault, Handlers};
use crate::run::Outcome;

impl Handlers {
    /// `expire`: the deadline has come.
    pub(super) async fn expire(&self, envelope_id: &str) -> Result<Outcome, Fault> {
        match self.app.envelope_expire(envelope_id).await {
            // Whoever moved the deadline made a job for the new one in the same transaction.
            Ok(()) | Err(Error::Refused(Refusal::NotYetDue)) => Ok(Outcome::Done),
            Err(error) => Err(error.into()),
        }
    }

    /// `auto_vault`: the organization wants every completed envelope vaulted.
    pub(super) async fn auto_vault(
        &self,
        envelope_id: &str,
        actor: Actor,
    ) -> Result<Outcome, Fault> {
        // Vaulting holds a whole document's state; on the heap it does not swell every job.
        Box::pin(self.app.auto_vault(envelope_id, actor)).await?;
        Ok(Outcome::Done)
    }
}
