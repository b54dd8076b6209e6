//! `GET /api/signing/document`: the PDF that this signer is asked to sign.

use super::endpoint::{Answer, Call, Endpoint};
use crate::http::problem::Problem;

pub(crate) const ENDPOINT: Endpoint = Endpoint::get("/document", |call| Box::pin(handle(call)));

/// Get the document
///
/// The `ETag` is the SHA-256 of the bytes.
#[utoipa::path(
    get, path = "/document", operation_id = "getDocument", tag = "Signing",
    responses((status = 200, description = "The PDF", body = String, content_type = "application/pdf")),
)]
async fn handle(call: Call) -> Result<Answer, Problem> {
    let document = call.app.signing_document(&call.session).await?;
    Ok(Answer::Pdf {
        bytes: document.bytes,
        sha256: document.sha256,
        filename: document.filename,
    })
}
