//! The trail as it stands in an evidence bundle (P11): readable by a person, and verifiable offline by anyone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::context::Actor;
use crate::digest::Digest;
use crate::event::DecodeFault;
use crate::evidence::chain::{ActorRef, Chain, ChainFault, Entry, Opened};
use crate::evidence::seal::{DataKey, EntryKey};
use crate::ids::EnvelopeId;
use crate::time::Timestamp;

/// What an entry's hash commits to, beside what is printed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    /// The record.
    pub envelope_id: EnvelopeId,
    /// The version of the type.
    pub v: u32,
    /// The time, in microseconds since 1970.
    pub at_us: i64,
    /// The data without what is personal.
    pub data: Map<String, Value>,
    /// What is personal, sealed, base 64; null when nothing is.
    pub sealed: Option<String>,
    /// The key that opens just this entry, base 64; null when it was erased.
    pub key: Option<String>,
}

/// An entry of the trail in a bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BundleEntry {
    /// Its number.
    pub seq: u64,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// Its data, personal parts included.
    pub data: Map<String, Value>,
    /// The caller's IP address.
    pub ip: Option<String>,
    /// The caller's browser.
    pub user_agent: Option<String>,
    /// Hash of the entry before it.
    pub prev_hash: Digest,
    /// Its hash.
    pub hash: Digest,
    /// What the hash commits to.
    pub commitment: Commitment,
}

/// Why a bundle's trail cannot be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleFault {
    /// There is no entry.
    #[error("the trail is empty")]
    Empty,
    /// The chain breaks.
    #[error(transparent)]
    Chain(#[from] ChainFault),
    /// The entry cannot be read.
    #[error(transparent)]
    Decode(#[from] DecodeFault),
    /// What is printed is not what the hash commits to.
    #[error("entry {seq} shows something else than it commits to")]
    Misprinted {
        /// The entry.
        seq: u64,
    },
}

/// Puts an entry into a bundle. Without a key everything personal stays sealed.
///
/// # Errors
/// A [`DecodeFault`] when the entry cannot be read.
pub fn bundle_entry(entry: &Entry, key: Option<&DataKey>) -> Result<BundleEntry, DecodeFault> {
    let opened = entry.open(key)?;
    let entry_key = key
        .filter(|_| entry.sealed.is_some())
        .map(|key| STANDARD.encode(key.entry(&entry.envelope_id, entry.seq).expose()));
    Ok(print(entry, opened, entry_key))
}

fn print(entry: &Entry, opened: Opened, key: Option<String>) -> BundleEntry {
    BundleEntry {
        seq: entry.seq,
        kind: entry.kind.clone(),
        at: entry.at,
        actor: opened.actor,
        data: opened.event.parts().merged(),
        ip: opened.client.ip,
        user_agent: opened.client.user_agent,
        prev_hash: entry.prev_hash,
        hash: entry.hash,
        commitment: Commitment {
            envelope_id: entry.envelope_id.clone(),
            v: entry.v,
            at_us: entry.at.micros(),
            data: entry.data.clone(),
            sealed: entry.sealed.as_ref().map(|bytes| STANDARD.encode(bytes)),
            key,
        },
    }
}

impl BundleEntry {
    /// The chain entry that this was printed from; none when its texts are no base 64.
    #[must_use]
    pub fn entry(&self) -> Option<Entry> {
        let sealed = match &self.commitment.sealed {
            Some(text) => Some(STANDARD.decode(text).ok()?),
            None => None,
        };
        Some(Entry {
            envelope_id: self.commitment.envelope_id.clone(),
            seq: self.seq,
            at: Timestamp::from_micros(self.commitment.at_us),
            kind: self.kind.clone(),
            v: self.commitment.v,
            actor: ActorRef {
                kind: self.actor.kind,
                id: self.actor.id.clone(),
            },
            data: self.commitment.data.clone(),
            sealed,
            prev_hash: self.prev_hash,
            hash: self.hash,
        })
    }

    fn entry_key(&self) -> Option<EntryKey> {
        let bytes = STANDARD.decode(self.commitment.key.as_ref()?).ok()?;
        Some(EntryKey::new(bytes.try_into().ok()?))
    }

    /// Opens the entry with its own key and checks that what is printed is what was sealed.
    fn check(&self, entry: &Entry) -> Result<Opened, BundleFault> {
        let opened = match self.entry_key() {
            Some(key) => entry.open_with(&key)?,
            None => entry.open(None)?,
        };
        let again = print(entry, opened.clone(), self.commitment.key.clone());
        if again == *self {
            Ok(opened)
        } else {
            Err(BundleFault::Misprinted { seq: self.seq })
        }
    }
}

/// Verifies the trail of a bundle with nothing but the bundle: hashes, links, and that every printed word is what the
/// chain commits to. Tells the chain's end and the opened events, for the checks that replay them.
///
/// # Errors
/// The first [`BundleFault`].
pub fn verify_trail(trail: &[BundleEntry]) -> Result<(Chain, Vec<Opened>), BundleFault> {
    let first = trail.first().ok_or(BundleFault::Empty)?;
    let mut chain = Chain::genesis(first.commitment.envelope_id.clone());
    let mut events = Vec::with_capacity(trail.len());
    for printed in trail {
        let entry = printed
            .entry()
            .ok_or(BundleFault::Misprinted { seq: printed.seq })?;
        chain.accept(&entry)?;
        events.push(printed.check(&entry)?);
    }
    Ok((chain, events))
}
