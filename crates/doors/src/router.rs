//! All doors in one router.

use std::{sync::Arc, time::Duration};

use axum::{Router, middleware};
use deedbox_app::App;

use crate::{
    http::{
        client::ProxyHops,
        guard::{self, Guard},
        metrics::Metrics,
        problem::Problem,
    },
    partner, public, signing,
};

/// What the operator decides about the doors.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Proxies of our own before this server, each of which adds one entry to `X-Forwarded-For`.
    pub proxy_hops: usize,
    /// The longest that a request may take, its body included. Commands under way are finished all the same.
    pub request_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        // 25 MiB over a line of 2 Mbit/s take 105 seconds.
        Self {
            proxy_hops: 0,
            request_timeout: Duration::from_secs(150),
        }
    }
}

/// The router of all doors, with the usual options.
pub fn router(app: App) -> Router {
    router_with(app, Options::default())
}

/// The router of all doors.
pub fn router_with(app: App, options: Options) -> Router {
    let metrics = Arc::new(Metrics::default());
    let guard = Guard {
        metrics: Arc::clone(&metrics),
        request_timeout: options.request_timeout,
        hops: ProxyHops(options.proxy_hops),
    };
    Router::new()
        .nest(partner::BASE, partner::router(&app))
        .nest(signing::BASE, signing::router(&app))
        .merge(public::router(app, &metrics))
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(middleware::from_fn_with_state(guard, guard::stand))
}
