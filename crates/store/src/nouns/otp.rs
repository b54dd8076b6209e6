//! One-time codes: one open challenge per signer and channel, bound to the document shown.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// A challenge.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct OtpChallenge {
        /// The envelope.
        pub envelope_id: String,
        /// The signer.
        pub signer_id: String,
        /// `email`, `sms`, `whatsapp`.
        pub channel: String,
        /// Keyed or salted SHA-256 of the code, as the caller makes it.
        pub code_sha256: Vec<u8>,
        /// Digest of the document shown, lower-case hex.
        pub document_sha256: String,
        /// Microseconds UTC.
        pub created_at: i64,
        /// Microseconds UTC.
        pub expires_at: i64,
        /// Wrong codes so far.
        pub attempts: i64,
        /// No code is looked at before this instant.
        pub locked_until: Option<i64>,
        /// When the message was handed over.
        pub sent_at: Option<i64>,
    }
}

statements! { in "otp_challenges" as OtpChallenge;
    /// A new code replaces the old one, but neither its failures nor its lock.
    PUT = insert("ON CONFLICT (envelope_id, signer_id, channel) DO UPDATE SET \
        code_sha256 = excluded.code_sha256, document_sha256 = excluded.document_sha256, \
        created_at = excluded.created_at, expires_at = excluded.expires_at, \
        sent_at = excluded.sent_at");
    GET = both("SELECT {} FROM otp_challenges WHERE envelope_id = $1 AND signer_id = $2 \
        AND channel = $3");
    FAILED = both("UPDATE otp_challenges SET attempts = attempts + 1 WHERE envelope_id = $1 \
        AND signer_id = $2 AND channel = $3 RETURNING attempts");
    LOCK = both("UPDATE otp_challenges SET attempts = 0, locked_until = $4 \
        WHERE envelope_id = $1 AND signer_id = $2 AND channel = $3");
    SENT = both("UPDATE otp_challenges SET sent_at = $4 WHERE envelope_id = $1 \
        AND signer_id = $2 AND channel = $3");
    CLEAR = both("DELETE FROM otp_challenges WHERE envelope_id = $1 AND signer_id = $2 \
        AND channel = $3");
    CLEAR_ENVELOPE = both("DELETE FROM otp_challenges WHERE envelope_id = $1");
}

/// Stores a challenge; a newer code replaces the older, wrong tries and lock stay.
///
/// # Errors
/// When the database refuses.
pub fn put(tx: &mut Tx<'_>, challenge: &OtpChallenge) -> Result<(), StoreError> {
    tx.insert(&PUT, challenge).map(drop)
}

/// The challenge of a signer on a channel.
///
/// # Errors
/// When the database refuses.
pub fn get(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    signer_id: &str,
    channel: &str,
) -> Result<Option<OtpChallenge>, StoreError> {
    tx.row(&GET, values![envelope_id, signer_id, channel])
}

/// Counts a wrong code; answers how many there were (0 when there is no challenge).
///
/// # Errors
/// When the database refuses.
pub fn failed(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    signer_id: &str,
    channel: &str,
) -> Result<i64, StoreError> {
    Ok(tx
        .cell(&FAILED, values![envelope_id, signer_id, channel])?
        .unwrap_or(0))
}

/// Looks at no code before `until`, and counts anew after it.
///
/// # Errors
/// When the database refuses.
pub fn lock(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    signer_id: &str,
    channel: &str,
    until: i64,
) -> Result<(), StoreError> {
    tx.exec(&LOCK, values![envelope_id, signer_id, channel, until])
        .map(drop)
}

/// Notes that the message was handed over.
///
/// # Errors
/// When the database refuses.
pub fn sent(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    signer_id: &str,
    channel: &str,
    now: i64,
) -> Result<(), StoreError> {
    tx.exec(&SENT, values![envelope_id, signer_id, channel, now])
        .map(drop)
}

/// Forgets a challenge that was met.
///
/// # Errors
/// When the database refuses.
pub fn clear(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    signer_id: &str,
    channel: &str,
) -> Result<(), StoreError> {
    tx.exec(&CLEAR, values![envelope_id, signer_id, channel])
        .map(drop)
}

/// Forgets all challenges of an envelope that ended.
///
/// # Errors
/// When the database refuses.
pub fn clear_envelope(tx: &mut Tx<'_>, envelope_id: &str) -> Result<u64, StoreError> {
    tx.exec(&CLEAR_ENVELOPE, values![envelope_id])
}
