//! Sealing what is personal in an event under the envelope's data key. Erase the key, and the person is erased
//! while the chain, which commits to the sealed bytes, stays whole.

use std::fmt;

use aes_gcm_siv::aead::{Aead, KeyInit};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::ids::EnvelopeId;

/// The data key of one envelope. It does not print and is wiped from memory when dropped.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// Takes the key's bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// The bytes were not sealed under this key for this entry, or were altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed bytes do not open under this key")]
pub struct Unsealable;

/// The key of a single entry. Given to a relying party it opens that entry and no other, so an evidence bundle can
/// prove that what it shows is what the chain commits to.
#[derive(Clone)]
pub struct EntryKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EntryKey(…)")
    }
}

impl EntryKey {
    /// Takes the key's bytes, as read from a bundle.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key's bytes, to be put into a bundle.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals bytes: AES-256-GCM-SIV (RFC 8452).
    ///
    /// The nonce is fixed because the key is used once. Should two attempts at the same sequence number seal
    /// different bytes (the loser of a race is never stored), GCM-SIV still gives away no more than whether they
    /// were equal.
    #[must_use]
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        // AES-GCM-SIV fails only beyond 2^36 bytes; an event is bounded by the body limits of the doors.
        self.cipher()
            .encrypt(&Nonce::default(), plain)
            .unwrap_or_default()
    }

    /// Opens what [`EntryKey::seal`] made.
    ///
    /// # Errors
    /// [`Unsealable`] when key or bytes are not the ones that were sealed.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        self.cipher()
            .decrypt(&Nonce::default(), sealed)
            .map_err(|_| Unsealable)
    }

    fn cipher(&self) -> Aes256GcmSiv {
        Aes256GcmSiv::new(self.0.as_slice().into())
    }
}

impl DataKey {
    /// The key of one entry: HKDF-SHA256 (RFC 5869) over the data key, named by envelope and number.
    #[must_use]
    pub fn entry(&self, envelope_id: &EnvelopeId, seq: u64) -> EntryKey {
        let mut own = Zeroizing::new([0; 32]);
        let info: [&[u8]; 3] = [
            b"deedbox event",
            envelope_id.as_str().as_bytes(),
            &seq.to_be_bytes(),
        ];
        // An envelope id has a fixed length, so the parts cannot run into each other; 32 bytes can always be had.
        let expanded = Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand_multi_info(&info, own.as_mut_slice());
        debug_assert!(expanded.is_ok());
        EntryKey(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(text: &str) -> EnvelopeId {
        EnvelopeId::parse(text).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_only_for_its_own_entry() {
        let key = DataKey::new([1; 32]);
        let id = envelope("env_x7k9m2p4q1w3");
        let sealed = key.entry(&id, 1).seal(b"Ana");
        assert_eq!(key.entry(&id, 1).open(&sealed).unwrap(), b"Ana");
        assert_eq!(key.entry(&id, 2).open(&sealed), Err(Unsealable));
        assert_eq!(
            key.entry(&envelope("env_aaaaaaaaaaaa"), 1).open(&sealed),
            Err(Unsealable)
        );
        assert_eq!(
            DataKey::new([2; 32]).entry(&id, 1).open(&sealed),
            Err(Unsealable)
        );
    }

    #[test]
    fn sealing_is_deterministic_and_says_nothing() {
        let key = DataKey::new([1; 32]);
        let id = envelope("env_x7k9m2p4q1w3");
        assert_eq!(
            key.entry(&id, 1).seal(b"Ana"),
            key.entry(&id, 1).seal(b"Ana")
        );
        assert_ne!(
            key.entry(&id, 1).seal(b"Ana")[..3],
            key.entry(&id, 2).seal(b"Ana")[..3]
        );
        assert_eq!(format!("{key:?}"), "DataKey(…)");
    }
}
