//! Authoritative copies and their registered copies. The database itself admits one live
//! authoritative copy per source and per envelope (UCC §9-105(b)(1)).

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// An authoritative copy.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Asset {
        /// `ast_…`.
        pub asset_id: String,
        /// Its envelope.
        pub envelope_id: String,
        /// The controlling organization.
        pub org_id: String,
        /// SHA-256 of the bytes before the vault seal, lower-case hex.
        pub source_sha256: String,
        /// SHA-256 of the authoritative bytes, lower-case hex.
        pub document_hash: String,
        /// Logical bucket.
        pub bucket: String,
        /// Path in it.
        pub path: String,
        /// Bytes.
        pub size: i64,
        /// Whether it is authoritative here and now.
        pub live: bool,
        /// Microseconds UTC.
        pub created_at: i64,
    }
}

record! {
    /// A registered, marked, non-authoritative copy.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Copy {
        /// What it is a copy of.
        pub asset_id: String,
        /// Its place among the copies: 1, 2, 3 …
        pub n: i64,
        /// Logical bucket.
        pub bucket: String,
        /// Path in it.
        pub path: String,
        /// Its digest, lower-case hex.
        pub sha256: String,
        /// Bytes.
        pub size: i64,
        /// JSON: what was stored with the object.
        pub meta: String,
        /// Microseconds UTC.
        pub created_at: i64,
    }
}

statements! { in "assets" as Asset;
    /// The partial unique indexes refuse a second live row, whatever the caller has checked.
    INSERT = insert("");
    GET = both("SELECT {} FROM assets WHERE asset_id = $1");
    OF_ENVELOPE = both("SELECT {} FROM assets WHERE envelope_id = $1 \
        ORDER BY created_at DESC, asset_id");
    LIVE_SOURCE = both("SELECT {} FROM assets WHERE source_sha256 = $1 AND live = 1");
    LIVE_COUNT = both("SELECT COUNT(*) FROM assets WHERE envelope_id = $1 AND live = 1");
    BY_HASH = both("SELECT {} FROM assets WHERE document_hash = $1 ORDER BY asset_id");
    SET_LIVE = both("UPDATE assets SET live = $2 WHERE asset_id = $1");
    SET_ORG = both("UPDATE assets SET org_id = $2 WHERE asset_id = $1");
}

/// Statements on copies.
pub mod copies {
    use super::{Copy, StoreError, Tx, statements, values};

    statements! { in "copies" as Copy;
        INSERT = insert("");
        OF_ASSET = both("SELECT {} FROM copies WHERE asset_id = $1 ORDER BY n");
        BY_HASH = both("SELECT {} FROM copies WHERE sha256 = $1 ORDER BY asset_id, n");
    }

    /// Registers a copy.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] of `copies_pkey`.
    pub fn insert(tx: &mut Tx<'_>, copy: &Copy) -> Result<(), StoreError> {
        tx.insert(&INSERT, copy).map(drop)
    }

    /// The copies of an asset.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_asset(tx: &mut Tx<'_>, asset_id: &str) -> Result<Vec<Copy>, StoreError> {
        tx.rows(&OF_ASSET, values![asset_id])
    }

    /// Copies with this digest (lower-case hex), for `/verify`.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn by_hash(tx: &mut Tx<'_>, sha256: &str) -> Result<Vec<Copy>, StoreError> {
        tx.rows(&BY_HASH, values![sha256])
    }
}

/// Stores an authoritative copy.
///
/// # Errors
/// [`StoreError::Duplicate`] of `assets_live_source` when the same source bytes are live elsewhere,
/// of `assets_live_envelope` when the envelope has a live one.
pub fn insert(tx: &mut Tx<'_>, asset: &Asset) -> Result<(), StoreError> {
    tx.insert(&INSERT, asset).map(drop)
}

/// An asset.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, asset_id: &str) -> Result<Option<Asset>, StoreError> {
    tx.row(&GET, values![asset_id])
}

/// The assets of an envelope, newest first.
///
/// # Errors
/// When the database refuses.
pub fn of_envelope(tx: &mut Tx<'_>, envelope_id: &str) -> Result<Vec<Asset>, StoreError> {
    tx.rows(&OF_ENVELOPE, values![envelope_id])
}

/// The live asset made of these source bytes (lower-case hex), anywhere on this server.
///
/// # Errors
/// When the database refuses.
pub fn live_by_source(tx: &mut Tx<'_>, source_sha256: &str) -> Result<Option<Asset>, StoreError> {
    tx.row(&LIVE_SOURCE, values![source_sha256])
}

/// How many live authoritative rows an envelope has (check 1 counts, it does not trust).
///
/// # Errors
/// When the database refuses.
pub fn live_count(tx: &mut Tx<'_>, envelope_id: &str) -> Result<i64, StoreError> {
    Ok(tx.cell(&LIVE_COUNT, values![envelope_id])?.unwrap_or(0))
}

/// Assets whose authoritative bytes have this digest (lower-case hex), for `/verify`.
///
/// # Errors
/// When the database refuses.
pub fn by_hash(tx: &mut Tx<'_>, document_hash: &str) -> Result<Vec<Asset>, StoreError> {
    tx.rows(&BY_HASH, values![document_hash])
}

/// Says whether an asset is authoritative here. Answers whether it exists.
///
/// # Errors
/// [`StoreError::Duplicate`] as in [`insert`].
pub fn set_live(tx: &mut Tx<'_>, asset_id: &str, live: bool) -> Result<bool, StoreError> {
    Ok(tx.exec(&SET_LIVE, values![asset_id, live])? == 1)
}

/// Gives an asset to another organization. Answers whether it exists.
///
/// # Errors
/// When the database refuses.
pub fn set_org(tx: &mut Tx<'_>, asset_id: &str, org_id: &str) -> Result<bool, StoreError> {
    Ok(tx.exec(&SET_ORG, values![asset_id, org_id])? == 1)
}
