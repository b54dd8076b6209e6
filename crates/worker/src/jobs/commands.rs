//! Jobs that re-enter as commands: deadlines, auto-vault, the weekly look.

use deedbox_app::Error;
use deedbox_core::{
    Actor,
    asset::decide::SWEEP_DAYS,
    envelope::{Refusal, Status},
};
use deedbox_store::jobs::{Job, NewJob};

use super::{Fault, Handlers, letters::derived_id};
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

    /// `sweep`: re-hash the vaulted bytes and evaluate the checks; then plan the next look, for as
    /// long as the record is in the vault.
    pub(super) async fn sweep(&self, job: &Job, envelope_id: &str) -> Result<Outcome, Fault> {
        Box::pin(self.app.sweep(envelope_id)).await?;
        let head = self.app.letterhead(envelope_id).await?;
        if head.envelope.status != Status::Vaulted {
            return Ok(Outcome::Done);
        }
        let now = self.app.now();
        let due_at = now.plus_days(SWEEP_DAYS).micros();
        Ok(Outcome::Split(vec![NewJob {
            job_id: derived_id(&job.job_id, "next"),
            lane: job.lane.clone(),
            kind: job.kind.clone(),
            dedupe_key: Some(format!("{}:{envelope_id}::{due_at}", job.kind)),
            org_id: job.org_id.clone(),
            envelope_id: job.envelope_id.clone(),
            payload: job.payload.clone(),
            due_at,
            created_at: now.micros(),
        }]))
    }
}
