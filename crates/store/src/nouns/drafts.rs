//! Field values as a signer has entered them, saved at once and sealed, until the signature.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// One value.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Draft {
        /// The envelope.
        pub envelope_id: String,
        /// The signer.
        pub signer_id: String,
        /// The field.
        pub field_id: String,
        /// The value, sealed by the caller under the envelope's data key.
        pub value: Vec<u8>,
        /// Microseconds UTC.
        pub updated_at: i64,
    }
}

statements! { in "drafts" as Draft;
    PUT = insert("ON CONFLICT (envelope_id, signer_id, field_id) \
        DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at");
    OF_SIGNER = both("SELECT {} FROM drafts WHERE envelope_id = $1 AND signer_id = $2 \
        ORDER BY field_id");
    CLEAR_FIELD = both("DELETE FROM drafts WHERE envelope_id = $1 AND signer_id = $2 \
        AND field_id = $3");
    CLEAR_SIGNER = both("DELETE FROM drafts WHERE envelope_id = $1 AND signer_id = $2");
    CLEAR = both("DELETE FROM drafts WHERE envelope_id = $1");
}

/// Saves a value, replacing an earlier one.
///
/// # Errors
/// When the database refuses.
pub fn put(tx: &mut Tx<'_>, draft: &Draft) -> Result<(), StoreError> {
    tx.insert(&PUT, draft).map(drop)
}

/// The values of a signer.
///
/// # Errors
/// When the database refuses.
pub fn of_signer(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    signer_id: &str,
) -> Result<Vec<Draft>, StoreError> {
    tx.rows(&OF_SIGNER, values![envelope_id, signer_id])
}

/// Forgets one value (the field was emptied).
///
/// # Errors
/// When the database refuses.
pub fn clear_field(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    signer_id: &str,
    field_id: &str,
) -> Result<bool, StoreError> {
    Ok(tx.exec(&CLEAR_FIELD, values![envelope_id, signer_id, field_id])? == 1)
}

/// Forgets the values of a signer who has signed or declined.
///
/// # Errors
/// When the database refuses.
pub fn clear_signer(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    signer_id: &str,
) -> Result<u64, StoreError> {
    tx.exec(&CLEAR_SIGNER, values![envelope_id, signer_id])
}

/// Forgets all values of an envelope that ended.
///
/// # Errors
/// When the database refuses.
pub fn clear(tx: &mut Tx<'_>, envelope_id: &str) -> Result<u64, StoreError> {
    tx.exec(&CLEAR, values![envelope_id])
}
