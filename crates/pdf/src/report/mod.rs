//! Reports.

use serde::{Deserialize, Serialize};

use crate::spec::Locale;

/// A document the instance writes itself: PDF/A-3b with its evidence attached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Heading, such as `Certificate of completion`.
    pub title: String,
    /// One sentence under the heading.
    pub summary: String,
    /// Language of the fixed words.
    pub locale: Locale,
    /// When it was made: seconds since 1970 UTC (goes into the file's metadata).
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
    /// Text.
    Text {
        /// Heading.
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

/// The head of a table column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Heading.
    pub title: String,
    /// Share of the table's width, relative to the other columns.
    pub share: f32,
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
    pub bytes: Vec<u8>,
}

/// Why a report cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// The PDF writer refused, for example because the result would not be PDF/A.
    #[error("the report cannot be written: {0}")]
    Writer(String),
}

/// Writes a report as PDF/A-3b.
///
/// # Errors
/// [`ReportError::Writer`] when the result would not conform.
pub fn write(report: &Report) -> Result<Vec<u8>, ReportError> {
    let _ = report;
    todo!()
}
