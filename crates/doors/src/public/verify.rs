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
use tokio::sync::Semaphore;

use super::address_limit::AddressLimit;
use crate::http::{
    body::{Content, Expects},
    client,
    encode::json_bytes,
    problem::Problem,
};

/// Verifications per minute from one address: reading a PDF costs a child process.
const CALLS_MAX: u32 = 30;

/// Files that are looked at or being received at once; they lie in memory.
const FILES_MAX: usize = 8;

#[derive(Clone)]
struct Verifier {
    app: App,
    limit: Arc<AddressLimit>,
    room: Arc<Semaphore>,
}

/// The route.
pub(super) fn router(app: &App) -> Router {
    let limit = Arc::new(AddressLimit::new(CALLS_MAX, Duration::from_mins(1)));
    let room = Arc::new(Semaphore::new(FILES_MAX));
    let verifier = Verifier {
        app: app.clone(),
        limit,
        room,
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
    let _room = verifier.room.try_acquire().map_err(|_| busy())?;
    let content = Content::read(Expects::Form, Request::from_parts(parts, body)).await?;
    let verdict = verifier.app.verify(file(content)?).await?;
    let media = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, media)], json_bytes(&verdict)).into_response())
}

fn file(content: Content) -> Result<Bytes, Problem> {
    let file = content.into_form().file("file").map(|(_, bytes)| bytes);
    file.ok_or_else(|| Problem::validation(vec![FieldError::new("file", "is required")]))
}

fn busy() -> Problem {
    let problem = Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "busy",
        "The server is busy",
    );
    problem
        .because("Other files are being verified")
        .retry_after(1)
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
