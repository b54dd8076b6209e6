//! Documents the instance writes itself: PDF/A-3b with the evidence attached.
//!
//! [`Completion`] (certificate of completion with the trail) and [`CustodyRecord`] (vault-in) say
//! what such a document holds; both become a [`Report`], which [`write()`] sets in type. Signing
//! the result is the caller's.

mod completion;
mod custody;
mod layout;
mod paint;

use serde::{Deserialize, Serialize};

pub use self::{
    completion::{Completion, SignerBlock, TrailEntry},
    custody::CustodyRecord,
};
use crate::spec::Locale;

/// A typeset document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Small line above the heading, such as the product's or the operator's name.
    pub kicker: String,
    /// Heading.
    pub title: String,
    /// A sentence or two under the heading.
    pub summary: String,
    /// Language of the document and of its fixed words.
    pub locale: Locale,
    /// When it was made: seconds since 1970 UTC; goes into the metadata.
    pub created: i64,
    /// Small line at the foot of every page, left of the page number.
    pub footer: String,
    /// The content.
    pub sections: Vec<Section>,
    /// Files attached to the document.
    pub attachments: Vec<Attachment>,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Section {
    /// Label and value pairs.
    Facts {
        /// Heading.
        title: String,
        /// The pairs.
        rows: Vec<Fact>,
    },
    /// A table.
    Table {
        /// Heading.
        title: String,
        /// Column heads with their share of the width.
        columns: Vec<Column>,
        /// The rows; each has one cell a column.
        rows: Vec<Vec<String>>,
    },
    /// Checks with their results.
    Checks {
        /// Heading.
        title: String,
        /// The checks.
        items: Vec<Check>,
    },
    /// Text.
    Text {
        /// Heading; empty for none.
        title: String,
        /// Paragraphs.
        paragraphs: Vec<String>,
    },
}

/// A label and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: String,
}

impl Fact {
    /// A fact.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}

/// The head of a table column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Heading.
    pub title: String,
    /// Share of the table's width, relative to the other columns.
    pub share: f64,
}

/// One check and how it came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked.
    pub title: String,
    /// Whether it is satisfied.
    pub satisfied: bool,
    /// The result in words, such as `verified`.
    pub result: String,
    /// What was found.
    pub detail: String,
}

/// A file attached to a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// File name, such as `evidence.json`.
    pub name: String,
    /// Media type, such as `application/json`.
    pub mime: String,
    /// What it is.
    pub description: String,
    /// Its bytes.
    #[serde(with = "crate::base64_text")]
    pub bytes: Vec<u8>,
}

/// Why a report cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// An attachment has a malformed media type, or its name is there twice.
    #[error("attachment {0} cannot be attached: give it a media type and a name of its own")]
    Attachment(String),
    /// The PDF writer refused, for example because the result would not be PDF/A.
    #[error("the report cannot be written: {0}")]
    Writer(String),
}

/// Writes a report as PDF/A-3b (ISO 19005-3): fonts embedded, metadata in XMP, attachments as
/// associated files. A character that the font lacks appears as `?`; the attached evidence has
/// it as it was.
///
/// # Errors
/// [`ReportError`] when the result would not conform.
pub fn write(report: &Report) -> Result<Vec<u8>, ReportError> {
    let pages = layout::lay_out(report);
    paint::paint(report, &pages)
}
