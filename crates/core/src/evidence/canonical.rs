//! Canonical JSON (RFC 8785): the one byte form of a value that is hashed and signed.

use serde::Serialize;

use crate::digest::Digest;

/// The canonical bytes of a value.
///
/// Meant for the structs of this crate and for [`serde_json::Value`]: text keys and finite numbers, which always
/// have a canonical form. A value without one (a map with non-text keys, a NaN) gives no bytes at all; its digest
/// then matches nothing.
#[must_use]
pub fn to_bytes<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).unwrap_or_default()
}

/// SHA-256 of the canonical bytes.
#[must_use]
pub fn digest<T: Serialize>(value: &T) -> Digest {
    Digest::of(&to_bytes(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_and_spaces_are_gone() {
        let value = json!({"b": 1, "a": [true, null, "é\n"], "A": 1.50});
        assert_eq!(
            String::from_utf8(to_bytes(&value)).unwrap(),
            "{\"A\":1.5,\"a\":[true,null,\"é\\n\"],\"b\":1}"
        );
    }
}
