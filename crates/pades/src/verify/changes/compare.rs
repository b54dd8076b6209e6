//! The objects that may change, and what in them may.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::{Change, Comparison, Edge, inserted, same};
use crate::verify::form::{self, Node, array, dictionary};

/// Keys that filling a field writes.
const FILLED_KEYS: [&[u8]; 8] = [b"V", b"AP", b"AS", b"M", b"I", b"RV", b"DA", b"F"];
/// Keys that decide how a field looks.
const LOOK_KEYS: [&[u8]; 3] = [b"AP", b"AS", b"DA"];
/// Annotation flags that may be set when a field is filled: `Print`, `ReadOnly`, `Locked`,
/// `LockedContents`. Never those that hide or reveal (ISO 32000-2 Table 167).
const HARMLESS_FLAGS: i64 = (1 << 2) | (1 << 6) | (1 << 7) | (1 << 9);
/// Field flag `ReadOnly`.
const READ_ONLY: i64 = 1;

impl<'a> Comparison<'a> {
    /// A field or widget.
    pub(super) fn field(&mut self, node: &Node<'a>, new: &'a Object) {
        let Ok(new) = new.as_dict() else {
            return self.refuse(format!("the field {} is no longer a field", node.name));
        };
        let changed = changed_keys(node.dictionary, new);
        let odd = changed
            .iter()
            .find(|key| !field_key(key, node.dictionary, new));
        if let Some(key) = odd {
            let key = String::from_utf8_lossy(key).into_owned();
            return self.refuse(format!("/{key} of the field {} was changed", node.name));
        }
        let after = self.new_nodes.get(&node.id).cloned();
        let Some(after) = after.filter(|after| after.kind == node.kind) else {
            return self.refuse(format!("the field {} is no longer in the form", node.name));
        };
        if node.is_signature() {
            self.signature_field(node, &after);
        } else {
            self.filled(node, &after, &changed);
        }
    }

    fn signature_field(&mut self, before: &Node<'a>, after: &Node<'a>) {
        let field = before.name.clone();
        if before.value.is_some_and(|value| !value.is_null()) {
            return self.refuse(format!("the signed field {field} was changed"));
        }
        match self.signature_type(after) {
            Some(b"DocTimeStamp") => self.changes.push(Change::TimestampAdded { field }),
            Some(_) => self.changes.push(Change::Signed { field }),
            None => self.refuse(format!(
                "the signature field {field} was changed without signing"
            )),
        }
    }

    fn filled(&mut self, before: &Node<'a>, after: &Node<'a>, changed: &[&[u8]]) {
        let field = before.name.clone();
        let old = resolved(self.old, before.value);
        let new = resolved(self.new.doc, after.value);
        let value_changed = old != new;
        let look_changed = changed.iter().any(|key| LOOK_KEYS.contains(key));
        if !value_changed && look_changed && !self.was_blank(before) {
            return self.refuse(format!("the look of the field {field} was replaced"));
        }
        let overwrote = value_changed && old.is_some_and(holds_something);
        self.changes.push(Change::FieldFilled { field, overwrote });
    }

    /// Whether the field showed nothing before, so that a look without a value (initials, a stamp)
    /// fills a reserved place instead of replacing something.
    fn was_blank(&self, node: &Node<'a>) -> bool {
        let Ok(look) = node.dictionary.get(b"AP") else {
            return true;
        };
        let normal = dictionary(self.old, look).and_then(|look| look.get(b"N").ok());
        let Some(Ok((_, normal))) = normal.map(|normal| self.old.dereference(normal)) else {
            return true;
        };
        match normal {
            Object::Stream(stream) => stream.content.iter().all(u8::is_ascii_whitespace),
            _ => false,
        }
    }

    /// A page: only its list of annotations may grow, by new signature fields.
    pub(super) fn page(&mut self, id: ObjectId, old: &'a Object, new: &'a Object) {
        let (Ok(old), Ok(new)) = (old.as_dict(), new.as_dict()) else {
            return self.refuse(format!("page object {} is no longer a page", id.0));
        };
        for key in changed_keys(old, new) {
            if key == b"Annots" {
                let before = old
                    .get(b"Annots")
                    .ok()
                    .and_then(|list| array(self.old, list));
                let after = new
                    .get(b"Annots")
                    .ok()
                    .and_then(|list| array(self.new.doc, list));
                self.annotations(before.unwrap_or_default(), after.unwrap_or_default());
            } else {
                let key = String::from_utf8_lossy(key).into_owned();
                self.refuse(format!("/{key} of page object {} was changed", id.0));
            }
        }
    }

