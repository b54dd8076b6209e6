//! Revisions of an envelope's document: which stored segment adds which bytes.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// One revision: the bytes it appends, and the whole file's digest up to its end.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Revision {
        /// The envelope.
        pub envelope_id: String,
        /// 0 is the base, then 1, 2, 3 …
        pub n: i64,
        /// `base`, `prepared`, `signed`, `sealed`, `vaulted`.
        pub kind: String,
        /// Where its bytes begin in the whole file.
        pub byte_offset: i64,
        /// How many bytes it appends.
        pub length: i64,
        /// SHA-256 of the whole file up to its end, lower-case hex.
        pub sha256: String,
        /// Logical bucket of the stored segment.
        pub bucket: String,
        /// Its path there.
        pub path: String,
        /// The data key of the segment, wrapped, when it is not the envelope's own (a base shared
        /// with a template version).
        pub data_key_wrapped: Option<Vec<u8>>,
        /// What the next incremental update needs to know of the end of the file, JSON.
        pub tail: String,
        /// Microseconds UTC.
        pub created_at: i64,
    }
}

statements! { in "revisions" as Revision;
    INSERT = insert("");
    ALL = both("SELECT {} FROM revisions WHERE envelope_id = $1 ORDER BY n");
    LATEST = both("SELECT {} FROM revisions WHERE envelope_id = $1 ORDER BY n DESC LIMIT 1");
    BY_HASH = both("SELECT {} FROM revisions WHERE sha256 = $1 ORDER BY envelope_id, n LIMIT $2");
}

/// Appends a revision.
///
/// # Errors
/// [`StoreError::VersionConflict`] when a parallel signer has made this revision already.
pub fn append(tx: &mut Tx<'_>, revision: &Revision) -> Result<(), StoreError> {
    tx.insert(&INSERT, revision)
        .map(drop)
        .map_err(|error| match error {
            StoreError::Duplicate { constraint } if constraint == "revisions_pkey" => {
                let subject = revision.envelope_id.clone();
                StoreError::VersionConflict {
                    subject,
                    expected: revision.n - 1,
                }
            }
            other => other,
        })
}

/// All revisions of a document, from the base on.
///
/// # Errors
/// When the database refuses.
pub fn all(tx: &mut Tx<'_>, envelope_id: &str) -> Result<Vec<Revision>, StoreError> {
    tx.rows(&ALL, values![envelope_id])
}

/// The newest revision.
///
/// # Errors
/// When the database refuses.
pub fn latest(tx: &mut Tx<'_>, envelope_id: &str) -> Result<Option<Revision>, StoreError> {
    tx.row(&LATEST, values![envelope_id])
}

/// Up to `limit` revisions that end in a file with this digest (lower-case hex), for `/verify`. All
/// envelopes of a template share its base, hence the limit.
///
/// # Errors
/// When the database refuses.
pub fn by_hash(tx: &mut Tx<'_>, sha256: &str, limit: i64) -> Result<Vec<Revision>, StoreError> {
    tx.rows(&BY_HASH, values![sha256, limit])
}
