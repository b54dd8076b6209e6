//! The form of a document: fields, their names and values.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::Problem;

/// Fields and widgets that are looked at.
const MAX_NODES: usize = 20_000;
/// Depth of the field tree.
const MAX_DEPTH: usize = 32;

/// A field or one of its widgets.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub id: ObjectId,
    /// Fully qualified name (ISO 32000-2 §12.7.4.2).
    pub name: String,
    /// `/FT`, inherited.
    pub kind: &'a [u8],
    /// `/V`, inherited.
    pub value: Option<&'a Object>,
    pub dictionary: &'a Dictionary,
}

impl Node<'_> {
    pub fn is_signature(&self) -> bool {
        self.kind == b"Sig"
    }
}

/// The interactive form, wherever it stands.
pub(crate) fn form(doc: &Document) -> Option<&Dictionary> {
    doc.catalog()
        .ok()?
        .get(b"AcroForm")
        .ok()
        .and_then(|form| dictionary(doc, form))
}

/// The form's `/Fields`.
pub(crate) fn roots(doc: &Document) -> &[Object] {
    form(doc)
        .and_then(|form| form.get(b"Fields").ok())
        .and_then(|fields| array(doc, fields))
        .unwrap_or_default()
}

pub(crate) fn dictionary<'a>(doc: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    doc.dereference(object).ok()?.1.as_dict().ok()
}

pub(crate) fn array<'a>(doc: &'a Document, object: &'a Object) -> Option<&'a [Object]> {
    doc.dereference(object)
        .ok()?
        .1
        .as_array()
        .ok()
        .map(Vec::as_slice)
}

/// Every field and widget of the form.
pub(crate) fn nodes(doc: &Document) -> Result<Vec<Node<'_>>, Problem> {
    let mut walk = Walk {
        doc,
        seen: HashSet::new(),
        nodes: Vec::new(),
    };
    for root in roots(doc) {
        walk.visit(root, &Inherited::default(), 0)?;
    }
    Ok(walk.nodes)
}

#[derive(Clone, Default)]
struct Inherited<'a> {
    name: String,
    kind: &'a [u8],
    value: Option<&'a Object>,
}

struct Walk<'a> {
    doc: &'a Document,
    seen: HashSet<ObjectId>,
    nodes: Vec<Node<'a>>,
}

impl<'a> Walk<'a> {
    fn visit(
        &mut self,
        object: &'a Object,
        inherited: &Inherited<'a>,
        depth: usize,
    ) -> Result<(), Problem> {
        // A field must be an object of its own; others cannot be referred to by a widget.
        let Ok(id) = object.as_reference() else {
            return Ok(());
        };
        let Some(dictionary) = dictionary(self.doc, object) else {
            return Ok(());
        };
        if !self.seen.insert(id) {
            return Ok(());
        }
        if depth == MAX_DEPTH || self.nodes.len() == MAX_NODES {
            return Err(Problem::TooMuch("form fields".to_owned()));
        }
        let own = inherited.refined(dictionary);
        self.nodes.push(Node {
            id,
            name: own.name.clone(),
            kind: own.kind,
            value: own.value,
            dictionary,
        });
        let kids = dictionary
            .get(b"Kids")
            .ok()
            .and_then(|kids| array(self.doc, kids));
        for kid in kids.unwrap_or_default() {
            self.visit(kid, &own, depth + 1)?;
        }
        Ok(())
    }
}

impl<'a> Inherited<'a> {
    fn refined(&self, dictionary: &'a Dictionary) -> Self {
        Self {
            name: match dictionary.get(b"T").ok().and_then(text) {
                Some(partial) if self.name.is_empty() => partial,
                Some(partial) => format!("{}.{partial}", self.name),
                None => self.name.clone(),
            },
            kind: dictionary
                .get(b"FT")
                .and_then(Object::as_name)
                .unwrap_or(self.kind),
            value: dictionary.get(b"V").ok().or(self.value),
        }
    }
}

/// A text string, cut to a sensible length.
pub(crate) fn text(object: &Object) -> Option<String> {
    let decoded = lopdf::decode_text_string(object).ok()?;
    Some(decoded.chars().take(1024).collect())
}

/// Whether a widget can be seen: it has an area and is not hidden (ISO 32000-2 Table 167).
pub(crate) fn visible(dictionary: &Dictionary) -> bool {
    const HIDDEN: i64 = 1 << 1;
    const NO_VIEW: i64 = 1 << 5;
    let flags = dictionary.get(b"F").and_then(Object::as_i64).unwrap_or(0);
    let rect = dictionary.get(b"Rect").and_then(Object::as_array);
    let corners: Vec<f32> = rect
        .iter()
        .flat_map(|rect| rect.iter())
        .filter_map(|n| n.as_float().ok())
        .collect();
    let area = match corners[..] {
        [left, bottom, right, top] => (right - left) * (top - bottom),
        _ => 0.0,
    };
    flags & (HIDDEN | NO_VIEW) == 0 && area.abs() > 0.0
}
