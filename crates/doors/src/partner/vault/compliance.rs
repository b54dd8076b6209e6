//! P17 `GET /partner/envelopes/:id/compliance`: the eight checks, evaluated now.

use deedbox_app::{Compliance, Scope};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::partner::{
    answer::{Answer, Data},
    endpoint::{Call, Endpoint},
    error::Error,
};

pub(crate) const ENDPOINT: Endpoint =
    Endpoint::get("P17", "/partner/envelopes/{id}/compliance", Scope::ComplianceRead, |call| {
        Box::pin(handle(call))
    });

/// An envelope's compliance.
#[derive(Debug, Serialize, ToSchema)]
struct EnvelopeCompliance {
    envelope_id: String,
    envelope_name: String,
    customer_id: Option<String>,
    #[schema(example = "vaulted")]
    envelope_status: &'static str,
    compliance: Evaluation,
}

/// One evaluation.
#[derive(Debug, Serialize, ToSchema)]
struct Evaluation {
    compliant: bool,
    #[schema(minimum = 0, maximum = 100)]
    score: u8,
    evaluated_at: String,
    /// The `requirement` of each unsatisfied check, in order.
    missing_requirements: Vec<String>,
    #[schema(example = "ucc_2022_b")]
    profile: String,
    /// Always eight, always in the same order.
    checks: Vec<Check>,
}

/// One check.
#[derive(Debug, Serialize, ToSchema)]
struct Check {
    #[schema(example = "Single authoritative copy")]
    requirement: String,
    #[schema(example = "UCC §9-105(b)(1)")]
    ucc_reference: String,
    satisfied: bool,
    detail: String,
    #[schema(example = "ac.single")]
    id: String,
    /// `verified`, `attested`, `not_established` or `failed`.
    #[schema(example = "verified")]
    result: &'static str,
    #[schema(value_type = Vec<Object>)]
    evidence: Value,
}

/// Evaluate compliance
///
/// Evaluates all eight checks of UCC §9-105 at the time of the call, whatever the status.
#[utoipa::path(
    get, path = "/partner/envelopes/{id}/compliance", operation_id = "getCompliance", tag = "Vault",
    responses((status = 200, description = "The evaluation", body = Data<EnvelopeCompliance>)),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let found = call.app.compliance(&call.caller, call.envelope_id()?.as_str()).await?;
    Ok(Answer::ok(EnvelopeCompliance::from(found)))
}
