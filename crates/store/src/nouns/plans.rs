//! Signing plans: what `pdf::prepare` found out once, so that no signature parses the file again.
//! They lie apart from the envelope row, which is rewritten at every step.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// The plan of one envelope.
    pub struct Plan {
        /// The envelope.
        pub envelope_id: String,
        /// The serialized plan.
        pub plan: Vec<u8>,
        /// Microseconds UTC.
        pub created_at: i64,
    }
}

statements! { in "plans" as Plan;
    PUT = insert("ON CONFLICT (envelope_id) DO UPDATE SET plan = excluded.plan, \
        created_at = excluded.created_at");
    GET = both("SELECT plan FROM plans WHERE envelope_id = $1");
}

/// Stores the plan of an envelope, replacing an earlier one.
///
/// # Errors
/// When the database refuses.
pub fn put(tx: &mut Tx<'_>, envelope_id: &str, plan: &[u8], now: i64) -> Result<(), StoreError> {
    tx.exec(&PUT, values![envelope_id, plan, now]).map(drop)
}

/// The plan of an envelope.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, envelope_id: &str) -> Result<Option<Vec<u8>>, StoreError> {
    tx.cell(&GET, values![envelope_id])
}
