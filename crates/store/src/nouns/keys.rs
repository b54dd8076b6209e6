//! Keys of the instance and of organizations, wrapped under the master key.

use std::fmt;

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// A stored key.
    #[derive(Clone, PartialEq, Eq)]
    pub struct StoredKey {
        /// `key_…`.
        pub key_id: String,
        /// `ca`, `seal`, `tsa`, `certificate`, `receipt`, `log`, `control` …
        pub purpose: String,
        /// The organization; `None`: the instance.
        pub org_id: Option<String>,
        /// Such as `P-256`, `Ed25519`.
        pub alg: String,
        /// The private key, wrapped.
        pub wrapped: Vec<u8>,
        /// The public key (raw or SPKI, as the algorithm has it).
        pub public: Vec<u8>,
        /// DER certificate.
        pub certificate: Option<Vec<u8>>,
        /// Microseconds UTC.
        pub not_before: i64,
        /// Microseconds UTC.
        pub not_after: Option<i64>,
        /// Microseconds UTC.
        pub created_at: i64,
        /// Whether new signatures are made with it; older ones stay to be verified.
        pub active: bool,
    }
}

impl fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredKey")
            .field("key_id", &self.key_id)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

statements! { in "keys" as StoredKey;
    /// One active key per purpose and owner: two nodes that start at once cannot both make one.
    INSERT = insert("");
    ACTIVE = both("SELECT {} FROM keys WHERE purpose = $1 AND COALESCE(org_id, '') = $2 \
        AND active = 1");
    GET = both("SELECT {} FROM keys WHERE key_id = $1");
    ALL = both("SELECT {} FROM keys ORDER BY created_at, key_id");
    RETIRE = both("UPDATE keys SET active = 0 WHERE key_id = $1");
}

/// Stores a key.
///
/// # Errors
/// [`StoreError::Duplicate`] of `keys_active` when the purpose has an active key.
pub fn insert(tx: &mut Tx<'_>, key: &StoredKey) -> Result<(), StoreError> {
    tx.insert(&INSERT, key).map(drop)
}

/// The active key of a purpose, of an organization or (`None`) of the instance.
///
/// # Errors
/// When the database refuses.
pub fn active(
    tx: &mut Tx<'_>,
    purpose: &str,
    org_id: Option<&str>,
) -> Result<Option<StoredKey>, StoreError> {
    tx.row(&ACTIVE, values![purpose, org_id.unwrap_or("")])
}

/// A key by its id.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, key_id: &str) -> Result<Option<StoredKey>, StoreError> {
    tx.row(&GET, values![key_id])
}

/// All keys, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<StoredKey>, StoreError> {
    tx.rows(&ALL, values![])
}

/// Makes no further signatures with a key. Answers whether it exists.
///
/// # Errors
/// When the database refuses.
pub fn retire(tx: &mut Tx<'_>, key_id: &str) -> Result<bool, StoreError> {
    Ok(tx.exec(&RETIRE, values![key_id])? == 1)
}
