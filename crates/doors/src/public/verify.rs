//! `POST /api/verify`: is this file one of ours, and what is it? Open to anyone, limited by address.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::post,
};
use bytes::Bytes;
use deedbox_app::{App, FieldError};
use http::{HeaderValue, StatusCode, header};

use super::address_limit::AddressLimit;
use crate::http::{
    body::{Content, Expects},
    client,
    encode::json_bytes,
    problem::Problem,
};

/// Verifications per minute from one address: reading a PDF costs a child process.
const CALLS_MAX: u32 = 30;

#[derive(Clone)]
struct Verifier {
    app: App,
    limit: Arc<AddressLimit>,
}

/// The route.
pub(super) fn router(app: &App) -> Router {
    let limit = Arc::new(AddressLimit::new(CALLS_MAX, Duration::from_secs(60)));
    let verifier = Verifier {
        app: app.clone(),
        limit,
    };
    Router::new()
        .route("/api/verify", post(handle))
        .with_state(verifier)
}

async fn handle(State(verifier): State<Verifier>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    verifier
        .limit
        .count(client::address(&parts))
        .map_err(over_limit)?;
    let content = Content::read(Expects::Form, Request::from_parts(parts, body)).await?;
    let verdict = verifier.app.verify(file(content)?).await?;
    let media = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, media)], json_bytes(&verdict)).into_response())
}

fn file(content: Content) -> Result<Bytes, Problem> {
    let file = content.into_form().file("file").map(|(_, bytes)| bytes);
    file.ok_or_else(|| Problem::validation(vec![FieldError::new("file", "is required")]))
}

fn over_limit(seconds: u64) -> Problem {
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "rate-limited",
        "Too many requests",
    )
    .because(format!(
        "At most {CALLS_MAX} verifications a minute; try again in {seconds} seconds"
    ))
    .retry_after(seconds)
}
