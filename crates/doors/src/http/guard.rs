//! What stands around every request: its id, its clock, its span in the log, and a net under a panic.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use http::{HeaderName, HeaderValue, header};
use tokio::time::Instant;
use tracing::Instrument;
use ulid::Ulid;

use super::{
    client::ProxyHops,
    metrics::{Door, Metrics},
    problem::Problem,
    task::panic_text,
};

/// The header that names a request in the log.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the guard needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    /// Where requests are counted.
    pub metrics: Arc<Metrics>,
    /// The longest that a request may take, its body included.
    pub request_timeout: Duration,
    /// Proxies of our own before this server.
    pub hops: ProxyHops,
}

/// The outermost middleware.
pub(crate) async fn stand(
    State(guard): State<Guard>,
    mut request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let door = Door::of(request.uri().path());
    let id = format!("req_{}", Ulid::new());
    let span = span_of(&request, &id);
    request.extensions_mut().insert(guard.hops);
    let mut response = answer(&guard, door, request, next)
        .instrument(span.clone())
        .await;
    seal(&mut response, &id);
    let (status, latency) = (response.status().as_u16(), began.elapsed());
    guard.metrics.count(door, status, latency);
    span.in_scope(|| tracing::debug!(status, latency_us = latency.as_micros(), "answered"));
    response
}

/// The span names the route and not the address: addresses hold ids, and query strings hold tokens.
fn span_of(request: &Request, id: &str) -> tracing::Span {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str);
    tracing::info_span!("request", %id, method = %request.method(), route)
}

async fn answer(guard: &Guard, door: Door, request: Request, next: Next) -> Response {
    let caught = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(guard.request_timeout, caught).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => {
            tracing::error!(panic = panic_text(panic.as_ref()), "a handler panicked");
            internal(door)
        }
        Err(_) => {
            tracing::warn!("a request took too long");
            internal(door)
        }
    }
}

fn internal(door: Door) -> Response {
    match door {
        Door::Partner | Door::Storage => crate::partner::Error::internal().into_response(),
        Door::Signing | Door::Public => Problem::internal().into_response(),
    }
}

/// Headers of every answer. A handler that allows caching has said so already.
fn seal(response: &mut Response, id: &str) {
    let headers = response.headers_mut();
    headers.insert(
        REQUEST_ID,
        HeaderValue::from_str(id).expect("a ULID is ASCII"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers
        .entry(header::X_CONTENT_TYPE_OPTIONS)
        .or_insert(HeaderValue::from_static("nosniff"));
}
