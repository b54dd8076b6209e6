//! Long-term validation: the document security store and document timestamps (PAdES B-LT, B-LTA).
//!
//! A [`Place`] remembers where in the file both attach: the catalog, the form and a page. It is read
//! once and can be stored, since signing changes none of these; so a document is taken to B-LTA
//! without reading it again.

mod place;

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::place::{Place, PlaceError};
use crate::{
    append::{AppendError, Segment, append},
    dictionary::SignatureDict,
    object::Object,
    sign::{SignError, timestamp},
    signer::Timestamper,
    tail::Tail,
};

/// What validators will need when authorities have gone: every certificate of every chain (also the
/// timestamp authority's), and the revocation lists or OCSP answers that cover them. DER.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Material {
    /// Certificates.
    pub certificates: Vec<Vec<u8>>,
    /// Revocation lists.
    pub crls: Vec<Vec<u8>>,
    /// OCSP responses.
    pub ocsps: Vec<Vec<u8>>,
}

/// One entry of the store: what it is and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    /// SHA-256 of the DER, in hexadecimal.
    sha256: String,
    number: u32,
    generation: u16,
}

/// The store as it stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Store {
    /// Object number of the `/DSS` dictionary; `None` when there is none yet.
    number: Option<u32>,
    certificates: Vec<Stored>,
    crls: Vec<Stored>,
    ocsps: Vec<Stored>,
    /// Entries that are kept as they are (`/VRI`), serialised.
    rest: String,
}

impl Place {
    /// Appends validation material (B-LT). What is already there is not written again, and nothing
    /// is ever taken out. Answers the segment and the place to use from then on.
    ///
    /// # Errors
    /// [`AppendError::Empty`] when everything was there already; others as for [`append`].
    pub fn with_material(
        &self,
        tail: &Tail,
        material: &Material,
    ) -> Result<(Segment, Self), AppendError> {
        let mut next = self.clone();
        let mut objects = Vec::new();
        let mut free = tail.next_object;
        let store = &mut next.store;
        for (list, entries) in [
            (&mut store.certificates, &material.certificates),
            (&mut store.crls, &material.crls),
            (&mut store.ocsps, &material.ocsps),
        ] {
            for der in entries {
                if let Some(object) = store_entry(list, der, &mut free) {
                    objects.push(object);
                }
            }
        }
        if objects.is_empty() {
            return Err(AppendError::Empty);
        }
        let is_new = store.number.is_none();
        let number = *store.number.get_or_insert(free);
        objects.push(Object::new(number, store.body()));
        if is_new {
            objects.push(next.catalog_object());
        }
        Ok((append(tail, &objects)?, next))
    }

    /// Appends a document timestamp in an invisible field of its own (B-LTA, and its renewal).
    /// Answers the segment and the place to use from then on.
    ///
    /// # Errors
    /// When no token comes or the update cannot be written.
    pub fn with_timestamp(
        &self,
        tail: &Tail,
        timestamper: &dyn Timestamper,
    ) -> Result<(Segment, Self), SignError> {
        let mut next = self.clone();
        let (signature, field) = (tail.next_object, tail.next_object + 1);
        let mut objects = next.add_field(field);
        objects.push(Object::new(field, next.timestamp_field(field, signature)));
        let dictionary = SignatureDict::doc_timestamp(signature);
        Ok((timestamp(tail, &objects, &dictionary, timestamper)?, next))
    }
}

fn store_entry(list: &mut Vec<Stored>, der: &[u8], free: &mut u32) -> Option<Object> {
    let sha256 = hex::encode(Sha256::digest(der));
    if list.iter().any(|stored| stored.sha256 == sha256) {
        return None;
    }
    let number = *free;
    *free += 1;
    list.push(Stored {
        sha256,
        number,
        generation: 0,
    });
    let mut body = format!("<< /Length {} >>\nstream\n", der.len()).into_bytes();
    body.extend_from_slice(der);
    body.extend_from_slice(b"\nendstream");
    Some(Object::new(number, body))
}

impl Store {
    fn body(&self) -> String {
        let mut body = String::from("<< /Type /DSS");
        for (key, list) in [
            ("Certs", &self.certificates),
            ("CRLs", &self.crls),
            ("OCSPs", &self.ocsps),
        ] {
            if list.is_empty() {
                continue;
            }
            let _ = write!(body, " /{key} [");
            for entry in list {
                let _ = write!(body, " {} {} R", entry.number, entry.generation);
            }
            body.push_str(" ]");
        }
        body.push_str(&self.rest);
        body.push_str(" >>");
        body
    }
}
