//! The pages of the document being prepared, and what is done to them.

use std::{collections::BTreeMap, fmt::Write as _};

use lopdf::{Dictionary, Document, Object as Value, ObjectId, Stream, dictionary};

use super::{fields::Reserved, sheet_box};
use crate::{
    geometry::PageBox, increment::Increment, reader, refusal::Refusal, spec::Cover, syntax::reals,
};

/// One page.
pub(super) struct Page {
    pub(super) id: ObjectId,
    pub(super) shape: PageBox,
}

/// All pages, those appended included.
pub(super) struct Pages {
    all: Vec<Page>,
    root: ObjectId,
}

impl Pages {
    pub(super) fn of(document: &Document) -> Result<Self, Refusal> {
        let mut all = Vec::new();
        for (number, id) in (1u32..).zip(document.page_iter()) {
            let shape =
                reader::page_box(document, id).ok_or(Refusal::NoVisibleArea { page: number })?;
            all.push(Page { id, shape });
        }
        let catalog = document.catalog().map_err(Refusal::unreadable)?;
        let root = catalog
            .get(b"Pages")
            .and_then(Value::as_reference)
            .map_err(Refusal::unreadable)?;
        if all.is_empty() {
            Err(Refusal::NoPages)
        } else {
            Ok(Self { all, root })
        }
    }

    pub(super) fn at(&self, number: u32) -> Option<&Page> {
        self.all.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    pub(super) fn first(&self) -> &PageBox {
        &self.all[0].shape
    }

    pub(super) fn first_id(&self) -> ObjectId {
        self.all[0].id
    }

    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.all.len()).unwrap_or(u32::MAX)
    }
}

/// The content and resources of a page this crate draws.
pub(super) struct Drawing {
    pub(super) content: Vec<u8>,
    pub(super) resources: Vec<u8>,
}

/// Appends a page at the end of the document, with everything it could inherit set.
pub(super) fn append(
    update: &mut Increment<'_>,
    pages: &mut Pages,
    size: (f64, f64),
    drawing: Drawing,
) {
    let resources = update.numbers.take();
    update.write([crate::object::Object::new(resources, drawing.resources)]);
    let mut stream = Stream::new(Dictionary::new(), drawing.content);
    let _ = stream.compress();
    let content = update.add(stream);
    #[expect(clippy::cast_possible_truncation, reason = "paper sizes are small")]
    let paper: Vec<Value> = [0.0, 0.0, size.0, size.1]
        .map(|v| Value::Real(v as f32))
        .to_vec();
    let id = update.add(dictionary! {
        "Type" => "Page",
        "Parent" => Value::Reference(pages.root),
        "MediaBox" => Value::Array(paper.clone()),
        "CropBox" => Value::Array(paper),
        "Rotate" => 0,
        "Resources" => Value::Reference((resources, 0)),
        "Contents" => Value::Reference(content),
    });
    update.append(pages.root, "Kids", vec![Value::Reference(id)]);
    let leaves = i64::from(pages.count()) + 1;
    if let Some(root) = update.change_dict(pages.root) {
        root.set("Count", leaves);
    }
    pages.all.push(Page {
        id,
        shape: sheet_box(size),
    });
}

/// Adds the widgets to their pages' annotations, direct or indirect.
pub(super) fn annotate(update: &mut Increment<'_>, pages: &Pages, fields: &[Reserved]) {
    let mut by_page: BTreeMap<u32, Vec<Value>> = BTreeMap::new();
    for field in fields {
        let widget = Value::Reference((field.place.object, 0));
        by_page.entry(field.page_number).or_default().push(widget);
    }
    for (number, widgets) in by_page {
        if let Some(page) = pages.at(number) {
            update.append(page.id, "Annots", widgets);
        }
    }
}

/// Covers areas in white. The page's own content is wrapped in `q`/`Q`, since it may leave the
/// graphics state changed; the new content needs no resources, so inherited ones stay untouched.
pub(super) fn cover(update: &mut Increment<'_>, pages: &Pages, covers: &[Cover]) {
    let mut by_page: BTreeMap<u32, String> = BTreeMap::new();
    for cover in covers {
        let Some(page) = pages.at(cover.page) else {
            continue;
        };
        let r = page.shape.to_user(&cover.area);
        let ops = by_page.entry(cover.page).or_default();
        let _ = writeln!(ops, "{} re f", reals(&[r.x0, r.y0, r.width(), r.height()]));
    }
    let mut open = None;
    for (number, ops) in by_page {
        let Some(page) = pages.at(number) else {
            continue;
        };
        let open = *open.get_or_insert_with(|| plain_stream(update, "q\n"));
        let close = plain_stream(update, &format!("\nQ\nq\n1 g\n{ops}Q\n"));
        wrap(update, page.id, open, close);
    }
}

fn plain_stream(update: &mut Increment<'_>, ops: &str) -> ObjectId {
    update.add(Stream::new(Dictionary::new(), ops.as_bytes().to_vec()).with_compression(false))
}

fn wrap(update: &mut Increment<'_>, page: ObjectId, open: ObjectId, close: ObjectId) {
    let contents = update
        .get(page)
        .and_then(|p| p.as_dict().ok()?.get(b"Contents").ok().cloned());
    let mut parts = vec![Value::Reference(open)];
    match contents {
        Some(Value::Reference(id)) => match update.get(id) {
            Some(Value::Array(array)) => parts.extend(array.iter().cloned()),
            _ => parts.push(Value::Reference(id)),
        },
        Some(Value::Array(array)) => parts.extend(array),
        _ => {}
    }
    parts.push(Value::Reference(close));
    if let Some(page) = update.change_dict(page) {
        page.set("Contents", Value::Array(parts));
    }
}
