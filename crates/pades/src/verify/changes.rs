//! What a later revision changed, and whether a signed document allows it.
//!
//! Everything is forbidden that is not recognised. Two revisions are compared object by object; an
//! object that changed must have one of the few roles that may change (a field being filled, the
//! list of fields, validation material …), and it may be referred to from nowhere else, because an
//! object can be prepared to play two roles at once.

mod compare;
mod references;

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Document, Object, ObjectId};

use self::references::{Edge, edges};
use super::{
    Change, Problem,
    form::{self, Node},
    raw::unambiguous,
};
use crate::dictionary::{Lock, Permission};

/// What the signatures so far allow.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    pub permission: Option<Permission>,
    pub locks: Vec<Lock>,
}

impl Rules {
    fn locked(&self, field: &str) -> bool {
        let named = |fields: &Vec<String>| {
            fields.iter().any(|name| {
                field == name
                    || field
                        .strip_prefix(name.as_str())
                        .is_some_and(|rest| rest.starts_with('.'))
            })
        };
        self.locks.iter().any(|lock| match lock {
            Lock::All => true,
            Lock::Include(fields) => named(fields),
            Lock::Exclude(fields) => !named(fields),
        })
    }

    /// Turns what these rules do not allow into a refusal.
    fn apply(&self, change: Change) -> Change {
        let refused = |reason: String| Change::NotPermitted { reason };
        match (&change, self.permission) {
            (Change::FieldFilled { field, .. }, _) if self.locked(field) => {
                refused(format!("the field {field} was locked by a signature"))
            }
            (
                Change::FieldFilled { field, .. }
                | Change::Signed { field }
                | Change::SignatureFieldAdded { field, .. },
                Some(Permission::Nothing),
            ) => refused(format!(
                "the field {field} changed although nothing may change"
            )),
            (
                Change::SignatureFieldAdded {
                    field,
                    visible: true,
                },
                Some(_),
            ) => refused(format!(
                "the visible field {field} was added to a certified document"
            )),
            _ => change,
        }
    }
}

/// One state of the file.
#[derive(Clone, Copy)]
pub(crate) struct State<'a> {
    pub doc: &'a Document,
    pub pdf: &'a [u8],
}

/// The changes from `old` to `new`, which starts with the bytes of `old`.
pub(crate) fn between(
    old: State<'_>,
    new: State<'_>,
    rules: &Rules,
) -> Result<Vec<Change>, Problem> {
    let altered: BTreeSet<ObjectId> = altered(old.doc, new.doc);
    let added: BTreeSet<ObjectId> = new
        .doc
        .objects
        .keys()
        .filter(|id| !old.doc.objects.contains_key(id))
        .copied()
        .collect();
    let edges = edges(old.doc, |id| altered.contains(&id) || added.contains(&id));
    let mut comparison = Comparison {
        old: old.doc,
        new,
        old_nodes: by_id(old.doc)?,
        new_nodes: by_id(new.doc)?,
        pages: old.doc.page_iter().collect(),
        added,
        edges,
        new_fields: BTreeSet::new(),
        changes: Vec::new(),
    };
    comparison.trailer();
    comparison.defined_later();
    comparison.fields();
    for &id in &altered {
        comparison.object(id);
    }
    let mut changes: Vec<Change> = Vec::new();
    for change in comparison.changes {
        let change = rules.apply(change);
        if !changes.contains(&change) {
            changes.push(change);
        }
    }
    Ok(changes)
}

fn by_id(doc: &Document) -> Result<BTreeMap<ObjectId, Node<'_>>, Problem> {
    Ok(form::nodes(doc)?
        .into_iter()
        .map(|node| (node.id, node))
        .collect())
}

/// Objects that are different or gone.
fn altered(old: &Document, new: &Document) -> BTreeSet<ObjectId> {
    old.objects
        .iter()
        .filter(|(id, before)| new.objects.get(id).is_none_or(|after| !same(before, after)))
        .map(|(&id, _)| id)
        .collect()
}

/// Equal in meaning: where a stream stands in the file does not matter.
fn same(before: &Object, after: &Object) -> bool {
    match (before, after) {
        (Object::Stream(before), Object::Stream(after)) => {
            before.dict == after.dict && before.content == after.content
        }
        _ => before == after,
    }
}

struct Comparison<'a> {
    old: &'a Document,
    new: State<'a>,
    old_nodes: BTreeMap<ObjectId, Node<'a>>,
    new_nodes: BTreeMap<ObjectId, Node<'a>>,
    pages: BTreeSet<ObjectId>,
    added: BTreeSet<ObjectId>,
    /// Who referred to the altered and added objects, in the old state.
    edges: BTreeMap<ObjectId, Vec<Edge>>,
    /// Signature fields that are new.
    new_fields: BTreeSet<ObjectId>,
    changes: Vec<Change>,
}

impl<'a> Comparison<'a> {
    fn refuse(&mut self, reason: impl Into<String>) {
        self.changes.push(Change::NotPermitted {
            reason: reason.into(),
        });
    }

