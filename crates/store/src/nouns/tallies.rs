//! Running counts, so that the `total` of a page costs the same at a million rows as at ten.
//!
//! Counting a million index entries takes tens of milliseconds; summing a handful of counters takes
//! microseconds. A counter is split into shards so that concurrent transactions of one
//! organization on PostgreSQL do not queue for one row.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::{Sql, statements};
use crate::tx::Tx;
use crate::value::{Value, values};

/// How many rows share one counter.
const SHARDS: i64 = 8;

record! {
    /// One shard of one counter.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Tally {
        /// The organization.
        pub org_id: String,
        /// What is counted: `envelopes`, `customers`.
        pub noun: String,
        /// `""` for all, else a customer id.
        pub scope: String,
        /// The status, or `""`.
        pub status: String,
        /// The envelope kind, or `""`.
        pub kind: String,
        /// 0 to `SHARDS` − 1.
        pub shard: i64,
        /// What to add, or the count.
        pub n: i64,
    }
}

const ADD_TAIL: &str = "ON CONFLICT (org_id, noun, scope, status, kind, shard) \
    DO UPDATE SET n = tallies.n + excluded.n";

statements! { in "tallies" as Tally;
    ADD_1 = insert_rows(1, ADD_TAIL);
    ADD_2 = insert_rows(2, ADD_TAIL);
    ADD_4 = insert_rows(4, ADD_TAIL);
    SUM = both("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM tallies \
        WHERE org_id = $1 AND noun = $2 AND scope = $3");
    SUM_STATUS = both("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM tallies \
        WHERE org_id = $1 AND noun = $2 AND scope = $3 AND status = $4");
    SUM_KIND = both("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM tallies \
        WHERE org_id = $1 AND noun = $2 AND scope = $3 AND kind = $4");
    SUM_STATUS_KIND = both("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM tallies \
        WHERE org_id = $1 AND noun = $2 AND scope = $3 AND status = $4 AND kind = $5");
}

/// Which shard an id counts in. Stable for an id, so that its −1 meets its +1.
pub(crate) fn shard(id: &str) -> i64 {
    let sum = id.bytes().fold(0_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    i64::from(sum) % SHARDS
}

/// Adds to counters, one statement for 1, 2 or 4 of them. Counters are taken in their own order, so
/// that two transactions cannot wait for each other's.
pub(crate) fn add(tx: &mut Tx<'_>, mut tallies: Vec<Tally>) -> Result<(), StoreError> {
    tallies.sort_unstable();
    let mut rest = tallies.as_slice();
    while let Some((rows, sql)) = largest(rest.len()) {
        let (now, later) = rest.split_at(rows);
        let bound: Vec<Value<'_>> = now.iter().flat_map(crate::row::Record::values).collect();
        tx.exec(sql, &bound)?;
        rest = later;
    }
    Ok(())
}

fn largest(left: usize) -> Option<(usize, &'static Sql)> {
    match left {
        0 => None,
        1 => Some((1, &ADD_1)),
        2 | 3 => Some((2, &ADD_2)),
        _ => Some((4, &ADD_4)),
    }
}

/// The sum of the counters of a noun in a scope, narrowed by status and kind.
pub(crate) fn sum(
    tx: &mut Tx<'_>,
    org_id: &str,
    noun: &str,
    scope: &str,
    status: Option<&str>,
    kind: Option<&str>,
) -> Result<i64, StoreError> {
    let answer = match (status, kind) {
        (None, None) => tx.cell(&SUM, values![org_id, noun, scope]),
        (Some(status), None) => tx.cell(&SUM_STATUS, values![org_id, noun, scope, status]),
        (None, Some(kind)) => tx.cell(&SUM_KIND, values![org_id, noun, scope, kind]),
        (Some(status), Some(kind)) => {
            tx.cell(&SUM_STATUS_KIND, values![org_id, noun, scope, status, kind])
        }
    };
    Ok(answer?.unwrap_or(0))
}
