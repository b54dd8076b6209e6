//! `POST /api/signing/decline`: refusing to sign. Closes the envelope for everyone.

use http::Method;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::endpoint::{Answer, Call, Endpoint};
use crate::http::{
    body::Expects,
    fields::{Faults, Fields},
    problem::Problem,
};

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    method: Method::POST,
    path: "/decline",
    body: Expects::OptionalJson,
    handler: |call| Box::pin(handle(call)),
};

/// Why not.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct Decline {
    /// Told to the sender.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

/// How far the signer is now.
#[derive(Debug, Serialize, ToSchema)]
struct Declined {
    #[schema(example = "declined")]
    status: &'static str,
}

/// Decline to sign
#[utoipa::path(
    post, path = "/decline", operation_id = "decline", tag = "Signing",
    request_body = Option<Decline>,
    responses((status = 200, description = "Declined", body = Declined)),
)]
async fn handle(mut call: Call) -> Result<Answer, Problem> {
    let reason = read(&call.take_json())?;
    let status = call.app.signing_decline(&call.session, reason).await?;
    Ok(Answer::json(&Declined {
        status: status.as_str(),
    }))
}

fn read(body: &Value) -> Result<Option<String>, Problem> {
    let faults = Faults::default();
    let reason = Fields::of_json(body, &faults)
        .optional("reason")
        .text(0..=1000);
    faults.check()?;
    Ok(reason.filter(|reason| !reason.is_empty()))
}
