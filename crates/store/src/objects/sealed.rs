//! The format of a stored object, version 1.
//!
//! ```text
//! header   "DBXO" ‖ version 1 ‖ mark 0|1 ‖ 00 00 ‖ plaintext length (u64, big-endian) ‖ salt (32)
//! chunks   AES-256-GCM of 64 KiB of plaintext each (the last one shorter), 16-byte tags
//! key      HKDF-SHA-256(data key, salt, "deedbox object v1")
//! nonce    last ? 1 : 0 ‖ 00 00 00 ‖ chunk number (u64, big-endian)
//! aad      header ‖ bucket ‖ "/" ‖ path
//! ```
//!
//! The salt makes a key of its own for each object, so numbered nonces never meet twice (NIST SP
//! 800-38D, 8.2.1). Header and place are authenticated with every chunk and the nonce says which
//! chunk is the last: cutting, swapping, moving and renaming are all noticed.

use std::ops::Range;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf;
use bytes::Bytes;

use super::Mark;
use super::address::ObjectRef;
use super::error::ObjectError;
use super::key::DataKey;

/// Length of the header.
pub(super) const HEADER_BYTES: u64 = 48;
const MAGIC: &[u8; 4] = b"DBXO";
const VERSION: u8 = 1;
const CHUNK: u64 = 64 * 1024;
const TAG: u64 = 16;
const INFO: &[&[u8]] = &[b"deedbox object v1"];

/// A parsed header. It is proved by every chunk that is opened with it.
pub(super) struct Header {
    bytes: [u8; 48],
}

impl Header {
    fn fresh(size: u64, mark: Mark) -> Self {
        let mut bytes = [0; 48];
        bytes[..4].copy_from_slice(MAGIC);
        bytes[4] = VERSION;
        bytes[5] = u8::from(mark == Mark::NonAuthoritative);
        bytes[8..16].copy_from_slice(&size.to_be_bytes());
        bytes[16..].copy_from_slice(DataKey::generate().bytes());
        Self { bytes }
    }

    /// Reads a header; `stored` is the length of the whole stored object.
    pub(super) fn parse(at: &ObjectRef, head: &[u8], stored: u64) -> Result<Self, ObjectError> {
        let head = head.get(..48).and_then(|head| head.try_into().ok());
        let header = Self {
            bytes: head.ok_or_else(|| ObjectError::corrupt(at, "too short"))?,
        };
        if header.bytes[..4] != *MAGIC || header.bytes[4] != VERSION || header.bytes[5] > 1 {
            return Err(ObjectError::corrupt(at, "not an object of this program"));
        }
        // Compared before anything is computed with the length, which a stranger may have written.
        if header.size() > stored || header.stored(&(0..header.count())).end != stored {
            return Err(ObjectError::corrupt(at, "cut short or lengthened"));
        }
        Ok(header)
    }

    /// Plaintext bytes.
    pub(super) fn size(&self) -> u64 {
        u64::from_be_bytes(self.bytes[8..16].try_into().unwrap_or_default())
    }

    pub(super) fn mark(&self) -> Mark {
        if self.bytes[5] == 1 {
            Mark::NonAuthoritative
        } else {
            Mark::Plain
        }
    }

    /// Number of chunks; an empty object has one, which proves its emptiness.
    fn count(&self) -> u64 {
        self.size().div_ceil(CHUNK).max(1)
    }

    /// The chunks that a range of plaintext, which must not be empty, lies in.
    pub(super) fn chunks(&self, range: &Range<u64>) -> Range<u64> {
        range.start / CHUNK..range.end.div_ceil(CHUNK).min(self.count())
    }

    /// Where chunks lie in the stored object.
    pub(super) fn stored(&self, chunks: &Range<u64>) -> Range<u64> {
        let start = HEADER_BYTES + chunks.start * (CHUNK + TAG);
        let end = if chunks.end == self.count() {
            HEADER_BYTES + self.size() + self.count() * TAG
        } else {
            HEADER_BYTES + chunks.end * (CHUNK + TAG)
        };
        start..end
    }

    fn nonce(&self, chunk: u64) -> Nonce {
        let mut nonce = [0; 12];
        nonce[0] = u8::from(chunk + 1 == self.count());
        nonce[4..].copy_from_slice(&chunk.to_be_bytes());
        Nonce::assume_unique_for_key(nonce)
    }

    fn aad(&self, at: &ObjectRef) -> Vec<u8> {
        [&self.bytes, at.to_string().as_bytes()].concat()
    }

    fn key(&self, key: &DataKey, at: &ObjectRef) -> Result<LessSafeKey, ObjectError> {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, &self.bytes[16..]);
        let derived = salt.extract(key.bytes());
        let derived = derived.expand(INFO, &AES_256_GCM).map(UnboundKey::from);
        derived
            .map(LessSafeKey::new)
            .map_err(|_| ObjectError::corrupt(at, "no key"))
    }
}

/// Seals an object.
pub(super) fn seal(
    key: &DataKey,
    at: &ObjectRef,
    plain: &[u8],
    mark: Mark,
) -> Result<Bytes, ObjectError> {
    let header = Header::fresh(plain.len() as u64, mark);
    let (key, aad) = (header.key(key, at)?, header.aad(at));
    let mut sealed = Vec::with_capacity(length(header.stored(&(0..header.count())).end));
    sealed.extend_from_slice(&header.bytes);
    for number in 0..header.count() {
        let start = length(number * CHUNK);
        let end = plain.len().min(start + length(CHUNK));
        let from = sealed.len();
        sealed.extend_from_slice(&plain[start..end]);
        let tag = key
            .seal_in_place_separate_tag(header.nonce(number), Aad::from(&aad), &mut sealed[from..])
            .map_err(|_| ObjectError::corrupt(at, "cannot be sealed"))?;
        sealed.extend_from_slice(tag.as_ref());
    }
    Ok(sealed.into())
}

