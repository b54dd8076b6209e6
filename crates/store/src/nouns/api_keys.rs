//! API keys of the partner door. Only the SHA-256 of a key is here.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// A key: the service identity of a partner's back end.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ApiKey {
        /// `key_…`.
        pub key_id: String,
        /// Its organization.
        pub org_id: String,
        /// Display name; the actor's name in trails.
        pub name: String,
        /// SHA-256 of the raw key.
        pub key_sha256: [u8; 32],
        /// JSON array of scope names.
        pub scopes: String,
        /// Requests per 60 s window.
        pub rate_limit_rpm: i64,
        /// Where events are posted.
        pub webhook_url: Option<String>,
        /// The webhook secret, wrapped under the master key.
        pub webhook_secret_wrapped: Option<Vec<u8>>,
        /// A deactivated key is refused and gets no deliveries.
        pub active: bool,
        /// Microseconds UTC.
        pub created_at: i64,
        /// Microseconds UTC.
        pub updated_at: i64,
        /// When the raw key was last replaced.
        pub rotated_at: Option<i64>,
        /// When it was last used, to the minute.
        pub last_used_at: Option<i64>,
    }
}

statements! { in "api_keys" as ApiKey;
    INSERT = insert("");
    UPDATE = both("UPDATE api_keys SET name = $2, scopes = $3, rate_limit_rpm = $4, \
        webhook_url = $5, webhook_secret_wrapped = $6, active = $7, updated_at = $8 \
        WHERE key_id = $1");
    ROTATE = both("UPDATE api_keys SET key_sha256 = $2, rotated_at = $3, updated_at = $3 \
        WHERE key_id = $1");
    /// Authentication, once per request. Inactive keys are answered too: the caller refuses them
    /// with the same words as unknown ones.
    BY_HASH = both("SELECT {} FROM api_keys WHERE key_sha256 = $1");
    GET = both("SELECT {} FROM api_keys WHERE key_id = $1");
    OF_ORG = both("SELECT {} FROM api_keys WHERE org_id = $1 ORDER BY created_at, key_id");
    /// The keys that an event fans out to.
    LISTENING = both("SELECT {} FROM api_keys WHERE org_id = $1 AND active = 1 \
        AND webhook_url IS NOT NULL ORDER BY created_at, key_id");
    /// At most one write per key and minute, so that reads stay reads.
    USED = both("UPDATE api_keys SET last_used_at = $2 WHERE key_id = $1 \
        AND (last_used_at IS NULL OR last_used_at < $2 - 60000000)");
}

/// Stores a new key.
///
/// # Errors
/// [`StoreError::Duplicate`] of `api_keys_pkey` or `api_keys_hash`.
pub fn insert(tx: &mut Tx<'_>, key: &ApiKey) -> Result<(), StoreError> {
    tx.insert(&INSERT, key).map(drop)
}

/// Writes name, scopes, limit, webhook and activity. Answers whether the key exists.
///
/// # Errors
/// When the database refuses.
pub fn update(tx: &mut Tx<'_>, key: &ApiKey) -> Result<bool, StoreError> {
    let touched = tx.exec(
        &UPDATE,
        values![
            key.key_id,
            key.name,
            key.scopes,
            key.rate_limit_rpm,
            key.webhook_url,
            key.webhook_secret_wrapped,
            key.active,
            key.updated_at
        ],
    )?;
    Ok(touched == 1)
}

/// Replaces the raw key; the old one is dead with the commit. Answers whether the key exists.
///
/// # Errors
/// [`StoreError::Duplicate`] of `api_keys_hash`.
pub fn rotate(
    tx: &mut Tx<'_>,
    key_id: &str,
    key_sha256: &[u8; 32],
    now: i64,
) -> Result<bool, StoreError> {
    Ok(tx.exec(&ROTATE, values![key_id, key_sha256, now])? == 1)
}

/// The key with this digest, active or not.
///
/// # Errors
/// When the database refuses.
pub fn by_hash(tx: &mut Tx<'_>, key_sha256: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
    tx.row(&BY_HASH, values![key_sha256])
}

/// A key by its id.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, key_id: &str) -> Result<Option<ApiKey>, StoreError> {
    tx.row(&GET, values![key_id])
}

/// The keys of an organization, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn of_org(tx: &mut Tx<'_>, org_id: &str) -> Result<Vec<ApiKey>, StoreError> {
    tx.rows(&OF_ORG, values![org_id])
}

/// The active keys of an organization that have a webhook URL.
///
/// # Errors
/// When the database refuses.
pub fn listening(tx: &mut Tx<'_>, org_id: &str) -> Result<Vec<ApiKey>, StoreError> {
    tx.rows(&LISTENING, values![org_id])
}

/// Notes that a key was used; writes at most once a minute. Answers whether it wrote.
///
/// # Errors
/// When the database refuses.
pub fn used(tx: &mut Tx<'_>, key_id: &str, now: i64) -> Result<bool, StoreError> {
    Ok(tx.exec(&USED, values![key_id, now])? == 1)
}
