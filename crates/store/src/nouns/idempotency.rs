//! `Idempotency-Key` records (partner-api 1.6).
//!
//! [`begin`] reserves the key for one running request, under a lease: if the process dies, the key
//! is free again when the lease ends. [`finish`] belongs into the transaction of the command itself,
//! so that the effect and the answer to be replayed are one commit.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// A key and what became of its first request.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct IdempotencyRecord {
        /// The organization (or tenant).
        pub org_id: String,
        /// Method and path.
        pub scope: String,
        /// The client's key.
        pub key: String,
        /// SHA-256 of the canonical request.
        pub fingerprint: [u8; 32],
        /// Who runs it: a fresh random id per request.
        pub owner: String,
        /// `running` or `done`.
        pub state: String,
        /// HTTP status of the answer.
        pub status: Option<i64>,
        /// The answer, encrypted by the caller.
        pub answer: Option<Vec<u8>>,
        /// Microseconds UTC.
        pub created_at: i64,
        /// End of the lease while running; of the 24 hours when done.
        pub expires_at: i64,
    }
}

/// Which key of whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The organization (or tenant).
    pub org_id: String,
    /// Method and path.
    pub scope: String,
    /// The client's key.
    pub key: String,
}

/// What to do with a request that carries a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Go on; the key is reserved for this request.
    Started,
    /// Give this answer again.
    Replay {
        /// HTTP status.
        status: i64,
        /// The answer, as encrypted by the caller.
        answer: Vec<u8>,
    },
    /// 409: the key was used with a different request.
    Mismatch,
    /// 409: the first request is still running.
    InProgress,
}

statements! { in "idempotency" as IdempotencyRecord;
    /// Of two requests at once the second waits here for the first one's commit, then does nothing.
    RESERVE = insert("ON CONFLICT (org_id, scope, key) DO NOTHING");
    GET = both("SELECT {} FROM idempotency WHERE org_id = $1 AND scope = $2 AND key = $3");
    /// Only an expired record may be taken over, and only as it was read.
    TAKE_OVER = both("UPDATE idempotency SET fingerprint = $4, owner = $5, state = 'running', \
        status = NULL, answer = NULL, created_at = $6, expires_at = $7 \
        WHERE org_id = $1 AND scope = $2 AND key = $3 AND owner = $8 AND expires_at <= $6");
    FINISH = both("UPDATE idempotency SET state = 'done', status = $5, answer = $6, \
        expires_at = $7 WHERE org_id = $1 AND scope = $2 AND key = $3 AND owner = $4 \
        AND state = 'running'");
    ABANDON = both("DELETE FROM idempotency WHERE org_id = $1 AND scope = $2 AND key = $3 \
        AND owner = $4 AND state = 'running'");
    PURGE = both("DELETE FROM idempotency WHERE expires_at <= $1");
    /// On SQLite there is one server: when it starts, whatever runs belongs to a dead one.
    CLEAR_RUNNING = both("DELETE FROM idempotency WHERE state = 'running'");
}

/// Looks a key up and reserves it for the request `owner` until `leased_until` if it is free.
///
/// # Errors
/// [`StoreError::VersionConflict`] when two requests took over the same expired record at once.
pub fn begin(
    tx: &mut Tx<'_>,
    key: &IdempotencyKey,
    fingerprint: &[u8; 32],
    owner: &str,
    now: i64,
    leased_until: i64,
) -> Result<Begin, StoreError> {
    let fresh = values![
        key.org_id,
        key.scope,
        key.key,
        fingerprint,
        owner,
        "running",
        None::<i64>,
        None::<Vec<u8>>,
        now,
        leased_until
    ];
    if tx.exec(&RESERVE, fresh)? == 1 {
        return Ok(Begin::Started);
    }
    let Some(found) = get(tx, key)? else {
        return Ok(Begin::InProgress);
    };
    if found.expires_at <= now {
        return take_over(tx, &found, fingerprint, owner, now, leased_until);
    }
    Ok(meet(found, fingerprint))
}

fn meet(found: IdempotencyRecord, fingerprint: &[u8; 32]) -> Begin {
    match (
        found.fingerprint == *fingerprint,
        found.status,
        found.answer,
    ) {
        (false, ..) => Begin::Mismatch,
        (true, Some(status), Some(answer)) => Begin::Replay { status, answer },
        (true, ..) => Begin::InProgress,
    }
}

fn take_over(
    tx: &mut Tx<'_>,
    found: &IdempotencyRecord,
    fingerprint: &[u8; 32],
    owner: &str,
    now: i64,
    leased_until: i64,
) -> Result<Begin, StoreError> {
    let bound = values![
        found.org_id,
        found.scope,
        found.key,
        fingerprint,
        owner,
        now,
        leased_until,
        found.owner
    ];
    match tx.exec(&TAKE_OVER, bound)? {
        1 => Ok(Begin::Started),
        _ => Ok(Begin::InProgress),
    }
}

/// The record of a key.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, key: &IdempotencyKey) -> Result<Option<IdempotencyRecord>, StoreError> {
    tx.row(&GET, values![key.org_id, key.scope, key.key])
}

/// Stores the 2xx answer of the request that reserved the key, until `expires_at`. Answers `false`
/// when the reservation was lost (the lease ran out and another request took the key): then the
/// caller must roll back.
///
/// # Errors
/// When the database refuses.
pub fn finish(
    tx: &mut Tx<'_>,
    key: &IdempotencyKey,
    owner: &str,
    status: i64,
    answer: &[u8],
    expires_at: i64,
) -> Result<bool, StoreError> {
    let bound = values![
        key.org_id, key.scope, key.key, owner, status, answer, expires_at
    ];
    Ok(tx.exec(&FINISH, bound)? == 1)
}

/// Frees the key of a request that was refused, so that it may be used again.
///
/// # Errors
/// When the database refuses.
pub fn abandon(tx: &mut Tx<'_>, key: &IdempotencyKey, owner: &str) -> Result<bool, StoreError> {
    Ok(tx.exec(&ABANDON, values![key.org_id, key.scope, key.key, owner])? == 1)
}

/// Erases what has expired. Answers how many.
///
/// # Errors
/// When the database refuses.
pub fn purge(tx: &mut Tx<'_>, now: i64) -> Result<u64, StoreError> {
    tx.exec(&PURGE, values![now])
}

/// Frees the keys of requests that a server which is gone had begun. Only for the single server of
/// a SQLite store, at its start; on PostgreSQL leases do this. Answers how many.
///
/// # Errors
/// When the database refuses.
pub fn clear_running(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.exec(&CLEAR_RUNNING, values![])
}
