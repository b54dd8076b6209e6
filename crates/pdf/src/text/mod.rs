//! The text of a page: runs in reading order, anchors and tags.

mod glyphs;
mod lines;
mod tags;

use hayro::hayro_syntax::Pdf;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use self::lines::Line;
pub use self::tags::Tag;
use crate::{geometry::Fraction, reader, refusal::Refusal, render};

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

/// The text of one page (from 1) in reading order, `{{…}}` tags left out.
///
/// Run it in the child process ([`crate::child`]) for bytes that come from outside.
///
/// # Errors
/// A [`Refusal`] when the file cannot be read or has no such page.
pub fn page_text(bytes: &[u8], page: u32) -> Result<Vec<TextRun>, Refusal> {
    let pdf = reader::open_view(bytes)?;
    Ok(page_lines(&pdf, page)?.iter().flat_map(runs).collect())
}

fn runs(line: &Line) -> Vec<TextRun> {
    let spans = tags::spans(line);
    let inside = |at: usize| spans.iter().any(|s| s.contains(&at));
    let shown = line.runs().into_iter().filter_map(|run| {
        let kept: Vec<usize> = run.filter(|at| !inside(*at)).collect();
        let text = line.text_of(&kept);
        let area = line.area_of(&kept)?;
        let words = text.trim();
        (!words.is_empty()).then(|| TextRun {
            text: words.to_owned(),
            x: area.x,
            y: area.y,
            w: area.w,
            h: area.h,
        })
    });
    shown.collect()
}

fn page_lines(pdf: &Pdf, number: u32) -> Result<Vec<Line>, Refusal> {
    let page = render::page_at(pdf.pages(), number)?;
    Ok(lines::of(glyphs::letters(page)))
}

fn pages(pdf: &Pdf) -> impl Iterator<Item = u32> {
    1..=u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX)
}

/// The `occurrence`-th place (from 1) where `text` stands, counted over all pages.
///
/// Blanks do not count, ligatures are taken apart and capitals matter, so text that a PDF
/// producer split or kerned is found as a person reads it. A hit does not reach over the end of
/// a line.
///
/// # Errors
/// A [`Refusal`] when the file cannot be read.
pub fn find_anchor(bytes: &[u8], text: &str, occurrence: u32) -> Result<Option<Anchor>, Refusal> {
    let pdf = reader::open_view(bytes)?;
    let needle: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    if needle.is_empty() {
        return Ok(None);
    }
    let mut left = occurrence.max(1);
    for page in pages(&pdf) {
        for line in page_lines(&pdf, page)? {
            for area in line.find(&needle) {
                left -= 1;
                if left == 0 {
                    return Ok(Some(Anchor { page, area }));
                }
            }
        }
    }
    Ok(None)
}

/// All tags of the document in reading order.
///
/// # Errors
/// A [`Refusal`] when the file cannot be read.
pub fn find_tags(bytes: &[u8]) -> Result<Vec<Tag>, Refusal> {
    let pdf = reader::open_view(bytes)?;
    let mut found = Vec::new();
    for number in pages(&pdf) {
        let page = render::page_at(pdf.pages(), number)?;
        let size = glyphs::size_in_points(page);
        for line in page_lines(&pdf, number)? {
            found.extend(tags::of(&line, number, size));
        }
    }
    Ok(found)
}
