//! Text.

use serde::{Deserialize, Serialize};

use crate::{geometry::Fraction, refusal::Refusal};

/// A piece of text on a page, in reading order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextRun {
    /// The words.
    pub text: String,
    /// Left edge as a fraction of the visible page.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// A text found on a page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Anchor {
    /// Page number from 1.
    pub page: u32,
    /// Where the text stands.
    pub area: Fraction,
}

/// A `{{…}}` tag found in the text (partner contract §9).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tag {
    /// The name before the first `;`.
    pub name: String,
    /// Attribute `type`, lower case; `text` when absent.
    pub kind: String,
    /// Attribute `role`.
    pub role: Option<String>,
    /// Attribute `default`.
    pub default: Option<String>,
    /// Attribute `required`; true when absent.
    pub required: bool,
    /// Attribute `readonly`; false when absent.
    pub readonly: bool,
    /// Attribute `options`, split at commas.
    pub options: Vec<String>,
    /// Page number from 1.
    pub page: u32,
    /// The field's place: the tag's top left, with `width` and `height` (px at 96 dpi) if given.
    pub area: Fraction,
    /// The tag's own box, to be covered.
    pub cover: Fraction,
}

/// The text of one page (from 1) in reading order; tags are left out.
///
/// # Errors
/// A [`Refusal`] when the file cannot be read or has no such page.
pub fn page_text(bytes: &[u8], page: u32) -> Result<Vec<TextRun>, Refusal> {
    let _ = (bytes, page);
    todo!()
}

/// The `occurrence`-th place (from 1) where `text` stands, over all pages.
///
/// # Errors
/// A [`Refusal`] when the file cannot be read.
pub fn find_anchor(bytes: &[u8], text: &str, occurrence: u32) -> Result<Option<Anchor>, Refusal> {
    let _ = (bytes, text, occurrence);
    todo!()
}

/// All tags of the document in reading order.
///
/// # Errors
/// A [`Refusal`] when the file cannot be read.
pub fn find_tags(bytes: &[u8]) -> Result<Vec<Tag>, Refusal> {
    let _ = bytes;
    todo!()
}
