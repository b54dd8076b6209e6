//! The partner door: `/api/v2/partner/*` and `/api/v2/embed/token` (partner-api.md).

mod answer;
mod embed_token;
mod endpoint;
mod envelopes;
mod error;
mod gate;
mod idempotency;
mod openapi;
mod page;
mod refusal;
mod templates;
mod vault;
mod webhook;

use axum::{
    Router,
    extract::Request,
    routing::{MethodFilter, on},
};
use deedbox_app::App;

pub use endpoint::{Access, Endpoint};
pub(crate) use error::Error;
pub(crate) use gate::query_of;
pub(crate) use openapi::document;

/// Where the door stands.
pub const BASE: &str = "/api/v2";

/// Every endpoint of this door, in the order of the contract.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        envelopes::list::ENDPOINT,
        envelopes::get::ENDPOINT,
        envelopes::status::ENDPOINT,
        envelopes::create::ENDPOINT,
        envelopes::void::ENDPOINT,
        envelopes::remind::ENDPOINT,
        envelopes::signing_links::ENDPOINT,
        envelopes::working_document::ENDPOINT,
        envelopes::events::ENDPOINT,
        envelopes::evidence::ENDPOINT,
        vault::vault_in_signed::ENDPOINT,
        vault::authoritative_url::ENDPOINT,
        vault::copy_url::ENDPOINT,
        vault::certificate::ENDPOINT,
        vault::compliance::ENDPOINT,
        templates::list::ENDPOINT,
        templates::get::ENDPOINT,
        templates::create::ENDPOINT,
        templates::add_fields::ENDPOINT,
        webhook::ENDPOINT,
        embed_token::ENDPOINT,
    ]
}

/// The door's routes, below [`BASE`].
pub(crate) fn router(app: &App) -> Router {
    let ground = gate::Ground::new(app.clone());
    let add = |router: Router, endpoint: Endpoint| {
        let filter = MethodFilter::try_from(endpoint.method.clone());
        let filter = filter.expect("endpoints have a standard method");
        let (path, ground) = (endpoint.path, ground.clone());
        let handler = move |request: Request| gate::pass(endpoint.clone(), ground.clone(), request);
        router.route(path, on(filter, handler))
    };
    let router = endpoints().into_iter().fold(Router::new(), add);
    router
        .fallback(|| async { Error::no_route() })
        .method_not_allowed_fallback(|| async { Error::method_not_allowed() })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_endpoints_have_one_number_or_one_address() {
        let all = endpoints();
        let numbers: HashSet<_> = all.iter().map(|it| it.number).collect();
        let addresses: HashSet<_> = all.iter().map(|it| (it.method.clone(), it.path)).collect();
        assert_eq!((numbers.len(), addresses.len()), (all.len(), all.len()));
    }
}
