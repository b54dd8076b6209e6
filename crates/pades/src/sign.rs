//! Signing a revision: lay out, hash, sign, embed.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    append::{AppendError, Segment, SignedRange, Update, finish, write_update},
    cms,
    dictionary::{BYTE_RANGE_WIDTH, Kind, SignatureDict},
    midstate::MidState,
    object::Object,
    signer::{Algorithm, Signer, SignerError, TimestampError, Timestamper},
    tail::Tail,
};

/// Reserved when nothing better is known (foreign signer, foreign timestamp).
const DEFAULT_RESERVE: usize = 16 * 1024;

/// Why a revision could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The update itself cannot be written.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The key failed.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// No timestamp came. Nothing was written; the caller decides whether to sign without one.
    #[error(transparent)]
    Timestamp(#[from] TimestampError),
    /// The signature is larger than the space reserved.
    #[error("the signature needs {needed} bytes but {reserved} are reserved; raise `reserve`")]
    ContentsTooSmall {
        /// Bytes of the signature.
        needed: usize,
        /// Bytes reserved.
        reserved: usize,
    },
    /// A P-384 key needs the SHA-384 state.
    #[error("a P-384 key needs a tail with SHA-384; call Tail::track_sha384 first")]
    NoSha384,
    /// A certificate given by the signer cannot be encoded.
    #[error("the signer's certificate is not usable: {0}")]
    Certificate(String),
    /// The dictionary is of the other kind.
    #[error("a document timestamp is made with `timestamp`, a signature with `sign`")]
    WrongKind,
}

/// A revision that is complete but for the signature value.
///
/// [`sign`] and [`timestamp`] do everything in one step. A draft is for keys that cannot be called
/// from here (a signing service, a phone): hand out [`Draft::digest`], come back with a CMS.
#[derive(Debug)]
pub struct Draft {
    base: Tail,
    bytes: Vec<u8>,
    xref_offset: u64,
    next_object: u32,
    /// The hexadecimal digits of `/Contents` in `bytes`.
    contents: Range<usize>,
    byte_range: [u64; 4],
}

impl Draft {
    /// Lays out a revision with `reserve` bytes for the signature.
    ///
    /// # Errors
    /// When the update cannot be written.
    pub fn new(
        tail: &Tail,
        objects: &[Object],
        dictionary: &SignatureDict,
        reserve: usize,
    ) -> Result<Self, AppendError> {
        let layout = dictionary.layout(reserve, tail.root);
        let mut all = Vec::with_capacity(objects.len() + 1);
        all.extend_from_slice(objects);
        all.push(Object::new(dictionary.number, layout.body));
        let Update {
            mut bytes,
            xref_offset,
            next_object,
            bodies,
        } = write_update(tail, &all)?;
        let start = bodies[&dictionary.number];
        let gap = start + layout.contents.0..start + layout.contents.1;
        let byte_range = byte_range(tail.length, bytes.len(), &gap);
        patch_byte_range(&mut bytes, start + layout.byte_range.0, byte_range);
        let contents = gap.start + 1..gap.end - 1;
        Ok(Self {
            base: tail.clone(),
            bytes,
            xref_offset,
            next_object,
            contents,
            byte_range,
        })
    }

    /// What the signature covers.
    #[must_use]
    pub fn byte_range(&self) -> [u64; 4] {
        self.byte_range
    }

    /// SHA-256 of the byte range: the messageDigest of the CMS, or the imprint of a document
    /// timestamp.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.cover(&self.base.sha256).sha256()
    }

    /// SHA-384 of the byte range, when the tail keeps that state.
    #[must_use]
    pub fn digest_sha384(&self) -> Option<Vec<u8>> {
        self.base
            .sha384
            .as_ref()
            .map(|state| self.cover(state).digest())
    }

    fn cover<D: sha2::Digest + Clone>(&self, prefix: &MidState<D>) -> MidState<D> {
        let mut state = prefix.after(&self.bytes[..self.contents.start - 1]);
        state.update(&self.bytes[self.contents.end + 1..]);
        state
    }

    /// Puts the signature value in place.
    ///
    /// # Errors
    /// [`SignError::ContentsTooSmall`] when it does not fit.
    pub fn embed(self, contents: Vec<u8>, digest: Vec<u8>) -> Result<Segment, SignError> {
        let Self {
            base,
            mut bytes,
            xref_offset,
            next_object,
            contents: place,
            byte_range,
        } = self;
        let (needed, reserved) = (contents.len(), place.len() / 2);
        let digits = bytes
            .get_mut(place)
            .and_then(|place| place.get_mut(..2 * needed))
            .ok_or(SignError::ContentsTooSmall { needed, reserved })?;
        // The length is right by construction.
        let _ = hex::encode_to_slice(&contents, digits);
        let update = Update {
            bytes,
            xref_offset,
            next_object,
            bodies: BTreeMap::new(),
        };
        let mut segment = finish(&base, update);
        segment.signature = Some(SignedRange {
            byte_range,
            contents,
            digest,
        });
        Ok(segment)
    }
}

fn byte_range(base: u64, length: usize, gap: &Range<usize>) -> [u64; 4] {
    let start = base + gap.start as u64;
    let end = base + gap.end as u64;
    [0, start, end, base + length as u64 - end]
}

fn patch_byte_range(bytes: &mut [u8], start: usize, [_, first, second, rest]: [u64; 4]) {
    let text = format!("[0 {first} {second} {rest}]");
    debug_assert!(text.len() <= BYTE_RANGE_WIDTH);
    bytes[start..start + text.len()].copy_from_slice(text.as_bytes());
}

/// Appends `objects` and a signature over everything so far and them.
///
/// With a `timestamper` the signature is PAdES B-T, otherwise B-B. The cost does not depend on the
/// size of the file.
///
/// # Errors
/// See [`SignError`]. Nothing half-done is ever returned.
pub fn sign(
    tail: &Tail,
    objects: &[Object],
    dictionary: &SignatureDict,
    signer: &dyn Signer,
    timestamper: Option<&dyn Timestamper>,
) -> Result<Segment, SignError> {
    if dictionary.kind != Kind::Signature {
        return Err(SignError::WrongKind);
    }
    let reserve = dictionary
        .reserve
        .unwrap_or_else(|| cms::size_bound(signer, timestamper));
    let draft = Draft::new(tail, objects, dictionary, reserve)?;
    let digest = match signer.algorithm() {
        Algorithm::EcdsaP384Sha384 => draft.digest_sha384().ok_or(SignError::NoSha384)?,
        Algorithm::EcdsaP256Sha256 | Algorithm::RsaPkcs1Sha256 => draft.digest().to_vec(),
    };
    let contents = cms::build(&digest, signer, timestamper)?;
    draft.embed(contents, digest)
}

/// Appends `objects` and a document timestamp over everything so far and them (PAdES B-LTA).
///
/// # Errors
/// See [`SignError`].
pub fn timestamp(
    tail: &Tail,
    objects: &[Object],
    dictionary: &SignatureDict,
    timestamper: &dyn Timestamper,
) -> Result<Segment, SignError> {
    if dictionary.kind != Kind::DocTimestamp {
        return Err(SignError::WrongKind);
    }
    let reserve = dictionary
        .reserve
        .unwrap_or_else(|| timestamper.size_bound());
    let draft = Draft::new(tail, objects, dictionary, reserve.min(8 * DEFAULT_RESERVE))?;
    let digest = draft.digest();
    let token = timestamper.token(&digest)?;
    draft.embed(token, digest.to_vec())
}
