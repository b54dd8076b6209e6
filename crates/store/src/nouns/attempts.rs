//! Attempt counters for what may be guessed: one-time codes, logins, tokens, `/verify` by address.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// The counter of one subject in one scope.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Attempts {
        /// What is tried: `otp`, `login`, `verify` …
        pub scope: String,
        /// Who tries, or what is tried on.
        pub subject: String,
        /// Start of the current window, microseconds UTC.
        pub window_start: i64,
        /// Attempts in it.
        pub hits: i64,
        /// No attempt is admitted before this instant.
        pub locked_until: Option<i64>,
    }
}

statements! { in "attempts" as Attempts;
    /// One statement, so that concurrent attempts cannot both be the last permitted one.
    HIT = both("INSERT INTO attempts (scope, subject, window_start, hits) VALUES ($1, $2, $3, 1) \
        ON CONFLICT (scope, subject) DO UPDATE SET \
        hits = CASE WHEN attempts.window_start <= $4 THEN 1 ELSE attempts.hits + 1 END, \
        window_start = CASE WHEN attempts.window_start <= $4 THEN $3 \
            ELSE attempts.window_start END \
        RETURNING {}");
    GET = both("SELECT {} FROM attempts WHERE scope = $1 AND subject = $2");
    LOCK = both("UPDATE attempts SET locked_until = $3, hits = 0 \
        WHERE scope = $1 AND subject = $2");
    CLEAR = both("DELETE FROM attempts WHERE scope = $1 AND subject = $2");
    PURGE = both("DELETE FROM attempts WHERE window_start < $1 \
        AND (locked_until IS NULL OR locked_until < $1)");
}

/// Counts one attempt; a window older than `window_us` begins anew. The answer holds the count with
/// this attempt and any lock.
///
/// # Errors
/// When the database refuses.
pub fn hit(
    tx: &mut Tx<'_>,
    scope: &str,
    subject: &str,
    now: i64,
    window_us: i64,
) -> Result<Attempts, StoreError> {
    let counted = tx.row(&HIT, values![scope, subject, now, now - window_us])?;
    Ok(counted.unwrap_or(Attempts {
        scope: scope.to_owned(),
        subject: subject.to_owned(),
        window_start: now,
        hits: 1,
        locked_until: None,
    }))
}

/// The counter as it stands.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, scope: &str, subject: &str) -> Result<Option<Attempts>, StoreError> {
    tx.row(&GET, values![scope, subject])
}

/// Admits no attempt before `until` and starts counting anew.
///
/// # Errors
/// When the database refuses.
pub fn lock(tx: &mut Tx<'_>, scope: &str, subject: &str, until: i64) -> Result<(), StoreError> {
    tx.exec(&LOCK, values![scope, subject, until]).map(drop)
}

/// Forgets a counter, after a success.
///
/// # Errors
/// When the database refuses.
pub fn clear(tx: &mut Tx<'_>, scope: &str, subject: &str) -> Result<(), StoreError> {
    tx.exec(&CLEAR, values![scope, subject]).map(drop)
}

/// Forgets counters whose window began before `before` and that hold no lock. Answers how many.
///
/// # Errors
/// When the database refuses.
pub fn purge(tx: &mut Tx<'_>, before: i64) -> Result<u64, StoreError> {
    tx.exec(&PURGE, values![before])
}
