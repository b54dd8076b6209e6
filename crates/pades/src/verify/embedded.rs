//! Signature dictionaries as they stand in the file.

use std::{collections::BTreeSet, ops::Range};

use lopdf::{Dictionary, Document, Object, ObjectId, xref::XrefEntry};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::{
    Problem,
    form::{self, Node},
};
use crate::{
    dictionary::{Kind, Lock, Permission},
    syntax::{dictionary, indirect, integers},
};

/// Signatures in one file.
const MAX_SIGNATURES: usize = 256;

/// A signature dictionary that a field holds.
pub(crate) struct Embedded<'a> {
    pub field: String,
    pub id: ObjectId,
    pub dictionary: &'a Dictionary,
    pub kind: Kind,
    pub sub_filter: String,
    pub byte_range: [u64; 4],
    /// The value of `/Contents`, decoded from the gap in the byte range.
    pub contents: Result<Vec<u8>, Problem>,
}

/// The signatures of the form's fields.
pub(crate) fn signatures<'a>(
    pdf: &[u8],
    doc: &'a Document,
    nodes: &[Node<'a>],
) -> Result<Vec<Embedded<'a>>, Problem> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for node in nodes.iter().filter(|node| node.is_signature()) {
        let Some(value) = node.value.filter(|value| !value.is_null()) else {
            continue;
        };
        let id = value.as_reference().map_err(|_| {
            Problem::ByteRange(format!(
                "the signature of {} is no object of its own",
                node.name
            ))
        })?;
        if !seen.insert(id) {
            continue;
        }
        if found.len() == MAX_SIGNATURES {
            return Err(Problem::TooMuch("signatures".to_owned()));
        }
        let dictionary = doc.get_object(id).and_then(Object::as_dict).map_err(|_| {
            Problem::ByteRange(format!("the signature of {} is not there", node.name))
        })?;
        found.push(embedded(pdf, doc, node, id, dictionary));
    }
    Ok(found)
}

/// Signature fields without a signature.
pub(crate) fn unsigned(nodes: &[Node<'_>]) -> Vec<String> {
    nodes
        .iter()
        .filter(|node| node.is_signature() && node.value.is_none_or(Object::is_null))
        .map(|node| node.name.clone())
        .collect()
}

/// Signature dictionaries that no field shows. Usage rights (`/Perms /UR3`) are not signatures of
/// the content and are left out.
pub(crate) fn orphans(doc: &Document, known: &[Embedded<'_>]) -> Vec<u32> {
    let rights: Vec<ObjectId> = doc
        .catalog()
        .ok()
        .and_then(|catalog| form::dictionary(doc, catalog.get(b"Perms").ok()?))
        .into_iter()
        .flat_map(|perms| [perms.get(b"UR3"), perms.get(b"UR")])
        .filter_map(|right| right.ok()?.as_reference().ok())
        .collect();
    doc.objects
        .iter()
        .filter(|(id, object)| {
            object
                .as_dict()
                .is_ok_and(|dictionary| dictionary.has(b"ByteRange") && dictionary.has(b"Contents"))
                && !rights.contains(id)
                && !known.iter().any(|signature| signature.id == **id)
        })
        .map(|(id, _)| id.0)
        .collect()
}

fn embedded<'a>(
    pdf: &[u8],
    doc: &'a Document,
    node: &Node<'a>,
    id: ObjectId,
    dictionary: &'a Dictionary,
) -> Embedded<'a> {
    let name = |key: &[u8]| {
        dictionary
            .get(key)
            .and_then(Object::as_name)
            .unwrap_or_default()
    };
    let kind = if name(b"Type") == b"DocTimeStamp" {
        Kind::DocTimestamp
    } else {
        Kind::Signature
    };
    let read = gap(pdf, doc, id);
    let byte_range = read.as_ref().map_or([0; 4], |(range, _)| *range);
    Embedded {
        field: node.name.clone(),
        id,
        dictionary,
        kind,
        sub_filter: String::from_utf8_lossy(name(b"SubFilter")).into_owned(),
        byte_range,
        contents: read.and_then(|(range, gap)| contents(pdf, range, &gap)),
    }
}

/// `/ByteRange` and the place of `/Contents`, from the raw bytes.
fn gap(pdf: &[u8], doc: &Document, id: ObjectId) -> Result<([u64; 4], Range<usize>), Problem> {
    let wrong = |what: &str| Problem::ByteRange(what.to_owned());
    let Some(XrefEntry::Normal { offset, .. }) = doc.reference_table.get(id.0) else {
        return Err(wrong("the signature stands in a compressed stream"));
    };
    let (_, _, body) = indirect(pdf, *offset as usize)
        .filter(|(number, generation, _)| (*number, *generation) == id)
        .ok_or_else(|| wrong("the signature is not where the file says"))?;
    let raw = dictionary(pdf, body).ok_or_else(|| wrong("the signature cannot be read"))?;
    let range = raw
        .only(b"ByteRange")
        .ok_or_else(|| wrong("/ByteRange is not there once"))?;
    let place = raw
        .only(b"Contents")
        .ok_or_else(|| wrong("/Contents is not there once"))?;
    let numbers = integers(pdf, range)
        .try_into()
        .map_err(|_| wrong("/ByteRange does not have four numbers"))?;
    Ok((numbers, place))
}

