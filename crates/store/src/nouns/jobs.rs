//! Jobs: what must still happen, written in the transaction that decided it.
//!
//! A job is claimed under a lease. `wake_at` says when somebody may take it: when it is due, or when
//! the lease of a worker that died runs out. So a crashed worker's jobs come back by themselves, and
//! one partial index serves both. A job that is done is deleted (the events tell what happened);
//! one that failed for good stays as `dead` for the operator.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// A job row.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Job {
        /// Unique.
        pub job_id: String,
        /// A queue that is worked off by itself, so that a burst of one kind of work does not delay
        /// another: `delivery`, `message`, `default` …
        pub lane: String,
        /// What to do, such as `deliver`.
        pub kind: String,
        /// No second live job with the same key is made.
        pub dedupe_key: Option<String>,
        /// Its organization.
        pub org_id: Option<String>,
        /// Its envelope.
        pub envelope_id: Option<String>,
        /// JSON.
        pub payload: String,
        /// When it should happen, microseconds UTC.
        pub due_at: i64,
        /// When somebody may take it: `due_at`, the next attempt, or the end of the lease.
        pub wake_at: i64,
        /// How often it was claimed; also the proof of the current lease.
        pub attempts: i64,
        /// Who holds the lease.
        pub lease_owner: Option<String>,
        /// Why the last attempt failed.
        pub last_error: Option<String>,
        /// `ready`, `leased`, `dead`.
        pub state: String,
        /// Microseconds UTC.
        pub created_at: i64,
    }
}

/// What to enqueue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Unique.
    pub job_id: String,
    /// The queue it goes to.
    pub lane: String,
    /// What to do.
    pub kind: String,
    /// No second live job with the same key is made.
    pub dedupe_key: Option<String>,
    /// Its organization.
    pub org_id: Option<String>,
    /// Its envelope.
    pub envelope_id: Option<String>,
    /// JSON.
    pub payload: String,
    /// When it should happen, microseconds UTC.
    pub due_at: i64,
    /// Microseconds UTC.
    pub created_at: i64,
}

/// How many jobs are in which state (for `/readyz` and metrics).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Waiting for their time or for a worker.
    pub ready: i64,
    /// With a worker.
    pub leased: i64,
    /// Given up.
    pub dead: i64,
    /// `wake_at` of the job that has waited longest (of those that may be taken).
    pub oldest_wake_at: Option<i64>,
}

