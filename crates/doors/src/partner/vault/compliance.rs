//! P17 `GET /partner/envelopes/:id/compliance`: the eight checks, evaluated now.

use deedbox_app::{Scope, vault::Compliance};
use deedbox_core::compliance::{CheckOutcome, Report};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::partner::{
    answer::{Answer, Data},
    endpoint::{Call, Endpoint},
    error::Error,
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::get(
    "P17",
    "/partner/envelopes/{id}/compliance",
    Scope::ComplianceRead,
    |call| Box::pin(handle(call)),
);

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
    score: u32,
    evaluated_at: String,
    /// The `requirement` of each unsatisfied check, in order.
    missing_requirements: Vec<String>,
    #[schema(example = "ucc_2022_b")]
    profile: &'static str,
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

impl From<Compliance> for EnvelopeCompliance {
    fn from(found: Compliance) -> Self {
        Self {
            envelope_id: found.envelope_id,
            envelope_name: found.envelope_name,
            customer_id: found.customer_id.map(|id| id.to_string()),
            envelope_status: found.envelope_status.as_str(),
            compliance: found.report.into(),
        }
    }
}

impl From<Report> for Evaluation {
    fn from(report: Report) -> Self {
        Self {
            compliant: report.compliant,
            score: report.score,
            evaluated_at: report.evaluated_at.to_iso(),
            missing_requirements: report.missing_requirements,
            profile: report.profile.as_str(),
            checks: report.checks.into_iter().map(Check::from).collect(),
        }
    }
}

impl From<CheckOutcome> for Check {
    fn from(outcome: CheckOutcome) -> Self {
        Self {
            requirement: outcome.requirement,
            ucc_reference: outcome.ucc_reference,
            satisfied: outcome.satisfied,
            detail: outcome.detail,
            id: outcome.id,
            result: outcome.result.as_str(),
            evidence: json!(outcome.evidence),
        }
    }
}

/// Evaluate compliance
///
/// Evaluates all eight checks of UCC §9-105 at the time of the call, whatever the status.
#[utoipa::path(
    get, path = "/partner/envelopes/{id}/compliance", operation_id = "getCompliance", tag = "Vault",
    responses((status = 200, description = "The evaluation", body = Data<EnvelopeCompliance>)),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let found = call
        .app
        .compliance(&call.caller, call.envelope_id()?.as_str())
        .await?;
    Ok(Answer::ok(EnvelopeCompliance::from(found)))
}
