//! Raw PDF objects and the few pieces of PDF syntax this crate writes itself.

use std::fmt::Write as _;

use time::OffsetDateTime;

/// One indirect object of an incremental update, already serialised.
///
/// `body` is what stands between `N G obj` and `endobj`: a dictionary, an array, a whole stream
/// (`<< … >> stream … endstream`). It is written as it is, so it must be valid PDF syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Object number, greater than zero.
    pub number: u32,
    /// Generation number; 0 for everything but objects that reuse a freed number.
    pub generation: u16,
    /// The serialised object.
    pub body: Vec<u8>,
}

impl Object {
    /// An object of generation 0.
    #[must_use]
    pub fn new(number: u32, body: impl Into<Vec<u8>>) -> Self {
        Self {
            number,
            generation: 0,
            body: body.into(),
        }
    }
}

/// Appends a PDF text string (ISO 32000-2 §7.9.2.2): a literal for printable ASCII, UTF-16BE with a
/// byte order mark for everything else.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        write_literal(out, text);
    } else {
        write_utf16(out, text);
    }
}

fn write_literal(out: &mut Vec<u8>, text: &str) {
    out.push(b'(');
    for byte in text.bytes() {
        if matches!(byte, b'(' | b')' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b')');
}

fn write_utf16(out: &mut Vec<u8>, text: &str) {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    out.extend_from_slice(b"<FEFF");
    out.extend_from_slice(hex::encode_upper(units).as_bytes());
    out.push(b'>');
}

/// A PDF date in UTC (ISO 32000-2 §7.9.4), e.g. `D:20260411100000+00'00'`.
pub(crate) fn pdf_date(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    let mut text = String::with_capacity(24);
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "D:{:04}{:02}{:02}{:02}{:02}{:02}+00'00'",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    );
    text
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn ascii_text_is_escaped_and_other_scripts_become_utf16() {
        let mut out = Vec::new();
        write_text(&mut out, r"a(b)\c");
        assert_eq!(out, br"(a\(b\)\\c)");
        out.clear();
        write_text(&mut out, "ñ");
        assert_eq!(out, b"<FEFF00F1>");
    }

    #[test]
    fn a_date_is_written_in_utc() {
        assert_eq!(
            pdf_date(datetime!(2026-04-11 12:00:01 +2)),
            "D:20260411100001+00'00'"
        );
    }
}
