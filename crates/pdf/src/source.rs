//! The bytes an object was read from.
//!
//! Reading a number and writing it again may change its last digits, and a strict validator
//! takes a page whose box moved by a millionth of a point for a changed page. So whatever an
//! update keeps of a dictionary is written as it stood in the file.

use lopdf::{Dictionary, Document, Object, ObjectId, Writer, xref::XrefEntry};

/// Nesting that is still followed; deeper values are written anew.
const DEPTH_MAX: usize = 64;

/// A changed dictionary, with every entry that did not change as it stood in the file; `None`
/// when the source cannot be told apart into entries.
pub(crate) fn rewritten(
    file: &[u8],
    document: &Document,
    id: ObjectId,
    changed: &Dictionary,
) -> Option<Vec<u8>> {
    let before = document.get_dictionary(id).ok()?;
    let source = bytes_of(file, document, id)?;
    let entries = entries(&source)?;
    let mut out = b"<<".to_vec();
    for (key, value) in changed {
        let kept = before.get(key).is_ok_and(|old| old == value);
        let spans = || entries.iter().filter(|(name, _)| name == key);
        let name = Object::Name(key.clone());
        Writer::write_object(&mut out, &name).ok()?;
        out.push(b' ');
        if kept && spans().count() == 1 {
            out.extend_from_slice(spans().next()?.1);
        } else {
            Writer::write_object(&mut out, value).ok()?;
        }
        out.push(b'\n');
    }
    out.extend_from_slice(b">>");
    Some(out)
}

/// The source of an object, from its place in the file or from its object stream.
fn bytes_of(file: &[u8], document: &Document, id: ObjectId) -> Option<Vec<u8>> {
    match document.reference_table.get(id.0)? {
        XrefEntry::Normal { offset, .. } => {
            let rest = file.get(usize::try_from(*offset).ok()?..)?;
            let head = format!("{} {} obj", id.0, id.1);
            Some(rest.strip_prefix(head.as_bytes())?.to_vec())
        }
        XrefEntry::Compressed { container, .. } => {
            let stream = document
                .get_object((*container, 0))
                .ok()?
                .as_stream()
                .ok()?;
            let content = stream.get_plain_content_with_limit(32 << 20).ok()?;
            let first = usize::try_from(stream.dict.get(b"First").ok()?.as_i64().ok()?).ok()?;
            let head = std::str::from_utf8(content.get(..first)?).ok()?;
            let numbers: Vec<usize> = head
                .split_whitespace()
                .map_while(|n| n.parse().ok())
                .collect();
            let number = usize::try_from(id.0).ok()?;
            let at = numbers.chunks_exact(2).find(|pair| pair[0] == number)?[1];
            Some(content.get(first + at..)?.to_vec())
        }
        _ => None,
    }
}

/// The entries of the dictionary that the source begins with.
fn entries(source: &[u8]) -> Option<Vec<(Vec<u8>, &[u8])>> {
    let mut at = blank(source, 0);
    at = source[at..].starts_with(b"<<").then_some(at + 2)?;
    let mut found = Vec::new();
    loop {
        at = blank(source, at);
        if source.get(at..)?.starts_with(b">>") {
            return Some(found);
        }
        let key_end = object(source, at, 0)?;
        let key = name(source.get(at..key_end)?)?;
        let start = blank(source, key_end);
        at = value(source, start)?;
        found.push((key, source.get(start..at)?));
    }
}

/// The end of a value; `12 0 R` is one value.
fn value(source: &[u8], at: usize) -> Option<usize> {
    let end = object(source, at, 0)?;
    Some(reference(source, at, end).unwrap_or(end))
}

/// The end of a reference whose object number stands at `at..end`.
fn reference(source: &[u8], at: usize, end: usize) -> Option<usize> {
    let is_number = |from: usize, to: usize| {
        source
            .get(from..to)
            .is_some_and(|n| !n.is_empty() && n.iter().all(u8::is_ascii_digit))
    };
    let second = blank(source, end);
    let second_end = regular(source, second);
    let third = blank(source, second_end);
    let ends = source
        .get(third + 1)
        .is_none_or(|b| is_delimiter(*b) || is_blank(*b));
    let whole = is_number(at, end) && is_number(second, second_end);
    (whole && source.get(third) == Some(&b'R') && ends).then_some(third + 1)
}

