//! Just enough PDF syntax to say *where* in the file something stands.
//!
//! Parsers answer what a dictionary means; whether a byte range leaves out exactly the value of
//! `/Contents` is a question about positions, and two parsers may disagree on duplicate keys. Both
//! are settled here, on the raw bytes.

use std::{borrow::Cow, ops::Range};

/// Nesting of arrays and dictionaries that is followed.
const MAX_DEPTH: usize = 64;
/// Entries of one dictionary that are looked at.
const MAX_ENTRIES: usize = 4096;

/// One entry of a dictionary.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    /// The key without the slash, escapes resolved.
    pub key: Cow<'a, [u8]>,
    /// Where the value stands.
    pub value: Range<usize>,
}

/// A dictionary, with positions.
#[derive(Debug)]
pub(crate) struct RawDictionary<'a> {
    pub entries: Vec<Entry<'a>>,
    /// Just after `>>`.
    pub end: usize,
}

impl RawDictionary<'_> {
    /// The value of `key`; `None` when it is missing or given more than once.
    pub fn only(&self, key: &[u8]) -> Option<Range<usize>> {
        let mut found = self.entries.iter().filter(|entry| *entry.key == *key);
        let first = found.next()?;
        found.next().is_none().then(|| first.value.clone())
    }

    pub fn has(&self, key: &[u8]) -> bool {
        self.entries.iter().any(|entry| *entry.key == *key)
    }
}

/// Reads the dictionary that starts at or after white space from `start`.
pub(crate) fn dictionary(bytes: &[u8], start: usize) -> Option<RawDictionary<'_>> {
    let mut at = skip_blank(bytes, start);
    at = expect(bytes, at, b"<<")?;
    let mut entries = Vec::new();
    loop {
        at = skip_blank(bytes, at);
        if let Some(end) = expect(bytes, at, b">>") {
            return Some(RawDictionary { entries, end });
        }
        if bytes.get(at) != Some(&b'/') || entries.len() == MAX_ENTRIES {
            return None;
        }
        let end = regular_end(bytes, at + 1);
        let key = unescape(&bytes[at + 1..end]);
        let value = value(bytes, skip_blank(bytes, end))?;
        at = value.end;
        entries.push(Entry { key, value });
    }
}

/// The number, generation and body position of the indirect object at `start`.
pub(crate) fn indirect(bytes: &[u8], start: usize) -> Option<(u32, u16, usize)> {
    let (number, at) = integer(bytes, start)?;
    let (generation, at) = integer(bytes, skip_blank(bytes, at))?;
    let at = expect(bytes, skip_blank(bytes, at), b"obj")?;
    Some((
        u32::try_from(number).ok()?,
        u16::try_from(generation).ok()?,
        at,
    ))
}

/// A plain decimal number and where it ends.
pub(crate) fn integer(bytes: &[u8], start: usize) -> Option<(u64, usize)> {
    let digits = bytes.get(start..)?;
    let length = digits
        .iter()
        .take(20)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let text = std::str::from_utf8(&digits[..length]).ok()?;
    Some((text.parse().ok()?, start + length))
}

/// All integers in `range`, e.g. of an array.
pub(crate) fn integers(bytes: &[u8], range: Range<usize>) -> Vec<u64> {
    bytes[range]
        .split(|byte| !byte.is_ascii_digit())
        .filter_map(|digits| std::str::from_utf8(digits).ok()?.parse().ok())
        .collect()
}

pub(crate) fn skip_blank(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        if is_blank(byte) {
            at += 1;
        } else if byte == b'%' {
            while bytes
                .get(at)
                .is_some_and(|&byte| byte != b'\n' && byte != b'\r')
            {
                at += 1;
            }
        } else {
            break;
        }
    }
    at
}

pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

pub(crate) fn expect(bytes: &[u8], at: usize, token: &[u8]) -> Option<usize> {
    bytes
        .get(at..)?
        .starts_with(token)
        .then_some(at + token.len())
}

fn regular_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes
        .get(at)
        .is_some_and(|&byte| !is_blank(byte) && !is_delimiter(byte))
    {
        at += 1;
    }
    at
}

