//! `POST /api/signing/complete`: the act of signing.

use deedbox_core::Digest;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::endpoint::{Answer, Call, Endpoint};
use crate::http::{
    fields::{Faults, Fields},
    forms,
    problem::Problem,
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::post("/complete", |call| Box::pin(handle(call)));

/// What is confirmed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct Complete {
    /// Digest of the document that was shown.
    document_sha256: String,
    /// Must be `true`: the signer means to sign.
    intent: bool,
}

/// How far signer and envelope are now.
#[derive(Debug, Serialize, ToSchema)]
struct Completed {
    #[schema(example = "signed")]
    status: &'static str,
    #[schema(example = "completed")]
    envelope_status: &'static str,
}

/// Sign
///
/// Refused while a required field is empty or when the digest is not one that was shown. The same call again answers
/// the same.
#[utoipa::path(
    post, path = "/complete", operation_id = "complete", tag = "Signing",
    request_body = Complete,
    responses((status = 200, description = "Signed", body = Completed)),
)]
async fn handle(mut call: Call) -> Result<Answer, Problem> {
    let shown = read(&call.take_json())?;
    let done = call.app.signing_complete(&call.session, shown).await?;
    Ok(Answer::json(&Completed {
        status: done.status.as_str(),
        envelope_status: done.envelope_status.as_str(),
    }))
}

fn read(body: &Value) -> Result<Digest, Problem> {
    let faults = Faults::default();
    let body = Fields::of_json(body, &faults);
    let shown = forms::sha256(&body.required("document_sha256"));
    let intent = body.required("intent");
    if intent.boolean() == Some(false) {
        intent.fault("must be true; to refuse, decline instead");
    }
    faults.check()?;
    Ok(faults.value(shown)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn intent_must_be_said() {
        let digest = "ab".repeat(32);
        assert!(read(&json!({"document_sha256": digest, "intent": true})).is_ok());
        for body in [
            json!({"document_sha256": digest}),
            json!({"document_sha256": digest, "intent": false}),
        ] {
            assert_eq!(read(&body).unwrap_err().errors[0].pointer, "/intent");
        }
        let problem = read(&json!({"document_sha256": "AB", "intent": true})).unwrap_err();
        assert_eq!(problem.errors[0].pointer, "/document_sha256");
    }
}