/// The end of the object that begins here.
fn object(source: &[u8], at: usize, depth: usize) -> Option<usize> {
    if depth > DEPTH_MAX {
        return None;
    }
    match (*source.get(at)?, source.get(at + 1)) {
        (b'<', Some(b'<')) => until(source, at + 2, b">>", depth),
        (b'[', _) => until(source, at + 1, b"]", depth),
        (b'(', _) => literal(source, at + 1),
        (b'<', _) => source[at..]
            .iter()
            .position(|b| *b == b'>')
            .map(|p| at + p + 1),
        (b'/', _) => Some(regular(source, at + 1)),
        (b, _) if is_delimiter(b) => None,
        _ => Some(regular(source, at)),
    }
}

fn until(source: &[u8], mut at: usize, close: &[u8], depth: usize) -> Option<usize> {
    loop {
        at = blank(source, at);
        if source.get(at..)?.starts_with(close) {
            return Some(at + close.len());
        }
        at = object(source, at, depth + 1)?;
    }
}

fn literal(source: &[u8], mut at: usize) -> Option<usize> {
    let mut open = 1;
    while open > 0 {
        match source.get(at)? {
            b'\\' => at += 1,
            b'(' => open += 1,
            b')' => open -= 1,
            _ => {}
        }
        at += 1;
    }
    Some(at)
}

fn regular(source: &[u8], at: usize) -> usize {
    let rest = source.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .position(|b| is_delimiter(*b) || is_blank(*b))
        .unwrap_or(rest.len())
}

/// The first byte that is neither blank nor comment.
fn blank(source: &[u8], mut at: usize) -> usize {
    while let Some(b) = source.get(at) {
        if *b == b'%' {
            at += source[at..]
                .iter()
                .position(|b| matches!(b, b'\n' | b'\r'))
                .unwrap_or(0)
                .max(1);
        } else if is_blank(*b) {
            at += 1;
        } else {
            break;
        }
    }
    at
}

fn is_blank(b: u8) -> bool {
    matches!(b, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_delimiter(b: u8) -> bool {
    matches!(
        b,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

/// A name's bytes, `#xx` resolved.
fn name(source: &[u8]) -> Option<Vec<u8>> {
    let mut rest = source.strip_prefix(b"/")?;
    let mut out = Vec::new();
    while let Some((b, tail)) = rest.split_first() {
        let code = (*b == b'#')
            .then(|| std::str::from_utf8(tail.get(..2)?).ok())
            .flatten();
        if let Some(value) = code.and_then(|c| u8::from_str_radix(c, 16).ok()) {
            out.push(value);
            rest = &tail[2..];
        } else {
            out.push(*b);
            rest = tail;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Option<Vec<(String, String)>> {
        let entries = entries(source.as_bytes())?;
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        Some(entries.iter().map(|(k, v)| (text(k), text(v))).collect())
    }

    #[test]
    fn entries_are_told_apart_whatever_they_hold() {
        let source = " <</A[1 2(]\\))]/B 12 0 R/C<</D<AB>>>%>>\n/E#20F -.5/G/H/I (a(b)c)/J true/K 7 /M 0>> junk";
        let want = [
            ("A", "[1 2(]\\))]"),
            ("B", "12 0 R"),
            ("C", "<</D<AB>>>"),
            ("E F", "-.5"),
            ("G", "/H"),
            ("I", "(a(b)c)"),
            ("J", "true"),
            ("K", "7"),
            ("M", "0"),
        ];
        let got = read(source).unwrap();
        assert_eq!(
            got.iter()
                .map(|(k, v)| (k.as_str(), v.as_str()))
                .collect::<Vec<_>>(),
            want
        );
    }

    #[test]
    fn what_is_no_whole_dictionary_is_left_alone() {
        for source in [
            "", "<<", "<</A", "<</A 1", "<</A (x", "[1]", "<<1 2>>", "<</A)>>",
        ] {
            assert_eq!(read(source), None, "{source}");
        }
        assert_eq!(read(&format!("<</A{}", "[".repeat(1000))), None);
    }
}