statements! { in "jobs" as Job;
    /// A second live job of the same key, and the same job again, do nothing.
    INSERT = insert("ON CONFLICT DO NOTHING");
    /// Dialect point: on PostgreSQL workers step over rows that others are just claiming; on SQLite
    /// there is one writer. The claim itself is the lease, so a crash needs no clean-up.
    CLAIM = split(
        "UPDATE jobs SET state = 'leased', lease_owner = $1, wake_at = $2, \
            attempts = attempts + 1 WHERE job_id IN (SELECT job_id FROM jobs WHERE live = 1 \
            AND lane = $3 AND wake_at <= $4 ORDER BY wake_at, job_id LIMIT $5) RETURNING {}",
        "UPDATE jobs SET state = 'leased', lease_owner = $1, wake_at = $2, \
            attempts = attempts + 1 WHERE job_id IN (SELECT job_id FROM jobs WHERE live = 1 \
            AND lane = $3 AND wake_at <= $4 ORDER BY wake_at, job_id LIMIT $5 \
            FOR UPDATE SKIP LOCKED) RETURNING {}"
    );
    /// `attempts` proves the lease: whoever claimed the job since has raised it.
    COMPLETE = both("DELETE FROM jobs WHERE job_id = $1 AND attempts = $2 AND state = 'leased'");
    RETRY = both("UPDATE jobs SET state = 'ready', lease_owner = NULL, wake_at = $3, \
        last_error = $4 WHERE job_id = $1 AND attempts = $2 AND state = 'leased'");
    BURY = both("UPDATE jobs SET state = 'dead', live = 0, lease_owner = NULL, last_error = $3 \
        WHERE job_id = $1 AND attempts = $2 AND state = 'leased'");
    EXTEND = both("UPDATE jobs SET wake_at = $3 WHERE job_id = $1 AND attempts = $2 \
        AND state = 'leased'");
    RELEASE = both("UPDATE jobs SET state = 'ready', lease_owner = NULL, wake_at = due_at, \
        attempts = attempts - 1 WHERE lease_owner = $1 AND state = 'leased' AND live = 1");
    NEXT = both("SELECT MIN(wake_at) FROM jobs WHERE live = 1 AND lane = $1");
    GET = both("SELECT {} FROM jobs WHERE job_id = $1");
    BY_KEY = both("SELECT {} FROM jobs WHERE dedupe_key = $1 AND live = 1");
    RESCHEDULE = both("UPDATE jobs SET due_at = $2, wake_at = $2, payload = $3 \
        WHERE dedupe_key = $1 AND live = 1 AND state = 'ready'");
    CANCEL = both("DELETE FROM jobs WHERE dedupe_key = $1 AND live = 1");
    CANCEL_ENVELOPE = both("DELETE FROM jobs WHERE envelope_id = $1 AND kind = $2 AND live = 1");
    COUNTS = both("SELECT state, COUNT(*), MIN(wake_at) FROM jobs GROUP BY state");
    DEAD = both("SELECT {} FROM jobs WHERE live = 0 ORDER BY wake_at DESC, job_id DESC LIMIT $1");
    REVIVE = both("UPDATE jobs SET state = 'ready', live = 1, attempts = 0, due_at = $2, \
        wake_at = $2 WHERE job_id = $1 AND state = 'dead'");
}

/// Enqueues a job in the caller's transaction and wakes workers after its commit. Answers `false`
/// when a live job with the same key, or this very job, exists.
///
/// # Errors
/// When the database refuses.
pub fn enqueue(tx: &mut Tx<'_>, job: &NewJob) -> Result<bool, StoreError> {
    let made = tx.exec(
        &INSERT,
        values![
            job.job_id,
            job.lane,
            job.kind,
            job.dedupe_key,
            job.org_id,
            job.envelope_id,
            job.payload,
            job.due_at,
            job.due_at,
            0_i64,
            None::<String>,
            None::<String>,
            "ready",
            job.created_at
        ],
    )? == 1;
    tx.ring();
    Ok(made)
}

/// Claims up to `limit` jobs of a lane that may be taken at `now`, until `leased_until`.
///
/// # Errors
/// When the database refuses.
pub fn claim(
    tx: &mut Tx<'_>,
    lane: &str,
    owner: &str,
    now: i64,
    leased_until: i64,
    limit: i64,
) -> Result<Vec<Job>, StoreError> {
    let mut jobs: Vec<Job> = tx.rows(&CLAIM, values![owner, leased_until, lane, now, limit])?;
    jobs.sort_by(|a, b| (a.due_at, &a.job_id).cmp(&(b.due_at, &b.job_id)));
    Ok(jobs)
}

/// Ends a job that was done. Answers `false` when the lease was lost: somebody else has the job, and
/// the caller should roll its outcome back.
///
/// # Errors
/// When the database refuses.
pub fn complete(tx: &mut Tx<'_>, job: &Job) -> Result<bool, StoreError> {
    Ok(tx.exec(&COMPLETE, values![job.job_id, job.attempts])? == 1)
}

/// Gives a failed job back, to be taken again at `next_at`. Answers `false` when the lease was lost.
///
/// # Errors
/// When the database refuses.
pub fn retry(tx: &mut Tx<'_>, job: &Job, next_at: i64, error: &str) -> Result<bool, StoreError> {
    tx.ring();
    Ok(tx.exec(&RETRY, values![job.job_id, job.attempts, next_at, error])? == 1)
}

