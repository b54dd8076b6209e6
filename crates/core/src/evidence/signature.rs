//! Signatures over canonical JSON, as they stand in certificates, receipts and control entries.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::digest::Digest;
use crate::evidence::canonical;

/// The only algorithm used for JSON signatures (RFC 8032).
pub const ED25519: &str = "Ed25519";

/// A detached signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The algorithm: `Ed25519`.
    pub alg: String,
    /// Which key.
    pub key_id: String,
    /// The signature, base 64.
    pub value: String,
}

impl Signature {
    /// An Ed25519 signature from its raw bytes.
    #[must_use]
    pub fn ed25519(key_id: impl Into<String>, raw: &[u8]) -> Self {
        use base64::Engine as _;
        let value = base64::engine::general_purpose::STANDARD.encode(raw);
        Self {
            alg: ED25519.to_owned(),
            key_id: key_id.into(),
            value,
        }
    }

    /// The raw bytes; none when the text is no base 64.
    #[must_use]
    pub fn raw(&self) -> Option<Vec<u8>> {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD
            .decode(&self.value)
            .ok()
    }
}

/// A leaf's place in the evidence log, with its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPosition {
    /// The log.
    pub origin: String,
    /// The leaf.
    pub leaf_index: u64,
    /// Size of the tree that the proof leads to.
    pub tree_size: u64,
    /// Inclusion proof, base 64 hashes (RFC 9162 §2.1.3).
    pub proof: Vec<String>,
    /// The signed note (C2SP tlog-checkpoint).
    pub checkpoint: String,
}

/// A JSON document that is signed over its canonical form without the keys `signature` and `log`.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedJson(Map<String, Value>);

impl SignedJson {
    /// Takes a document; keys `signature` and `log` in it are dropped.
    #[must_use]
    pub fn new(mut document: Map<String, Value>) -> Self {
        document.remove("signature");
        document.remove("log");
        Self(document)
    }

    /// The bytes to sign, and the leaf of the log.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(&self.0)
    }

    /// The digest of the bytes to sign.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.signed_bytes())
    }

    /// The document with its signature.
    #[must_use]
    pub fn signed(&self, signature: &Signature) -> Value {
        let mut document = self.0.clone();
        // A plain struct of texts always serialises.
        document.insert(
            "signature".to_owned(),
            serde_json::to_value(signature).unwrap_or_default(),
        );
        Value::Object(document)
    }

    /// The document with its signature and its place in the log; `null` while it has none.
    #[must_use]
    pub fn logged(&self, signature: &Signature, log: Option<&LogPosition>) -> Value {
        let mut document = self.signed(signature);
        // As above.
        document["log"] = serde_json::to_value(log).unwrap_or_default();
        document
    }

    /// The document without signature.
    #[must_use]
    pub const fn document(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Reads a stored document back: what was signed, and the signature found in it.
    #[must_use]
    pub fn read(document: &Value) -> Option<(Self, Signature)> {
        let object = document.as_object()?;
        let signature = serde_json::from_value(object.get("signature")?.clone()).ok()?;
        Some((Self::new(object.clone()), signature))
    }
}