/// Opens a whole object.
pub(super) fn open(key: &DataKey, at: &ObjectRef, sealed: &[u8]) -> Result<Bytes, ObjectError> {
    let header = Header::parse(at, sealed, sealed.len() as u64)?;
    let (body, chunks) = (&sealed[length(HEADER_BYTES)..], 0..header.count());
    let plain = open_chunks(key, at, &header, body, &chunks)?;
    Ok(plain.into())
}

/// Opens a range of plaintext from the stored bytes of the chunks it lies in.
pub(super) fn open_range(
    key: &DataKey,
    at: &ObjectRef,
    header: &Header,
    sealed: &[u8],
    chunks: &Range<u64>,
    range: &Range<u64>,
) -> Result<Bytes, ObjectError> {
    let plain = Bytes::from(open_chunks(key, at, header, sealed, chunks)?);
    let first = chunks.start * CHUNK;
    let (start, end) = (length(range.start - first), length(range.end - first));
    if end > plain.len() {
        return Err(ObjectError::corrupt(at, "cut short"));
    }
    Ok(plain.slice(start..end))
}

fn open_chunks(
    key: &DataKey,
    at: &ObjectRef,
    header: &Header,
    sealed: &[u8],
    chunks: &Range<u64>,
) -> Result<Vec<u8>, ObjectError> {
    let (key, aad) = (header.key(key, at)?, header.aad(at));
    let wrong = || {
        ObjectError::corrupt(
            at,
            "the bytes or the key are not the ones it was stored with",
        )
    };
    let mut plain = vec![0; sealed.len()];
    let mut filled = 0;
    for (number, chunk) in chunks.clone().zip(sealed.chunks(length(CHUNK + TAG))) {
        let cut = chunk.len().checked_sub(length(TAG)).ok_or_else(wrong)?;
        let (text, tag) = chunk.split_at(cut);
        let into = &mut plain[filled..filled + cut];
        key.open_separate_gather(header.nonce(number), Aad::from(&aad), text, tag, into)
            .map_err(|_| wrong())?;
        filled += cut;
    }
    plain.truncate(filled);
    Ok(plain)
}

/// Lengths of objects in memory fit an address.
fn length(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::address::Bucket;
    use super::*;

    fn at(path: &str) -> ObjectRef {
        ObjectRef::new(Bucket::Work, path).expect("a good path")
    }

    fn plain(size: usize) -> Vec<u8> {
        (0..size)
            .map(|index| u8::try_from(index % 251).unwrap_or(0))
            .collect()
    }

    #[test]
    fn every_length_around_a_chunk_comes_back() {
        let key = DataKey::generate();
        let chunk = length(CHUNK);
        for size in [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 7] {
            let sealed = seal(&key, &at("a"), &plain(size), Mark::Plain).expect("sealed");
            assert_eq!(
                open(&key, &at("a"), &sealed).expect("opened"),
                plain(size),
                "{size}"
            );
        }
    }

    #[test]
    fn a_flipped_bit_anywhere_is_noticed() {
        let key = DataKey::generate();
        let sealed = seal(&key, &at("a"), &plain(500), Mark::Plain).expect("sealed");
        for index in 0..sealed.len() {
            let mut bytes = sealed.to_vec();
            bytes[index] ^= 1;
            assert!(open(&key, &at("a"), &bytes).is_err(), "byte {index}");
        }
    }

    #[test]
    fn cutting_at_a_chunk_and_swapping_chunks_are_noticed() {
        let key = DataKey::generate();
        let chunk = length(CHUNK + TAG);
        let sealed = seal(&key, &at("a"), &plain(3 * length(CHUNK)), Mark::Plain).expect("sealed");
        assert!(open(&key, &at("a"), &sealed[..48 + 2 * chunk]).is_err());
        let mut shorter = sealed[..48 + 2 * chunk].to_vec();
        shorter[8..16].copy_from_slice(&(2 * CHUNK).to_be_bytes());
        assert!(open(&key, &at("a"), &shorter).is_err());
        let mut swapped = sealed.to_vec();
        swapped[48..48 + chunk].copy_from_slice(&sealed[48 + chunk..48 + 2 * chunk]);
        assert!(open(&key, &at("a"), &swapped).is_err());
    }

    #[test]
    fn another_key_or_place_opens_nothing() {
        let key = DataKey::generate();
        let sealed = seal(&key, &at("a"), b"text", Mark::Plain).expect("sealed");
        assert!(open(&DataKey::generate(), &at("a"), &sealed).is_err());
        assert!(open(&key, &at("b"), &sealed).is_err());
    }

    #[test]
    fn a_forged_length_is_refused_before_memory_is_taken() {
        let key = DataKey::generate();
        let mut sealed = seal(&key, &at("a"), b"text", Mark::Plain)
            .expect("sealed")
            .to_vec();
        sealed[8..16].copy_from_slice(&u64::MAX.to_be_bytes());
        assert!(open(&key, &at("a"), &sealed).is_err());
    }
}
