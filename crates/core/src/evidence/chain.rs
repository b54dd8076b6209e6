//! The hash chain of a record: each entry commits to the one before it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::context::{Actor, ActorKind, Client, Context};
use crate::digest::Digest;
use crate::event::{DecodeFault, Event};
use crate::evidence::canonical;
use crate::evidence::seal::{DataKey, EntryKey};
use crate::ids::EnvelopeId;
use crate::time::Timestamp;

/// Who acted, without the name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorRef {
    /// What kind of identity.
    pub kind: ActorKind,
    /// Its id.
    pub id: String,
}

/// One entry of a record's chain, as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The record.
    pub envelope_id: EnvelopeId,
    /// Its number, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The event's type name.
    pub kind: String,
    /// The version of the type.
    pub v: u32,
    /// Who acted.
    pub actor: ActorRef,
    /// The event's data without what is personal.
    pub data: Map<String, Value>,
    /// What is personal, sealed; none when nothing is.
    pub sealed: Option<Vec<u8>>,
    /// Hash of the entry before it.
    pub prev_hash: Digest,
    /// `SHA-256(prev_hash ‖ canonical JSON of the rest)`.
    pub hash: Digest,
}

/// The sealed part of an entry.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Personal {
    #[serde(skip_serializing_if = "Map::is_empty")]
    person: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
}

impl Personal {
    fn of(person: Map<String, Value>, ctx: &Context) -> Self {
        let Client { ip, user_agent } = ctx.client.clone();
        Self {
            person,
            actor_name: ctx.actor.name.clone(),
            ip,
            user_agent,
        }
    }

    fn is_empty(&self) -> bool {
        self.person.is_empty()
            && self.actor_name.is_none()
            && self.ip.is_none()
            && self.user_agent.is_none()
    }
}

/// An entry with its seal opened, as far as it could be.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The event.
    pub event: Event,
    /// Who acted; without name when it was erased.
    pub actor: Actor,
    /// Where the request came from; empty when erased.
    pub client: Client,
}

impl Entry {
    /// The hash this entry must have.
    #[must_use]
    pub fn expected_hash(&self) -> Digest {
        let sealed = self.sealed.as_ref().map(|bytes| STANDARD.encode(bytes));
        let rest = json!({
            "envelope_id": self.envelope_id,
            "seq": self.seq,
            "at": self.at.micros(),
            "type": self.kind,
            "v": self.v,
            "actor": self.actor,
            "data": self.data,
            "sealed": sealed,
        });
        Digest::of_all(&[self.prev_hash.as_bytes(), &canonical::to_bytes(&rest)])
    }

    /// Reads the event. Without a key the personal part counts as erased.
    ///
    /// # Errors
    /// A [`DecodeFault`] when the type is unknown, the data do not fit, or the key does not open the seal.
    pub fn open(&self, key: Option<&DataKey>) -> Result<Opened, DecodeFault> {
        let key = key.map(|key| key.entry(&self.envelope_id, self.seq));
        self.opened(self.unseal(key.as_ref())?)
    }

    /// Reads the event with the key of this entry alone.
    ///
    /// # Errors
    /// As [`Entry::open`].
    pub fn open_with(&self, key: &EntryKey) -> Result<Opened, DecodeFault> {
        self.opened(self.unseal(Some(key))?)
    }

    fn opened(&self, personal: Personal) -> Result<Opened, DecodeFault> {
        let event = Event::decode(&self.kind, self.v, &self.data, personal.person)?;
        let actor = Actor {
            kind: self.actor.kind,
            id: self.actor.id.clone(),
            name: personal.actor_name,
        };
        Ok(Opened {
            event,
            actor,
            client: Client {
                ip: personal.ip,
                user_agent: personal.user_agent,
            },
        })
    }

    fn unseal(&self, key: Option<&EntryKey>) -> Result<Personal, DecodeFault> {
        let (Some(key), Some(sealed)) = (key, &self.sealed) else {
            return Ok(Personal::default());
        };
        let fault = || DecodeFault::Unsealable { seq: self.seq };
        let plain = key.open(sealed).map_err(|_| fault())?;
        serde_json::from_slice(&plain).map_err(|_| fault())
    }
}