/// Resolves `#xx` in a name (ISO 32000-2 §7.3.5), so that `/Cont#65nts` is `/Contents`.
fn unescape(name: &[u8]) -> Cow<'_, [u8]> {
    if !name.contains(&b'#') {
        return Cow::Borrowed(name);
    }
    let mut out = Vec::with_capacity(name.len());
    let mut at = 0;
    while at < name.len() {
        let code = name
            .get(at + 1..at + 3)
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match (name[at], code) {
            (b'#', Some(code)) => {
                out.push(code);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    Cow::Owned(out)
}

/// The extent of the value at `start`: a reference counts as one value.
fn value(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let end = match bytes.get(start)? {
        b'<' | b'[' | b'(' => composite(bytes, start)?,
        b'/' => regular_end(bytes, start + 1),
        _ => reference(bytes, start).unwrap_or_else(|| regular_end(bytes, start)),
    };
    (end > start).then_some(start..end)
}

fn reference(bytes: &[u8], start: usize) -> Option<usize> {
    let (_, at) = integer(bytes, start)?;
    let (_, at) = integer(bytes, skip_blank(bytes, at))?;
    let end = expect(bytes, skip_blank(bytes, at), b"R")?;
    (regular_end(bytes, end) == end).then_some(end)
}

/// Where the object that starts at `start` ends (a stream's dictionary only).
pub(crate) fn object_end(bytes: &[u8], start: usize) -> Option<usize> {
    value(bytes, start).map(|value| value.end)
}

/// How many names stand in `range`, which must be one object.
pub(crate) fn names(bytes: &[u8], range: Range<usize>) -> usize {
    let mut count = 0;
    match bytes.get(range.start) {
        Some(b'<' | b'[') => {
            let _ = walk(bytes, range.start, |token| {
                count += usize::from(token == b'/');
            });
        }
        Some(b'/') => count = 1,
        _ => {}
    }
    count
}

/// Skips a string, array or dictionary.
fn composite(bytes: &[u8], start: usize) -> Option<usize> {
    walk(bytes, start, |_| ())
}

/// Goes through a string, array or dictionary without recursion, telling the first byte of each
/// token.
fn walk(bytes: &[u8], start: usize, mut tell: impl FnMut(u8)) -> Option<usize> {
    let mut at = start;
    let mut depth = 0_usize;
    loop {
        at = skip_blank(bytes, at);
        tell(*bytes.get(at)?);
        match (bytes.get(at)?, bytes.get(at + 1)) {
            (b'(', _) => at = literal_end(bytes, at)?,
            (b'<', Some(b'<')) => (at, depth) = (at + 2, depth + 1),
            (b'>', Some(b'>')) => (at, depth) = (at + 2, depth.checked_sub(1)?),
            (b'[', _) => (at, depth) = (at + 1, depth + 1),
            (b']', _) => (at, depth) = (at + 1, depth.checked_sub(1)?),
            (b'<', _) => at += bytes[at..].iter().position(|&byte| byte == b'>')? + 1,
            (b'/', _) => at = regular_end(bytes, at + 1),
            _ => {
                let end = regular_end(bytes, at);
                at = if end == at { return None } else { end };
            }
        }
        if depth == 0 {
            return Some(at);
        }
        if depth > MAX_DEPTH {
            return None;
        }
    }
}

fn literal_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_where_they_stand() {
        let text =
            b"<< /A (x\\)y(>>)) /B<</C[1 2 R <aa>]>>/D 3 0 R /E /F % note\n /G<00ff> >> tail";
        let found = dictionary(text, 0).unwrap();
        let values: Vec<_> = found
            .entries
            .iter()
            .map(|entry| &text[entry.value.clone()])
            .collect();
        let expected: Vec<&[u8]> = vec![
            b"(x\\)y(>>))",
            b"<</C[1 2 R <aa>]>>",
            b"3 0 R",
            b"/F",
            b"<00ff>",
        ];
        assert_eq!(values, expected);
        assert_eq!(&text[found.end..], b" tail");
    }

    #[test]
    fn a_key_given_twice_is_not_answered_even_when_escaped() {
        let found = dictionary(b"<< /Contents <00> /Cont#65nts <01> >>", 0).unwrap();
        assert!(found.has(b"Contents"));
        assert_eq!(found.only(b"Contents"), None);
    }

    #[test]
    fn broken_input_is_refused() {
        for text in [
            &b"<<"[..],
            b"<< /A",
            b"<< /A (",
            b"<< /A [[[ >>",
            b"<< 1 2 >>",
            b"<</A ]>>",
        ] {
            assert!(dictionary(text, 0).is_none(), "{text:?}");
        }
    }
}
