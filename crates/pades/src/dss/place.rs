//! Where validation material and document timestamps attach.

use lopdf::{Dictionary, Document, Object as Pdf, ObjectId, Writer};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Store, Stored};
use crate::{
    object::Object,
    tail::{MAX_DECOMPRESSED, Reference, load, reference},
};

/// The parts of a file that long-term validation edits. Read it once, store it beside the
/// [`crate::Tail`], and replace it by what each call hands back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    catalog: Reference,
    /// The catalog's entries but `/AcroForm` and `/DSS`, serialised, in hexadecimal.
    catalog_rest: Bytes,
    /// The form dictionary when it is an object of its own.
    form: Option<Reference>,
    /// The form's entries but `/Fields` and `/SigFlags`.
    form_rest: Bytes,
    /// The list of fields when it is an object of its own.
    fields_at: Option<Reference>,
    /// The items of the list of fields.
    fields: Bytes,
    page: Reference,
    /// The page's entries but `/Annots`.
    page_rest: Bytes,
    /// The list of annotations when it is an object of its own.
    annotations_at: Option<Reference>,
    /// The items of the list of annotations.
    annotations: Bytes,
    pub(super) store: Store,
}

/// Serialised PDF syntax; hexadecimal in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(text)
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

/// Why there is no place for validation material.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// The file is not a readable PDF.
    #[error("the file is not a readable PDF: {0}")]
    Unreadable(String),
    /// The catalog or the first page is not an object that can be rewritten.
    #[error("the file has no {0} that can be extended")]
    Missing(&'static str),
}

impl Place {
    /// Reads the place from a file that [`crate::Tail::read`] accepts. Costs one parse.
    ///
    /// # Errors
    /// When the file cannot be read or has no page.
    pub fn read(pdf: &[u8]) -> Result<Self, PlaceError> {
        let doc = load(pdf).map_err(PlaceError::Unreadable)?;
        let catalog_id = reference(doc.trailer.get(b"Root").ok());
        let catalog_id = catalog_id.ok_or(PlaceError::Missing("catalog"))?;
        let catalog = doc.catalog().map_err(|_| PlaceError::Missing("catalog"))?;
        let page_id = doc.page_iter().next().ok_or(PlaceError::Missing("page"))?;
        let page = doc
            .get_dictionary(page_id)
            .map_err(|_| PlaceError::Missing("page"))?;
        let empty = Dictionary::new();
        let form = resolved(&doc, catalog, b"AcroForm").and_then(|form| form.as_dict().ok());
        let form = form.unwrap_or(&empty);
        Ok(Self {
            catalog: catalog_id,
            catalog_rest: entries(catalog, &[b"AcroForm", b"DSS"]),
            form: reference(catalog.get(b"AcroForm").ok()),
            form_rest: entries(form, &[b"Fields", b"SigFlags"]),
            fields_at: reference(form.get(b"Fields").ok()),
            fields: items(&doc, form, b"Fields"),
            page: own_reference(page_id),
            page_rest: entries(page, &[b"Annots"]),
            annotations_at: reference(page.get(b"Annots").ok()),
            annotations: items(&doc, page, b"Annots"),
            store: store(&doc, catalog),
        })
    }

    pub(super) fn catalog_object(&self) -> Object {
        let mut body = b"<<".to_vec();
        body.extend_from_slice(&self.catalog_rest.0);
        match self.form {
            Some(form) => body.extend_from_slice(pointer("AcroForm", form).as_bytes()),
            None if self.fields.0.is_empty() && self.form_rest.0.is_empty() => {}
            None => {
                body.extend_from_slice(b" /AcroForm ");
                body.extend_from_slice(&self.form_body());
            }
        }
        if let Some(number) = self.store.number {
            let store = Reference {
                number,
                generation: 0,
            };
            body.extend_from_slice(pointer("DSS", store).as_bytes());
        }
        body.extend_from_slice(b" >>");
        object(self.catalog, body)
    }

    fn form_body(&self) -> Vec<u8> {
        let mut body = b"<<".to_vec();
        body.extend_from_slice(&self.form_rest.0);
        // SigFlags 3: there are signatures, and only appending keeps them.
        body.extend_from_slice(b" /SigFlags 3");
        write_list(&mut body, "Fields", self.fields_at, &self.fields);
        body.extend_from_slice(b" >>");
        body
    }

    fn page_body(&self) -> Vec<u8> {
        let mut body = b"<<".to_vec();
        body.extend_from_slice(&self.page_rest.0);
        write_list(&mut body, "Annots", self.annotations_at, &self.annotations);
        body.extend_from_slice(b" >>");
        body
    }

