//! What a field is filled with, and whether it may be.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::evidence::canonical;
use crate::template::field::{Field, FieldKind};

/// Most characters of a text value.
pub const TEXT_MAX: usize = 2000;
/// Most strokes of a drawn mark.
pub const STROKES_MAX: usize = 200;
/// Most points of a drawn mark, all strokes together.
pub const POINTS_MAX: usize = 20_000;
/// Most bytes of an uploaded mark, as a data URL: 5 MB of image in base 64.
pub const IMAGE_URL_MAX: usize = 7_000_000;

/// One point of a stroke, in fractions of the field's box; origin top left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// From the left edge, 0–1.
    pub x: f64,
    /// From the top edge, 0–1.
    pub y: f64,
    /// Milliseconds since the first point.
    #[serde(default)]
    pub t: f64,
    /// Pressure, 0–1.
    #[serde(default)]
    pub p: f64,
}

impl Point {
    fn is_sound(&self) -> bool {
        let fraction = |v: f64| (-0.5..=1.5).contains(&v);
        fraction(self.x)
            && fraction(self.y)
            && (0.0..=1.0).contains(&self.p)
            && self.t.is_finite()
            && self.t >= 0.0
    }
}

/// A signature or initials. Strokes and text travel as such; the server draws them.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mark {
    /// Drawn by hand.
    Drawn {
        /// The strokes, each a list of points.
        strokes: Vec<Vec<Point>>,
    },
    /// Typed.
    Typed {
        /// The text.
        text: String,
        /// The name of the typeface it is drawn in.
        #[serde(default)]
        font: String,
    },
    /// Uploaded as a picture.
    Uploaded {
        /// PNG or JPEG as a data URL.
        image: String,
    },
}

impl std::fmt::Debug for Mark {
    /// Says the kind only: a person's signature does not belong into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self {
            Self::Drawn { .. } => "Drawn",
            Self::Typed { .. } => "Typed",
            Self::Uploaded { .. } => "Uploaded",
        };
        write!(f, "Mark::{kind}(…)")
    }
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// Of a checkbox.
    Checked(bool),
    /// Of every written or chosen field.
    Text(String),
    /// Of a signature or initials.
    Mark(Mark),
}

impl FieldValue {
    /// Whether it counts as not filled: empty text, or a box left unticked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Checked(checked) => !checked,
            Self::Text(text) => text.trim().is_empty(),
            Self::Mark(_) => false,
        }
    }

    /// The digest of its canonical JSON: what the evidence holds instead of a drawn signature.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&canonical::to_bytes(self))
    }
}

/// Checks a value for a field; says what is expected instead.
///
/// # Errors
/// A sentence for the person who filled the field.
pub fn check_value(field: &Field, value: &FieldValue) -> Result<(), String> {
    match (field.kind, value) {
        (FieldKind::Signature | FieldKind::Initials, FieldValue::Mark(mark)) => check_mark(mark),
        (FieldKind::Signature | FieldKind::Initials, _) => {
            Err("must be a mark: drawn, typed or uploaded".to_owned())
        }
        (FieldKind::Checkbox, FieldValue::Checked(_)) => Ok(()),
        (FieldKind::Checkbox, _) => Err("must be true or false".to_owned()),
        (_, FieldValue::Text(text)) => check_text(field, text),
        _ => Err("must be a text".to_owned()),
    }
}

fn check_text(field: &Field, text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    match field.kind {
        FieldKind::Date | FieldKind::Datenow if !is_date(text) => {
            Err("must be a date, e.g. 2026-04-11".to_owned())
        }
        FieldKind::Select | FieldKind::Radio if !field.options.iter().any(|o| o == text) => {
            Err(format!("must be one of: {}", field.options.join(", ")))
        }
        FieldKind::Phone if !is_phone(text) => {
            Err("must be a telephone number, e.g. +573000000000".to_owned())
        }
        _ if text.chars().count() > TEXT_MAX => {
            Err(format!("must have at most {TEXT_MAX} characters"))
        }
        _ => Ok(()),
    }
}

fn check_mark(mark: &Mark) -> Result<(), String> {
    match mark {
        Mark::Drawn { strokes } => check_strokes(strokes),
        Mark::Typed { text, font } => {
            let sound = (1..=200).contains(&text.trim().chars().count()) && font.len() <= 64;
            sound
                .then_some(())
                .ok_or_else(|| "text must have 1 to 200 characters".to_owned())
        }
        Mark::Uploaded { image } => {
            let kind = ["data:image/png;base64,", "data:image/jpeg;base64,"];
            let sound = image.len() <= IMAGE_URL_MAX && kind.iter().any(|k| image.starts_with(k));
            sound
                .then_some(())
                .ok_or_else(|| "image must be a PNG or JPEG data URL of at most 5 MB".to_owned())
        }
    }
}

fn check_strokes(strokes: &[Vec<Point>]) -> Result<(), String> {
    let points: usize = strokes.iter().map(Vec::len).sum();
    if points == 0 {
        return Err("strokes must hold at least one point".to_owned());
    }
    if strokes.len() > STROKES_MAX || points > POINTS_MAX {
        return Err(format!(
            "strokes must be at most {STROKES_MAX} with {POINTS_MAX} points in all"
        ));
    }
    let sound = strokes.iter().flatten().all(Point::is_sound);
    sound
        .then_some(())
        .ok_or_else(|| "points must lie in the field: x, y and p between 0 and 1".to_owned())
}

/// A calendar date as `YYYY-MM-DD`.
#[must_use]
pub fn is_date(text: &str) -> bool {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    time::Date::parse(text, format).is_ok()
}

/// An E.164 number: `+`, then 7 to 15 digits, the first not 0.
#[must_use]
pub fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

/// A telephone number as people write it: digits, spaces and punctuation, 5 to 20 digits.
fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let sound = text
        .chars()
        .all(|c| c.is_ascii_digit() || " +-().".contains(c));
    sound && (5..=20).contains(&digits)
}
