//! The feed of outside events of an organization (P34), and the bodies that webhooks carry.
//!
//! Positions are given out under a row lock that is held to the commit, so their order *is* the
//! commit order of the organization and nothing that commits later can sort before what was already
//! read. On SQLite the one writer does that by itself. The price, on PostgreSQL, is that
//! transactions of *one* organization pass the last step one after another; that is why
//! [`announce`] is to be called last in a transaction.

use std::collections::BTreeMap;

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// An outside event: what partners are told.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Announcement {
        /// `evt_…`, the same in the feed and on every delivery.
        pub event_id: String,
        /// The organization that is told.
        pub org_id: String,
        /// The envelope; `None` for `webhook.test`.
        pub envelope_id: Option<String>,
        /// Such as `vault.stored`.
        pub event_type: String,
        /// When it happened, microseconds UTC.
        pub at: i64,
        /// The JSON body, byte for byte as it is posted.
        pub body: Vec<u8>,
        /// Place in the organization's feed; set by [`announce`], 0 before.
        pub position: i64,
    }
}

statements! { in "feed" as Announcement;
    INSERT = insert("");
    /// The lock and the numbers in one statement: the row stays locked until the commit.
    ADVANCE = both("INSERT INTO feed_heads (org_id, position) VALUES ($1, $2) \
        ON CONFLICT (org_id) DO UPDATE SET position = feed_heads.position + excluded.position \
        RETURNING position");
    AFTER = both("SELECT {} FROM feed WHERE org_id = $1 AND position > $2 \
        ORDER BY position LIMIT $3");
    POSITION = both("SELECT position FROM feed WHERE event_id = $1 AND org_id = $2");
    GET = both("SELECT {} FROM feed WHERE event_id = $1");
    OF_ENVELOPE = both("SELECT {} FROM feed WHERE envelope_id = $1 AND org_id = $2 \
        ORDER BY position");
}

/// Appends announcements to the feeds of their organizations, in the given order. Call it as late
/// in a transaction as possible, and once: organizations are taken in the order of their ids.
///
/// # Errors
/// [`StoreError::Duplicate`] of `feed_pkey` when an event id is used twice.
pub fn announce(tx: &mut Tx<'_>, announcements: &[Announcement]) -> Result<(), StoreError> {
    let mut by_org: BTreeMap<&str, Vec<&Announcement>> = BTreeMap::new();
    for announcement in announcements {
        by_org
            .entry(&announcement.org_id)
            .or_default()
            .push(announcement);
    }
    for (org_id, told) in by_org {
        let before = reserve(tx, org_id, told.len())?;
        for (position, announcement) in (before + 1..).zip(told) {
            tx.insert(
                &INSERT,
                &Announcement {
                    position,
                    ..announcement.clone()
                },
            )?;
        }
    }
    Ok(())
}

/// Reserves `count` positions; answers the one before the first.
fn reserve(tx: &mut Tx<'_>, org_id: &str, count: usize) -> Result<i64, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let last: Option<i64> = tx.cell(&ADVANCE, values![org_id, count])?;
    Ok(last.unwrap_or(count) - count)
}

/// Up to `limit` announcements of an organization after a position (0: from the beginning).
///
/// # Errors
/// When the database refuses.
pub fn after(
    tx: &mut Tx<'_>,
    org_id: &str,
    position: i64,
    limit: i64,
) -> Result<Vec<Announcement>, StoreError> {
    tx.rows(&AFTER, values![org_id, position, limit])
}

/// The position of an event of the organization; `None` for an unknown one (422 in P34).
///
/// # Errors
/// When the database refuses.
pub fn position(tx: &mut Tx<'_>, org_id: &str, event_id: &str) -> Result<Option<i64>, StoreError> {
    tx.cell(&POSITION, values![event_id, org_id])
}

/// One announcement, for its delivery.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, event_id: &str) -> Result<Option<Announcement>, StoreError> {
    tx.row(&GET, values![event_id])
}

/// What an organization was told about an envelope, in order.
///
/// # Errors
/// When the database refuses.
pub fn of_envelope(
    tx: &mut Tx<'_>,
    org_id: &str,
    envelope_id: &str,
) -> Result<Vec<Announcement>, StoreError> {
    tx.rows(&OF_ENVELOPE, values![envelope_id, org_id])
}
