//! Link tokens: who holds one may act for one signer. Only the SHA-256 is here; any number of links
//! for a signer are good at once.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// A link.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct LinkToken {
        /// SHA-256 of the token.
        pub token_sha256: [u8; 32],
        /// The envelope.
        pub envelope_id: String,
        /// The signer.
        pub signer_id: String,
        /// `signing`, `download`, `transfer` …
        pub kind: String,
        /// Microseconds UTC.
        pub created_at: i64,
        /// Microseconds UTC; `None`: as long as the envelope is open.
        pub expires_at: Option<i64>,
        /// When it was ended.
        pub revoked_at: Option<i64>,
    }
}

statements! { in "link_tokens" as LinkToken;
    INSERT = insert("");
    /// Revoked and expired links are answered too: the page tells `token-expired` from
    /// `token-invalid`.
    GET = both("SELECT {} FROM link_tokens WHERE token_sha256 = $1");
    REVOKE_ENVELOPE = both("UPDATE link_tokens SET revoked_at = $2 WHERE envelope_id = $1 \
        AND revoked_at IS NULL");
    REVOKE_SIGNER = both("UPDATE link_tokens SET revoked_at = $3 WHERE envelope_id = $1 \
        AND signer_id = $2 AND revoked_at IS NULL");
}

/// Stores a link.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, link: &LinkToken) -> Result<(), StoreError> {
    tx.insert(&INSERT, link).map(drop)
}

/// A link, also when it is revoked or expired.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, token_sha256: &[u8; 32]) -> Result<Option<LinkToken>, StoreError> {
    tx.row(&GET, values![token_sha256])
}

/// Ends all links of an envelope. Answers how many.
///
/// # Errors
/// When the database refuses.
pub fn revoke_envelope(tx: &mut Tx<'_>, envelope_id: &str, now: i64) -> Result<u64, StoreError> {
    tx.exec(&REVOKE_ENVELOPE, values![envelope_id, now])
}

/// Ends all links of a signer. Answers how many.
///
/// # Errors
/// When the database refuses.
pub fn revoke_signer(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    signer_id: &str,
    now: i64,
) -> Result<u64, StoreError> {
    tx.exec(&REVOKE_SIGNER, values![envelope_id, signer_id, now])
}
