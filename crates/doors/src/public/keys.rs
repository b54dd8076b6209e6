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

use crate::http::{encode::json_bytes, problem::Problem};

#[derive(Debug, Serialize)]
struct Keys {
    keys: Vec<PublicKey>,
    /// Certificates of the issuing authorities, DER in base64: what `deedbox verify --trust` pins for the PDF's seals.
    authorities: Vec<String>,
}

/// The route.
pub(super) fn router(app: &App) -> Router {
    Router::new()
        .route("/.well-known/deedbox-keys.json", get(handle))
        .with_state(app.clone())
}

async fn handle(State(app): State<App>) -> Result<Response, Problem> {
    let keys = app.public_keys().await?;
    let authorities = app.authorities();
    let mut response = json_bytes(&Keys { keys, authorities }).into_response();
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
    Ok(response)
}
