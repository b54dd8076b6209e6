//! One incremental update (ISO 32000-2 7.5.6): the base stays a byte prefix.

use std::{collections::BTreeMap, io::Write as _};

use lopdf::{Dictionary, Document, Object as Value, ObjectId, Writer, xref::XrefType};

use crate::{
    object::{Numbers, Object},
    reader, source, syntax,
};

/// Collects changed and new objects over a document that is only read.
pub(crate) struct Increment<'a> {
    base: &'a Document,
    changed: BTreeMap<ObjectId, Value>,
    written: Vec<Object>,
    pub(crate) numbers: Numbers,
}

impl<'a> Increment<'a> {
    pub(crate) fn new(base: &'a Document) -> Self {
        let first = reader::highest_number(base) + 1;
        Self {
            base,
            changed: BTreeMap::new(),
            written: Vec::new(),
            numbers: Numbers::starting_at(first),
        }
    }

    pub(crate) fn base(&self) -> &'a Document {
        self.base
    }

    /// The object as it will be after this update.
    pub(crate) fn get(&self, id: ObjectId) -> Option<&Value> {
        self.changed
            .get(&id)
            .or_else(|| self.base.get_object(id).ok())
    }

    /// The object for changing; it becomes part of the update.
    pub(crate) fn change(&mut self, id: ObjectId) -> Option<&mut Value> {
        if !self.changed.contains_key(&id) {
            let copy = self.base.get_object(id).ok()?.clone();
            self.changed.insert(id, copy);
        }
        self.changed.get_mut(&id)
    }

    /// The dictionary of an object for changing.
    pub(crate) fn change_dict(&mut self, id: ObjectId) -> Option<&mut Dictionary> {
        self.change(id)?.as_dict_mut().ok()
    }

    /// Adds a new object.
    pub(crate) fn add(&mut self, value: impl Into<Value>) -> ObjectId {
        let id = (self.numbers.take(), 0);
        self.changed.insert(id, value.into());
        id
    }

    /// Adds objects that are serialised already.
    pub(crate) fn write(&mut self, objects: impl IntoIterator<Item = Object>) {
        self.written.extend(objects);
    }

    /// Appends values to an array that an entry of a dictionary holds or refers to; makes the
    /// array when there is none.
    pub(crate) fn append(&mut self, owner: ObjectId, key: &str, values: Vec<Value>) -> Option<()> {
        let key_bytes = key.as_bytes();
        let entry = self
            .get(owner)?
            .as_dict()
            .ok()?
            .get(key_bytes)
            .ok()
            .cloned();
        if let Some(Value::Reference(id)) = entry
            && let Some(Value::Array(array)) = self.change(id)
        {
            array.extend(values);
            return Some(());
        }
        let mut array = match entry {
            Some(Value::Array(array)) => array,
            _ => Vec::new(),
        };
        array.extend(values);
        self.change_dict(owner)?.set(key, Value::Array(array));
        Some(())
    }

    /// The segment to append to the base's bytes, and the first object number free after it.
    pub(crate) fn finish(mut self, base_bytes: &[u8]) -> (Vec<u8>, u32) {
        let as_stream = matches!(
            self.base.reference_table.cross_reference_type,
            XrefType::CrossReferenceStream
        );
        let mut out = Vec::new();
        if base_bytes.last() != Some(&b'\n') {
            out.push(b'\n');
        }
        let mut offsets = BTreeMap::new();
        for ((number, generation), value) in &self.changed {
            offsets.insert(*number, (base_bytes.len() + out.len(), *generation));
            let body = self.body(base_bytes, (*number, *generation), value);
            frame(&mut out, *number, *generation, &body);
        }
        for object in &self.written {
            offsets.insert(
                object.number,
                (base_bytes.len() + out.len(), object.generation),
            );
            frame(&mut out, object.number, object.generation, &object.body);
        }
        let xref_at = base_bytes.len() + out.len();
        if as_stream {
            let number = self.numbers.take();
            offsets.insert(number, (xref_at, 0));
            let body = self.xref_stream(&offsets);
            frame(&mut out, number, 0, &body);
        } else {
            self.xref_table(&offsets, &mut out);
        }
        let _ = write!(out, "startxref\n{xref_at}\n%%EOF\n");
        (out, self.numbers.next())
    }

    fn body(&self, base_bytes: &[u8], id: ObjectId, value: &Value) -> Vec<u8> {
        let kept = match value {
            Value::Dictionary(dict) => source::rewritten(base_bytes, self.base, id, dict),
            _ => None,
        };
        kept.unwrap_or_else(|| {
            let mut body = Vec::new();
            Writer::write_object(&mut body, value).expect("writing to memory cannot fail");
            body
        })
    }

    /// The trailer entries that every section of the file repeats.
    fn trailer_entries(&self) -> Vec<u8> {
        let mut out = format!(
            "/Size {}/Prev {}",
            self.numbers.next(),
            self.base.xref_start
        )
        .into_bytes();
        for key in ["Root", "Info", "ID"] {
            if let Ok(value) = self.base.trailer.get(key.as_bytes()) {
                let _ = write!(out, "/{key} ");
                Writer::write_object(&mut out, value).expect("writing to memory cannot fail");
            }
        }
        out
    }

    fn xref_table(&self, offsets: &BTreeMap<u32, (usize, u16)>, out: &mut Vec<u8>) {
        out.extend_from_slice(b"xref\n");
        for run in runs(offsets) {
            let _ = writeln!(out, "{} {}", run[0], run.len());
            for number in run {
                let (offset, generation) = offsets[&number];
                let _ = write!(out, "{offset:010} {generation:05} n\r\n");
            }
        }
        out.extend_from_slice(b"trailer\n<<");
        out.extend(self.trailer_entries());
        out.extend_from_slice(b">>\n");
    }

    fn xref_stream(&self, offsets: &BTreeMap<u32, (usize, u16)>) -> Vec<u8> {
        let mut table = Vec::with_capacity(offsets.len() * 7);
        for (offset, generation) in offsets.values() {
            table.push(1);
            let offset = u32::try_from(*offset).expect("documents are bounded far below 4 GiB");
            table.extend_from_slice(&offset.to_be_bytes());
            table.extend_from_slice(&generation.to_be_bytes());
        }
        let index: Vec<String> = runs(offsets)
            .iter()
            .map(|run| format!("{} {}", run[0], run.len()))
            .collect();
        let mut head = format!("<</Type/XRef/W[1 4 2]/Index[{}]", index.join(" ")).into_bytes();
        head.extend(self.trailer_entries());
        let packed = syntax::deflate(&table);
        let _ = writeln!(head, "/Filter/FlateDecode/Length {}>>stream", packed.len());
        head.extend_from_slice(&packed);
        head.extend_from_slice(b"\nendstream");
        head
    }
}

/// Groups object numbers that follow each other.
fn runs(offsets: &BTreeMap<u32, (usize, u16)>) -> Vec<Vec<u32>> {
    let mut runs: Vec<Vec<u32>> = Vec::new();
    for number in offsets.keys() {
        match runs.last_mut() {
            Some(run) if run.last() == Some(&(number - 1)) => run.push(*number),
            _ => runs.push(vec![*number]),
        }
    }
    runs
}

fn frame(out: &mut Vec<u8>, number: u32, generation: u16, body: &[u8]) {
    let _ = writeln!(out, "{number} {generation} obj");
    out.extend_from_slice(body);
    out.extend_from_slice(b"\nendobj\n");
}
