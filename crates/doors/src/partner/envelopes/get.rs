//! P2 `GET /partner/envelopes/:id`: one envelope, whole.

use deedbox_app::Scope;

use super::wire::Envelope;
use crate::partner::{
    answer::{Answer, Data},
    endpoint::{Call, Endpoint},
    error::Error,
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::get(
    "P2",
    "/partner/envelopes/{id}",
    Scope::EnvelopesRead,
    |call| Box::pin(handle(call)),
);

/// Get an envelope
#[utoipa::path(
    get, path = "/partner/envelopes/{id}", operation_id = "getEnvelope", tag = "Envelopes",
    responses((status = 200, description = "The envelope", body = Data<Envelope>)),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let envelope = call
        .app
        .envelope(&call.caller, call.envelope_id()?.as_str())
        .await?;
    Ok(Answer::ok(Envelope::from(envelope)))
}
