//! The signature dictionary (ISO 32000-2 §12.8.1, Table 255; ETSI EN 319 142-1 §6.3).

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    object::{pdf_date, write_text},
    tail::Reference,
};

/// What a signature dictionary holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A signature: `/Type /Sig`, `/SubFilter /ETSI.CAdES.detached`.
    Signature,
    /// A document timestamp: `/Type /DocTimeStamp`, `/SubFilter /ETSI.RFC3161`.
    DocTimestamp,
}

impl Kind {
    fn type_name(self) -> &'static str {
        match self {
            Self::Signature => "Sig",
            Self::DocTimestamp => "DocTimeStamp",
        }
    }

    /// The `/SubFilter` that goes with this kind.
    #[must_use]
    pub fn sub_filter(self) -> &'static str {
        match self {
            Self::Signature => "ETSI.CAdES.detached",
            Self::DocTimestamp => "ETSI.RFC3161",
        }
    }
}

/// What may still change after a certification (ISO 32000-2 Table 257, key `P`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// `P 1`: nothing but validation material and document timestamps.
    Nothing,
    /// `P 2`: also filling fields and signing.
    FillAndSign,
    /// `P 3`: also annotations.
    Annotate,
}

impl Permission {
    /// The value of `/P`.
    #[must_use]
    pub fn level(self) -> u8 {
        match self {
            Self::Nothing => 1,
            Self::FillAndSign => 2,
            Self::Annotate => 3,
        }
    }
}

/// Which fields a signature locks (ISO 32000-2 Table 258).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lock {
    /// Every field.
    All,
    /// These fields.
    Include(Vec<String>),
    /// Every field but these.
    Exclude(Vec<String>),
}

/// A signature reference: what the signature says about later changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Restriction {
    /// `DocMDP`: certifies the document. The catalog's `/Perms << /DocMDP … >>` must point at the
    /// signature dictionary; that object is among the caller's.
    DocMdp(Permission),
    /// `FieldMDP`: locks fields. The field's own `/Lock` should say the same.
    FieldMdp(Lock),
}

/// A signature dictionary to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureDict {
    /// Object number of the dictionary; the field's `/V` must refer to it.
    pub number: u32,
    /// Signature or document timestamp.
    pub kind: Kind,
    /// `/Name`: who signs, as the dictionary claims. The certificate is what counts.
    pub name: Option<String>,
    /// `/Reason`.
    pub reason: Option<String>,
    /// `/Location`.
    pub location: Option<String>,
    /// `/ContactInfo`.
    pub contact: Option<String>,
    /// `/M`: the claimed time. CAdES forbids the signingTime attribute in PDF, so it stands here.
    pub time: Option<OffsetDateTime>,
    /// Bytes to reserve for `/Contents`; `None` computes an upper bound from signer and timestamper.
    pub reserve: Option<usize>,
    /// `/Reference`: certification and field locks.
    pub restrictions: Vec<Restriction>,
}

/// Where the variable parts of a written dictionary are, relative to its first byte.
pub(crate) struct Layout {
    pub body: Vec<u8>,
    /// Start and length of the byte range placeholder, which is padded with blanks.
    pub byte_range: (usize, usize),
    /// Start (at `<`) and end (after `>`) of the contents string.
    pub contents: (usize, usize),
}

/// `[0 a b c]` with numbers of up to ten digits.
pub(crate) const BYTE_RANGE_WIDTH: usize = 3 + 3 * 10 + 3;

impl SignatureDict {
    /// A plain signature without any optional entry.
    #[must_use]
    pub fn signature(number: u32) -> Self {
        Self {
            number,
            kind: Kind::Signature,
            name: None,
            reason: None,
            location: None,
            contact: None,
            time: None,
            reserve: None,
            restrictions: Vec::new(),
        }
    }

    /// A document timestamp.
    #[must_use]
    pub fn doc_timestamp(number: u32) -> Self {
        Self {
            kind: Kind::DocTimestamp,
            ..Self::signature(number)
        }
    }

    pub(crate) fn layout(&self, reserve: usize, root: Reference) -> Layout {
        let mut body = Vec::with_capacity(2 * reserve + 512);
        let head = format!(
            "<< /Type /{} /Filter /Adobe.PPKLite /SubFilter /{} /ByteRange ",
            self.kind.type_name(),
            self.kind.sub_filter()
        );
        body.extend_from_slice(head.as_bytes());
        let byte_range = (body.len(), BYTE_RANGE_WIDTH);
        body.resize(body.len() + BYTE_RANGE_WIDTH, b' ');
        body.extend_from_slice(b" /Contents ");
        let start = body.len();
        body.push(b'<');
        body.resize(body.len() + 2 * reserve, b'0');
        body.push(b'>');
        let contents = (start, body.len());
        self.write_entries(&mut body, root);
        body.extend_from_slice(b" >>");
        Layout {
            body,
            byte_range,
            contents,
        }
    }

    fn write_entries(&self, out: &mut Vec<u8>, root: Reference) {
        let texts = [
            ("Name", &self.name),
            ("Reason", &self.reason),
            ("Location", &self.location),
            ("ContactInfo", &self.contact),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                out.extend_from_slice(format!(" /{key} ").as_bytes());
                write_text(out, text);
            }
        }
        if let Some(time) = self.time {
            out.extend_from_slice(format!(" /M ({})", pdf_date(time)).as_bytes());
        }
        self.write_references(out, root);
    }

    fn write_references(&self, out: &mut Vec<u8>, root: Reference) {
        if self.restrictions.is_empty() {
            return;
        }
        out.extend_from_slice(b" /Reference [");
        for restriction in &self.restrictions {
            match restriction {
                Restriction::DocMdp(permission) => out.extend_from_slice(
                    format!(
                        " << /Type /SigRef /TransformMethod /DocMDP /TransformParams \
                         << /Type /TransformParams /P {} /V /1.2 >> >>",
                        permission.level()
                    )
                    .as_bytes(),
                ),
                Restriction::FieldMdp(lock) => write_field_mdp(out, lock, root),
            }
        }
        out.extend_from_slice(b" ]");
    }
}

fn write_field_mdp(out: &mut Vec<u8>, lock: &Lock, root: Reference) {
    let (action, fields) = match lock {
        Lock::All => ("All", None),
        Lock::Include(fields) => ("Include", Some(fields)),
        Lock::Exclude(fields) => ("Exclude", Some(fields)),
    };
    let head = format!(
        " << /Type /SigRef /TransformMethod /FieldMDP /Data {} {} R /TransformParams \
         << /Type /TransformParams /V /1.2 /Action /{action}",
        root.number, root.generation
    );
    out.extend_from_slice(head.as_bytes());
    if let Some(fields) = fields {
        out.extend_from_slice(b" /Fields [");
        for field in fields {
            write_text(out, field);
        }
        out.push(b']');
    }
    out.extend_from_slice(b" >> >>");
}
