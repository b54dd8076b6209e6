//! Certificates: append-only; triggers on both engines refuse to change or delete one.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// A certificate as issued.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Certificate {
        /// `cert_…`.
        pub certificate_id: String,
        /// Its envelope.
        pub envelope_id: String,
        /// `ucc_9105…`, `completion` …
        pub kind: String,
        /// 1, 2, 3 … within envelope and kind.
        pub n: i64,
        /// Microseconds UTC.
        pub issued_at: i64,
        /// The one before.
        pub supersedes: Option<String>,
        /// The signed JSON, byte for byte.
        pub body: String,
    }
}

statements! { in "certificates" as Certificate;
    INSERT = insert("");
    GET = both("SELECT {} FROM certificates WHERE envelope_id = $1 AND certificate_id = $2");
    LATEST = both("SELECT {} FROM certificates WHERE envelope_id = $1 AND kind = $2 \
        ORDER BY n DESC LIMIT 1");
    ALL = both("SELECT {} FROM certificates WHERE envelope_id = $1 ORDER BY kind, n");
}

/// Stores a certificate.
///
/// # Errors
/// [`StoreError::Duplicate`] of `certificates_n` when another one took the number.
pub fn insert(tx: &mut Tx<'_>, certificate: &Certificate) -> Result<(), StoreError> {
    tx.insert(&INSERT, certificate).map(drop)
}

/// A certificate of an envelope.
///
/// # Errors
/// When the database refuses.
pub fn get(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    certificate_id: &str,
) -> Result<Option<Certificate>, StoreError> {
    tx.row(&GET, values![envelope_id, certificate_id])
}

/// The newest certificate of a kind.
///
/// # Errors
/// When the database refuses.
pub fn latest(
    tx: &mut Tx<'_>,
    envelope_id: &str,
    kind: &str,
) -> Result<Option<Certificate>, StoreError> {
    tx.row(&LATEST, values![envelope_id, kind])
}

/// All certificates of an envelope, by kind, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn all(tx: &mut Tx<'_>, envelope_id: &str) -> Result<Vec<Certificate>, StoreError> {
    tx.rows(&ALL, values![envelope_id])
}
