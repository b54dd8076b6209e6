//! Small pieces of PDF syntax as text.

use std::{fmt::Write as _, io::Write as _};

use flate2::{Compression, write::ZlibEncoder};

/// Streams below this size are not worth compressing.
const PLAIN_BELOW: usize = 160;

/// A number with at most three decimals, without trailing zeros.
pub(crate) fn real(value: f64) -> String {
    let mut out = String::new();
    push(&mut out, value, 1000);
    out
}

/// Numbers with two decimals separated by blanks, for the many points of a drawn line.
pub(crate) fn points(values: &[f64]) -> String {
    spaced(values, 100)
}

/// Numbers separated by blanks.
pub(crate) fn reals(values: &[f64]) -> String {
    spaced(values, 1000)
}

fn spaced(values: &[f64], steps: i64) -> String {
    let mut out = String::with_capacity(values.len() * 8);
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        push(&mut out, *value, steps);
    }
    out
}

/// Writes a number in steps of 1/`steps` (a power of ten); what is not finite becomes 0.
fn push(out: &mut String, value: f64, steps: i64) {
    // Numbers of this size are no place on any page.
    let value = if value.abs() < 1e12 { value } else { 0.0 };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "bounded"
    )]
    let scaled = (value * steps as f64).round() as i64;
    if scaled < 0 {
        out.push('-');
    }
    let scaled = scaled.unsigned_abs();
    let steps = steps.unsigned_abs();
    let _ = write!(out, "{}", scaled / steps);
    let (mut rest, mut step) = (scaled % steps, steps / 10);
    if rest > 0 {
        out.push('.');
    }
    while rest > 0 {
        out.push(char::from(b'0' + u8::try_from(rest / step).unwrap_or(0)));
        rest %= step;
        step = (step / 10).max(1);
    }
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
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(data.len() / 2), Compression::fast());
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
        assert_eq!(real(-3.007), "-3.007");
        assert_eq!(real(-0.25), "-0.25");
        assert_eq!(real(f64::NAN), "0");
        assert_eq!(real(f64::NEG_INFINITY), "0");
        assert_eq!(points(&[0.999, 0.5, -0.004]), "1 0.5 0");
    }

    #[test]
    fn text_strings_escape_what_would_end_them() {
        assert_eq!(text(r"a(b)\c"), r"(a\(b\)\\c)");
        assert_eq!(text("ñ"), "<FEFF00F1>");
    }
}
