//! Small pieces of PDF syntax as text.

use std::{fmt::Write as _, io::Write as _};

use flate2::{Compression, write::ZlibEncoder};

/// Streams below this size are not worth compressing.
const PLAIN_BELOW: usize = 160;

/// A number with at most three decimals, without trailing zeros.
pub(crate) fn real(value: f64) -> String {
    let rounded = (value * 1000.0).round() / 1000.0;
    if rounded == 0.0 || !rounded.is_finite() {
        "0".to_owned()
    } else {
        format!("{rounded}")
    }
}

/// Numbers with two decimals, for the many points of a drawn line.
pub(crate) fn points(values: &[f64]) -> String {
    values
        .iter()
        .map(|v| real((v * 100.0).round() / 100.0))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Numbers separated by blanks.
pub(crate) fn reals(values: &[f64]) -> String {
    values
        .iter()
        .map(|v| real(*v))
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text string: ASCII as a literal, anything else as UTF-16BE (ISO 32000-2 7.9.2.2).
pub(crate) fn text(value: &str) -> String {
    if value.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        let escaped = value
            .replace('\\', "\\\\")
            .replace('(', "\\(")
            .replace(')', "\\)");
        return format!("({escaped})");
    }
    format!("<FEFF{}>", utf16_hex(value))
}

/// UTF-16BE in hexadecimal digits.
pub(crate) fn utf16_hex(value: &str) -> String {
    let mut hex = String::new();
    for unit in value.encode_utf16() {
        let _ = write!(hex, "{unit:04X}");
    }
    hex
}

/// A stream object; `entries` are dictionary entries beside the length and the filter.
pub(crate) fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let packed = (data.len() >= PLAIN_BELOW).then(|| deflate(data));
    let (filter, content) = match &packed {
        Some(packed) => ("/Filter/FlateDecode", packed.as_slice()),
        None => ("", data),
    };
    let mut out = format!("<<{entries}{filter}/Length {}>>stream\n", content.len()).into_bytes();
    out.extend_from_slice(content);
    out.extend_from_slice(b"\nendstream");
    out
}

pub(crate) fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(data.len() / 2), Compression::new(5));
    encoder
        .write_all(data)
        .and_then(|()| encoder.finish())
        .expect("writing to memory cannot fail")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_in_exponent_form() {
        assert_eq!(real(1.0), "1");
        assert_eq!(real(-0.000_4), "0");
        assert_eq!(real(12.345_6), "12.346");
        assert_eq!(real(1e-9), "0");
        assert_eq!(real(1e7), "10000000");
    }

    #[test]
    fn text_strings_escape_what_would_end_them() {
        assert_eq!(text(r"a(b)\c"), r"(a\(b\)\\c)");
        assert_eq!(text("ñ"), "<FEFF00F1>");
    }
}
