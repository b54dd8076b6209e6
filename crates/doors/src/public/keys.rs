//! `GET /.well-known/deedbox-keys.json`: the public keys of this server, past ones included.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use deedbox_app::{App, keys::PublicKey};
use http::{HeaderValue, header};
use serde::Serialize;

use crate::http::encode::json_bytes;

#[derive(Debug, Serialize)]
struct Keys {
    keys: Vec<Key>,
}

#[derive(Debug, Serialize)]
struct Key {
    key_id: String,
    alg: &'static str,
    purpose: &'static str,
    /// Base64url of the 32 raw bytes.
    public_key: String,
    not_before: String,
    not_after: Option<String>,
}

impl From<PublicKey> for Key {
    fn from(key: PublicKey) -> Self {
        Self {
            key_id: key.key_id,
            alg: key.alg,
            purpose: key.purpose,
            public_key: key.public_key,
            not_before: key.not_before.to_iso(),
            not_after: key.not_after.map(|at| at.to_iso()),
        }
    }
}

/// The route.
pub(super) fn router(app: &App) -> Router {
    Router::new()
        .route("/.well-known/deedbox-keys.json", get(handle))
        .with_state(app.clone())
}

async fn handle(State(app): State<App>) -> Response {
    let keys = app.keys().published().into_iter().map(Key::from).collect();
    let mut response = json_bytes(&Keys { keys }).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    // Verifiers of other origins may read it: there is nothing in it that is not public.
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    response
}
