//! One job under its lease: run it, keep the lease alive, write down what became of it.

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use deedbox_store::{
    StoreError, Tx,
    jobs::{self, Job, NewJob},
};
use futures::FutureExt;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::{LEASE_S, Loop, Outcome, Work, delay_s};

/// Leases are extended when a third of their time has passed, so one failed write loses nothing.
const EXTEND_EVERY: Duration = Duration::from_secs(LEASE_S.unsigned_abs() / 3);

/// How often an outcome is offered to a store that does not take it.
const RECORD_TRIES_MAX: u32 = 5;

/// Longest error text kept with a job, in characters.
const ERROR_CHARS_MAX: usize = 500;

/// Runs `job` to an outcome and records it.
pub(super) async fn see_through<W: Work>(the: Loop<W>, job: Job) {
    let begun = Instant::now();
    let outcome = tokio::select! {
        outcome = caught(&the, &job) => outcome,
        () = until_lost(&the, &job) => {
            the.tally.lost(&job.kind);
            tracing::warn!(job = %job.job_id, kind = %job.kind, "lease lost; job left to others");
            return;
        }
    };
    let outcome = limited(outcome, job.attempts);
    the.tally.ended(&job.kind, &outcome, begun.elapsed());
    log(&job, &outcome);
    record(&the, &job, &outcome).await;
}

/// A panic in a handler is a failed attempt, not the end of the worker.
async fn caught<W: Work>(the: &Loop<W>, job: &Job) -> Outcome {
    let attempt = AssertUnwindSafe(the.work.run(job)).catch_unwind();
    attempt.await.unwrap_or_else(|_| {
        the.tally.panicked(&job.kind);
        Outcome::again("the handler panicked; see the log")
    })
}

/// Extends the lease until somebody else has the job, or it was cancelled.
async fn until_lost<W: Work>(the: &Loop<W>, job: &Job) {
    let mut tick = interval(EXTEND_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tick.tick().await;
    loop {
        tick.tick().await;
        let until = the.clock.now().plus_seconds(LEASE_S).micros();
        let mine = job.clone();
        let kept = the
            .store
            .write("extend lease", move |tx| jobs::extend(tx, &mine, until))
            .await;
        match kept {
            Ok(false) => return,
            // Of an outage the store itself speaks.
            Ok(true) | Err(StoreError::Unavailable { .. }) => {}
            Err(error) => tracing::warn!(%error, job = %job.job_id, "lease not extended"),
        }
    }
}

/// A job without a schedule of its own is given up after so many attempts.
fn limited(outcome: Outcome, attempt: i64) -> Outcome {
    match outcome {
        Outcome::Again { error, at: None } if delay_s(attempt).is_none() => {
            Outcome::Never { error }
        }
        other => other,
    }
}

async fn record<W: Work>(the: &Loop<W>, job: &Job, outcome: &Outcome) {
    for attempt in 1..=RECORD_TRIES_MAX {
        match recorded(the, job, outcome).await {
            Ok(true) => return,
            Ok(false) => return the.tally.lost(&job.kind),
            Err(error) => {
                tracing::warn!(%error, job = %job.job_id, attempt, "outcome not yet recorded");
                sleep(Duration::from_millis(200) * attempt).await;
            }
        }
    }
}

async fn recorded<W: Work>(
    the: &Loop<W>,
    job: &Job,
    outcome: &Outcome,
) -> Result<bool, StoreError> {
    let now = the.clock.now();
    let (job, outcome) = (job.clone(), outcome.clone());
    the.store
        .write("end job", move |tx| match &outcome {
            Outcome::Done => jobs::complete(tx, &job),
            Outcome::Split(parts) => split(tx, &job, parts),
            Outcome::Again { error, at } => {
                let rest = delay_s(job.attempts).unwrap_or(LEASE_S);
                let at = at.unwrap_or_else(|| now.plus_seconds(rest));
                jobs::retry(tx, &job, at.micros(), &short(error))
            }
            Outcome::Never { error } => jobs::bury(tx, &job, &short(error)),
        })
        .await
}

fn split(tx: &mut Tx<'_>, job: &Job, parts: &[NewJob]) -> Result<bool, StoreError> {
    let is_mine = jobs::complete(tx, job)?;
    if is_mine {
        for part in parts {
            jobs::enqueue(tx, part)?;
        }
    }
    Ok(is_mine)
}

fn short(error: &str) -> String {
    error.chars().take(ERROR_CHARS_MAX).collect()
}

fn log(job: &Job, outcome: &Outcome) {
    let (id, kind, attempt) = (&job.job_id, &job.kind, job.attempts);
    match outcome {
        Outcome::Done => tracing::debug!(job = %id, %kind, attempt, "job done"),
        Outcome::Split(parts) => {
            tracing::debug!(job = %id, %kind, attempt, parts = parts.len(), "job split");
        }
        Outcome::Again { error, .. } => {
            tracing::info!(job = %id, %kind, attempt, %error, "job will be tried again");
        }
        Outcome::Never { error } => {
            tracing::warn!(job = %id, %kind, attempt, %error, "job given up");
        }
    }
}
