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

/// Seals bytes for one entry: AES-256-GCM-SIV (RFC 8452) under a key derived for just this entry.
///
/// The nonce is fixed because the key is used once. Should two attempts at the same sequence number seal different
/// bytes (the loser of a race is never stored), GCM-SIV still gives away no more than whether they were equal.
#[must_use]
pub fn seal(key: &DataKey, envelope_id: &EnvelopeId, seq: u64, plain: &[u8]) -> Vec<u8> {
    // AES-GCM-SIV fails only beyond 2^36 bytes; an event is bounded by the 1 MiB body limit.
    cipher(key, envelope_id, seq)
        .encrypt(&Nonce::default(), plain)
        .unwrap_or_default()
}

/// Opens what [`seal`] made.
///
/// # Errors
/// [`Unsealable`] when key, entry or bytes are not the ones that were sealed.
pub fn open(
    key: &DataKey,
    envelope_id: &EnvelopeId,
    seq: u64,
    sealed: &[u8],
) -> Result<Vec<u8>, Unsealable> {
    cipher(key, envelope_id, seq)
        .decrypt(&Nonce::default(), sealed)
        .map_err(|_| Unsealable)
}

/// The key of one entry. Giving it away opens this entry and no other: so a bundle discloses what it shows.
#[must_use]
pub fn entry_key(key: &DataKey, envelope_id: &EnvelopeId, seq: u64) -> Zeroizing<[u8; 32]> {
    let mut own = Zeroizing::new([0; 32]);
    let info: [&[u8]; 3] = [
        b"deedbox event",
        envelope_id.as_str().as_bytes(),
        &seq.to_be_bytes(),
    ];
    // An envelope id has a fixed length, so the parts cannot run into each other; 32 bytes are always derivable.
    let expanded =
        Hkdf::<Sha256>::new(None, key.0.as_slice()).expand_multi_info(&info, own.as_mut_slice());
    debug_assert!(expanded.is_ok());
    own
}

/// Opens an entry's sealed bytes with its own key.
///
/// # Errors
/// [`Unsealable`] when key or bytes are not the ones that were sealed.
pub fn open_with(entry_key: &[u8; 32], sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
    Aes256GcmSiv::new(entry_key.into())
        .decrypt(&Nonce::default(), sealed)
        .map_err(|_| Unsealable)
}

fn cipher(key: &DataKey, envelope_id: &EnvelopeId, seq: u64) -> Aes256GcmSiv {
    Aes256GcmSiv::new(entry_key(key, envelope_id, seq).as_slice().into())
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
        let sealed = seal(&key, &id, 1, b"Ana");
        assert_eq!(open(&key, &id, 1, &sealed).unwrap(), b"Ana");
        assert_eq!(open(&key, &id, 2, &sealed), Err(Unsealable));
        assert_eq!(
            open(&key, &envelope("env_aaaaaaaaaaaa"), 1, &sealed),
            Err(Unsealable)
        );
        assert_eq!(
            open(&DataKey::new([2; 32]), &id, 1, &sealed),
            Err(Unsealable)
        );
    }

    #[test]
    fn sealing_is_deterministic_and_says_nothing() {
        let key = DataKey::new([1; 32]);
        let id = envelope("env_x7k9m2p4q1w3");
        assert_eq!(seal(&key, &id, 1, b"Ana"), seal(&key, &id, 1, b"Ana"));
        assert_ne!(
            seal(&key, &id, 1, b"Ana")[..3],
            seal(&key, &id, 2, b"Ana")[..3]
        );
        assert_eq!(format!("{key:?}"), "DataKey(…)");
    }
}
