//! The raw bytes of an object, to see what a parser hides: duplicate keys.

use lopdf::{Document, Object, ObjectId, xref::XrefEntry};

use crate::{
    syntax::{indirect, names, object_end, skip_blank},
    tail::MAX_DECOMPRESSED,
};

/// Whether the object says the same to every parser, i.e. no dictionary in it has a key twice.
pub(crate) fn unambiguous(pdf: &[u8], doc: &Document, id: ObjectId) -> bool {
    let Some(object) = doc.objects.get(&id) else {
        return false;
    };
    let expected = count_names(object);
    match doc.reference_table.get(id.0) {
        Some(XrefEntry::Normal { offset, .. }) => indirect(pdf, *offset as usize)
            .filter(|(number, generation, _)| (*number, *generation) == id)
            .is_some_and(|(_, _, body)| written_names(pdf, body) == Some(expected)),
        Some(XrefEntry::Compressed { container, .. }) => compressed(doc, *container, id.0)
            .is_some_and(|(content, at)| written_names(&content, at) == Some(expected)),
        _ => false,
    }
}

fn written_names(bytes: &[u8], start: usize) -> Option<usize> {
    let start = skip_blank(bytes, start);
    Some(names(bytes, start..object_end(bytes, start)?))
}

/// The decoded object stream and where an object starts in it (ISO 32000-2 §7.5.7).
fn compressed(doc: &Document, container: u32, number: u32) -> Option<(Vec<u8>, usize)> {
    let stream = doc.get_object((container, 0)).ok()?.as_stream().ok()?;
    let first = usize::try_from(stream.dict.get(b"First").ok()?.as_i64().ok()?).ok()?;
    let content = stream.get_plain_content_with_limit(MAX_DECOMPRESSED).ok()?;
    let header: Vec<usize> = content
        .get(..first)?
        .split(|byte| !byte.is_ascii_digit())
        .filter_map(|digits| std::str::from_utf8(digits).ok()?.parse().ok())
        .collect();
    let mut found = header
        .chunks_exact(2)
        .filter(|pair| u32::try_from(pair[0]) == Ok(number));
    let at = first.checked_add(found.next()?[1])?;
    // Two definitions in one stream are as ambiguous as two keys.
    found.next().is_none().then_some((content, at))
}

/// Names in an object, keys and values, without the stream that may follow.
fn count_names(object: &Object) -> usize {
    match object {
        Object::Name(_) => 1,
        Object::Array(items) => items.iter().map(count_names).sum(),
        Object::Dictionary(dictionary) => dictionary
            .iter()
            .map(|(_, value)| 1 + count_names(value))
            .sum(),
        Object::Stream(stream) => stream
            .dict
            .iter()
            .map(|(_, value)| 1 + count_names(value))
            .sum(),
        _ => 0,
    }
}
