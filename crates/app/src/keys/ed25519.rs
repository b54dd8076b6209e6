//! Ed25519 keys: certificates, receipts, control records.

use aws_lc_rs::signature::{self, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use deedbox_core::{KeyId, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::Error;

/// An Ed25519 signing key (RFC 8032) in memory; it never prints.
pub struct EdKey {
    id: KeyId,
    pair: Ed25519KeyPair,
    not_before: Timestamp,
}

impl EdKey {
    /// Makes a key; its second half is what gets wrapped and stored.
    pub(crate) fn generate(id: KeyId, now: Timestamp) -> Result<(Self, Vec<u8>), Error> {
        let pair = Ed25519KeyPair::generate().map_err(Error::internal)?;
        let pkcs8 = pair.to_pkcs8().map_err(Error::internal)?.as_ref().to_vec();
        Ok((
            Self {
                id,
                pair,
                not_before: now,
            },
            pkcs8,
        ))
    }

    /// Reads a stored key.
    pub(crate) fn load(id: KeyId, pkcs8: &[u8], not_before: Timestamp) -> Result<Self, Error> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(Error::internal)?;
        Ok(Self {
            id,
            pair,
            not_before,
        })
    }

    /// The key's id, printed beside its signatures.
    #[must_use]
    pub const fn id(&self) -> &KeyId {
        &self.id
    }

    /// The 32 public bytes.
    #[must_use]
    pub fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    /// SHA-256 of the public bytes, hex: the fingerprint that identifies an assignee by key.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::encode(Sha256::digest(self.public()))
    }

    /// Signs `message`.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }

    /// The published form.
    #[must_use]
    pub fn published(&self, purpose: &'static str) -> PublicKey {
        PublicKey {
            key_id: self.id.to_string(),
            alg: "Ed25519",
            purpose,
            public_key: URL_SAFE_NO_PAD.encode(self.public()),
            not_before: self.not_before,
            not_after: None,
        }
    }
}

/// A public key as bundles and `/.well-known/deedbox-keys.json` print it.
#[derive(Clone, Debug, Serialize)]
pub struct PublicKey {
    /// The key's id.
    pub key_id: String,
    /// Always `Ed25519`.
    pub alg: &'static str,
    /// `certificate`, `control`, `log` or `receipt`.
    pub purpose: &'static str,
    /// Base64url of the 32 bytes.
    pub public_key: String,
    /// First moment of use.
    pub not_before: Timestamp,
    /// Last moment of use; `None` while in use.
    pub not_after: Option<Timestamp>,
}

/// Whether `signature` over `message` was made by the key with these public bytes.
#[must_use]
pub fn verifies(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&signature::ED25519, public)
        .verify(message, signature)
        .is_ok()
}
