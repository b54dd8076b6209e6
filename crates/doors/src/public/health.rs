//! `/healthz` (the process is up), `/readyz` (it can do its work), `/metrics` (Prometheus).

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use deedbox_app::{App, doctor};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::http::{
    encode::json_bytes,
    metrics::{Metrics, line},
};

#[derive(Debug, Serialize)]
struct Health {
    ok: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checks: Vec<Check>,
}

#[derive(Debug, Serialize)]
struct Check {
    name: String,
    ok: bool,
}

/// The routes.
pub(super) fn router(app: App, metrics: &Arc<Metrics>) -> Router {
    let alive = || async {
        json(
            StatusCode::OK,
            &Health {
                ok: true,
                checks: Vec::new(),
            },
        )
    };
    let metrics = Arc::clone(metrics);
    let scrape = move |State(app): State<App>| scrape(app, Arc::clone(&metrics));
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(scrape))
        .with_state(app)
}

fn check(found: doctor::Check) -> Check {
    // Details can name hosts and folders: they are for the log, not for everyone.
    if !found.ok {
        tracing::error!(check = found.name, detail = found.detail, "not ready");
    }
    Check {
        name: found.name,
        ok: found.ok,
    }
}

async fn ready(State(app): State<App>) -> Response {
    let checks: Vec<Check> = app.ready().await.into_iter().map(check).collect();
    let ok = checks.iter().all(|check| check.ok);
    let status = if ok {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    json(status, &Health { ok, checks })
}

fn json(status: StatusCode, health: &Health) -> Response {
    let media = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, media)], json_bytes(health)).into_response()
}

async fn scrape(app: App, metrics: Arc<Metrics>) -> Response {
    let mut text = metrics.render();
    for gauge in app.gauges().await {
        let (name, help, value) = (gauge.name, gauge.help, gauge.value);
        line(&mut text, &format!("# HELP {name} {help}"));
        line(&mut text, &format!("# TYPE {name} gauge"));
        line(&mut text, &format!("{name} {value}"));
    }
    let media = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, media)], text).into_response()
}
