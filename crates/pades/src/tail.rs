//! What must be known about a file to append to it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document, LoadOptions, Object};
use serde::{Deserialize, Serialize};

use crate::{
    midstate::{Sha256State, Sha384State},
    structure::{Broken, Section, sections},
};

/// Bound on what one stream may inflate to while a file is read.
pub(crate) const MAX_DECOMPRESSED: usize = 32 * 1024 * 1024;
/// How far from the end `startxref` is looked for (ISO 32000-2 Annex H asks readers for 1024).
const STARTXREF_WINDOW: usize = 2048;

/// The two forms of a cross-reference section (ISO 32000-2 §7.5.4 and §7.5.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum XrefKind {
    /// `xref` table with a `trailer` dictionary.
    Table,
    /// Cross-reference stream.
    Stream,
}

/// Number and generation of an indirect object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reference {
    /// Object number.
    pub number: u32,
    /// Generation number.
    pub generation: u16,
}

/// Everything needed to append a revision to a file without reading the file again.
///
/// It is small (about 400 bytes as JSON) and is meant to be stored beside each revision. Appending
/// with a `Tail` that does not belong to the file yields a broken file, so keep the two together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tail {
    /// Length of the file in bytes.
    pub length: u64,
    /// SHA-256 state after the whole file.
    pub sha256: Sha256State,
    /// SHA-384 state after the whole file; only there when [`Tail::track_sha384`] was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha384: Option<Sha384State>,
    /// Form of the last cross-reference section; later ones must have the same form.
    pub xref: XrefKind,
    /// Byte offset of the last cross-reference section.
    pub xref_offset: u64,
    /// The lowest object number that was never used.
    pub next_object: u32,
    /// The catalog.
    pub root: Reference,
    /// The document information dictionary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub info: Option<Reference>,
    /// First part of the file identifier, in hexadecimal. It never changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether the last byte is an end-of-line marker.
    pub ends_with_eol: bool,
}

/// Why a file cannot be appended to. Every reason is cured by one full rewrite ("normalising"),
/// except the last two.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TailError {
    /// Bytes before `%PDF-` shift every offset for some readers.
    #[error("there are bytes before the %PDF header; normalise the file first")]
    BytesBeforeHeader,
    /// The cross-reference data had to be repaired to read the file.
    #[error("the cross-reference data is damaged and was rebuilt; normalise the file first")]
    Rebuilt,
    /// A hybrid-reference file (`/XRefStm`); strict validators refuse signatures in them.
    #[error("the file is a hybrid-reference file (/XRefStm); normalise the file first")]
    Hybrid,
    /// The file is encrypted.
    #[error("the file is encrypted; decrypt and normalise it first")]
    Encrypted,
    /// `startxref` is missing at the end.
    #[error("no startxref at the end of the file; normalise the file first")]
    NoStartXref,
    /// The file is not a readable PDF.
    #[error("the file is not a readable PDF: {0}")]
    Unreadable(String),
    /// The trailer lacks an indirect `/Root`, or the root is not a catalog.
    #[error("the trailer has no usable /Root")]
    NoRoot,
}

impl Tail {
    /// Reads the tail of a file that is to be appended to.
    ///
    /// Costs one parse of the file; afterwards every [`crate::append`] and [`crate::sign`] hands out
    /// the next tail without reading anything.
    ///
    /// # Errors
    /// See [`TailError`]: files whose structure an incremental update would break are refused.
    pub fn read(pdf: &[u8]) -> Result<Self, TailError> {
        if !pdf.starts_with(b"%PDF-") {
            return Err(TailError::BytesBeforeHeader);
        }
        let newest = newest_section(pdf)?;
        let document = load(pdf).map_err(TailError::Unreadable)?;
        refuse_unfit(&document)?;
        Ok(Self {
            length: pdf.len() as u64,
            sha256: Sha256State::new().after(pdf),
            sha384: None,
            xref: newest.kind,
            xref_offset: newest.offset,
            next_object: next_object(&document),
            root: root(&document)?,
            info: reference(document.trailer.get(b"Info").ok()),
            id: first_id(&document),
            ends_with_eol: matches!(pdf.last(), Some(b'\n' | b'\r')),
        })
    }

