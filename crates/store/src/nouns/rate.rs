//! Rate windows of API keys: fixed windows, exact (partner-api 1.7).
//!
//! On SQLite one server has the data, so counters live in its memory and cost nothing. On
//! PostgreSQL they are rows of an unlogged table: shared by all nodes, without a disk flush per
//! request, and lost in a database crash, which at worst opens one window anew.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::store::{EngineKind, Store};
use crate::tx::Tx;
use crate::value::values;

record! {
    /// The window of one key.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct RateWindow {
        /// Who is counted: a key or a tenant.
        pub subject: String,
        /// Start of the window, in whatever unit the caller counts.
        pub window_start: i64,
        /// Requests in it so far, refused ones included.
        pub hits: i64,
    }
}

/// The state of a window after one more request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateHit {
    /// Whether the request is within the limit.
    pub allowed: bool,
    /// Requests left in the window.
    pub remaining: i64,
}

impl RateHit {
    fn of(hits: i64, limit: i64) -> Self {
        Self {
            allowed: hits <= limit,
            remaining: (limit - hits).max(0),
        }
    }
}

statements! { in "rate_windows" as RateWindow;
    /// A request that saw the clock a moment earlier than another counts in the later window.
    HIT = insert("ON CONFLICT (subject) DO UPDATE SET \
        hits = CASE WHEN rate_windows.window_start < excluded.window_start THEN excluded.hits \
            ELSE rate_windows.hits + excluded.hits END, \
        window_start = CASE WHEN rate_windows.window_start < excluded.window_start \
            THEN excluded.window_start ELSE rate_windows.window_start END \
        RETURNING hits");
    PURGE = both("DELETE FROM rate_windows WHERE window_start < $1");
}

/// Counters of one process.
#[derive(Default)]
pub(crate) struct Windows {
    counted: Mutex<Counted>,
}

#[derive(Default)]
struct Counted {
    newest: i64,
    windows: HashMap<String, (i64, i64)>,
}

impl Windows {
    fn hit(&self, subject: &str, window_start: i64) -> i64 {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if window_start > counted.newest {
            counted.newest = window_start;
            counted
                .windows
                .retain(|_, (start, _)| *start >= window_start);
        }
        let Some((start, hits)) = counted.windows.get_mut(subject) else {
            counted
                .windows
                .insert(subject.to_owned(), (window_start, 1));
            return 1;
        };
        if *start < window_start {
            (*start, *hits) = (window_start, 0);
        }
        *hits += 1;
        *hits
    }
}

impl Store {
    /// Counts one request of `subject` in the window that starts at `window_start` and says whether
    /// it is within `limit`.
    ///
    /// # Errors
    /// On PostgreSQL, when the database refuses.
    pub async fn rate_hit(
        &self,
        subject: &str,
        window_start: i64,
        limit: i64,
    ) -> Result<RateHit, StoreError> {
        if self.kind() == EngineKind::Sqlite {
            return Ok(RateHit::of(
                self.engine.windows().hit(subject, window_start),
                limit,
            ));
        }
        let subject = subject.to_owned();
        let hits = self
            .write("rate_hit", move |tx| hit(tx, &subject, window_start))
            .await?;
        Ok(RateHit::of(hits, limit))
    }
}

fn hit(tx: &mut Tx<'_>, subject: &str, window_start: i64) -> Result<i64, StoreError> {
    Ok(tx
        .cell(&HIT, values![subject, window_start, 1_i64])?
        .unwrap_or(1))
}

/// Forgets windows that started before `before`. Answers how many.
///
/// # Errors
/// When the database refuses.
pub fn purge(tx: &mut Tx<'_>, before: i64) -> Result<u64, StoreError> {
    tx.exec(&PURGE, values![before])
}
