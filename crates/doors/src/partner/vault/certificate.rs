//! P16 `GET /partner/envelopes/:id/vault/certificate`: the newest certificate, or an older one by id.

use deedbox_app::Scope;
use serde_json::Value;
use utoipa::IntoParams;

use crate::{
    http::fields::Faults,
    partner::{
        answer::{Answer, Data, Versioned},
        endpoint::{Call, Endpoint},
        error::Error,
    },
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::get(
    "P16",
    "/partner/envelopes/{id}/vault/certificate",
    Scope::ComplianceRead,
    |call| Box::pin(handle(call)),
);

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `handle` reads")]
struct Query {
    /// An older certificate of this envelope.
    certificate_id: Option<String>,
}

/// Get the compliance certificate
///
/// Signed with Ed25519 over the RFC 8785 form of the object without `signature` and `log`.
#[utoipa::path(
    get, path = "/partner/envelopes/{id}/vault/certificate", operation_id = "getCertificate", tag = "Vault",
    params(Query),
    responses((status = 200, description = "The certificate", body = Data<Versioned>)),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let faults = Faults::default();
    let id = call.query(&faults).optional("certificate_id").text(0..=64);
    faults.check()?;
    let envelope = call.envelope_id()?;
    let certificate: Value = call
        .app
        .certificate(&call.caller, envelope.as_str(), id.as_deref())
        .await?;
    Ok(Answer::ok(certificate))
}
