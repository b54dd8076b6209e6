//! The built pages, inside the binary.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use rust_embed::RustEmbed;

use crate::http::problem::Problem;

/// What the build of `web/` left. Empty in a checkout that was built without Node.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Built;

/// A built file.
pub(super) fn file(path: &str) -> Option<Cow<'static, [u8]>> {
    Built::get(path).map(|file| file.data)
}

/// A file below `/assets`: its name holds its hash, so it never changes.
pub(super) fn asset(path: &str) -> Response {
    let Some(bytes) = file(&format!("assets/{path}")) else {
        return Problem::not_found().into_response();
    };
    let mut response = bytes.into_owned().into_response();
    let media = mime_guess::from_path(path).first_or_octet_stream();
    let headers = response.headers_mut();
    let media = HeaderValue::from_str(media.essence_str()).expect("media types are ASCII");
    headers.insert(header::CONTENT_TYPE, media);
    let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, for_ever);
    // Embedded pages run under `require-corp` in a host's frame.
    let cross_origin = HeaderValue::from_static("cross-origin");
    headers.insert("cross-origin-resource-policy", cross_origin);
    response
}
