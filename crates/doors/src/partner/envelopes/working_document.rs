//! P9 `GET /partner/envelopes/:id/document`: the working PDF, sealed once complete.

use deedbox_app::Scope;
use serde::Serialize;
use utoipa::ToSchema;

use crate::partner::{
    answer::{Answer, Data},
    endpoint::{Call, Endpoint},
    error::Error,
    vault::signed_url::{self, ExpiresQuery, SignedLink},
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::get(
    "P9",
    "/partner/envelopes/{id}/document",
    Scope::EnvelopesRead,
    |call| Box::pin(handle(call)),
);

/// Where the working PDF can be fetched.
#[derive(Debug, Serialize, ToSchema)]
struct WorkingDocument {
    #[serde(flatten)]
    link: SignedLink,
    /// SHA-256 of the bytes behind the URL.
    sha256: String,
    /// Every signer has signed and the instance has sealed.
    sealed: bool,
}

/// Get a URL of the working document
#[utoipa::path(
    get, path = "/partner/envelopes/{id}/document", operation_id = "getWorkingDocument", tag = "Envelopes",
    params(ExpiresQuery),
    responses(
        (status = 200, description = "The URL", body = Data<WorkingDocument>),
        (status = 409, description = "`Envelope status does not allow this operation`: no PDF yet, or vaulted", body = crate::partner::error::Body),
    ),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let seconds = signed_url::seconds(&call)?;
    let document = call
        .app
        .working_document(&call.caller, call.envelope_id()?.as_str(), seconds)
        .await?;
    Ok(Answer::ok(WorkingDocument {
        link: document.url.into(),
        sha256: document.sha256,
        sealed: document.sealed,
    }))
}
