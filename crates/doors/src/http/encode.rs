//! Writing answers.

use bytes::Bytes;
use deedbox_core::Timestamp;
use http::HeaderValue;
use serde::Serialize;

/// The JSON text of a wire type.
///
/// # Panics
/// Never for wire types: they have string keys and no failing serializers.
pub(crate) fn json_bytes(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value)
        .expect("wire types serialise")
        .into()
}

/// An instant in microseconds of the Unix epoch as this product writes it: ISO 8601, UTC, milliseconds.
pub(crate) fn iso_micros(micros: i64) -> String {
    Timestamp::from_micros(micros).to_iso()
}

/// `Content-Disposition` for a download. Names are made here from ids; other characters could only be a mistake.
pub(crate) fn attachment(filename: &str) -> HeaderValue {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || "._-".contains(c) {
            c
        } else {
            '_'
        }
    };
    let filename: String = filename.chars().map(safe).collect();
    let value = HeaderValue::from_str(&format!("attachment; filename=\"{filename}\""));
    value.expect("only ASCII is left")
}
