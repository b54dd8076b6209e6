//! Tags: `{{Name;type=date;role=Buyer;required=false}}` (partner contract §9).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::lines::Line;
use crate::geometry::Fraction;

/// Points of a CSS pixel (96 dpi).
const POINTS_PER_PX: f64 = 0.75;
/// Room for a signature whose tag gives no size, in points.
const SIGNATURE: (f64, f64) = (150.0, 40.0);

/// A `{{…}}` tag found in the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tag {
    /// The name: what stands before the first `;`, or the attribute `name`.
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
    /// The field's place: from the tag's top left, `width` by `height` (px at 96 dpi) where
    /// given, else the tag's own size. A signature without a height stands on the tag's line and
    /// grows upwards.
    pub area: Fraction,
    /// The tag's own box, to be covered.
    pub cover: Fraction,
}

/// The letters that belong to tags.
pub(super) fn spans(line: &Line) -> Vec<Range<usize>> {
    let (text, owners) = line.text();
    let chars: Vec<char> = text.chars().collect();
    bounds(&chars)
        .into_iter()
        .map(|b| owners[b.start]..owners[b.end - 1] + 1)
        .collect()
}

/// Character ranges of tags, braces included.
fn bounds(chars: &[char]) -> Vec<Range<usize>> {
    let pair = |at: usize, c: char| chars.get(at) == Some(&c) && chars.get(at + 1) == Some(&c);
    let mut found = Vec::new();
    let mut open = None;
    let mut at = 0;
    while at < chars.len() {
        if pair(at, '{') {
            open = Some(at);
            at += 2;
        } else if pair(at, '}') {
            if let Some(start) = open.take() {
                found.push(start..at + 2);
            }
            at += 2;
        } else {
            at += 1;
        }
    }
    found
}

/// The tags of a line.
pub(super) fn of(line: &Line, page: u32, size: (f64, f64)) -> Vec<Tag> {
    let (text, owners) = line.text();
    let chars: Vec<char> = text.chars().collect();
    let tags = bounds(&chars).into_iter().filter_map(|b| {
        let inner: String = chars[b.start + 2..b.end - 2].iter().collect();
        let letters: Vec<usize> = (owners[b.start]..=owners[b.end - 1]).collect();
        let cover = padded(line.area_of(&letters)?, size);
        read(&inner, page, cover, size)
    });
    tags.collect()
}

/// A little larger, so that nothing of the tag shows at the edges.
fn padded(area: Fraction, (width, height): (f64, f64)) -> Fraction {
    let (dx, dy) = (1.0 / width, 0.6 / height);
    let (x, y) = ((area.x - dx).max(0.0), (area.y - dy).max(0.0));
    let right = (area.x + area.w + dx).min(1.0);
    let bottom = (area.y + area.h + dy).min(1.0);
    Fraction::new(x, y, right - x, bottom - y)
}

fn read(inner: &str, page: u32, cover: Fraction, size: (f64, f64)) -> Option<Tag> {
    let mut tag = Tag {
        name: String::new(),
        kind: "text".to_owned(),
        role: None,
        default: None,
        required: true,
        readonly: false,
        options: Vec::new(),
        page,
        area: cover,
        cover,
    };
    let (mut width, mut height) = (None, None);
    for (index, part) in inner.split(';').enumerate() {
        let Some((key, value)) = part.split_once('=') else {
            if index == 0 {
                part.trim().clone_into(&mut tag.name);
            } else {
                tag.flag(part.trim());
            }
            continue;
        };
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "name" => value.clone_into(&mut tag.name),
            "type" => tag.kind = value.to_ascii_lowercase(),
            "role" => tag.role = Some(value.to_owned()),
            "default" => tag.default = Some(value.to_owned()),
            "required" => tag.required = is_true(value),
            "readonly" => tag.readonly = is_true(value),
            "options" => tag.options = value.split(',').map(|o| o.trim().to_owned()).collect(),
            "width" => width = pixels(value),
            "height" => height = pixels(value),
            _ => {}
        }
    }
    if tag.name.is_empty() {
        return None;
    }
    tag.area = place(&tag, (width, height), size);
    Some(tag)
}

impl Tag {
    /// An attribute without a value.
    fn flag(&mut self, name: &str) {
        match name.to_ascii_lowercase().as_str() {
            "required" => self.required = true,
            "readonly" => self.readonly = true,
            _ => {}
        }
    }
}

fn is_true(value: &str) -> bool {
    !matches!(value.to_ascii_lowercase().as_str(), "false" | "0" | "no")
}

fn pixels(value: &str) -> Option<f64> {
    let digits = value.trim_end_matches("px").trim();
    digits
        .parse::<f64>()
        .ok()
        .filter(|p| *p > 0.0 && *p < 10_000.0)
        .map(|p| p * POINTS_PER_PX)
}

fn place(tag: &Tag, given: (Option<f64>, Option<f64>), (page_w, page_h): (f64, f64)) -> Fraction {
    let signs = matches!(tag.kind.as_str(), "signature" | "initials");
    let cover = tag.cover;
    let usual = if signs && tag.kind == "signature" {
        SIGNATURE.0
    } else {
        0.0
    };
    let w = given.0.unwrap_or_else(|| (cover.w * page_w).max(usual)) / page_w;
    let least = if signs { SIGNATURE.1 } else { 0.0 };
    let h = given.1.unwrap_or_else(|| (cover.h * page_h).max(least)) / page_h;
    let y = if signs && given.1.is_none() {
        cover.y + cover.h - h
    } else {
        cover.y
    };
    let (w, h) = (w.min(1.0), h.min(1.0));
    Fraction::new(cover.x.min(1.0 - w).max(0.0), y.min(1.0 - h).max(0.0), w, h)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: (f64, f64) = (600.0, 800.0);

    fn tag(inner: &str) -> Option<Tag> {
        read(inner, 1, Fraction::new(0.1, 0.5, 0.2, 0.02), PAGE)
    }

    #[test]
    fn a_name_alone_is_a_required_text_field() {
        let tag = tag("Full name").unwrap();
        assert_eq!(
            (tag.name.as_str(), tag.kind.as_str(), tag.required),
            ("Full name", "text", true)
        );
    }

    #[test]
    fn attributes_are_read_in_any_order_and_case() {
        let tag =
            tag("Terms; Options = Monthly, Yearly;TYPE=Select;role=Buyer;required=false").unwrap();
        assert_eq!(tag.kind, "select");
        assert_eq!(tag.options, ["Monthly", "Yearly"]);
        assert_eq!(tag.role.as_deref(), Some("Buyer"));
        assert!(!tag.required);
    }

    #[test]
    fn sizes_are_css_pixels() {
        let tag = tag("Sign;type=signature;width=200;height=40px").unwrap();
        assert!((tag.area.w * PAGE.0 - 150.0).abs() < 1e-9);
        assert!((tag.area.h * PAGE.1 - 30.0).abs() < 1e-9);
    }

    #[test]
    fn a_signature_without_a_size_stands_on_its_line() {
        let tag = tag("Sign;type=signature").unwrap();
        assert!((tag.area.y + tag.area.h - 0.52).abs() < 1e-9);
        assert!((tag.area.h * PAGE.1 - 40.0).abs() < 1e-9);
    }

    #[test]
    fn a_tag_without_a_name_is_no_tag() {
        assert_eq!(tag(""), None);
        assert_eq!(tag("type=date"), None);
    }

    #[test]
    fn braces_that_do_not_close_are_text() {
        let chars: Vec<char> = "{{a}} {{b {{c}} }}".chars().collect();
        assert_eq!(bounds(&chars), [0..5, 10..15]);
    }
}
