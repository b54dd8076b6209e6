//! What an endpoint says of itself, and what its handler is given and gives.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use deedbox_app::{App, signing::Session};
use futures::future::BoxFuture;
use http::{HeaderValue, Method, header};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::http::{
    body::{Content, Expects},
    encode::json_bytes,
    fields::{Faults, Fields},
    problem::Problem,
};

/// The code behind an endpoint.
pub(crate) type Handler = fn(Call) -> BoxFuture<'static, Result<Answer, Problem>>;

/// One endpoint of this door.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub method: Method,
    pub path: &'static str,
    pub body: Expects,
    pub handler: Handler,
}

impl Endpoint {
    /// A GET endpoint.
    pub(crate) const fn get(path: &'static str, handler: Handler) -> Self {
        Self {
            method: Method::GET,
            path,
            body: Expects::Nothing,
            handler,
        }
    }

    /// A POST endpoint with a JSON body.
    pub(crate) const fn post(path: &'static str, handler: Handler) -> Self {
        Self {
            method: Method::POST,
            path,
            body: Expects::Json,
            handler,
        }
    }
}

/// A request of a signer who was recognised.
pub(crate) struct Call {
    pub app: App,
    pub session: Session,
    pub path: Vec<(String, String)>,
    pub query: Map<String, Value>,
    pub content: Content,
}

impl Call {
    /// The query string, to be read.
    pub(crate) fn query<'a>(&'a self, faults: &'a Faults) -> Fields<'a> {
        Fields::of_text(&self.query, faults)
    }

    /// The JSON body, leaving the rest.
    pub(crate) fn take_json(&mut self) -> Value {
        std::mem::replace(&mut self.content, Content::Empty).into_json()
    }

    /// A segment of the path.
    pub(crate) fn segment(&self, name: &str) -> &str {
        let found = self.path.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// A 2xx answer.
pub(crate) enum Answer {
    /// JSON.
    Json(Bytes),
    /// A PDF for this signer.
    Pdf {
        bytes: Bytes,
        sha256: String,
        filename: String,
    },
    /// A page's picture.
    Png(Bytes),
}

impl Answer {
    /// An answer in JSON.
    pub(crate) fn json(body: &impl Serialize) -> Self {
        Self::Json(json_bytes(body))
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Self::Json(body) => typed("application/json", body),
            Self::Png(bytes) => picture(bytes),
            Self::Pdf {
                bytes,
                sha256,
                filename,
            } => pdf(bytes, &sha256, &filename),
        }
    }
}

fn typed(media: &'static str, body: Bytes) -> Response {
    (
        [(header::CONTENT_TYPE, HeaderValue::from_static(media))],
        body,
    )
        .into_response()
}

/// The page asks for pictures by the document's digest, so one may be kept as long as the tab is open.
fn picture(bytes: Bytes) -> Response {
    let mut response = typed("image/png", bytes);
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=600"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("Authorization"));
    response
}

fn pdf(bytes: Bytes, sha256: &str, filename: &str) -> Response {
    let mut response = typed("application/pdf", bytes);
    let headers = response.headers_mut();
    let etag = HeaderValue::from_str(&format!("\"{sha256}\""));
    headers.insert(header::ETAG, etag.expect("hexadecimal digits are ASCII"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        crate::http::encode::attachment(filename),
    );
    response
}