    fn annotations(&mut self, old: &[Object], new: &[Object]) {
        let known = |object: &&Object| {
            object
                .as_reference()
                .is_ok_and(|id| self.new_fields.contains(&id))
        };
        match inserted(old, new) {
            None => self.refuse("an annotation was removed"),
            Some(added) if added.iter().all(known) => {}
            Some(_) => self.refuse("an annotation was added"),
        }
    }

    pub(super) fn catalog(&mut self, old: &'a Object, new: &'a Object) {
        let (Ok(old), Ok(new)) = (old.as_dict(), new.as_dict()) else {
            return self.refuse("the catalog is no longer a dictionary");
        };
        for key in changed_keys(old, new) {
            match key {
                b"AcroForm" => self.forms(),
                b"DSS" => self.changes.push(Change::ValidationMaterial),
                b"Metadata" => self.changes.push(Change::Metadata),
                // They say what readers must understand, not what they show.
                b"Extensions" | b"Version" => {}
                other => {
                    let key = String::from_utf8_lossy(other).into_owned();
                    self.refuse(format!("/{key} of the catalog was changed"));
                }
            }
        }
    }

    /// The two form dictionaries; their fields are compared elsewhere.
    fn forms(&mut self) {
        let empty = Dictionary::new();
        let old = form::form(self.old).unwrap_or(&empty);
        let Some(new) = form::form(self.new.doc) else {
            return self.refuse("the form was removed");
        };
        for key in changed_keys(old, new) {
            let harmless = match key {
                b"Fields" | b"SigFlags" => true,
                b"NeedAppearances" => !new.has(b"NeedAppearances"),
                b"DR" => self.only_grew(old.get(b"DR").ok(), new.get(b"DR").ok(), 3),
                _ => false,
            };
            if !harmless {
                let key = String::from_utf8_lossy(key).into_owned();
                self.refuse(format!("/{key} of the form was changed"));
            }
        }
    }

    /// Whether a resource dictionary only got new entries.
    fn only_grew(&self, old: Option<&Object>, new: Option<&Object>, depth: usize) -> bool {
        let Some(old) = old else { return true };
        let Some(new) = new else { return false };
        if old == new {
            return true;
        }
        let (Some(old), Some(new)) = (dictionary(self.old, old), dictionary(self.new.doc, new))
        else {
            return false;
        };
        depth > 0
            && old
                .iter()
                .all(|(key, value)| self.only_grew(Some(value), new.get(key).ok(), depth - 1))
    }

    /// An altered object that is neither field, page nor catalog.
    pub(super) fn role(&mut self, id: ObjectId, old: &'a Object, new: &'a Object, edges: &[Edge]) {
        let root = self
            .old
            .trailer
            .get(b"Root")
            .and_then(Object::as_reference)
            .ok();
        let form = self.form_id();
        let from_root = |edge: &Edge, key: &[u8]| edge.from == root && edge.key == key;
        let all = |test: &dyn Fn(&Edge) -> bool| edges.iter().all(test);
        if all(&|edge| edge.from.is_none() && edge.key == b"Info")
            || all(&|edge| from_root(edge, b"Metadata"))
        {
            self.changes.push(Change::Metadata);
        } else if self.is_validation_material(edges, root) && !matches!(old, Object::Stream(_)) {
            self.changes.push(Change::ValidationMaterial);
        } else if Some(id) == form && all(&|edge| from_root(edge, b"AcroForm")) {
            self.forms();
        } else if self.is_fields_array(id)
            && all(&|edge| {
                from_root(edge, b"AcroForm") || (edge.from == form && edge.key == b"Fields")
            })
        {
            // Compared by `fields`.
        } else if all(&|edge| {
            edge.from.is_some_and(|from| self.pages.contains(&from)) && edge.key == b"Annots"
        }) {
            match (old.as_array(), new.as_array()) {
                (Ok(old), Ok(new)) => self.annotations(old, new),
                _ => self.refuse("a list of annotations was replaced"),
            }
        } else if all(&|edge| edge.from == form && edge.key == b"DR") {
            if !self.only_grew(Some(old), Some(new), 2) {
                self.refuse("/DR of the form was changed");
            }
        } else {
            self.part_of_field(id, new, edges);
        }
    }

