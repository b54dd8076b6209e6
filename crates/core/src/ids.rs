//! Identifiers: one type per thing that has a name, so that an asset id never stands where an envelope id belongs.
//!
//! All are strings with a prefix. They are never drawn at random here: [`Id::from_seed`] derives them from the
//! seed that the caller put into the [`Context`](crate::context::Context), so a decision gives the same ids again.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digest::Digest;

/// An identifier that can be derived from a seed and a label.
pub trait Id: Sized {
    /// Derives an id. Same seed and label, same id; another label, an unrelated id.
    fn from_seed(seed: &[u8; 32], label: &str) -> Self;
}

/// The text has not the form of this identifier. Doors answer it like an id that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind} id")]
pub struct InvalidId {
    /// Which identifier was expected, e.g. `envelope`.
    pub kind: &'static str,
}

/// Where the variable part of an id comes from and which texts are accepted for it.
enum Form {
    /// Twelve base-36 digits.
    Base36,
    /// Twelve base-36 digits when made here, any 1–64 characters of `[A-Za-z0-9_-]` in all when read.
    Foreign,
    /// Twenty-four lower-case hex digits.
    Hex24,
}

impl Form {
    fn derive(&self, seed: &[u8; 32], label: &str) -> String {
        let digest = derive(seed, label);
        match self {
            Self::Base36 | Self::Foreign => base36(&digest),
            Self::Hex24 => hex::encode(&digest[..12]),
        }
    }

    fn accepts(&self, rest: &str, whole_length: usize) -> bool {
        let lower = |b: u8| b.is_ascii_digit() || b.is_ascii_lowercase();
        let hex_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let loose = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        match self {
            Self::Base36 => rest.len() == 12 && rest.bytes().all(lower),
            Self::Foreign => !rest.is_empty() && whole_length <= 64 && rest.bytes().all(loose),
            Self::Hex24 => rest.len() == 24 && rest.bytes().all(hex_digit),
        }
    }
}

/// Domain-separated derivation; the label cannot run into the seed because the seed has a fixed length.
fn derive(seed: &[u8; 32], label: &str) -> [u8; 32] {
    *Digest::of_all(&[b"deedbox id\0", seed, label.as_bytes()]).as_bytes()
}

fn base36(bytes: &[u8; 32]) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut head = [0; 16];
    head.copy_from_slice(&bytes[..16]);
    let mut rest = u128::from_be_bytes(head);
    let mut text = String::with_capacity(12);
    for _ in 0..12 {
        // The remainder is below 36, so the cast keeps its value.
        text.push(char::from(DIGITS[(rest % 36) as usize]));
        rest /= 36;
    }
    text
}

macro_rules! string_traits {
    ($name:ident) => {
        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

macro_rules! prefixed_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal $form:ident $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// Reads an id.
            ///
            /// # Errors
            /// [`InvalidId`] when the text has another form.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                match text.strip_prefix($prefix) {
                    Some(rest) if Form::$form.accepts(rest, text.len()) => Ok(Self(text.to_owned())),
                    _ => Err(InvalidId { kind: $kind }),
                }
            }
        }

        impl Id for $name {
            fn from_seed(seed: &[u8; 32], label: &str) -> Self {
                Self(format!("{}{}", $prefix, Form::$form.derive(seed, label)))
            }
        }

        string_traits!($name);
    )*};
}

prefixed_ids! {
    /// An envelope: one document asked to be signed, or one paper document, with its whole record.
    EnvelopeId = "env_" Base36 "envelope";
    /// A customer of an organization.
    CustomerId = "cust_" Foreign "customer";
    /// A template, all its versions.
    TemplateId = "tmpl_" Foreign "template";
    /// An organization (tenant).
    OrgId = "org_" Foreign "organization";
    /// The asset that a vaulted record is.
    AssetId = "ast_" Base36 "asset";
    /// A transfer of control.
    TransferId = "trf_" Base36 "transfer";
    /// A release (vault-out).
    ReleaseId = "rel_" Base36 "release";
    /// A compliance certificate.
    CertificateId = "cert_" Base36 "certificate";
    /// A partner key (its service identity).
    KeyId = "key_" Base36 "key";
    /// A console user.
    UserId = "user_" Base36 "user";
    /// A field of a template or an envelope.
    FieldId = "fld_" Base36 "field";
    /// The consent of an assignee to one command.
    ConsentId = "cns_" Base36 "consent";
    /// An announced event (webhook, feed).
    EventId = "evt_" Hex24 "event";
    /// One delivery of an event to one receiver.
    DeliveryId = "dlv_" Hex24 "delivery";
    /// A job.
    JobId = "job_" Hex24 "job";
}

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Reads a lower-case hyphenated UUID.
            ///
            /// # Errors
            /// [`InvalidId`] when the text has another form.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                match uuid::Uuid::try_parse(text) {
                    Ok(uuid) if uuid.hyphenated().to_string() == text => Ok(Self(text.to_owned())),
                    _ => Err(InvalidId { kind: $kind }),
                }
            }
        }

        impl Id for $name {
            fn from_seed(seed: &[u8; 32], label: &str) -> Self {
                let mut head = [0; 16];
                head.copy_from_slice(&derive(seed, label)[..16]);
                let uuid = uuid::Builder::from_random_bytes(head).into_uuid();
                Self(uuid.hyphenated().to_string())
            }
        }

        string_traits!($name);
    )*};
}

uuid_ids! {
    /// A signer of an envelope; the same value is `participantId` in the M2M door.
    SignerId "signer";
    /// The envelope's second name, used by the M2M door.
    DocumentId "document";
    /// An organization's second name, used by the M2M door.
    TenantId "tenant";
    /// A template's second name, used by the M2M door.
    TemplateUuid "template";
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: [u8; 32] = [7; 32];

    #[test]
    fn derived_ids_have_their_documented_form() {
        let envelope = EnvelopeId::from_seed(&SEED, "envelope");
        assert_eq!(EnvelopeId::parse(envelope.as_str()), Ok(envelope.clone()));
        assert_eq!(envelope.as_str().len(), 16);
        let event = EventId::from_seed(&SEED, "event");
        assert_eq!(EventId::parse(event.as_str()), Ok(event.clone()));
        assert_eq!(event.as_str().len(), 28);
        let signer = SignerId::from_seed(&SEED, "signer");
        assert_eq!(SignerId::parse(signer.as_str()), Ok(signer));
    }

    #[test]
    fn another_label_gives_another_id() {
        assert_ne!(
            AssetId::from_seed(&SEED, "a"),
            AssetId::from_seed(&SEED, "b")
        );
        assert_eq!(
            AssetId::from_seed(&SEED, "a"),
            AssetId::from_seed(&SEED, "a")
        );
    }

    #[test]
    fn texts_of_another_form_are_refused() {
        for text in [
            "",
            "env_",
            "env_X7K9M2P4Q1W3",
            "env_x7k9m2p4q1w",
            "ast_x7k9m2p4q1w3",
        ] {
            assert!(EnvelopeId::parse(text).is_err(), "{text}");
        }
        assert!(SignerId::parse("A244BE1A-98C5-4FAA-BCB7-55218983A731").is_err());
        assert!(TemplateId::parse("tmpl_lease_v2").is_ok());
        assert!(TemplateId::parse(&format!("tmpl_{}", "a".repeat(60))).is_err());
    }
}
