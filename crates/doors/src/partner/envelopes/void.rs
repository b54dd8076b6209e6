//! P6 `POST /partner/envelopes/:id/void`: close an envelope that is not complete.

use deedbox_app::Scope;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    http::{
        body::Expects,
        fields::{Faults, Fields},
    },
    partner::{
        answer::{Answer, Data},
        endpoint::{Access, Call, Endpoint},
        error::Error,
    },
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::post(
    "P6",
    "/partner/envelopes/{id}/void",
    Access::Scope(Scope::EnvelopesWrite),
    Expects::OptionalJson,
    |call| Box::pin(handle(call)),
);

/// Why it is voided.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct VoidEnvelope {
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

/// A voided envelope.
#[derive(Debug, Serialize, ToSchema)]
struct VoidedEnvelope {
    envelope_id: String,
    #[schema(example = "voided")]
    status: &'static str,
    voided_at: String,
    reason: Option<String>,
}

/// Void an envelope
///
/// Links die at once; signers who were invited are told.
#[utoipa::path(
    post, path = "/partner/envelopes/{id}/void", operation_id = "voidEnvelope", tag = "Envelopes",
    request_body = Option<VoidEnvelope>,
    responses(
        (status = 200, description = "Voided", body = Data<VoidedEnvelope>),
        (status = 409, description = "`Envelope status does not allow this operation`", body = crate::partner::error::Body),
    ),
)]
async fn handle(mut call: Call) -> Result<Answer, Error> {
    let reason = read(&call.take_json())?;
    let voided = call
        .app
        .envelope_void(&call.caller, call.envelope_id()?.as_str(), reason)
        .await?;
    Ok(Answer::ok(VoidedEnvelope {
        envelope_id: voided.envelope_id.to_string(),
        status: "voided",
        voided_at: voided.voided_at.to_iso(),
        reason: voided.reason,
    }))
}

fn read(body: &Value) -> Result<Option<String>, Error> {
    let faults = Faults::default();
    let reason = Fields::of_json(body, &faults)
        .optional("reason")
        .text(0..=1000);
    faults.check()?;
    Ok(reason)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reason_is_optional_and_bounded() {
        assert_eq!(read(&json!({})), Ok(None));
        assert_eq!(read(&json!({"reason": null})), Ok(None));
        assert_eq!(
            read(&json!({"reason": " wrong price "})),
            Ok(Some("wrong price".into()))
        );
        let refused = read(&json!({"reason": "x".repeat(1001)})).unwrap_err();
        assert_eq!(refused.body.details[0].field, "reason");
    }
}
