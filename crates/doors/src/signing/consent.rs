//! `POST /api/signing/consent`: agreeing to electronic records (15 USC 7001(c)).

use serde_json::Value;
use utoipa::ToSchema;

use super::{
    endpoint::{Answer, Call, Endpoint},
    wire::SessionView,
};
use crate::http::{
    fields::{Faults, Fields},
    problem::Problem,
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::post("/consent", |call| Box::pin(handle(call)));

/// Agreement to the disclosure that was shown.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct GiveConsent {
    disclosure_id: String,
    /// Must be `true`.
    accepted: bool,
}

/// Give consent
#[utoipa::path(
    post, path = "/consent", operation_id = "giveConsent", tag = "Signing",
    request_body = GiveConsent,
    responses((status = 200, description = "The session", body = SessionView)),
)]
async fn handle(mut call: Call) -> Result<Answer, Problem> {
    let disclosure_id = read(&call.take_json())?;
    let session = call
        .app
        .signing_consent(&call.session, &disclosure_id)
        .await?;
    Ok(Answer::json(&SessionView::from(session)))
}

fn read(body: &Value) -> Result<String, Problem> {
    let faults = Faults::default();
    let body = Fields::of_json(body, &faults);
    let id = body.required("disclosure_id").text(1..=255);
    let accepted = body.required("accepted");
    if accepted.boolean() == Some(false) {
        accepted.fault("must be true; without consent nothing can be signed here");
    }
    faults.check()?;
    Ok(faults.value(id)?)
}