/// Gives a job up for good; it stays to be seen. Answers `false` when the lease was lost.
///
/// # Errors
/// When the database refuses.
pub fn bury(tx: &mut Tx<'_>, job: &Job, error: &str) -> Result<bool, StoreError> {
    Ok(tx.exec(&BURY, values![job.job_id, job.attempts, error])? == 1)
}

/// Extends a lease. Answers `false` when it was lost.
///
/// # Errors
/// When the database refuses.
pub fn extend(tx: &mut Tx<'_>, job: &Job, leased_until: i64) -> Result<bool, StoreError> {
    Ok(tx.exec(&EXTEND, values![job.job_id, job.attempts, leased_until])? == 1)
}

/// Gives all jobs of a worker back at once, when it shuts down in order. Answers how many.
///
/// # Errors
/// When the database refuses.
pub fn release(tx: &mut Tx<'_>, owner: &str) -> Result<u64, StoreError> {
    tx.ring();
    tx.exec(&RELEASE, values![owner])
}

/// When the next job of a lane may be taken; sleep until then or until the signal.
///
/// # Errors
/// When the database refuses.
pub fn next_wake(tx: &mut Tx<'_>, lane: &str) -> Result<Option<i64>, StoreError> {
    Ok(tx.cell::<Option<i64>>(&NEXT, values![lane])?.flatten())
}

/// A job by its id.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, job_id: &str) -> Result<Option<Job>, StoreError> {
    tx.row(&GET, values![job_id])
}

/// The live job with this key.
///
/// # Errors
/// When the database refuses.
pub fn by_key(tx: &mut Tx<'_>, dedupe_key: &str) -> Result<Option<Job>, StoreError> {
    tx.row(&BY_KEY, values![dedupe_key])
}

/// Moves a waiting job to another time and payload. Answers whether there was one.
///
/// # Errors
/// When the database refuses.
pub fn reschedule(
    tx: &mut Tx<'_>,
    dedupe_key: &str,
    due_at: i64,
    payload: &str,
) -> Result<bool, StoreError> {
    tx.ring();
    Ok(tx.exec(&RESCHEDULE, values![dedupe_key, due_at, payload])? == 1)
}

/// Removes the live job with this key. A worker that has it loses its lease. Answers whether there
/// was one.
///
/// # Errors
/// When the database refuses.
pub fn cancel(tx: &mut Tx<'_>, dedupe_key: &str) -> Result<bool, StoreError> {
    Ok(tx.exec(&CANCEL, values![dedupe_key])? == 1)
}

/// Removes the live jobs of one kind of an envelope. Answers how many.
///
/// # Errors
/// When the database refuses.
pub fn cancel_for_envelope(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    kind: &str,
) -> Result<u64, StoreError> {
    tx.exec(&CANCEL_ENVELOPE, values![envelope_id, kind])
}

/// How many jobs are in which state.
///
/// # Errors
/// When the database refuses.
pub fn counts(tx: &mut Tx<'_>) -> Result<JobCounts, StoreError> {
    let rows: Vec<(String, i64, Option<i64>)> = tx.rows(&COUNTS, values![])?;
    let mut counts = JobCounts::default();
    for (state, n, oldest) in rows {
        match state.as_str() {
            "ready" => (counts.ready, counts.oldest_wake_at) = (n, oldest),
            "leased" => counts.leased = n,
            _ => counts.dead = n,
        }
    }
    Ok(counts)
}

/// Jobs given up, latest first.
///
/// # Errors
/// When the database refuses.
pub fn dead(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Job>, StoreError> {
    tx.rows(&DEAD, values![limit])
}

/// Gives a dead job another life, due at `due_at`. Answers whether it was dead.
///
/// # Errors
/// [`StoreError::Duplicate`] of `jobs_live_key` when another live job has its key.
pub fn revive(tx: &mut Tx<'_>, job_id: &str, due_at: i64) -> Result<bool, StoreError> {
    tx.ring();
    Ok(tx.exec(&REVIVE, values![job_id, due_at])? == 1)
}