    /// Starts to keep the SHA-384 state as well, which P-384 keys need. `pdf` is the whole file this
    /// tail belongs to.
    #[must_use]
    pub fn track_sha384(mut self, pdf: &[u8]) -> Self {
        self.sha384 = Some(Sha384State::new().after(pdf));
        self
    }

    /// SHA-256 of the whole file.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.sha256.sha256()
    }
}

/// Loads a document with every bound on; a panic of the parser counts as unreadable.
pub(crate) fn load(pdf: &[u8]) -> Result<Document, String> {
    let options = LoadOptions {
        max_decompressed_size: Some(MAX_DECOMPRESSED),
        ..LoadOptions::default()
    };
    // The parser is foreign code on hostile bytes; a bug in it must not take the caller down.
    catch_unwind(AssertUnwindSafe(|| {
        Document::load_mem_with_options(pdf, options)
    }))
    .map_err(|_| "the parser failed".to_owned())?
    .map_err(|error| error.to_string())
}

fn refuse_unfit(document: &Document) -> Result<(), TailError> {
    if document.is_encrypted() || document.was_encrypted() {
        return Err(TailError::Encrypted);
    }
    if document.xref_recovery.is_some() {
        return Err(TailError::Rebuilt);
    }
    Ok(())
}

fn newest_section(pdf: &[u8]) -> Result<Section, TailError> {
    let sections = sections(pdf).map_err(|broken| match broken {
        Broken::NoStartXref => TailError::NoStartXref,
        Broken::Damaged => TailError::Rebuilt,
        Broken::TooMuch => TailError::Unreadable("too many objects".to_owned()),
    })?;
    if sections.iter().any(|section| section.hybrid) {
        return Err(TailError::Hybrid);
    }
    sections.first().copied().ok_or(TailError::NoStartXref)
}

fn root(document: &Document) -> Result<Reference, TailError> {
    let root = reference(document.trailer.get(b"Root").ok()).ok_or(TailError::NoRoot)?;
    document.catalog().map_err(|_| TailError::NoRoot)?;
    Ok(root)
}

pub(crate) fn reference(object: Option<&Object>) -> Option<Reference> {
    let (number, generation) = object?.as_reference().ok()?;
    Some(Reference { number, generation })
}

fn next_object(document: &Document) -> u32 {
    let size = document
        .trailer
        .get(b"Size")
        .and_then(Object::as_i64)
        .unwrap_or(0);
    let size = u32::try_from(size).unwrap_or(0);
    size.max(document.max_id.saturating_add(1))
}

fn first_id(document: &Document) -> Option<String> {
    let parts = document.trailer.get(b"ID").ok()?;
    let (_, parts) = document.dereference(parts).ok()?;
    let first = parts.as_array().ok()?.first()?;
    first.as_str().ok().map(hex::encode)
}

/// The offset that the last `startxref` names.
pub(crate) fn last_startxref(pdf: &[u8]) -> Option<u64> {
    let window = &pdf[pdf.len().saturating_sub(STARTXREF_WINDOW)..];
    let keyword = b"startxref";
    let found = window
        .windows(keyword.len())
        .rposition(|part| part == keyword)?;
    let offset = number_at(&window[found + keyword.len()..])?;
    (at(offset) < pdf.len()).then_some(offset)
}

/// The decimal number after optional white space.
pub(crate) fn number_at(bytes: &[u8]) -> Option<u64> {
    let digits = bytes.trim_ascii_start();
    let end = digits
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(digits.len());
    std::str::from_utf8(&digits[..end]).ok()?.parse().ok()
}

/// Offsets as indices; a file that does not fit the address space cannot be in memory either.
pub(crate) fn at(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
