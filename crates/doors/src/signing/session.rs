//! `GET /api/signing/session`: everything that the page needs. The first call of a signer whose turn it is marks *viewed*.

use super::{
    endpoint::{Answer, Call, Endpoint},
    wire::SessionView,
};
use crate::http::problem::Problem;

pub(crate) const ENDPOINT: Endpoint = Endpoint::get("/session", |call| Box::pin(handle(call)));

/// Open the session
#[utoipa::path(
    get, path = "/session", operation_id = "openSession", tag = "Signing",
    responses((status = 200, description = "The session", body = SessionView)),
)]
async fn handle(call: Call) -> Result<Answer, Problem> {
    let session = call.app.signing_session(&call.session).await?;
    Ok(Answer::json(&SessionView::from(session)))
}
