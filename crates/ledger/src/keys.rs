//! Public keys: those a bundle names, and those a verifier pinned.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::Value;

/// A public key with its purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinnedKey {
    /// Its id, printed beside signatures.
    pub key_id: String,
    /// `certificate`, `control`, `receipt` or `log`.
    pub purpose: String,
    /// The 32 bytes of an Ed25519 key.
    pub public: Vec<u8>,
}

/// The keys of a bundle or of a saved `deedbox-keys.json`; `None` when there is no list of keys.
#[must_use]
pub fn pinned_keys(value: &Value) -> Option<Vec<PinnedKey>> {
    let listed = value.get("keys")?.as_array()?;
    Some(listed.iter().filter_map(pinned_key).collect())
}

fn pinned_key(value: &Value) -> Option<PinnedKey> {
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    Some(PinnedKey {
        key_id: text("key_id")?,
        purpose: text("purpose")?,
        public: URL_SAFE_NO_PAD.decode(text("public_key")?).ok()?,
    })
}

/// The certificates of issuing authorities named beside the keys, DER.
#[must_use]
pub fn authorities(value: &Value) -> Vec<Vec<u8>> {
    let listed = value.get("authorities").and_then(Value::as_array);
    let texts = listed.into_iter().flatten().filter_map(Value::as_str);
    texts
        .filter_map(|text| STANDARD.decode(text).ok())
        .collect()
}

/// Whether an Ed25519 signature (RFC 8032) over `message` was made by the key with these bytes.
#[must_use]
pub fn verifies(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public)
        .verify(message, signature)
        .is_ok()
}
