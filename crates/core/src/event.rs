//! Events: what happened, for ever. Versioned JSON; everything personal under the key `person`.

use serde_json::{Map, Value};

use crate::asset::AssetEvent;
use crate::envelope::EnvelopeEvent;

/// The key under which an event's data holds what is personal.
pub const PERSON: &str = "person";

/// Something that happened to a record: to the envelope, or to the asset in the vault.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Of the envelope.
    Envelope(EnvelopeEvent),
    /// Of the asset.
    Asset(AssetEvent),
}

/// A stored event that this version of deedbox cannot read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeFault {
    /// The type name is not known.
    #[error("event type {0} is unknown")]
    UnknownType(String),
    /// The type is known, this version of it is not: written by a newer deedbox.
    #[error("event {kind} has unknown version {version}")]
    UnknownVersion {
        /// The type name.
        kind: String,
        /// The version found.
        version: u32,
    },
    /// The data does not fit the type.
    #[error("event {kind} cannot be read: {detail}")]
    Malformed {
        /// The type name.
        kind: String,
        /// What serde said.
        detail: String,
    },
    /// The sealed part cannot be opened with this key.
    #[error("the sealed part of entry {seq} cannot be opened")]
    Unsealable {
        /// The entry's number.
        seq: u64,
    },
}

/// An event's data taken apart: what may be read by all, and what is personal.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// The data without what is personal.
    pub data: Map<String, Value>,
    /// What is personal; empty if nothing is.
    pub person: Map<String, Value>,
}

impl Parts {
    /// Both parts in one object, as the trail of P10 shows them. No event uses a key in both.
    #[must_use]
    pub fn merged(self) -> Map<String, Value> {
        let mut merged = self.data;
        merged.extend(self.person);
        merged
    }
}

impl Event {
    /// The type name, as in P10.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Envelope(event) => event.kind(),
            Self::Asset(event) => event.kind(),
        }
    }

    /// The version of the type.
    #[must_use]
    pub const fn version(&self) -> u32 {
        match self {
            Self::Envelope(event) => event.version(),
            Self::Asset(event) => event.version(),
        }
    }

    /// The data, taken apart for storage.
    #[must_use]
    pub fn parts(&self) -> Parts {
        let data = match self {
            Self::Envelope(event) => event.data(),
            Self::Asset(event) => event.data(),
        };
        let Value::Object(mut data) = data else {
            return Parts {
                data: Map::new(),
                person: Map::new(),
            };
        };
        let person = match data.remove(PERSON) {
            Some(Value::Object(person)) => person,
            _ => Map::new(),
        };
        Parts { data, person }
    }

    /// Reads an event. `person` is empty when the person was erased, or nothing personal was in it.
    ///
    /// # Errors
    /// A [`DecodeFault`] when type, version or data are not known here.
    pub fn decode(
        kind: &str,
        version: u32,
        data: &Map<String, Value>,
        person: Map<String, Value>,
    ) -> Result<Self, DecodeFault> {
        let mut whole = data.clone();
        if !person.is_empty() {
            whole.insert(PERSON.to_owned(), Value::Object(person));
        }
        let whole = Value::Object(whole);
        if EnvelopeEvent::KINDS.contains(&kind) {
            EnvelopeEvent::decode(kind, version, whole).map(Self::Envelope)
        } else {
            AssetEvent::decode(kind, version, whole).map(Self::Asset)
        }
    }

    /// Every type name there is.
    pub fn kinds() -> impl Iterator<Item = &'static str> {
        EnvelopeEvent::KINDS
            .iter()
            .chain(AssetEvent::KINDS)
            .copied()
    }
}

impl From<EnvelopeEvent> for Event {
    fn from(event: EnvelopeEvent) -> Self {
        Self::Envelope(event)
    }
}

impl From<AssetEvent> for Event {
    fn from(event: AssetEvent) -> Self {
        Self::Asset(event)
    }
}

/// Declares an event enum with its type names and versions, and the reading and writing of its data.
macro_rules! events {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident($body:ty) = $kind:literal v $version:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name {
            $($(#[$vdoc])* $variant($body),)*
        }

        impl $name {
            /// The type names of this enum.
            pub const KINDS: &'static [&'static str] = &[$($kind,)*];

            /// The type name.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind,)* }
            }

            /// The version that is written today.
            #[must_use]
            pub const fn version(&self) -> u32 {
                match self { $(Self::$variant(_) => $version,)* }
            }

            /// The data as JSON, `person` included.
            #[must_use]
            pub fn data(&self) -> serde_json::Value {
                // Every body is a struct with text keys and finite numbers, which always serialises.
                let data = match self { $(Self::$variant(body) => serde_json::to_value(body),)* };
                data.unwrap_or_default()
            }

            /// Reads the data of a known type and version.
            ///
            /// # Errors
            /// A [`DecodeFault`](crate::event::DecodeFault) when type, version or data are not known here.
            pub fn decode(
                kind: &str,
                version: u32,
                data: serde_json::Value,
            ) -> Result<Self, crate::event::DecodeFault> {
                use crate::event::DecodeFault;
                match (kind, version) {
                    $(($kind, $version) => match serde_json::from_value(data) {
                        Ok(body) => Ok(Self::$variant(body)),
                        Err(fault) => Err(DecodeFault::Malformed { kind: kind.to_owned(), detail: fault.to_string() }),
                    },)*
                    $(($kind, _) => Err(DecodeFault::UnknownVersion { kind: kind.to_owned(), version }),)*
                    _ => Err(DecodeFault::UnknownType(kind.to_owned())),
                }
            }
        }
    };
}
pub(crate) use events;
