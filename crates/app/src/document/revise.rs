//! New revisions: a signer's, the final seal, the vault seal. Each is a signature appended to the
//! file's tail; the bytes before it are not read.

use deedbox_core::{
    Digest, Timestamp,
    envelope::{Revision, RevisionKind},
};
use deedbox_pades::{Person, Segment, SignatureDict, Signer, Tail, Validity};
use deedbox_pdf::{FillError, Object};

use crate::{App, error::Error};

/// A signer's certificate lives for its one signature; RFC 3161 time keeps it verifiable after.
const SIGNER_CERTIFICATE_MINUTES: i64 = 15;

/// A revision that was made but not yet stored.
pub(crate) struct NewRevision {
    /// What it appends.
    pub bytes: Vec<u8>,
    /// Where the next one continues.
    pub tail: Tail,
    /// What the envelope's events say of it.
    pub revision: Revision,
}

/// Where a new revision goes.
pub(crate) struct Place<'a> {
    /// The tail of the file so far.
    pub tail: &'a Tail,
    /// Its number.
    pub n: u32,
    /// What it is.
    pub kind: RevisionKind,
    /// When it is made.
    pub now: Timestamp,
}

/// What a signature says beside its certificate.
pub(crate) struct Said {
    /// Who signs, `/Name`.
    pub name: String,
    /// Why, `/Reason`.
    pub reason: String,
}

impl App {
    /// A short-lived signer certificate with a key that is dropped after this one signature.
    pub(crate) fn signer_key(
        &self,
        person: &Person,
        now: Timestamp,
    ) -> Result<impl Signer + use<>, Error> {
        let validity = Validity {
            from: now.plus_seconds(-60).to_offset(),
            until: now
                .plus_seconds(SIGNER_CERTIFICATE_MINUTES * 60)
                .to_offset(),
        };
        self.keys()
            .authority
            .signer_for(person, validity)
            .map_err(Error::internal)
    }

    /// Appends a signature: `draw` gives the revision's objects, knowing the number of the signature
    /// dictionary and the first free number after it.
    pub(crate) fn revise(
        &self,
        place: &Place<'_>,
        signer: &dyn Signer,
        said: Said,
        draw: impl FnOnce(u32, u32) -> Result<Vec<Object>, FillError>,
    ) -> Result<NewRevision, Error> {
        let number = place.tail.next_object;
        let objects = draw(number, number + 1).map_err(cannot_draw)?;
        let objects: Vec<_> = objects
            .into_iter()
            .map(|it| deedbox_pades::Object {
                number: it.number,
                generation: it.generation,
                body: it.body,
            })
            .collect();
        let mut dictionary = SignatureDict::signature(number);
        dictionary.name = Some(said.name);
        dictionary.reason = Some(said.reason);
        dictionary.time = Some(place.now.to_offset());
        let stamp = self.keys().tsa.at(place.now.to_offset(), self.serial());
        let segment = deedbox_pades::sign(place.tail, &objects, &dictionary, signer, Some(&stamp))
            .map_err(Error::internal)?;
        Ok(new_revision(place, segment))
    }

    /// A positive random serial number for a timestamp token (RFC 3161 §2.4.2).
    fn serial(&self) -> u64 {
        let mut bytes = [0; 8];
        self.entropy().fill(&mut bytes);
        u64::from_be_bytes(bytes) >> 1
    }
}

fn new_revision(place: &Place<'_>, segment: Segment) -> NewRevision {
    NewRevision {
        revision: Revision {
            n: place.n,
            kind: place.kind,
            sha256: Digest::from_bytes(segment.sha256),
            offset: place.tail.length,
            length: segment.bytes.len() as u64,
        },
        bytes: segment.bytes,
        tail: segment.tail,
    }
}

/// What cannot be drawn is refused before anything is signed.
fn cannot_draw(error: FillError) -> Error {
    match &error {
        FillError::UnknownField { field }
        | FillError::NotYours { field }
        | FillError::WrongKind { field, .. }
        | FillError::CannotDraw { field, .. }
        | FillError::BadPicture { field, .. } => Error::invalid(field.clone(), error.to_string()),
        FillError::NoSignatureField { .. } => Error::internal(error),
    }
}
