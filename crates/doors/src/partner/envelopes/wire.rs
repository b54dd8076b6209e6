//! Envelopes on the wire: list form and full form (partner-api.md §3).

use deedbox_app::envelope as app;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::http::encode::iso_micros;

/// An envelope as lists show it: exactly these seven keys.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct EnvelopeItem {
    #[schema(example = "env_x7k9m2p4q1w3")]
    envelope_id: String,
    envelope_name: String,
    #[schema(example = "completed")]
    status: String,
    #[schema(example = "cust_abc123")]
    customer_id: Option<String>,
    /// The partner's own string; not unique.
    external_id: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

impl From<app::EnvelopeItem> for EnvelopeItem {
    fn from(item: app::EnvelopeItem) -> Self {
        Self {
            envelope_id: item.envelope_id,
            envelope_name: item.name,
            status: item.status,
            customer_id: item.customer_id,
            external_id: item.external_id,
            created_at: iso_micros(item.created_at),
            updated_at: iso_micros(item.updated_at),
        }
    }
}

/// An envelope with all that a partner may see of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Envelope {
    #[serde(flatten)]
    item: EnvelopeItem,
    template_id: Option<String>,
    /// The authoritative copy is stored here and live.
    vaulted: bool,
    /// Verdict of the last compliance evaluation; `false` before the first.
    compliant: bool,
    /// What the partner stored at creation, without keys that begin with `_`.
    #[schema(value_type = Object)]
    metadata: Map<String, Value>,
    #[schema(example = "esign")]
    envelope_kind: &'static str,
    /// The envelope's second name.
    #[schema(format = Uuid)]
    document_id: String,
    #[schema(example = "parallel")]
    signing_order: &'static str,
    locale: String,
    message: Option<String>,
    expires_at: Option<String>,
    sent_at: Option<String>,
    completed_at: Option<String>,
    vaulted_at: Option<String>,
    released_at: Option<String>,
    /// SHA-256 of the authoritative bytes; `null` before vault-in.
    document_hash: Option<String>,
    #[schema(example = "none")]
    vault_state: &'static str,
    legal_hold: bool,
    secured_party: SecuredParty,
    /// Paper: what became of the signed original.
    #[schema(value_type = Option<Object>)]
    paper_original: Option<Value>,
    signers: Vec<Signer>,
}

/// The secured party that the certificate names.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SecuredParty {
    name: String,
    registration_id: Option<String>,
}

/// One signer of an envelope.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Signer {
    #[schema(format = Uuid)]
    signer_id: String,
    email: String,
    name: String,
    role: String,
    order: u32,
    phone: Option<String>,
    /// Steps before signing, in order.
    auth: Vec<&'static str>,
    /// `waiting`, `sent`, `viewed`, `signed` or `declined`.
    #[schema(example = "signed")]
    status: &'static str,
    viewed_at: Option<String>,
    signed_at: Option<String>,
}