    fn form_id(&self) -> Option<ObjectId> {
        self.old
            .catalog()
            .ok()?
            .get(b"AcroForm")
            .ok()?
            .as_reference()
            .ok()
    }

    fn is_fields_array(&self, id: ObjectId) -> bool {
        form::form(self.old)
            .and_then(|form| form.get(b"Fields").ok()?.as_reference().ok())
            .is_some_and(|fields| fields == id)
    }

    /// The DSS, or one of its lists. Only these keys count, since an object may be prepared to be
    /// part of the DSS and of a page at once.
    fn is_validation_material(&self, edges: &[Edge], root: Option<ObjectId>) -> bool {
        const LISTS: [&[u8]; 4] = [b"Certs", b"CRLs", b"OCSPs", b"VRI"];
        let dss = self
            .old
            .catalog()
            .ok()
            .and_then(|catalog| catalog.get(b"DSS").ok());
        let dss = dss.and_then(|dss| dss.as_reference().ok());
        edges.iter().all(|edge| {
            (edge.from == root && edge.key == b"DSS")
                || (dss.is_some() && edge.from == dss && LISTS.contains(&edge.key.as_slice()))
        })
    }

    /// The value or the look of a field, as an object of its own.
    fn part_of_field(&mut self, id: ObjectId, new: &'a Object, edges: &[Edge]) {
        let owners: Vec<Option<Node<'a>>> = edges
            .iter()
            .map(|edge| {
                let part = edge.key == b"V" || edge.key == b"AP";
                edge.from
                    .filter(|_| part)
                    .and_then(|from| self.old_nodes.get(&from).cloned())
            })
            .collect();
        let kind = new.type_name().map_or_else(
            |_| new.enum_variant().to_owned(),
            |name| String::from_utf8_lossy(name).into_owned(),
        );
        for owner in owners {
            match owner {
                Some(node) if !node.is_signature() => self.part_filled(&node),
                Some(node) => self.refuse(format!("the signature in {} was changed", node.name)),
                None => self.refuse(format!("object {} ({kind}) was changed", id.0)),
            }
        }
    }

    fn part_filled(&mut self, node: &Node<'a>) {
        match self.new_nodes.get(&node.id).cloned() {
            Some(after) => self.filled(node, &after, &[b"AP"]),
            None => self.refuse(format!("the field {} is no longer in the form", node.name)),
        }
    }
}

/// Whether filling a field may change this key as it did.
fn field_key(key: &[u8], old: &Dictionary, new: &Dictionary) -> bool {
    match key {
        b"F" => bits(old, new, b"F") & !HARMLESS_FLAGS == 0,
        b"Ff" => bits(old, new, b"Ff") == READ_ONLY,
        _ => FILLED_KEYS.contains(&key),
    }
}

fn changed_keys<'d>(old: &'d Dictionary, new: &'d Dictionary) -> Vec<&'d [u8]> {
    let kept = old
        .iter()
        .filter(|(key, value)| new.get(key).map_or(true, |after| !same(value, after)));
    let fresh = new.iter().filter(|(key, _)| !old.has(key));
    kept.chain(fresh).map(|(key, _)| key.as_slice()).collect()
}

fn bits(old: &Dictionary, new: &Dictionary, key: &[u8]) -> i64 {
    let flags = |from: &Dictionary| from.get(key).and_then(Object::as_i64).unwrap_or(0);
    flags(old) ^ flags(new)
}

fn resolved<'d>(doc: &'d Document, value: Option<&'d Object>) -> Option<&'d Object> {
    let value = doc.dereference(value?).ok()?.1;
    (!value.is_null()).then_some(value)
}

/// Whether a value says something: not empty text, not `/Off`.
fn holds_something(value: &Object) -> bool {
    match value {
        Object::String(text, _) => !text.is_empty(),
        Object::Name(name) => name != b"Off" && !name.is_empty(),
        Object::Array(items) => !items.is_empty(),
        _ => true,
    }
}
