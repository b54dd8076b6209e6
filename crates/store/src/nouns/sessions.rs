//! Console sessions, by the SHA-256 of their token.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// A session of a console user.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Session {
        /// SHA-256 of the token.
        pub token_sha256: [u8; 32],
        /// The organization.
        pub org_id: String,
        /// The user.
        pub user_id: String,
        /// Microseconds UTC.
        pub created_at: i64,
        /// Microseconds UTC.
        pub expires_at: i64,
        /// When it was ended early.
        pub revoked_at: Option<i64>,
    }
}

statements! { in "sessions" as Session;
    INSERT = insert("");
    LIVE = both("SELECT {} FROM sessions WHERE token_sha256 = $1 AND expires_at > $2 \
        AND revoked_at IS NULL");
    REVOKE = both("UPDATE sessions SET revoked_at = $2 WHERE token_sha256 = $1 \
        AND revoked_at IS NULL");
    REVOKE_USER = both("UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 \
        AND revoked_at IS NULL");
    PURGE = both("DELETE FROM sessions WHERE expires_at < $1");
}

/// Stores a new session.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, session: &Session) -> Result<(), StoreError> {
    tx.insert(&INSERT, session).map(drop)
}

/// The session of this token, if it is neither expired nor revoked at `now`.
///
/// # Errors
/// When the database refuses.
pub fn live(
    tx: &mut Tx<'_>,
    token_sha256: &[u8; 32],
    now: i64,
) -> Result<Option<Session>, StoreError> {
    tx.row(&LIVE, values![token_sha256, now])
}

/// Ends a session. Answers whether it was open.
///
/// # Errors
/// When the database refuses.
pub fn revoke(tx: &mut Tx<'_>, token_sha256: &[u8; 32], now: i64) -> Result<bool, StoreError> {
    Ok(tx.exec(&REVOKE, values![token_sha256, now])? == 1)
}

/// Ends all sessions of a user (password change, deactivation). Answers how many.
///
/// # Errors
/// When the database refuses.
pub fn revoke_user(tx: &mut Tx<'_>, user_id: &str, now: i64) -> Result<u64, StoreError> {
    tx.exec(&REVOKE_USER, values![user_id, now])
}

/// Forgets sessions that expired before `before`. Answers how many.
///
/// # Errors
/// When the database refuses.
pub fn purge(tx: &mut Tx<'_>, before: i64) -> Result<u64, StoreError> {
    tx.exec(&PURGE, values![before])
}
