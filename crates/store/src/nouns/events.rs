//! The evidence: every event of every envelope, hash-chained, never changed.

use crate::error::StoreError;
use crate::row::{Record, record};
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// One entry of an envelope's chain.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct EventRow {
        /// The envelope.
        pub envelope_id: String,
        /// 1, 2, 3 … without gaps.
        pub seq: i64,
        /// The organization whose act it was.
        pub org_id: String,
        /// Microseconds UTC.
        pub at: i64,
        /// The P10 name, such as `envelope.created`.
        pub kind: String,
        /// The version of the event's JSON form.
        pub v: i64,
        /// `api_key`, `user`, `signer`, `system`.
        pub actor_kind: String,
        /// Its id.
        pub actor_id: String,
        /// JSON without personal data.
        pub data: String,
        /// The personal data, sealed under the envelope's data key.
        pub sealed: Option<Vec<u8>>,
        /// The hash of the entry before; 32 zero bytes for the first.
        pub prev_hash: [u8; 32],
        /// The hash of this entry.
        pub hash: [u8; 32],
    }
}

statements! { in "events" as EventRow;
    INSERT = insert("");
    /// Most commands make two or three events; one statement saves round trips to PostgreSQL.
    INSERT_2 = insert_rows(2, "");
    INSERT_3 = insert_rows(3, "");
    STREAM = both("SELECT {} FROM events WHERE envelope_id = $1 AND seq > $2 ORDER BY seq");
    PAGE = both("SELECT {} FROM events WHERE envelope_id = $1 ORDER BY seq LIMIT $2 OFFSET $3");
    /// `seq` has no gaps, so the last number is the count.
    LAST = both("SELECT seq, hash FROM events WHERE envelope_id = $1 ORDER BY seq DESC LIMIT 1");
}

/// Appends entries to their chain.
///
/// # Errors
/// [`StoreError::VersionConflict`] when another writer has used a number already.
pub fn append(tx: &mut Tx<'_>, entries: &[EventRow]) -> Result<(), StoreError> {
    let mut rest = entries;
    while !rest.is_empty() {
        let rows = rest.len().min(3);
        let (now, later) = rest.split_at(rows);
        let sql = [&INSERT, &INSERT_2, &INSERT_3][rows - 1];
        let bound: Vec<_> = now.iter().flat_map(Record::values).collect();
        tx.exec(sql, &bound)
            .map_err(|error| conflict(error, &now[0]))?;
        rest = later;
    }
    Ok(())
}

fn conflict(error: StoreError, entry: &EventRow) -> StoreError {
    match error {
        StoreError::Duplicate { constraint } if constraint == "events_pkey" => {
            let subject = entry.envelope_id.clone();
            StoreError::VersionConflict {
                subject,
                expected: entry.seq - 1,
            }
        }
        other => other,
    }
}

/// The entries of a chain after `after_seq` (0: all), in order.
///
/// # Errors
/// When the database refuses.
pub fn stream(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    after_seq: i64,
) -> Result<Vec<EventRow>, StoreError> {
    tx.rows(&STREAM, values![envelope_id, after_seq])
}

/// A page of a chain, oldest first (P10). The total is the last number: see [`last`].
///
/// # Errors
/// When the database refuses.
pub fn page(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    limit: i64,
    offset: i64,
) -> Result<Vec<EventRow>, StoreError> {
    tx.rows(&PAGE, values![envelope_id, limit, offset])
}

/// Number and hash of the last entry of a chain.
///
/// # Errors
/// When the database refuses.
pub fn last(tx: &mut Tx<'_>, envelope_id: &str) -> Result<Option<(i64, [u8; 32])>, StoreError> {
    tx.row(&LAST, values![envelope_id])
}