    /// Enters a field into form and page; answers the objects that this rewrites.
    pub(super) fn add_field(&mut self, number: u32) -> Vec<Object> {
        let item = format!(" {number} 0 R");
        self.fields.0.extend_from_slice(item.as_bytes());
        self.annotations.0.extend_from_slice(item.as_bytes());
        let fields = match (self.fields_at, self.form) {
            (Some(at), _) => object(at, list(&self.fields)),
            (None, Some(form)) => object(form, self.form_body()),
            (None, None) => self.catalog_object(),
        };
        let annotations = match self.annotations_at {
            Some(at) => object(at, list(&self.annotations)),
            None => object(self.page, self.page_body()),
        };
        vec![fields, annotations]
    }

    /// An invisible signature field. A document timestamp has no appearance (ISO 32000-2 §12.8.5);
    /// with one, strict validators count it as form filling.
    pub(super) fn timestamp_field(&self, number: u32, signature: u32) -> String {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Timestamp{number}) /F 132 \
             /Rect [0 0 0 0] /P {} {} R /V {signature} 0 R >>",
            self.page.number, self.page.generation
        )
    }
}

fn own_reference((number, generation): ObjectId) -> Reference {
    Reference { number, generation }
}

fn object(at: Reference, body: Vec<u8>) -> Object {
    Object {
        number: at.number,
        generation: at.generation,
        body,
    }
}

fn pointer(key: &str, to: Reference) -> String {
    format!(" /{key} {} {} R", to.number, to.generation)
}

fn list(items: &Bytes) -> Vec<u8> {
    [b"[".as_slice(), &items.0, b" ]"].concat()
}

fn write_list(body: &mut Vec<u8>, key: &str, at: Option<Reference>, items: &Bytes) {
    if let Some(at) = at {
        body.extend_from_slice(pointer(key, at).as_bytes());
    } else {
        body.extend_from_slice(format!(" /{key} ").as_bytes());
        body.extend_from_slice(&list(items));
    }
}

fn resolved<'a>(doc: &'a Document, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a Pdf> {
    Some(doc.dereference(dictionary.get(key).ok()?).ok()?.1)
}

/// The entries of a dictionary but some, serialised.
fn entries(dictionary: &Dictionary, without: &[&[u8]]) -> Bytes {
    let mut kept = dictionary.clone();
    for key in without {
        kept.remove(key);
    }
    let mut out = b" ".to_vec();
    if kept.is_empty() {
        return Bytes::default();
    }
    // Writing to a Vec cannot fail.
    let _ = Writer::write_object(&mut out, &Pdf::Dictionary(kept));
    let inner = out
        .strip_prefix(b" <<")
        .and_then(|rest| rest.strip_suffix(b">>"));
    Bytes(inner.map(<[u8]>::to_vec).unwrap_or_default())
}

/// The items of a list, serialised, each after a blank.
fn items(doc: &Document, dictionary: &Dictionary, key: &[u8]) -> Bytes {
    let mut out = Vec::new();
    let list = resolved(doc, dictionary, key).and_then(|list| list.as_array().ok());
    for item in list.into_iter().flatten() {
        out.push(b' ');
        let _ = Writer::write_object(&mut out, item);
    }
    Bytes(out)
}

fn store(doc: &Document, catalog: &Dictionary) -> Store {
    let Some(dss) = resolved(doc, catalog, b"DSS").and_then(|dss| dss.as_dict().ok()) else {
        return Store::default();
    };
    let rest = entries(dss, &[b"Type", b"Certs", b"CRLs", b"OCSPs"]);
    Store {
        number: reference(catalog.get(b"DSS").ok()).map(|at| at.number),
        certificates: stored(doc, dss, b"Certs"),
        crls: stored(doc, dss, b"CRLs"),
        ocsps: stored(doc, dss, b"OCSPs"),
        rest: String::from_utf8_lossy(&rest.0).into_owned(),
    }
}

fn stored(doc: &Document, dss: &Dictionary, key: &[u8]) -> Vec<Stored> {
    let list = resolved(doc, dss, key).and_then(|list| list.as_array().ok());
    list.into_iter()
        .flatten()
        .filter_map(|entry| {
            let (number, generation) = entry.as_reference().ok()?;
            let stream = doc
                .get_object((number, generation))
                .ok()?
                .as_stream()
                .ok()?;
            let der = stream.get_plain_content_with_limit(MAX_DECOMPRESSED).ok()?;
            Some(Stored {
                sha256: hex::encode(Sha256::digest(der)),
                number,
                generation,
            })
        })
        .collect()
}
