//! Who refers to an object.

use std::collections::BTreeMap;

use lopdf::{Document, Object, ObjectId};

/// One reference: from which object (`None` for the trailer), under which of its top-level keys
/// (empty for an array).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub from: Option<ObjectId>,
    pub key: Vec<u8>,
}

/// The references to every object that `wanted` names.
pub(super) fn edges(
    doc: &Document,
    wanted: impl Fn(ObjectId) -> bool,
) -> BTreeMap<ObjectId, Vec<Edge>> {
    let mut found: BTreeMap<ObjectId, Vec<Edge>> = BTreeMap::new();
    let mut note = |from: Option<ObjectId>, key: &[u8], value: &Object| {
        each_reference(value, &mut |id| {
            if wanted(id) {
                let edge = Edge {
                    from,
                    key: key.to_vec(),
                };
                let edges = found.entry(id).or_default();
                if !edges.contains(&edge) {
                    edges.push(edge);
                }
            }
        });
    };
    for (key, value) in &doc.trailer {
        note(None, key, value);
    }
    for (&id, object) in &doc.objects {
        match object {
            Object::Dictionary(dictionary) => {
                dictionary
                    .iter()
                    .for_each(|(key, value)| note(Some(id), key, value));
            }
            Object::Stream(stream) => {
                stream
                    .dict
                    .iter()
                    .for_each(|(key, value)| note(Some(id), key, value));
            }
            other => note(Some(id), b"", other),
        }
    }
    found
}

/// Calls `tell` for each reference in an object.
pub(super) fn each_reference(object: &Object, tell: &mut impl FnMut(ObjectId)) {
    let mut stack = vec![object];
    while let Some(object) = stack.pop() {
        match object {
            Object::Reference(id) => tell(*id),
            Object::Array(items) => stack.extend(items),
            Object::Dictionary(dictionary) => stack.extend(dictionary.iter().map(|entry| entry.1)),
            Object::Stream(stream) => stack.extend(stream.dict.iter().map(|entry| entry.1)),
            _ => {}
        }
    }
}
