//! Joining new fields to the form a document has, or giving it one.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object as Value, ObjectId, decode_text_string};

use super::fields::Reserved;
use crate::{increment::Increment, reader};

/// The names of top-level fields, so that no two fields share one.
pub(super) struct Names {
    taken: HashSet<String>,
}

impl Names {
    pub(super) fn taken_in(document: &Document) -> Self {
        let names = reader::form_fields(document).into_iter().filter_map(|f| {
            let name = f.dict.get_deref(b"T", document).ok()?;
            decode_text_string(name).ok()
        });
        Self {
            taken: names.collect(),
        }
    }

    /// The wanted name, or the first one like it that is free. Dots separate levels in field
    /// names (ISO 32000-2 12.7.4.2) and are replaced.
    pub(super) fn free(&mut self, wanted: &str) -> String {
        let wanted = wanted.replace('.', "-");
        let numbered = (2..).map(|n| format!("{wanted}-{n}"));
        let name = std::iter::once(wanted.clone())
            .chain(numbered)
            .find(|name| !self.taken.contains(name))
            .expect("numbers do not run out");
        self.taken.insert(name.clone());
        name
    }
}

/// Adds the fields and the font of their default appearance to the document's form.
pub(super) fn join(update: &mut Increment<'_>, fields: &[Reserved], font: Option<u32>) {
    let Some(form) = form_object(update) else {
        return;
    };
    let references = fields
        .iter()
        .map(|f| Value::Reference((f.place.object, 0)))
        .collect();
    update.append(form, "Fields", references);
    let settled = every_widget_has_appearance(update.base());
    let signed = !reader::signatures(update.base()).is_empty();
    if let Some(font) = font {
        add_font(update, form, font);
    }
    let Some(dict) = update.change_dict(form) else {
        return;
    };
    // Signatures exist; append only (ISO 32000-2 table 225).
    dict.set("SigFlags", 3);
    if !signed {
        // A static XFA form would hide every field it does not know.
        dict.remove(b"XFA");
    }
    if settled {
        dict.remove(b"NeedAppearances");
    }
}

/// The form as an object of its own. A form that stands inside the catalog moves out of it.
fn form_object(update: &mut Increment<'_>) -> Option<ObjectId> {
    let root = update
        .base()
        .trailer
        .get(b"Root")
        .and_then(Value::as_reference)
        .ok()?;
    let catalog = update.get(root)?.as_dict().ok()?;
    let form = match catalog.get(b"AcroForm") {
        Ok(Value::Reference(id)) if update.get(*id).is_some_and(|o| o.as_dict().is_ok()) => {
            return Some(*id);
        }
        Ok(Value::Dictionary(form)) => form.clone(),
        _ => {
            let mut form = Dictionary::new();
            form.set("Fields", Value::Array(Vec::new()));
            form
        }
    };
    let id = update.add(form);
    update
        .change_dict(root)?
        .set("AcroForm", Value::Reference(id));
    Some(id)
}

/// `/DR /Font /DbR`, wherever these dictionaries stand.
fn add_font(update: &mut Increment<'_>, form: ObjectId, font: u32) {
    let mut owner = form;
    let mut path: Vec<&str> = Vec::new();
    for key in ["DR", "Font"] {
        path.push(key);
        let target = update
            .get(owner)
            .and_then(|o| walk(o, &path))
            .and_then(|o| o.as_reference().ok());
        if let Some(id) = target
            && update.get(id).is_some_and(|o| o.as_dict().is_ok())
        {
            owner = id;
            path.clear();
        }
    }
    let Some(mut dict) = update.change_dict(owner) else {
        return;
    };
    for key in path {
        if dict.get(key.as_bytes()).and_then(Value::as_dict).is_err() {
            dict.set(key, Dictionary::new());
        }
        dict = dict
            .get_mut(key.as_bytes())
            .and_then(Value::as_dict_mut)
            .expect("just set");
    }
    dict.set("DbR", Value::Reference((font, 0)));
}

fn walk<'a>(object: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(object, |at, key| {
        at.as_dict().ok()?.get(key.as_bytes()).ok()
    })
}

/// Whether viewers can do without making appearances themselves, which `NeedAppearances` asks
/// them to and which would redraw filled fields their own way.
fn every_widget_has_appearance(document: &Document) -> bool {
    reader::form_fields(document).iter().all(|field| {
        let widget = field.dict.has(b"Rect");
        !widget || field.dict.has(b"AP") || !field.dict.has(b"V") || field.id.is_none()
    })
}
