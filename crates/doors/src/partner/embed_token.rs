//! P35 `POST /embed/token`: a token that opens one widget on one envelope for 15 minutes.

use deedbox_app::{Scope, token::Widget};
use deedbox_core::{EmailAddress, ids::EnvelopeId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    answer::{Answer, Data},
    endpoint::{Access, Call, Endpoint},
    error::Error,
};
use crate::http::{
    body::Expects,
    fields::{Faults, Fields},
    forms,
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::post(
    "P35",
    "/embed/token",
    Access::ByBody(&[Scope::EsignWrite, Scope::VaultRead]),
    Expects::Json,
    |call| Box::pin(handle(call)),
);

/// For whom and for what the token is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `Wanted::read` reads")]
struct CreateEmbedToken {
    envelope_id: String,
    /// Recorded on the token; for `sign` a signer's.
    #[schema(format = Email, max_length = 254)]
    user_email: String,
    /// `sign` or `vault`.
    #[schema(example = "sign")]
    widget_type: String,
}

/// A token and where to use it.
#[derive(Debug, Serialize, ToSchema)]
struct EmbedToken {
    /// JWT, HS256, 900 seconds.
    token: String,
    expires_at: String,
    /// The widget's address with the token in the fragment.
    embed_url: String,
    #[schema(example = "sign")]
    widget_type: &'static str,
    envelope_id: String,
}

struct Wanted {
    envelope_id: String,
    user_email: EmailAddress,
    widget: Widget,
}

impl Wanted {
    fn read(body: &Value) -> Result<Self, Error> {
        let faults = Faults::default();
        let body = Fields::of_json(body, &faults);
        let envelope_id = body.required("envelope_id").text(1..=255);
        let user_email = forms::email(&body.required("user_email"));
        let widgets = [Widget::Sign, Widget::Vault];
        let widget = body
            .required("widget_type")
            .one_of(&widgets, Widget::as_str);
        faults.check()?;
        Ok(Self {
            envelope_id: faults.value(envelope_id)?,
            user_email: faults.value(user_email)?,
            widget: faults.value(widget)?,
        })
    }

    /// The scope depends on the widget, so it is asked for once the body is known.
    fn scope(&self) -> Scope {
        match self.widget {
            Widget::Sign => Scope::EsignWrite,
            Widget::Vault => Scope::VaultRead,
        }
    }
}

/// Create an embed token
///
/// `sign` needs the scope `esign:write`, `vault` needs `vault:read`.
#[utoipa::path(
    post, path = "/embed/token", operation_id = "createEmbedToken", tag = "Embed",
    request_body = CreateEmbedToken,
    responses(
        (status = 200, description = "The token", body = Data<EmbedToken>),
        (status = 404, description = "`Envelope not found`", body = crate::partner::error::Body),
        (status = 409, description = "`Envelope status does not allow this operation`", body = crate::partner::error::Body),
    ),
)]
async fn handle(mut call: Call) -> Result<Answer, Error> {
    let wanted = Wanted::read(&call.take_json())?;
    call.require(wanted.scope())?;
    let missing = |_| Error::not_found("Envelope not found");
    let envelope = EnvelopeId::parse(&wanted.envelope_id).map_err(missing)?;
    let widget = wanted.widget;
    let made = call
        .app
        .embed_token(&call.caller, envelope.as_str(), &wanted.user_email, widget)
        .await?;
    Ok(Answer::ok(EmbedToken {
        token: made.token,
        expires_at: made.expires_at.to_iso(),
        embed_url: made.embed_url,
        widget_type: widget.as_str(),
        envelope_id: envelope.to_string(),
    }))
}
