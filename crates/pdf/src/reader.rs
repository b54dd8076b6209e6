//! Opening a file with lopdf and walking what it holds, with bounds on every walk.

use std::collections::HashSet;

use hayro::hayro_syntax::{LoadPdfError, Pdf};
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

use crate::{
    geometry::{PageBox, Rect},
    limits::Limits,
    refusal::Refusal,
};

/// Depth of page and field trees that is still followed; real ones stay under ten.
const DEPTH_MAX: usize = 64;
/// Highest object number that is accepted; there must be room for those that are added.
const NUMBER_MAX: u32 = 100_000_000;
/// Form fields that are looked at; far above any real form.
const FIELDS_MAX: usize = 20_000;

/// Opens a file with lopdf; encrypted files open with the empty password or not at all.
pub(crate) fn open(bytes: &[u8], limits: &Limits) -> Result<Document, Refusal> {
    if bytes.len() > limits.bytes_max {
        return Err(Refusal::TooLarge {
            bytes: bytes.len(),
            max: limits.bytes_max,
        });
    }
    if !bytes.starts_with(b"%PDF-") {
        return Err(Refusal::NotPdf);
    }
    let options = LoadOptions {
        max_decompressed_size: Some(limits.stream_bytes_max),
        ..LoadOptions::default()
    };
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| {
        if has_end(bytes) {
            cannot_load(&error)
        } else {
            Refusal::Truncated
        }
    })?;
    if document.is_encrypted() {
        return Err(Refusal::PasswordProtected);
    }
    if document.xref_recovery.is_some() && !has_end(bytes) {
        return Err(Refusal::Truncated);
    }
    if highest_number(&document) > NUMBER_MAX {
        return Err(Refusal::unreadable("its object numbers are out of range"));
    }
    Ok(document)
}

fn cannot_load(error: &lopdf::Error) -> Refusal {
    match error {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => Refusal::PasswordProtected,
        other => Refusal::unreadable(other),
    }
}

/// The highest object number in use or announced.
pub(crate) fn highest_number(document: &Document) -> u32 {
    let used = document
        .objects
        .keys()
        .map(|(number, _)| *number)
        .max()
        .unwrap_or(0);
    used.max(document.max_id)
        .max(document.reference_table.size.saturating_sub(1))
}

/// Whether the end-of-file mark stands near the end (readers accept up to 1 KiB after it).
fn has_end(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(2048)..];
    tail.windows(5).any(|w| w == b"%%EOF")
}

/// Opens a file with hayro.
pub(crate) fn open_view(bytes: &[u8]) -> Result<Pdf, Refusal> {
    Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Refusal::PasswordProtected,
        LoadPdfError::Invalid => Refusal::unreadable("its structure is invalid"),
    })
}

/// The page's visible box, turn and unit; `None` when nothing of it is visible.
pub(crate) fn page_box(document: &Document, page: ObjectId) -> Option<PageBox> {
    let media = inherited(document, page, b"MediaBox")
        .and_then(|o| rect(document, o))
        .unwrap_or(Rect {
            x0: 0.0,
            y0: 0.0,
            x1: 612.0,
            y1: 792.0,
        });
    let crop = inherited(document, page, b"CropBox")
        .and_then(|o| rect(document, o))
        .unwrap_or(media);
    let visible = crop.intersect(&media)?;
    let rotate = inherited(document, page, b"Rotate")
        .and_then(number)
        .unwrap_or(0.0);
    let dict = document.get_dictionary(page).ok()?;
    let unit = dict
        .get_deref(b"UserUnit", document)
        .ok()
        .and_then(number)
        .unwrap_or(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a turn is a small multiple of 90"
    )]
    Some(PageBox::new(visible, rotate as i64, unit))
}

/// The value of an inheritable page attribute (ISO 32000-2 7.7.3.4).
pub(crate) fn inherited<'a>(
    document: &'a Document,
    page: ObjectId,
    key: &[u8],
) -> Option<&'a Object> {
    let mut node = document.get_dictionary(page).ok()?;
    for _ in 0..DEPTH_MAX {
        if let Ok(value) = node.get_deref(key, document)
            && !value.is_null()
        {
            return Some(value);
        }
        let parent = node.get(b"Parent").and_then(Object::as_reference).ok()?;
        node = document.get_dictionary(parent).ok()?;
    }
    None
}

pub(crate) fn number(object: &Object) -> Option<f64> {
    match object {
        #[expect(
            clippy::cast_precision_loss,
            reason = "page coordinates are far below 2^52"
        )]
        Object::Integer(i) => Some(*i as f64),
        Object::Real(r) => Some(f64::from(*r)),
        _ => None,
    }
}

