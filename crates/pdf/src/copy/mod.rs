//! The marked copy: a new file that nobody can mistake for the authoritative one.

mod flatten;
mod mark;

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string, text_string};
use serde::{Deserialize, Serialize};

use crate::{limits::Limits, normalise, reader, refusal::Refusal};

/// The words of the mark, on every page and in the information dictionary (contract §6.1 3).
pub const COPY_MARK: &str = "COPY – NOT THE AUTHORITATIVE COPY";

/// Name of the overlay in each page's resources.
const OVERLAY: &str = "DeedboxCopy";

/// What [`is_marked_copy`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyMarks {
    /// Per page, whether it draws the mark.
    pub pages: Vec<bool>,
    /// Whether the information dictionary carries `CopyStatus` with the words.
    pub metadata: bool,
}

impl CopyMarks {
    /// Whether the file is marked everywhere it must be.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.metadata && !self.pages.is_empty() && self.pages.iter().all(|p| *p)
    }
}

/// Makes the marked copy: a new file in which every page grows a band at its top that carries
/// the mark, with the same words faintly across the page, and `CopyStatus` stands in the
/// information dictionary.
///
/// Form fields are flattened to what they show, so that a viewer finds no signature to call
/// broken. The band lies outside the page as it was and hides nothing of it.
///
/// # Errors
/// A [`Refusal`] when the file cannot be read.
pub fn mark_copy(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let limits = Limits {
        bytes_max: usize::MAX,
        ..Limits::default()
    };
    let mut document = reader::open(bytes, &limits)?;
    let ids: Vec<ObjectId> = document.page_iter().collect();
    let mut marks = mark::Marks::for_document(&mut document);
    let mut seen = HashSet::new();
    for (number, id) in (1u32..).zip(&ids) {
        if seen.insert(*id) {
            let shape =
                reader::page_box(&document, *id).ok_or(Refusal::NoVisibleArea { page: number })?;
            let grown = marks.grown(&shape);
            let widgets = flatten::take_widgets(&mut document, *id);
            let mark = marks.for_page(&grown);
            overlay(&mut document, *id, &grown, &widgets, mark);
        }
    }
    marks.finish(&mut document)?;
    forget_form(&mut document);
    stamp_information(&mut document);
    normalise::save(&mut document, ids.len(), &limits)
}

/// Puts flattened widgets and the mark over a page through one form `XObject`, whose resources are
/// its own; the page's inherited resources are copied onto it first.
fn overlay(
    document: &mut Document,
    page: ObjectId,
    grown: &crate::geometry::PageBox,
    widgets: &[flatten::Shown],
    mark: ObjectId,
) {
    let form = mark::overlay_form(grown, widgets, mark);
    let form = document.add_object(form);
    let open = document.add_object(plain_stream(b"q\n"));
    let close = document.add_object(plain_stream(format!("\nQ\nq /{OVERLAY} Do Q\n").as_bytes()));
    let mut resources = reader::inherited(document, page, b"Resources")
        .and_then(|r| r.as_dict().ok())
        .cloned()
        .unwrap_or_default();
    let mut named = resources
        .get_deref(b"XObject", document)
        .and_then(Object::as_dict)
        .cloned()
        .unwrap_or_default();
    named.set(OVERLAY, Object::Reference(form));
    resources.set("XObject", named);
    let mut contents = vec![Object::Reference(open)];
    contents.extend(content_parts(document, page));
    contents.push(Object::Reference(close));
    let paper = mark::paper(grown);
    if let Ok(dict) = document.get_dictionary_mut(page) {
        dict.set("Resources", resources);
        dict.set("Contents", contents);
        dict.set("MediaBox", paper.clone());
        dict.set("CropBox", paper);
    }
}

fn plain_stream(ops: &[u8]) -> lopdf::Stream {
    lopdf::Stream::new(Dictionary::new(), ops.to_vec()).with_compression(false)
}

fn content_parts(document: &Document, page: ObjectId) -> Vec<Object> {
    let contents = document
        .get_dictionary(page)
        .and_then(|p| p.get(b"Contents"));
    match contents {
        Ok(Object::Reference(id)) => match document.get_object(*id) {
            Ok(Object::Array(parts)) => parts.clone(),
            Ok(Object::Stream(_)) => vec![Object::Reference(*id)],
            _ => Vec::new(),
        },
        Ok(Object::Array(parts)) => parts.clone(),
        _ => Vec::new(),
    }
}

/// Form, certification and validation data describe the original; in the copy they would only
/// be found broken.
fn forget_form(document: &mut Document) {
    if let Ok(catalog) = document.catalog_mut() {
        for key in ["AcroForm", "Perms", "DSS", "Legal", "NeedsRendering"] {
            catalog.remove(key.as_bytes());
        }
    }
    document.prune_objects();
}

fn stamp_information(document: &mut Document) {
    let known = document.trailer.get(b"Info").and_then(Object::as_reference);
    let id = match known {
        Ok(id) if document.get_dictionary(id).is_ok() => id,
        _ => {
            let id = document.add_object(Dictionary::new());
            document.trailer.set("Info", Object::Reference(id));
            id
        }
    };
    if let Ok(info) = document.get_dictionary_mut(id) {
        info.set("CopyStatus", text_string(COPY_MARK));
    }
}

/// Looks whether every page of a file and its metadata carry the mark (compliance check 5).
///
/// # Errors
/// A [`Refusal`] when the file cannot be read.
pub fn is_marked_copy(bytes: &[u8]) -> Result<CopyMarks, Refusal> {
    let document = reader::open(
        bytes,
        &Limits {
            bytes_max: usize::MAX,
            ..Limits::default()
        },
    )?;
    let info = document
        .trailer
        .get(b"Info")
        .and_then(|o| document.dereference(o));
    let status = info
        .ok()
        .and_then(|(_, i)| i.as_dict().ok()?.get(b"CopyStatus").ok());
    let metadata = status.is_some_and(says_copy);
    let pages = document
        .page_iter()
        .map(|page| draws_mark(&document, page).is_some())
        .collect();
    Ok(CopyMarks { pages, metadata })
}

fn says_copy(object: &Object) -> bool {
    decode_text_string(object).is_ok_and(|text| text == COPY_MARK)
}

/// The last thing the page draws is the overlay, and the overlay draws the mark.
fn draws_mark(document: &Document, page: ObjectId) -> Option<()> {
    let last = content_parts(document, page).pop()?;
    let last = document.dereference(&last).ok()?.1.as_stream().ok()?;
    let ops = last.get_plain_content_with_limit(4096).ok()?;
    ops.ends_with(format!("q /{OVERLAY} Do Q\n").as_bytes())
        .then_some(())?;
    let resources = reader::inherited(document, page, b"Resources")?
        .as_dict()
        .ok()?;
    let form = deref_in(document, resources, "XObject")?.as_dict().ok()?;
    let overlay = deref_in(document, form, OVERLAY)?.as_stream().ok()?;
    let inner = deref_in(document, &overlay.dict, "Resources")?
        .as_dict()
        .ok()?;
    let inner = deref_in(document, inner, "XObject")?.as_dict().ok()?;
    let mark = deref_in(document, inner, mark::NAME)?.as_stream().ok()?;
    says_copy(mark.dict.get(mark::KEY.as_bytes()).ok()?).then_some(())
}

fn deref_in<'a>(document: &'a Document, dict: &'a Dictionary, key: &str) -> Option<&'a Object> {
    dict.get_deref(key.as_bytes(), document).ok()
}