fn contents(pdf: &[u8], range: [u64; 4], gap: &Range<usize>) -> Result<Vec<u8>, Problem> {
    let wrong = |what: &str| Problem::ByteRange(what.to_owned());
    let [start, first, second, rest] = range;
    if start != 0 {
        return Err(wrong("it does not start at the first byte"));
    }
    if (first, second) != (gap.start as u64, gap.end as u64) {
        return Err(wrong(
            "it leaves out something else than the signature value",
        ));
    }
    if second
        .checked_add(rest)
        .is_none_or(|end| end > pdf.len() as u64)
    {
        return Err(wrong("it reaches beyond the file"));
    }
    let digits = pdf[gap.clone()]
        .strip_prefix(b"<")
        .and_then(|digits| digits.strip_suffix(b">"))
        .ok_or_else(|| wrong("the signature value is not a hexadecimal string"))?;
    // Not only decodable: one way to write it, so that no byte of the gap can change unnoticed.
    let lower = digits.iter().any(u8::is_ascii_lowercase);
    if lower && digits.iter().any(u8::is_ascii_uppercase) {
        return Err(wrong("the signature value mixes upper and lower case"));
    }
    hex::decode(digits).map_err(|_| wrong("the signature value is not plain hexadecimal"))
}

impl Embedded<'_> {
    /// A text entry, as claimed.
    pub fn text(&self, key: &[u8]) -> Option<String> {
        self.dictionary.get(key).ok().and_then(form::text)
    }

    /// `/M`.
    pub fn claimed_time(&self) -> Option<OffsetDateTime> {
        date(&self.text(b"M")?)
    }

    /// The permission of a DocMDP reference and the lock of a FieldMDP reference.
    pub fn restrictions(&self, doc: &Document) -> (Option<Permission>, Option<Lock>) {
        let references = self.dictionary.get(b"Reference").ok();
        let references = references
            .and_then(|list| form::array(doc, list))
            .unwrap_or_default();
        let (mut permission, mut lock) = (None, None);
        for reference in references.iter().take(16) {
            let Some(reference) = form::dictionary(doc, reference) else {
                continue;
            };
            let parameters = reference.get(b"TransformParams").ok();
            let parameters = parameters.and_then(|object| form::dictionary(doc, object));
            match reference.get(b"TransformMethod").and_then(Object::as_name) {
                Ok(b"DocMDP") => permission = Some(doc_mdp(parameters)),
                Ok(b"FieldMDP") => lock = parameters.and_then(|found| field_mdp(doc, found)),
                _ => {}
            }
        }
        (permission, lock)
    }
}

/// ISO 32000-2 Table 257: the default is 2.
fn doc_mdp(parameters: Option<&Dictionary>) -> Permission {
    match parameters.and_then(|found| found.get(b"P").ok()?.as_i64().ok()) {
        Some(1) => Permission::Nothing,
        Some(3) => Permission::Annotate,
        _ => Permission::FillAndSign,
    }
}

fn field_mdp(doc: &Document, parameters: &Dictionary) -> Option<Lock> {
    let fields = || {
        let list = parameters
            .get(b"Fields")
            .ok()
            .and_then(|list| form::array(doc, list));
        list.unwrap_or_default()
            .iter()
            .filter_map(form::text)
            .collect()
    };
    match parameters.get(b"Action").and_then(Object::as_name).ok()? {
        b"All" => Some(Lock::All),
        b"Include" => Some(Lock::Include(fields())),
        b"Exclude" => Some(Lock::Exclude(fields())),
        _ => None,
    }
}

/// A PDF date, `D:YYYYMMDDHHmmSS` with a zone.
fn date(text: &str) -> Option<OffsetDateTime> {
    let text = text.strip_prefix("D:").unwrap_or(text);
    let number = |from: usize| text.get(from..from + 2)?.parse::<u8>().ok();
    let month = Month::try_from(number(4)?).ok()?;
    let day = Date::from_calendar_date(text.get(..4)?.parse().ok()?, month, number(6)?).ok()?;
    let time = Time::from_hms(number(8)?, number(10)?, number(12)?).ok()?;
    let zone = |sign: i8| {
        let hours = i8::try_from(number(15).unwrap_or(0)).ok()?;
        let minutes = i8::try_from(number(18).unwrap_or(0)).ok()?;
        UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()
    };
    let offset = match text.as_bytes().get(14) {
        Some(b'+') => zone(1)?,
        Some(b'-') => zone(-1)?,
        _ => UtcOffset::UTC,
    };
    Some(PrimitiveDateTime::new(day, time).assume_offset(offset))
}
