//! Envelopes on the wire: list form and full form (partner-api.md §3).

use deedbox_app::envelope as app;
use deedbox_core::{Timestamp, envelope};
use serde::Serialize;
use serde_json::{Map, Value, json};
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
    #[schema(format = "uuid")]
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
    secured_party: Option<SecuredParty>,
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
    #[schema(format = "uuid")]
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

impl From<app::EnvelopeView> for Envelope {
    fn from(view: app::EnvelopeView) -> Self {
        let iso = |at: Option<Timestamp>| at.map(Timestamp::to_iso);
        Self {
            template_id: view.template_id.map(|id| id.to_string()),
            vaulted: view.vaulted,
            compliant: view.compliant,
            metadata: view.metadata,
            envelope_kind: view.kind.as_str(),
            document_id: view.document_id.to_string(),
            signing_order: view.signing_order.as_str(),
            locale: view.locale,
            message: view.message,
            expires_at: iso(view.expires_at),
            sent_at: iso(view.sent_at),
            completed_at: iso(view.completed_at),
            vaulted_at: iso(view.vaulted_at),
            released_at: iso(view.released_at),
            document_hash: view.document_hash,
            vault_state: view.vault_state.as_str(),
            legal_hold: view.legal_hold,
            secured_party: view.secured_party.map(SecuredParty::from),
            paper_original: view.paper_original.map(|paper| json!(paper)),
            signers: view.signers.into_iter().map(Signer::from).collect(),
            item: EnvelopeItem {
                envelope_id: view.envelope_id.to_string(),
                envelope_name: view.name,
                status: view.status.to_string(),
                customer_id: view.customer_id.map(|id| id.to_string()),
                external_id: view.external_id,
                created_at: view.created_at.to_iso(),
                updated_at: view.updated_at.to_iso(),
            },
        }
    }
}

impl From<envelope::SecuredParty> for SecuredParty {
    fn from(party: envelope::SecuredParty) -> Self {
        Self {
            name: party.name,
            registration_id: party.registration_id,
        }
    }
}

impl From<app::SignerView> for Signer {
    fn from(view: app::SignerView) -> Self {
        let app::SignerView { signer, auth } = view;
        Self {
            signer_id: signer.signer_id.to_string(),
            email: signer.email().to_owned(),
            name: signer.name().to_owned(),
            role: signer.role,
            order: signer.order,
            phone: signer.person.phone,
            auth,
            status: signer.status.as_str(),
            viewed_at: signer.viewed_at.map(Timestamp::to_iso),
            signed_at: signer.signature.map(|signature| signature.at.to_iso()),
        }
    }
}
