//! The signing door: `/api/signing/*` (operator-and-signing.md §2, §4). The browser supplies field values only; the
//! document, its pictures and its digest are the server's.

mod complete;
mod consent;
mod copy;
mod decline;
mod document;
mod endpoint;
mod field;
mod gate;
mod openapi;
mod otp;
mod pages;
mod refusal;
mod session;
mod wire;

use axum::{
    Router,
    extract::Request,
    routing::{MethodFilter, on},
};
use deedbox_app::App;

pub(crate) use endpoint::Endpoint;
pub(crate) use openapi::document;

use crate::http::problem::Problem;

/// Where the door stands.
pub const BASE: &str = "/api/signing";

/// Every endpoint of this door, in the order of the contract.
fn endpoints() -> Vec<Endpoint> {
    vec![
        session::ENDPOINT,
        document::ENDPOINT,
        pages::ENDPOINT,
        consent::ENDPOINT,
        otp::SEND,
        otp::VERIFY,
        field::ENDPOINT,
        complete::ENDPOINT,
        decline::ENDPOINT,
        copy::ENDPOINT,
    ]
}

/// The addresses of this door: method and path below [`BASE`].
#[must_use]
pub fn addresses() -> Vec<(http::Method, &'static str)> {
    endpoints()
        .into_iter()
        .map(|endpoint| (endpoint.method, endpoint.path))
        .collect()
}

/// The door's routes, below [`BASE`].
pub(crate) fn router(app: &App) -> Router {
    let add = |router: Router, endpoint: Endpoint| {
        let filter = MethodFilter::try_from(endpoint.method.clone());
        let filter = filter.expect("endpoints have a standard method");
        let (path, app) = (endpoint.path, app.clone());
        let handler = move |request: Request| gate::pass(endpoint.clone(), app.clone(), request);
        router.route(path, on(filter, handler))
    };
    let router = endpoints().into_iter().fold(Router::new(), add);
    router
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
}
