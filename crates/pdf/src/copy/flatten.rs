//! What form fields show, taken out of the form.

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::{geometry::Rect, reader};

/// Annotation flags Hidden and `NoView` (ISO 32000-2 12.5.3).
const UNSEEN: i64 = 2 | 32;

/// An appearance and the matrix that puts it where its widget stood.
pub(super) struct Shown {
    pub(super) form: ObjectId,
    pub(super) matrix: [f64; 6],
}

/// Removes the widgets from a page's annotations; answers what they showed.
pub(super) fn take_widgets(document: &mut Document, page: ObjectId) -> Vec<Shown> {
    let annotations = document
        .get_dictionary(page)
        .and_then(|p| p.get_deref(b"Annots", document))
        .and_then(Object::as_array)
        .cloned()
        .unwrap_or_default();
    let (widgets, others): (Vec<Object>, Vec<Object>) = annotations
        .into_iter()
        .partition(|a| is_widget(document, a));
    if widgets.is_empty() {
        return Vec::new();
    }
    let shown = widgets.iter().filter_map(|w| shown(document, w)).collect();
    if let Ok(page) = document.get_dictionary_mut(page) {
        page.set("Annots", others);
    }
    shown
}

fn dict_of<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    document.dereference(object).ok()?.1.as_dict().ok()
}

fn is_widget(document: &Document, annotation: &Object) -> bool {
    dict_of(document, annotation)
        .and_then(|a| {
            a.get_deref(b"Subtype", document)
                .and_then(Object::as_name)
                .ok()
        })
        .is_some_and(|name| name == b"Widget")
}

fn shown(document: &Document, widget: &Object) -> Option<Shown> {
    let widget = dict_of(document, widget)?;
    let flags = widget
        .get_deref(b"F", document)
        .and_then(Object::as_i64)
        .unwrap_or(0);
    if flags & UNSEEN != 0 {
        return None;
    }
    let rect = reader::rect(document, widget.get_deref(b"Rect", document).ok()?)?;
    let appearances = widget.get_deref(b"AP", document).ok()?.as_dict().ok()?;
    let form = normal_appearance(document, widget, appearances)?;
    let stream = document.get_object(form).ok()?.as_stream().ok()?;
    let bbox = reader::rect(document, stream.dict.get_deref(b"BBox", document).ok()?)?;
    let own = matrix_of(document, &stream.dict);
    fit(&turned(own, &bbox), &rect).map(|matrix| Shown { form, matrix })
}

/// The `/N` appearance, of the state the widget is in where it has several.
fn normal_appearance(
    document: &Document,
    widget: &Dictionary,
    appearances: &Dictionary,
) -> Option<ObjectId> {
    let normal = appearances.get(b"N").ok()?;
    let (id, object) = document.dereference(normal).ok()?;
    if object.as_stream().is_ok() {
        return id;
    }
    let state = widget
        .get_deref(b"AS", document)
        .and_then(Object::as_name)
        .ok()?;
    object
        .as_dict()
        .ok()?
        .get(state)
        .and_then(Object::as_reference)
        .ok()
}

fn matrix_of(document: &Document, form: &Dictionary) -> [f64; 6] {
    let values = form
        .get_deref(b"Matrix", document)
        .and_then(Object::as_array);
    let values: Option<Vec<f64>> = values
        .ok()
        .and_then(|v| v.iter().map(reader::number).collect::<Option<_>>());
    values
        .and_then(|v| v.try_into().ok())
        .unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
}

/// The box around a turned box.
fn turned(m: [f64; 6], b: &Rect) -> Rect {
    let corners = [(b.x0, b.y0), (b.x1, b.y0), (b.x0, b.y1), (b.x1, b.y1)];
    let at = corners.map(|(x, y)| (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]));
    let low = |f: fn(&(f64, f64)) -> f64| at.iter().map(f).fold(f64::INFINITY, f64::min);
    let high = |f: fn(&(f64, f64)) -> f64| at.iter().map(f).fold(f64::NEG_INFINITY, f64::max);
    Rect {
        x0: low(|p| p.0),
        y0: low(|p| p.1),
        x1: high(|p| p.0),
        y1: high(|p| p.1),
    }
}

/// The matrix of ISO 32000-2 12.5.5, algorithm 8: appearance box onto annotation rectangle.
fn fit(from: &Rect, to: &Rect) -> Option<[f64; 6]> {
    if from.width() < 1e-6 || from.height() < 1e-6 || to.width() < 1e-6 || to.height() < 1e-6 {
        return None;
    }
    let (sx, sy) = (to.width() / from.width(), to.height() / from.height());
    Some([sx, 0.0, 0.0, sy, to.x0 - from.x0 * sx, to.y0 - from.y0 * sy])
}
