//! The receipt of a release (P18, P19): signed proof that the authoritative copy left, to whom and under what head of
//! the control record.

use serde_json::{Map, Value, json};

use crate::evidence::signature::SignedJson;
use crate::ids::{OrgId, ReleaseId};
use crate::record::Record;

/// What the receipt says beside the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptTerms {
    /// The release.
    pub release_id: ReleaseId,
    /// The organization that released.
    pub org_id: OrgId,
    /// The identity that ordered it.
    pub released_by: String,
}

/// Builds the receipt of a release that took effect; none for any other.
#[must_use]
pub fn release_receipt(record: &Record, terms: &ReceiptTerms) -> Option<SignedJson> {
    let asset = &record.asset;
    let release = asset
        .release(&terms.release_id)
        .filter(|release| release.released_at.is_some())?;
    let recipient = release.recipient.as_ref().map(|to| {
        let mut recipient = Map::new();
        recipient.insert("name".to_owned(), json!(to.name));
        recipient.extend(
            to.email
                .as_ref()
                .map(|email| ("email".to_owned(), json!(email))),
        );
        recipient.extend(
            to.organization
                .as_ref()
                .map(|name| ("organization".to_owned(), json!(name))),
        );
        recipient
    });
    let document = json!({
        "receipt_version": "1.0",
        "release_id": release.release_id,
        "envelope_id": record.envelope.envelope_id,
        "asset_id": asset.asset_id,
        "org_id": terms.org_id,
        "document_hash": asset.document_hash,
        "reason": release.reason,
        "mode": release.mode,
        "recipient": recipient,
        "released_by": terms.released_by,
        "released_at": release.released_at,
        "control_head": asset.control_head,
    });
    match document {
        Value::Object(document) => Some(SignedJson::new(document)),
        _ => None,
    }
}
