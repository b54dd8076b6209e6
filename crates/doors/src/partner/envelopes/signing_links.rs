//! P8 `GET /partner/envelopes/:id/signing-links`: a link for every signer whose turn it is.

use deedbox_app::{Scope, envelope::SigningLink};
use serde::Serialize;
use utoipa::ToSchema;

use crate::partner::{
    answer::{Answer, Data},
    endpoint::{Call, Endpoint},
    error::Error,
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::get(
    "P8",
    "/partner/envelopes/{id}/signing-links",
    Scope::EnvelopesRead,
    |call| Box::pin(handle(call)),
);

/// The links of an envelope.
#[derive(Debug, Serialize, ToSchema)]
struct SigningLinks {
    envelope_id: String,
    signing_links: Vec<Link>,
}

/// One signer's link.
#[derive(Debug, Serialize, ToSchema)]
struct Link {
    email: String,
    name: String,
    role: String,
    #[schema(example = "sent")]
    status: &'static str,
    /// `null` for a signer who has signed or is not yet invited.
    signing_url: Option<String>,
    #[schema(format = "uuid")]
    signer_id: String,
}

impl From<SigningLink> for Link {
    fn from(link: SigningLink) -> Self {
        Self {
            email: link.email,
            name: link.name,
            role: link.role,
            status: link.status.as_str(),
            signing_url: link.url,
            signer_id: link.signer_id.to_string(),
        }
    }
}

/// Get signing links
///
/// Two calls may answer different URLs; every URL works until the envelope is declined, voided or expired.
#[utoipa::path(
    get, path = "/partner/envelopes/{id}/signing-links", operation_id = "getSigningLinks", tag = "Envelopes",
    responses(
        (status = 200, description = "One entry per signer", body = Data<SigningLinks>),
        (status = 409, description = "`Envelope status does not allow this operation`", body = crate::partner::error::Body),
    ),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let id = call.envelope_id()?;
    let links = call.app.signing_links(&call.caller, id.as_str()).await?;
    Ok(Answer::ok(SigningLinks {
        envelope_id: id.to_string(),
        signing_links: links.into_iter().map(Link::from).collect(),
    }))
}
