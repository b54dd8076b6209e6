//! The mark itself: a band above the page and the same words across it.

use std::{collections::HashMap, fmt::Write as _};

use lopdf::{Dictionary, Document, Object as Value, ObjectId, Stream, dictionary};

use super::{COPY_MARK, flatten::Shown};
use crate::{
    font::Face,
    geometry::{PageBox, Rect},
    limits::Limits,
    object::{Numbers, Object},
    pen::{Fonts, Pen, ink},
    reader,
    refusal::Refusal,
    syntax::{self, reals},
};

/// Name of the mark in the overlay's resources.
pub(super) const NAME: &str = "Mark";
/// Entry of the mark's dictionary that holds its words.
pub(super) const KEY: &str = "DeedboxMark";
/// Height of the band in points.
const BAND: f64 = 22.0;
/// Opacity and grey of the words across the page: seen on white and on black, in nobody's way.
const VEIL: (f64, f64) = (0.2, 0.55);

/// The marks of one document, one for each size of page.
pub(super) struct Marks {
    numbers: Numbers,
    fonts: Fonts,
    made: HashMap<(u64, u64), ObjectId>,
    objects: Vec<Object>,
}

impl Marks {
    /// Takes a range of object numbers that the document will not use otherwise.
    pub(super) fn for_document(document: &mut Document) -> Self {
        let first = document.max_id + 1;
        // A size of page has one object, a font five; the rest of the document goes after.
        let pages = u32::try_from(document.page_iter().count()).unwrap_or(u32::MAX / 2);
        document.max_id = first + pages + 16;
        Self {
            numbers: Numbers::starting_at(first),
            fonts: Fonts::default(),
            made: HashMap::new(),
            objects: Vec::new(),
        }
    }

    /// The page with room for the band above its shown top edge.
    #[expect(clippy::unused_self, reason = "the band's height belongs to the marks")]
    pub(super) fn grown(&self, page: &PageBox) -> PageBox {
        let by = BAND / page.user_unit;
        let v = page.visible;
        let visible = match page.rotate {
            90 => Rect { x0: v.x0 - by, ..v },
            180 => Rect { y0: v.y0 - by, ..v },
            270 => Rect { x1: v.x1 + by, ..v },
            _ => Rect { y1: v.y1 + by, ..v },
        };
        PageBox { visible, ..*page }
    }

    /// The mark for a page of this size.
    pub(super) fn for_page(&mut self, grown: &PageBox) -> ObjectId {
        let (w, h) = (grown.width(), grown.height());
        if let Some(id) = self.made.get(&(w.to_bits(), h.to_bits())) {
            return *id;
        }
        let number = self.numbers.take();
        let mut pen = Pen::new(&mut self.fonts, &mut self.numbers);
        draw(&mut pen, w, h);
        let upright = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let entry = format!("/{KEY}{}", syntax::text(COPY_MARK));
        self.objects
            .push(pen.into_named_form(number, w, h, upright, &entry));
        self.made.insert((w.to_bits(), h.to_bits()), (number, 0));
        (number, 0)
    }

    /// Moves the drawn objects into the document.
    pub(super) fn finish(mut self, document: &mut Document) -> Result<(), Refusal> {
        let fonts = self.fonts.finish(&mut self.numbers);
        self.objects.extend(fonts);
        let carrier = carrier(&self.objects, self.numbers.take());
        let read = reader::open(
            &carrier,
            &Limits {
                bytes_max: usize::MAX,
                ..Limits::default()
            },
        )?;
        for object in &self.objects {
            let id = (object.number, object.generation);
            let value = read.get_object(id).map_err(Refusal::unreadable)?;
            document.objects.insert(id, value.clone());
        }
        Ok(())
    }
}

fn draw(pen: &mut Pen<'_>, w: f64, h: f64) {
    let low = h - BAND;
    pen.fill_colour(ink::MUTED);
    pen.rect(0.0, low, w, BAND, "f");
    pen.fill_colour(ink::WHITE);
    let size = Face::Strong.size_that_fits(COPY_MARK, 10.5, 2.0, w * 0.92);
    let x = (w - Face::Strong.width(COPY_MARK, size)) / 2.0;
    let y = low + (BAND - size * 0.727) / 2.0;
    // The faces of this crate have all letters of the mark.
    let _ = pen.text(Face::Strong, size, x, y, COPY_MARK);
    across(pen, w, low);
}

/// The words from the lower left to the upper right.
fn across(pen: &mut Pen<'_>, w: f64, h: f64) {
    let diagonal = w.hypot(h);
    let (cos, sin) = (w / diagonal, h / diagonal);
    let size = Face::Strong.size_that_fits(COPY_MARK, 64.0, 2.0, diagonal * 0.78);
    let (width, rise) = (Face::Strong.width(COPY_MARK, size), size * 0.727);
    pen.raw("q\n");
    pen.translucent(VEIL.0);
    pen.fill_colour([VEIL.1; 3]);
    pen.raw(&format!(
        "{} cm\n",
        reals(&[cos, sin, -sin, cos, w / 2.0, h / 2.0])
    ));
    let _ = pen.text(Face::Strong, size, -width / 2.0, -rise / 2.0, COPY_MARK);
    pen.raw("Q\n");
}

/// The overlay of a page: its flattened widgets, then the mark.
pub(super) fn overlay_form(grown: &PageBox, widgets: &[Shown], mark: ObjectId) -> Stream {
    let mut ops = String::new();
    let mut named = Dictionary::new();
    for (index, widget) in widgets.iter().enumerate() {
        let name = format!("W{index}");
        let _ = writeln!(ops, "q {} cm /{name} Do Q", reals(&widget.matrix));
        named.set(name, Value::Reference(widget.form));
    }
    let _ = writeln!(ops, "q {} cm /{NAME} Do Q", reals(&grown.display_to_user()));
    named.set(NAME, Value::Reference(mark));
    let dict = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => paper(grown),
        "Resources" => dictionary! { "XObject" => named },
    };
    Stream::new(dict, ops.into_bytes())
}

/// The grown page as an array.
pub(super) fn paper(grown: &PageBox) -> Value {
    let v = grown.visible;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "PDF reals are single precision anyway"
    )]
    let sides = [v.x0, v.y0, v.x1, v.y1].map(|s| Value::Real(s as f32));
    Value::Array(sides.to_vec())
}

/// A small file that holds the objects, through which they become values.
fn carrier(objects: &[Object], catalog: u32) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = String::new();
    let root = Object::new(
        catalog,
        b"<</Type/Catalog/Pages<</Type/Pages/Kids[]/Count 0>>>>".to_vec(),
    );
    for object in objects.iter().chain([&root]) {
        let _ = write!(table, "{} 1\n{:010} 00000 n\r\n", object.number, out.len());
        out.extend_from_slice(format!("{} 0 obj\n", object.number).as_bytes());
        out.extend_from_slice(&object.body);
        out.extend_from_slice(b"\nendobj\n");
    }
    let at = out.len();
    let size = catalog + 1;
    let end = format!(
        "xref\n0 1\n0000000000 65535 f\r\n{table}trailer\n<</Size {size}/Root {catalog} 0 R>>\nstartxref\n{at}\n%%EOF\n"
    );
    out.extend_from_slice(end.as_bytes());
    out
}
