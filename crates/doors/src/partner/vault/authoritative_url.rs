//! P14 `GET /partner/envelopes/:id/vault/signed-url`.

use deedbox_app::Scope;

use super::signed_url::{self, ExpiresQuery, SignedLink};
use crate::partner::{
    answer::{Answer, Data},
    endpoint::{Call, Endpoint},
    error::Error,
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::get(
    "P14",
    "/partner/envelopes/{id}/vault/signed-url",
    Scope::VaultRead,
    |call| Box::pin(handle(call)),
);

/// Get a URL of the authoritative copy
///
/// The download re-hashes the stored bytes. Each download is an entry of the trail.
#[utoipa::path(
    get, path = "/partner/envelopes/{id}/vault/signed-url", operation_id = "getAuthoritativeUrl", tag = "Vault",
    params(ExpiresQuery),
    responses(
        (status = 200, description = "The URL", body = Data<SignedLink>),
        (status = 409, description = "`Authoritative copy was released`, `Asset is in escrow`, `Record is quarantined`, `Integrity check failed`", body = crate::partner::error::Body),
    ),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let seconds = signed_url::seconds(&call)?;
    let minted = call
        .app
        .authoritative_url(&call.caller, call.envelope_id()?.as_str(), seconds)
        .await?;
    Ok(Answer::ok(SignedLink::from(minted)))
}
