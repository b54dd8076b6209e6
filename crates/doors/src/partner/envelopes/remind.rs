//! P7 `POST /partner/envelopes/:id/remind`: write again to those whose turn it is.

use deedbox_app::Scope;
use deedbox_core::EmailAddress;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    http::{
        body::Expects,
        fields::{Faults, Fields},
        forms,
    },
    partner::{
        answer::{Answer, Data},
        endpoint::{Access, Call, Endpoint},
        error::Error,
    },
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::post(
    "P7",
    "/partner/envelopes/{id}/remind",
    Access::Scope(Scope::EnvelopesWrite),
    Expects::OptionalJson,
    |call| Box::pin(handle(call)),
);

/// Whom to remind.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct RemindSigners {
    /// One pending signer; default all whose turn it is.
    #[schema(format = Email)]
    email: Option<String>,
}

/// Who was reminded.
#[derive(Debug, Serialize, ToSchema)]
struct Reminded {
    envelope_id: String,
    reminded: Vec<String>,
    reminded_at: String,
}

/// Remind pending signers
///
/// Signers whose last reminder is less than 60 seconds old are left out.
#[utoipa::path(
    post, path = "/partner/envelopes/{id}/remind", operation_id = "remindSigners", tag = "Envelopes",
    request_body = Option<RemindSigners>,
    responses(
        (status = 200, description = "Reminded", body = Data<Reminded>),
        (status = 409, description = "`Envelope status does not allow this operation`, `Operation does not fit the envelope kind`", body = crate::partner::error::Body),
        (status = 429, description = "`Rate limit exceeded`, `Reminder cooldown`", body = crate::partner::error::Body),
    ),
)]
async fn handle(mut call: Call) -> Result<Answer, Error> {
    let email = read(&call.take_json())?;
    let done = call
        .app
        .envelope_remind(&call.caller, call.envelope_id()?.as_str(), email)
        .await?;
    Ok(Answer::ok(Reminded {
        envelope_id: done.envelope_id.to_string(),
        reminded: done.reminded,
        reminded_at: done.reminded_at.to_iso(),
    }))
}

fn read(body: &Value) -> Result<Option<EmailAddress>, Error> {
    let faults = Faults::default();
    let email = forms::email(&Fields::of_json(body, &faults).optional("email"));
    faults.check()?;
    Ok(email)
}
