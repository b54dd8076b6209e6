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

/// Headers of every answer that its handler has not decided itself: nothing is kept, framed, sniffed, or read by other
/// origins' pages.
const USUAL: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

fn seal(response: &mut Response, id: &str) {
    let headers = response.headers_mut();
    headers.insert(
        REQUEST_ID,
        HeaderValue::from_str(id).expect("a ULID is ASCII"),
    );
    for (name, value) in USUAL {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware, routing::get};
    use http::StatusCode;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn fall() -> StatusCode {
        panic!("the database password is hunter2")
    }

    /// A router with a handler that panics and one that never answers.
    fn router() -> Router {
        let guard = Guard {
            metrics: Arc::default(),
            request_timeout: Duration::from_secs(5),
            hops: ProxyHops::default(),
        };
        Router::new()
            .route("/api/v2/fall", get(fall))
            .route("/api/signing/hang", get(std::future::pending::<StatusCode>))
            .layer(middleware::from_fn_with_state(guard, stand))
    }

    async fn answer(path: &str) -> (u16, String, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = router().oneshot(request).await.unwrap();
        let id = response.headers()[REQUEST_ID].to_str().unwrap().to_owned();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap(), id)
    }

    #[tokio::test]
    async fn a_panic_is_answered_in_the_doors_words_and_tells_nothing() {
        let (status, body, id) = answer("/api/v2/fall").await;
        assert_eq!(
            (status, body.as_str()),
            (500, r#"{"error":"Internal error"}"#)
        );
        assert!(id.starts_with("req_"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_hangs_is_given_up() {
        let (status, body, _) = answer("/api/signing/hang").await;
        assert_eq!(status, 500);
        assert!(body.contains(r#""type":"internal""#), "{body}");
    }
}
