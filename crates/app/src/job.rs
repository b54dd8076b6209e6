//! Jobs on their way into the store: which lane they wait in and what they carry.

use deedbox_core::job::{Job, JobKind};
use deedbox_store::jobs::NewJob;

use crate::error::Error;

/// Lane of messages to people.
pub const LANE_MESSAGES: &str = "messages";
/// Lane of webhook deliveries: slow receivers hold up nothing else.
pub const LANE_WEBHOOKS: &str = "webhooks";
/// Lane of what re-enters as a command: expiry, auto-vault.
pub const LANE_COMMANDS: &str = "commands";
/// Kind of a webhook delivery; its payload is the delivery id.
pub const DELIVER: &str = "deliver";

/// Every lane, for the worker.
pub const LANES: [&str; 3] = [LANE_MESSAGES, LANE_WEBHOOKS, LANE_COMMANDS];

const fn lane(kind: &JobKind) -> &'static str {
    match kind {
        JobKind::Expire
        | JobKind::AutoVault { .. }
        | JobKind::LapseRelease { .. }
        | JobKind::LapseTransfer { .. }
        | JobKind::Sweep => LANE_COMMANDS,
        _ => LANE_MESSAGES,
    }
}

/// A decided job as the row to be enqueued with the decision.
pub(crate) fn row(job: &Job, org_id: &str, now: i64) -> Result<NewJob, Error> {
    Ok(NewJob {
        job_id: job.job_id.to_string(),
        lane: lane(&job.kind).to_owned(),
        kind: job.kind.as_str().to_owned(),
        dedupe_key: Some(job.dedupe.clone()),
        org_id: Some(org_id.to_owned()),
        envelope_id: Some(job.envelope_id.to_string()),
        payload: serde_json::to_string(&job.kind).map_err(Error::internal)?,
        due_at: job.due.micros(),
        created_at: now,
    })
}

/// The job that makes a delivery's attempts.
pub(crate) fn delivery_row(delivery_id: &str, org_id: &str, job_id: String, now: i64) -> NewJob {
    NewJob {
        job_id,
        lane: LANE_WEBHOOKS.to_owned(),
        kind: DELIVER.to_owned(),
        dedupe_key: Some(format!("{DELIVER}:{delivery_id}")),
        org_id: Some(org_id.to_owned()),
        envelope_id: None,
        payload: delivery_id.to_owned(),
        due_at: now,
        created_at: now,
    }
}
