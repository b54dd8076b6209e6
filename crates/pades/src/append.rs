//! Incremental updates (ISO 32000-2 §7.5.6): objects, a cross-reference section of the same form as
//! the last one, and a trailer that points back.

use std::{collections::BTreeMap, fmt::Write as _, io::Write as _};

use crate::{
    object::Object,
    tail::{Tail, XrefKind},
};

/// Largest offset that a ten-digit field holds.
const MAX_OFFSET: u64 = 9_999_999_999;

/// What one revision appends, and the tail after it.
#[derive(Clone, Debug)]
pub struct Segment {
    /// The appended bytes. The revision is the file so far followed by them.
    pub bytes: Vec<u8>,
    /// The tail of the file including this segment.
    pub tail: Tail,
    /// SHA-256 of the whole file including this segment.
    pub sha256: [u8; 32],
    /// What the signature of this segment covers; `None` for a plain update.
    pub signature: Option<SignedRange>,
}

/// Where a signature stands and what it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRange {
    /// `/ByteRange`: offset and length twice, in bytes of the whole file.
    pub byte_range: [u64; 4],
    /// The DER in `/Contents`: a CMS signature or a timestamp token.
    pub contents: Vec<u8>,
    /// The digest of the byte range (SHA-256, or SHA-384 for P-384 keys).
    pub digest: Vec<u8>,
}

/// Why an update cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Object number 0 is reserved.
    #[error("object number 0 cannot be written")]
    NumberZero,
    /// Two objects of the same number.
    #[error("object {0} is given twice")]
    Duplicate(u32),
    /// No object at all.
    #[error("an update needs at least one object")]
    Empty,
    /// The file would be larger than a cross-reference table can address.
    #[error("the file would be larger than 9,999,999,999 bytes")]
    TooLarge,
    /// No number is left for the cross-reference stream.
    #[error("no object number is left")]
    NoNumberLeft,
}

/// Appends `objects` as one unsigned incremental update.
///
/// # Errors
/// See [`AppendError`].
pub fn append(tail: &Tail, objects: &[Object]) -> Result<Segment, AppendError> {
    let update = write_update(tail, objects)?;
    Ok(finish(tail, update))
}

/// An update whose bytes are complete but not yet hashed.
pub(crate) struct Update {
    pub bytes: Vec<u8>,
    pub xref_offset: u64,
    pub next_object: u32,
    /// Where the body of each object starts in `bytes`.
    pub bodies: BTreeMap<u32, usize>,
}

pub(crate) fn finish(tail: &Tail, update: Update) -> Segment {
    let sha256 = tail.sha256.after(&update.bytes);
    let next = Tail {
        length: tail.length + update.bytes.len() as u64,
        sha384: tail.sha384.as_ref().map(|state| state.after(&update.bytes)),
        xref_offset: update.xref_offset,
        next_object: update.next_object,
        ends_with_eol: true,
        // A file without an identifier gets one with its first update.
        id: Some(tail.id.clone().unwrap_or_else(|| second_id(tail))),
        sha256,
        ..tail.clone()
    };
    Segment {
        sha256: next.digest(),
        bytes: update.bytes,
        tail: next,
        signature: None,
    }
}

pub(crate) fn write_update(tail: &Tail, objects: &[Object]) -> Result<Update, AppendError> {
    check(objects)?;
    let size = objects
        .iter()
        .map(|object| object.body.len() + 64)
        .sum::<usize>()
        + 1024;
    let mut writer = Writer {
        base: tail.length,
        bytes: Vec::with_capacity(size),
        entries: BTreeMap::new(),
        bodies: BTreeMap::new(),
    };
    if !tail.ends_with_eol {
        writer.bytes.push(b'\n');
    }
    for object in objects {
        writer.object(object);
    }
    let highest = objects
        .iter()
        .map(|object| object.number)
        .max()
        .unwrap_or(0);
    let next = highest
        .checked_add(1)
        .ok_or(AppendError::NoNumberLeft)?
        .max(tail.next_object);
    writer.xref(tail, next)
}

fn check(objects: &[Object]) -> Result<(), AppendError> {
    if objects.is_empty() {
        return Err(AppendError::Empty);
    }
    let mut numbers: Vec<u32> = objects.iter().map(|object| object.number).collect();
    numbers.sort_unstable();
    if numbers[0] == 0 {
        return Err(AppendError::NumberZero);
    }
    match numbers.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(AppendError::Duplicate(pair[0])),
        None => Ok(()),
    }
}

