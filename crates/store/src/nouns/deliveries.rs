//! Deliveries: one announcement on its way to one key's webhook. The work itself is a job.

use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// A delivery and how far it is.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Delivery {
        /// `dlv_…`, the same on every attempt.
        pub delivery_id: String,
        /// The announcement.
        pub event_id: String,
        /// The key whose webhook is told.
        pub key_id: String,
        /// Its organization.
        pub org_id: String,
        /// `pending`, `delivered`, `dead`, `ended` (key deactivated or URL cleared).
        pub state: String,
        /// Attempts made.
        pub attempts: i64,
        /// When the next attempt is due; `None` when there is none.
        pub next_at: Option<i64>,
        /// HTTP status of the last attempt.
        pub last_status: Option<i64>,
        /// Why the last attempt failed.
        pub last_error: Option<String>,
        /// When the first attempt was made.
        pub first_at: Option<i64>,
        /// Microseconds UTC.
        pub created_at: i64,
        /// Microseconds UTC.
        pub updated_at: i64,
    }
}

statements! { in "deliveries" as Delivery;
    /// One per event and key, also when a fan-out is repeated.
    INSERT = insert("ON CONFLICT (event_id, key_id) DO NOTHING");
    GET = both("SELECT {} FROM deliveries WHERE delivery_id = $1");
    UPDATE = both("UPDATE deliveries SET state = $2, attempts = $3, next_at = $4, \
        last_status = $5, last_error = $6, first_at = $7, updated_at = $8 WHERE delivery_id = $1");
    END_KEY = both("UPDATE deliveries SET state = 'ended', next_at = NULL, updated_at = $2 \
        WHERE key_id = $1 AND state = 'pending'");
    PAGE = both("SELECT {} FROM deliveries WHERE org_id = $1 \
        ORDER BY created_at DESC, delivery_id LIMIT $2 OFFSET $3");
    PAGE_STATE = both("SELECT {} FROM deliveries WHERE org_id = $1 AND state = $2 \
        ORDER BY created_at DESC, delivery_id LIMIT $3 OFFSET $4");
    COUNT = both("SELECT COUNT(*) FROM deliveries WHERE org_id = $1");
    COUNT_STATE = both("SELECT COUNT(*) FROM deliveries WHERE org_id = $1 AND state = $2");
    OF_EVENT = both("SELECT {} FROM deliveries WHERE event_id = $1 ORDER BY key_id");
}

/// Stores a delivery unless this event already goes to this key. Answers whether it is new.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, delivery: &Delivery) -> Result<bool, StoreError> {
    Ok(tx.insert(&INSERT, delivery)? == 1)
}

/// A delivery.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, delivery_id: &str) -> Result<Option<Delivery>, StoreError> {
    tx.row(&GET, values![delivery_id])
}

/// Writes how far a delivery is. Answers whether it exists.
///
/// # Errors
/// When the database refuses.
pub fn update(tx: &mut Tx<'_>, delivery: &Delivery) -> Result<bool, StoreError> {
    let touched = tx.exec(
        &UPDATE,
        values![
            delivery.delivery_id,
            delivery.state,
            delivery.attempts,
            delivery.next_at,
            delivery.last_status,
            delivery.last_error,
            delivery.first_at,
            delivery.updated_at
        ],
    )?;
    Ok(touched == 1)
}

/// Ends the pending deliveries of a key that was deactivated or lost its URL. Answers how many.
///
/// # Errors
/// When the database refuses.
pub fn end_for_key(tx: &mut Tx<'_>, key_id: &str, now: i64) -> Result<u64, StoreError> {
    tx.exec(&END_KEY, values![key_id, now])
}

/// A page of an organization's deliveries, newest first, optionally of one state.
///
/// # Errors
/// When the database refuses.
pub fn page(
    tx: &mut Tx<'_>,
    org_id: &str,
    state: Option<&str>,
    request: PageRequest,
) -> Result<Page<Delivery>, StoreError> {
    let (limit, offset) = (request.limit, request.offset());
    let (items, total) = match state {
        None => (
            tx.rows(&PAGE, values![org_id, limit, offset])?,
            tx.cell(&COUNT, values![org_id])?,
        ),
        Some(state) => (
            tx.rows(&PAGE_STATE, values![org_id, state, limit, offset])?,
            tx.cell(&COUNT_STATE, values![org_id, state])?,
        ),
    };
    Ok(Page {
        items,
        total: total.unwrap_or(0),
    })
}

/// The deliveries of one event, by key.
///
/// # Errors
/// When the database refuses.
pub fn of_event(tx: &mut Tx<'_>, event_id: &str) -> Result<Vec<Delivery>, StoreError> {
    tx.rows(&OF_EVENT, values![event_id])
}
