//! SHA-2 states that can be stored and resumed.
//!
//! A document grows by appending. Keeping the hash state at its end means that a later revision is
//! hashed by reading only what it appends.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{
    Digest, Sha256, Sha384,
    digest::common::hazmat::{SerializableState, SerializedState},
};

/// The state of a hash function after some bytes. Serialises to hexadecimal text.
///
/// The state is not secret, but it is not a digest either: do not compare or publish it, finish it.
#[derive(Clone)]
pub struct MidState<D>(D);

/// SHA-256 after some bytes.
pub type Sha256State = MidState<Sha256>;
/// SHA-384 after some bytes (needed only for P-384 keys).
pub type Sha384State = MidState<Sha384>;

impl<D: Digest + Clone> MidState<D> {
    /// The state before any byte.
    #[must_use]
    pub fn new() -> Self {
        Self(D::new())
    }

    /// Takes `bytes` into the hash.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The state after `bytes` more, leaving this one as it is.
    #[must_use]
    pub fn after(&self, bytes: &[u8]) -> Self {
        let mut next = self.clone();
        next.update(bytes);
        next
    }

    /// The digest of everything taken in so far.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        self.0.clone().finalize().to_vec()
    }
}

impl Sha256State {
    /// The SHA-256 of everything taken in so far.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        self.0.clone().finalize().into()
    }
}

impl<D: Digest + Clone> Default for MidState<D> {
    fn default() -> Self {
        Self::new()
    }
}

impl<D: SerializableState> std::fmt::Debug for MidState<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MidState(..)")
    }
}

impl<D: SerializableState> PartialEq for MidState<D> {
    fn eq(&self, other: &Self) -> bool {
        self.0.serialize() == other.0.serialize()
    }
}

impl<D: SerializableState> Eq for MidState<D> {}

impl<D: SerializableState> Serialize for MidState<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0.serialize()))
    }
}

impl<'de, D: SerializableState> Deserialize<'de> for MidState<D> {
    fn deserialize<T: Deserializer<'de>>(deserializer: T) -> Result<Self, T::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = hex::decode(text).map_err(de::Error::custom)?;
        let state = SerializedState::<D>::try_from(bytes.as_slice())
            .map_err(|_| de::Error::custom("hash state has the wrong length"))?;
        D::deserialize(&state)
            .map(Self)
            .map_err(|_| de::Error::custom("hash state is not one of this hash function"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_state_continues_where_it_stopped() {
        for split in [0, 1, 63, 64, 65, 200] {
            let data: Vec<u8> = (0..=255).cycle().take(200).collect();
            let stored = serde_json::to_string(&Sha256State::new().after(&data[..split])).unwrap();
            let resumed: Sha256State = serde_json::from_str(&stored).unwrap();
            let whole: [u8; 32] = Sha256::digest(&data).into();
            assert_eq!(resumed.after(&data[split..]).sha256(), whole);
        }
    }

    #[test]
    fn a_damaged_state_is_refused() {
        assert!(serde_json::from_str::<Sha256State>("\"00\"").is_err());
        assert!(serde_json::from_str::<Sha256State>("\"zz\"").is_err());
    }
}