/// The end of a record's chain: what the next entry is appended to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The record.
    pub envelope_id: EnvelopeId,
    /// The number of the last entry, 0 before the first.
    pub seq: u64,
    /// The hash of the last entry, zero before the first.
    pub head: Digest,
}

impl Chain {
    /// Before the first entry.
    #[must_use]
    pub const fn genesis(envelope_id: EnvelopeId) -> Self {
        Self {
            envelope_id,
            seq: 0,
            head: Digest::ZERO,
        }
    }

    /// Makes the next entry and moves the end to it.
    #[must_use]
    pub fn append(&mut self, event: &Event, ctx: &Context, key: &DataKey) -> Entry {
        let parts = event.parts();
        let seq = self.seq.saturating_add(1);
        let mut entry = Entry {
            envelope_id: self.envelope_id.clone(),
            seq,
            at: ctx.now,
            kind: event.kind().to_owned(),
            v: event.version(),
            actor: ActorRef {
                kind: ctx.actor.kind,
                id: ctx.actor.id.clone(),
            },
            data: parts.data,
            sealed: seal_personal(
                &Personal::of(parts.person, ctx),
                &self.envelope_id,
                seq,
                key,
            ),
            prev_hash: self.head,
            hash: Digest::ZERO,
        };
        entry.hash = entry.expected_hash();
        self.seq = seq;
        self.head = entry.hash;
        entry
    }

    /// Checks that an entry follows, and moves the end to it.
    ///
    /// # Errors
    /// A [`ChainFault`] when it does not.
    pub fn accept(&mut self, entry: &Entry) -> Result<(), ChainFault> {
        let fault = |kind| {
            Err(ChainFault {
                seq: entry.seq,
                kind,
            })
        };
        if entry.envelope_id != self.envelope_id {
            fault(ChainFaultKind::OtherRecord)
        } else if entry.seq != self.seq.saturating_add(1) {
            fault(ChainFaultKind::Gap {
                expected: self.seq.saturating_add(1),
            })
        } else if entry.prev_hash != self.head {
            fault(ChainFaultKind::Unlinked)
        } else if entry.hash != entry.expected_hash() {
            fault(ChainFaultKind::Altered)
        } else {
            self.seq = entry.seq;
            self.head = entry.hash;
            Ok(())
        }
    }
}

fn seal_personal(
    personal: &Personal,
    envelope_id: &EnvelopeId,
    seq: u64,
    key: &DataKey,
) -> Option<Vec<u8>> {
    if personal.is_empty() {
        return None;
    }
    // Not the canonical form: RFC 8785 has no large integers, and metadata may hold some. Texts as keys and numbers
    // that came from JSON always serialise.
    let plain = serde_json::to_vec(personal).unwrap_or_default();
    Some(key.entry(envelope_id, seq).seal(&plain))
}

/// Where a chain breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}: {kind}")]
pub struct ChainFault {
    /// The entry.
    pub seq: u64,
    /// What is wrong with it.
    pub kind: ChainFaultKind,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFaultKind {
    /// It belongs to another record.
    #[error("belongs to another record")]
    OtherRecord,
    /// An entry is missing or doubled.
    #[error("entry {expected} was expected")]
    Gap {
        /// The number that should have come.
        expected: u64,
    },
    /// It does not name the entry before it.
    #[error("does not name the hash of the entry before it")]
    Unlinked,
    /// Its content does not give its hash.
    #[error("its content does not give its hash")]
    Altered,
}

/// Verifies a whole chain from its first entry and tells its end.
///
/// # Errors
/// The first [`ChainFault`].
pub fn verify_chain<'a>(
    envelope_id: &EnvelopeId,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> Result<Chain, ChainFault> {
    let mut chain = Chain::genesis(envelope_id.clone());
    for entry in entries {
        chain.accept(entry)?;
    }
    Ok(chain)
}
