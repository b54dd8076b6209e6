//! What anybody may reach: verification, pages, signed downloads, keys, health, metrics.

mod address_limit;
mod assets;
mod health;
mod keys;
mod pages;
mod range;
mod storage;
mod verify;

use std::sync::Arc;

use axum::Router;
use deedbox_app::App;

use crate::http::metrics::Metrics;

/// The public routes.
pub(crate) fn router(app: App, metrics: &Arc<Metrics>) -> Router {
    Router::new()
        .merge(verify::router(&app))
        .merge(storage::router(&app))
        .merge(keys::router(&app))
        .merge(pages::router(&app))
        .merge(health::router(app, metrics))
}