pub(crate) fn rect(document: &Document, object: &Object) -> Option<Rect> {
    let values = object.as_array().ok()?;
    let mut n = values
        .iter()
        .map(|v| document.dereference(v).ok().and_then(|(_, o)| number(o)));
    let corner = [n.next()??, n.next()??, n.next()??, n.next()??];
    corner
        .iter()
        .all(|v| v.is_finite() && v.abs() < 1e7)
        .then(|| Rect::new(corner[0], corner[1], corner[2], corner[3]))
}

/// The form dictionary, wherever it stands.
pub(crate) fn acroform(document: &Document) -> Option<&Dictionary> {
    document
        .catalog()
        .ok()?
        .get_deref(b"AcroForm", document)
        .ok()?
        .as_dict()
        .ok()
}

/// A terminal or inner form field with the attributes it inherits.
pub(crate) struct FormField<'a> {
    pub(crate) id: Option<ObjectId>,
    pub(crate) dict: &'a Dictionary,
    pub(crate) kind: Option<&'a [u8]>,
}

/// All fields of the form, parents before kids.
pub(crate) fn form_fields(document: &Document) -> Vec<FormField<'_>> {
    let mut found = Vec::new();
    let Some(form) = acroform(document) else {
        return found;
    };
    let mut seen = HashSet::new();
    let roots = form
        .get_deref(b"Fields", document)
        .and_then(Object::as_array);
    let mut stack: Vec<(&Object, Option<&[u8]>, usize)> = Vec::new();
    if let Ok(roots) = roots {
        stack.extend(roots.iter().rev().map(|o| (o, None, 0)));
    }
    while let Some((object, parent_kind, depth)) = stack.pop() {
        let Ok((id, value)) = document.dereference(object) else {
            continue;
        };
        let fresh = id.is_none_or(|id| seen.insert(id));
        let Ok(dict) = value.as_dict() else { continue };
        if !fresh || depth > DEPTH_MAX || found.len() >= FIELDS_MAX {
            continue;
        }
        let kind = dict
            .get_deref(b"FT", document)
            .and_then(Object::as_name)
            .ok()
            .or(parent_kind);
        found.push(FormField { id, dict, kind });
        if let Ok(kids) = dict.get_deref(b"Kids", document).and_then(Object::as_array) {
            stack.extend(kids.iter().rev().map(|o| (o, kind, depth + 1)));
        }
    }
    found
}

/// The signature dictionaries that really sign something.
pub(crate) fn signatures(document: &Document) -> Vec<&Dictionary> {
    form_fields(document)
        .into_iter()
        .filter(|f| f.kind == Some(b"Sig"))
        .filter_map(|f| {
            f.dict
                .get_deref(b"V", document)
                .and_then(Object::as_dict)
                .ok()
        })
        .filter(|v| v.has(b"ByteRange") || v.has(b"Contents"))
        .collect()
}

/// The permission level of the certification signature, if there is one (`DocMDP` P).
pub(crate) fn certification(document: &Document) -> Option<i64> {
    let catalog = document.catalog().ok()?;
    let perms = catalog
        .get_deref(b"Perms", document)
        .and_then(Object::as_dict)
        .ok();
    let by_perms = perms
        .and_then(|p| {
            p.get_deref(b"DocMDP", document)
                .and_then(Object::as_dict)
                .ok()
        })
        .map(|v| doc_mdp(document, v).unwrap_or(2));
    by_perms.or_else(|| {
        signatures(document)
            .into_iter()
            .find_map(|v| doc_mdp(document, v))
    })
}

fn doc_mdp(document: &Document, signature: &Dictionary) -> Option<i64> {
    let references = signature
        .get_deref(b"Reference", document)
        .and_then(Object::as_array)
        .ok()?;
    references.iter().find_map(|reference| {
        let dict = document.dereference(reference).ok()?.1.as_dict().ok()?;
        let method = dict
            .get_deref(b"TransformMethod", document)
            .and_then(Object::as_name)
            .ok()?;
        if method != b"DocMDP" {
            return None;
        }
        let params = dict
            .get_deref(b"TransformParams", document)
            .and_then(Object::as_dict)
            .ok();
        let level = params.and_then(|p| p.get_deref(b"P", document).and_then(Object::as_i64).ok());
        Some(level.unwrap_or(2))
    })
}

/// Whether any cross-reference section of the file is of the hybrid kind (ISO 32000-2 7.5.8.4).
pub(crate) fn is_hybrid(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = find(rest, b"trailer") {
        let end = find(&rest[at..], b"startxref").map_or(rest.len(), |e| at + e);
        if find(&rest[at..end], b"/XRefStm").is_some() {
            return true;
        }
        rest = &rest[at + 7..];
    }
    false
}

pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(at) = haystack[from..].iter().position(|b| *b == first) {
        let start = from + at;
        if haystack[start..].starts_with(needle) {
            return Some(start);
        }
        from = start + 1;
    }
    None
}
