//! P11 `GET /partner/envelopes/:id/evidence`: the bundle that `deedbox verify --evidence` checks offline.

use deedbox_app::Scope;
use serde_json::Value;

use crate::partner::{
    answer::{Answer, Data, Versioned},
    endpoint::{Call, Endpoint},
    error::Error,
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::get(
    "P11",
    "/partner/envelopes/{id}/evidence",
    Scope::ComplianceRead,
    |call| Box::pin(handle(call)),
);

/// Get the evidence bundle
///
/// Trail with addresses and browsers, certificate of completion, compliance certificate, control record, log position
/// and public keys. The answer as saved is what the offline verifier takes.
#[utoipa::path(
    get, path = "/partner/envelopes/{id}/evidence", operation_id = "getEvidence", tag = "Envelopes",
    responses((status = 200, description = "The bundle", body = Data<Versioned>)),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let bundle: Value = call
        .app
        .evidence(&call.caller, call.envelope_id()?.as_str())
        .await?;
    Ok(Answer::ok(bundle))
}