struct Writer {
    base: u64,
    bytes: Vec<u8>,
    entries: BTreeMap<u32, (u64, u16)>,
    bodies: BTreeMap<u32, usize>,
}

impl Writer {
    fn position(&self) -> u64 {
        self.base + self.bytes.len() as u64
    }

    fn print(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a Vec cannot fail.
        let _ = self.bytes.write_fmt(text);
    }

    fn object(&mut self, object: &Object) {
        self.entries
            .insert(object.number, (self.position(), object.generation));
        self.print(format_args!(
            "{} {} obj\n",
            object.number, object.generation
        ));
        self.bodies.insert(object.number, self.bytes.len());
        self.bytes.extend_from_slice(&object.body);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    fn xref(mut self, tail: &Tail, next: u32) -> Result<Update, AppendError> {
        let xref_offset = self.position();
        if xref_offset > MAX_OFFSET - 1024 * 1024 {
            return Err(AppendError::TooLarge);
        }
        let next_object = match tail.xref {
            XrefKind::Table => {
                self.table(tail, next);
                next
            }
            XrefKind::Stream => {
                let after = next.checked_add(1).ok_or(AppendError::NoNumberLeft)?;
                self.stream(tail, next, after);
                after
            }
        };
        self.print(format_args!("startxref\n{xref_offset}\n%%EOF\n"));
        Ok(Update {
            bytes: self.bytes,
            xref_offset,
            next_object,
            bodies: self.bodies,
        })
    }

    fn table(&mut self, tail: &Tail, size: u32) {
        self.bytes.extend_from_slice(b"xref\n");
        for section in sections(&self.entries) {
            self.print(format_args!("{} {}\n", section[0].0, section.len()));
            for (_, (offset, generation)) in section {
                self.print(format_args!("{offset:010} {generation:05} n\r\n"));
            }
        }
        self.bytes.extend_from_slice(b"trailer\n<<");
        self.trailer_entries(tail, size);
        self.bytes.extend_from_slice(b" >>\n");
    }

    fn stream(&mut self, tail: &Tail, number: u32, size: u32) {
        self.entries.insert(number, (self.position(), 0));
        // Five bytes hold every offset up to MAX_OFFSET.
        let mut index = String::new();
        let mut data = Vec::with_capacity(self.entries.len() * 8);
        for section in sections(&self.entries) {
            let _ = write!(index, " {} {}", section[0].0, section.len());
            for (_, (offset, generation)) in section {
                data.push(1);
                data.extend_from_slice(&offset.to_be_bytes()[3..]);
                data.extend_from_slice(&generation.to_be_bytes());
            }
        }
        self.print(format_args!(
            "{number} 0 obj\n<< /Type /XRef /W [1 5 2] /Index [{} ] /Length {}",
            index,
            data.len()
        ));
        self.trailer_entries(tail, size);
        self.bytes.extend_from_slice(b" >>\nstream\n");
        self.bytes.extend_from_slice(&data);
        self.bytes.extend_from_slice(b"\nendstream\nendobj\n");
    }

    fn trailer_entries(&mut self, tail: &Tail, size: u32) {
        let root = tail.root;
        self.print(format_args!(
            " /Size {size} /Root {} {} R /Prev {}",
            root.number, root.generation, tail.xref_offset
        ));
        if let Some(info) = tail.info {
            self.print(format_args!(" /Info {} {} R", info.number, info.generation));
        }
        // ISO 32000-2 §14.4: the first part stays, the second changes with every update.
        let second = second_id(tail);
        let first = tail.id.as_deref().unwrap_or(&second);
        self.print(format_args!(" /ID [<{first}><{second}>]"));
    }
}

fn second_id(tail: &Tail) -> String {
    hex::encode(&tail.digest()[..16])
}

type Entry = (u32, (u64, u16));

/// Runs of consecutive object numbers.
fn sections(entries: &BTreeMap<u32, (u64, u16)>) -> Vec<Vec<Entry>> {
    let mut sections: Vec<Vec<Entry>> = Vec::new();
    for (&number, &entry) in entries {
        match sections.last_mut() {
            Some(run) if run.last().is_some_and(|last| last.0 + 1 == number) => {
                run.push((number, entry));
            }
            _ => sections.push(vec![(number, entry)]),
        }
    }
    sections
}