    fn trailer(&mut self) {
        let entry = |doc: &'a Document, key| doc.trailer.get(key).ok();
        if entry(self.old, b"Root") != entry(self.new.doc, b"Root") {
            self.refuse("the document got another catalog");
        }
        if self.new.doc.trailer.has(b"Encrypt") || self.new.doc.was_encrypted() {
            self.refuse("the document was encrypted");
        }
        if entry(self.old, b"Info") != entry(self.new.doc, b"Info") {
            self.changes.push(Change::Metadata);
        }
    }

    /// An object that was referred to before it existed has been waiting for its content.
    fn defined_later(&mut self) {
        let waiting: Vec<u32> = self
            .added
            .iter()
            .filter(|id| self.edges.contains_key(id))
            .map(|id| id.0)
            .collect();
        for number in waiting {
            self.refuse(format!(
                "object {number} was referred to before it was there"
            ));
        }
    }

    /// Compares the lists of fields; new ones must be signature fields.
    fn fields(&mut self) {
        let (old, new) = (form::roots(self.old), form::roots(self.new.doc));
        let Some(added) = inserted(old, new) else {
            self.refuse("a form field was removed or moved");
            return;
        };
        for object in added {
            match object.as_reference() {
                Ok(id) => self.new_field(id),
                Err(_) => self.refuse("a form field was added"),
            }
        }
    }

    fn new_field(&mut self, id: ObjectId) {
        let Some(node) = self.new_nodes.get(&id).cloned() else {
            return self.refuse("an unreadable form field was added");
        };
        let plain = ["Kids", "Parent", "A", "AA", "Popup"]
            .iter()
            .all(|key| !node.dictionary.has(key.as_bytes()));
        if !self.added.contains(&id) || !node.is_signature() || !plain {
            return self.refuse(format!("the form field {} was added", node.name));
        }
        if !unambiguous(self.new.pdf, self.new.doc, id) {
            return self.refuse(format!("the form field {} is ambiguous", node.name));
        }
        self.new_fields.insert(id);
        let visible = form::visible(node.dictionary);
        match self.signature_type(&node) {
            Some(b"DocTimeStamp") if !visible => {
                self.changes
                    .push(Change::TimestampAdded { field: node.name });
            }
            Some(_) => {
                let field = node.name;
                self.changes.push(Change::SignatureFieldAdded {
                    field: field.clone(),
                    visible,
                });
                self.changes.push(Change::Signed { field });
            }
            None if node.value.is_none() => {
                self.changes.push(Change::SignatureFieldAdded {
                    field: node.name,
                    visible,
                });
            }
            None => self.refuse(format!("the value of {} is no signature", node.name)),
        }
    }

    /// `/Type` of the signature a field holds in the new state, when that is a new object.
    fn signature_type(&self, node: &Node<'a>) -> Option<&'a [u8]> {
        let id = node.value?.as_reference().ok()?;
        if !self.added.contains(&id) {
            return None;
        }
        let signature = self.new.doc.get_object(id).ok()?.as_dict().ok()?;
        // /Type is optional for signatures (ISO 32000-2 Table 255).
        let kind = signature
            .get(b"Type")
            .and_then(Object::as_name)
            .unwrap_or(b"Sig");
        matches!(kind, b"Sig" | b"DocTimeStamp").then_some(kind)
    }

    /// Finds the role of an altered object and compares accordingly.
    fn object(&mut self, id: ObjectId) {
        let old = &self.old.objects[&id];
        let Some(new) = self.new.doc.objects.get(&id) else {
            return self.refuse(format!("object {} was removed", id.0));
        };
        let edges = self.edges.get(&id).cloned().unwrap_or_default();
        if edges.is_empty() && !self.old_nodes.contains_key(&id) {
            // Nothing led to it, and nothing permitted can lead to it now.
            return;
        }
        if !unambiguous(self.new.pdf, self.new.doc, id) {
            return self.refuse(format!("object {} is ambiguous", id.0));
        }
        if let Some(node) = self.old_nodes.get(&id).cloned() {
            return self.field(&node, new);
        }
        if self.pages.contains(&id) {
            return self.page(id, old, new);
        }
        if self.is_root(id) {
            return self.catalog(old, new);
        }
        self.role(id, old, new, &edges);
    }

    fn is_root(&self, id: ObjectId) -> bool {
        self.old
            .trailer
            .get(b"Root")
            .and_then(Object::as_reference)
            .is_ok_and(|root| root == id)
    }
}

/// The items of `new` that are not in `old`, when `old` is still there in its order.
fn inserted<'a>(old: &[Object], new: &'a [Object]) -> Option<Vec<&'a Object>> {
    let mut rest = old.iter().peekable();
    let mut added = Vec::new();
    for item in new {
        if rest.peek().is_some_and(|expected| *expected == item) {
            rest.next();
        } else {
            added.push(item);
        }
    }
    rest.peek().is_none().then_some(added)
}
