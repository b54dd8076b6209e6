//! The order of checks (partner-api.md §1.4). The router has found route (404) and method (405); here follow key (401), rate
//! (429), scope (403), media type (415), size (413), syntax (400) and idempotency (409). Values (422), named resources (404)
//! and state (409) are the handler's and the application's.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, RawPathParams, Request},
    response::{IntoResponse, Response},
};
use deedbox_app::{App, Caller, idempotency::Rate};
use http::{HeaderMap, HeaderName, Method, request::Parts};
use serde_json::{Map, Value};
use tokio::sync::Semaphore;

use super::{
    answer::Answer,
    endpoint::{Access, Call, Endpoint, require},
    error::Error,
    idempotency,
};
use crate::http::body::{Content, Expects};

const API_KEY: &str = "x-api-key";
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The most uploads that are in memory at once; further ones wait.
const UPLOADS_MAX: usize = 24;

/// What every endpoint stands on.
#[derive(Clone)]
pub(crate) struct Ground {
    app: App,
    uploads: Arc<Semaphore>,
}

impl Ground {
    /// The ground of one server.
    pub(crate) fn new(app: App) -> Self {
        Self {
            app,
            uploads: Arc::new(Semaphore::new(UPLOADS_MAX)),
        }
    }
}

/// Answers one request to `endpoint`.
pub(crate) async fn pass(endpoint: Endpoint, ground: Ground, request: Request) -> Response {
    let Ground { app, uploads } = ground;
    let caller = match identify(&app, request.headers()).await {
        Ok(caller) => caller,
        Err(error) => return error.into_response(),
    };
    let rate = match app.count_request(&caller).await {
        Ok(rate) => rate,
        Err(error) => return Error::from(error).into_response(),
    };
    let outcome = match refuse_over_limit(&app, &rate) {
        Ok(()) => admitted(endpoint, app, caller, request, &uploads).await,
        Err(error) => Err(error),
    };
    let mut response = outcome.into_response();
    write_rate(&rate, response.headers_mut());
    response
}

async fn identify(app: &App, headers: &HeaderMap) -> Result<Caller, Error> {
    let key = headers.get(API_KEY).and_then(|key| key.to_str().ok());
    let key = key.ok_or_else(Error::unauthorized)?;
    app.authenticate(key).await?.ok_or_else(Error::unauthorized)
}

fn refuse_over_limit(app: &App, rate: &Rate) -> Result<(), Error> {
    if rate.admitted {
        return Ok(());
    }
    Err(Error::rate_limited(
        app.now().seconds_until(rate.reset_at).clamp(1, 60),
    ))
}

fn write_rate(rate: &Rate, headers: &mut HeaderMap) {
    headers.insert(LIMIT, rate.limit.into());
    headers.insert(REMAINING, rate.remaining.into());
    headers.insert(RESET, rate.reset_at.epoch_seconds().into());
}

async fn admitted(
    endpoint: Endpoint,
    app: App,
    caller: Caller,
    request: Request,
    uploads: &Semaphore,
) -> Result<Answer, Error> {
    if let Access::Scope(scope) = endpoint.access {
        require(&caller, scope)?;
    }
    let (mut parts, body) = request.into_parts();
    let path = path_of(&mut parts).await;
    let query = query_of(parts.uri.query().unwrap_or_default());
    let (headers, method, uri) = (
        parts.headers.clone(),
        parts.method.clone(),
        parts.uri.clone(),
    );
    let _room = match endpoint.body {
        Expects::Form => Some(uploads.acquire().await.map_err(|_| Error::internal())?),
        _ => None,
    };
    let content = Content::read(endpoint.body, Request::from_parts(parts, body)).await?;
    let call = Call {
        app,
        caller,
        path,
        query,
        content,
    };
    if method == Method::POST {
        idempotency::once(&headers, uri.path(), call, endpoint.handler).await
    } else {
        (endpoint.handler)(call).await
    }
}

async fn path_of(parts: &mut Parts) -> Vec<(String, String)> {
    // A segment that is no UTF-8 names nothing: the handler finds no id and answers 404.
    let params = RawPathParams::from_request_parts(parts, &()).await;
    params
        .iter()
        .flatten()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// Members of a query string; of repeated ones the last counts.
pub(crate) fn query_of(query: &str) -> Map<String, Value> {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs
        .map(|(key, value)| (key.into_owned(), Value::String(value.into_owned())))
        .collect()
}
