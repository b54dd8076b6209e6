//! P12 `POST /partner/envelopes/:id/vault-in-signed`: make the authoritative copy of a completed envelope.

use deedbox_app::{Scope, vault::VaultedIn};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::body::Expects,
    partner::{
        answer::{Answer, Data},
        endpoint::{Access, Call, Endpoint},
        error::Error,
    },
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::post(
    "P12",
    "/partner/envelopes/{id}/vault-in-signed",
    Access::Scope(Scope::VaultWrite),
    Expects::OptionalJson,
    |call| Box::pin(handle(call)),
);

/// A vaulted envelope.
#[derive(Debug, Serialize, ToSchema)]
struct VaultedEnvelope {
    envelope_id: String,
    #[schema(example = "vaulted")]
    status: &'static str,
    vaulted_at: String,
    /// SHA-256 of the authoritative bytes.
    document_hash: String,
    compliance: Verdict,
    #[schema(example = "ast_4f6h8j2k1m3n")]
    asset_id: String,
    #[schema(example = "cert_9d2f4g6h8j1k")]
    certificate_id: String,
    custodian: Custodian,
}

/// The verdict of the first evaluation.
#[derive(Debug, Serialize, ToSchema)]
struct Verdict {
    compliant: bool,
    #[schema(minimum = 0, maximum = 100)]
    score: u32,
}

/// Who keeps the copy.
#[derive(Debug, Serialize, ToSchema)]
struct Custodian {
    id: String,
    name: Option<String>,
}

impl From<VaultedIn> for VaultedEnvelope {
    fn from(vaulted: VaultedIn) -> Self {
        Self {
            envelope_id: vaulted.envelope_id,
            status: vaulted.status.as_str(),
            vaulted_at: vaulted.vaulted_at.to_iso(),
            document_hash: vaulted.document_hash.to_string(),
            compliance: Verdict {
                compliant: vaulted.compliant,
                score: vaulted.score,
            },
            asset_id: vaulted.asset_id.to_string(),
            certificate_id: vaulted.certificate_id.to_string(),
            custodian: Custodian {
                id: vaulted.custodian.id,
                name: vaulted.custodian.name,
            },
        }
    }
}

/// Vault a signed envelope
///
/// All or nothing, and idempotent: an already vaulted envelope answers its stored result.
#[utoipa::path(
    post, path = "/partner/envelopes/{id}/vault-in-signed", operation_id = "vaultInSigned", tag = "Vault",
    responses(
        (status = 200, description = "Vaulted", body = Data<VaultedEnvelope>),
        (
            status = 409,
            description = "`Envelope status does not allow this operation`, `Operation does not fit the envelope kind`, \
                `Authoritative copy was released`, `Another live authoritative copy exists for these bytes`",
            body = crate::partner::error::Body,
        ),
        (status = 502, description = "`Storage unavailable`; nothing stays behind", body = crate::partner::error::Body),
    ),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let vaulted = call
        .app
        .vault_in_signed(&call.caller, call.envelope_id()?.as_str())
        .await?;
    Ok(Answer::ok(VaultedEnvelope::from(vaulted)))
}
