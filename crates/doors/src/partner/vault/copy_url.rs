//! P15 `GET /partner/envelopes/:id/vault/copy/signed-url`.

use deedbox_app::Scope;

use super::signed_url::{self, ExpiresQuery, SignedLink};
use crate::partner::{
    answer::{Answer, Data},
    endpoint::{Call, Endpoint},
    error::Error,
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::get(
    "P15",
    "/partner/envelopes/{id}/vault/copy/signed-url",
    Scope::VaultRead,
    |call| Box::pin(handle(call)),
);

/// Get a URL of the marked copy
///
/// For everyday viewing: every page says that it is not the authoritative copy.
#[utoipa::path(
    get, path = "/partner/envelopes/{id}/vault/copy/signed-url", operation_id = "getCopyUrl", tag = "Vault",
    params(ExpiresQuery),
    responses(
        (status = 200, description = "The URL", body = Data<SignedLink>),
        (status = 409, description = "`Integrity check failed`", body = crate::partner::error::Body),
    ),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let seconds = signed_url::seconds(&call)?;
    let minted = call
        .app
        .copy_url(&call.caller, call.envelope_id()?.as_str(), seconds)
        .await?;
    Ok(Answer::ok(SignedLink::from(minted)))
}
