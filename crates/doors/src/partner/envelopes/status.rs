//! P3 `GET /partner/envelopes/:id/status`: the light look, for polling.

use deedbox_app::Scope;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::encode::iso_micros,
    partner::{
        answer::{Answer, Data},
        endpoint::{Call, Endpoint},
        error::Error,
    },
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::get(
    "P3",
    "/partner/envelopes/{id}/status",
    Scope::EnvelopesRead,
    |call| Box::pin(handle(call)),
);

/// Status and vault summary of an envelope.
#[derive(Debug, Serialize, ToSchema)]
struct EnvelopeStatus {
    envelope_id: String,
    #[schema(example = "vaulted")]
    status: String,
    vaulted: bool,
    compliant: bool,
    vaulted_at: Option<String>,
    document_hash: Option<String>,
    updated_at: String,
    #[schema(example = "vaulted")]
    vault_state: String,
}

/// Get an envelope's status
///
/// Cheaper than the whole envelope: meant for polling.
#[utoipa::path(
    get, path = "/partner/envelopes/{id}/status", operation_id = "getEnvelopeStatus", tag = "Envelopes",
    responses((status = 200, description = "Status and vault summary", body = Data<EnvelopeStatus>)),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let status = call
        .app
        .envelope_status(&call.caller, call.envelope_id()?.as_str())
        .await?;
    Ok(Answer::ok(EnvelopeStatus {
        envelope_id: status.envelope_id,
        status: status.status,
        vaulted: status.vaulted,
        compliant: status.compliant,
        vaulted_at: status.vaulted_at.map(iso_micros),
        document_hash: status.document_hash,
        updated_at: iso_micros(status.updated_at),
        vault_state: status.vault_state,
    }))
}
