//! The storage door (partner-api.md §12): bytes for whoever holds a signed URL. They are re-read and hashed in full before the
//! first is sent, which a presigned URL of the object store could not do.

use axum::{
    Router,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
    routing::any,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use deedbox_app::{App, Client, vault::Download};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::range::{self, Wanted};
use crate::{
    http::{client, encode::attachment},
    partner::{Error, query_of},
};

const COPY_STATUS: HeaderName = HeaderName::from_static("x-deedbox-copy-status");
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// The route.
pub(super) fn router(app: &App) -> Router {
    Router::new()
        .route("/storage/{bucket}/{*path}", any(handle))
        .with_state(app.clone())
}

async fn handle(
    State(app): State<App>,
    Path((bucket, path)): Path<(String, String)>,
    request: Request,
) -> Response {
    // The signature covers the method GET. HEAD would leave an access in the trail without one.
    if request.method() != Method::GET {
        let mut refused = Error::method_not_allowed().into_response();
        refused
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("GET"));
        return refused;
    }
    match fetch(&app, &bucket, &path, request).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

async fn fetch(app: &App, bucket: &str, path: &str, request: Request) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    let query = query_of(parts.uri.query().unwrap_or_default());
    let text = |key: &str| {
        query
            .get(key)
            .and_then(|value| value.as_str())
            .unwrap_or_default()
    };
    let refused = || Error::from(deedbox_app::Error::UrlRefused);
    let expires = text("expires").parse().map_err(|_| refused())?;
    let client = Client {
        ip: client::address(&parts),
        user_agent: client::user_agent(&parts.headers),
    };
    let download = app
        .storage_open(bucket, path, expires, text("token"), client)
        .await?;
    Ok(answer(&parts.headers, &download))
}

fn answer(asked: &HeaderMap, download: &Download) -> Response {
    let etag = format!("\"{}\"", download.sha256);
    let length = download.bytes.len();
    let wanted = wanted(asked, &etag, length);
    let (status, body, content_range) = match wanted {
        Wanted::Whole => (StatusCode::OK, download.bytes.clone(), None),
        Wanted::Part(part) => {
            let range = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            (
                StatusCode::PARTIAL_CONTENT,
                download.bytes.slice(part),
                Some(range),
            )
        }
        Wanted::Unsatisfiable => {
            let range = format!("bytes */{length}");
            (StatusCode::RANGE_NOT_SATISFIABLE, Bytes::new(), Some(range))
        }
    };
    let mut response = (status, body).into_response();
    describe(response.headers_mut(), download, &etag);
    if let Some(range) = content_range.and_then(|range| range.parse().ok()) {
        response.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    response
}

/// A range counts only for the bytes that the client has begun to fetch (RFC 9110 §13.1.5).
fn wanted(asked: &HeaderMap, etag: &str, length: usize) -> Wanted {
    let text = |name| {
        asked
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    if text(header::IF_RANGE).is_some_and(|condition| condition != etag) {
        return Wanted::Whole;
    }
    range::parse(text(header::RANGE), length)
}

fn describe(headers: &mut HeaderMap, download: &Download, etag: &str) {
    let text = |text: &str| HeaderValue::from_str(text).expect("digests and statuses are ASCII");
    let digest = STANDARD.encode(download.sha256.as_bytes());
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/pdf"),
    );
    headers.insert(header::CONTENT_DISPOSITION, attachment(&download.filename));
    headers.insert(header::ETAG, text(etag));
    headers.insert(REPR_DIGEST, text(&format!("sha-256=:{digest}:")));
    headers.insert(COPY_STATUS, text(download.purpose.as_str()));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
}
