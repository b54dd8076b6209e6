//! `GET /api/signing/copy`: after completion the sealed PDF; after vault-in the marked copy.

use super::endpoint::{Answer, Call, Endpoint};
use crate::http::problem::Problem;

pub(crate) const ENDPOINT: Endpoint = Endpoint::get("/copy", |call| Box::pin(handle(call)));

/// Get the signer's copy
#[utoipa::path(
    get, path = "/copy", operation_id = "getCopy", tag = "Signing",
    responses((status = 200, description = "The PDF", body = String, content_type = "application/pdf")),
)]
async fn handle(call: Call) -> Result<Answer, Problem> {
    let copy = call.app.signing_copy(&call.session).await?;
    Ok(Answer::Pdf {
        bytes: copy.bytes,
        sha256: copy.sha256,
        filename: copy.filename,
    })
}
