//! The pages and their headers: `/sign/{id}`, `/verify`, `/`, `/assets/*`.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use deedbox_app::App;
use deedbox_core::ids::EnvelopeId;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tower_http::compression::CompressionLayer;

use super::assets;

/// What is shown in place of a page when the binary was built without them.
const NO_PAGES: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>deedbox</title>\
    <p>This server was built without its pages. Build them with <code>make build</code>.</p></html>";

/// Everything a page may do, `frame-ancestors` excepted. No inline code, no foreign hosts, no eval.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
    require-trusted-types-for 'script'";

const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=(), clipboard-write=(self)";

/// The routes. Only these are compressed: answers with secrets in them never are (BREACH).
pub(super) fn router(app: &App) -> Router {
    Router::new()
        .route("/", get(|| async { page("index.html", &[]) }))
        .route("/verify", get(|| async { page("verify.html", &[]) }))
        .route("/sign/{id}", get(sign))
        .route(
            "/assets/{*path}",
            get(|Path(path): Path<String>| async move { assets::asset(&path) }),
        )
        .layer(CompressionLayer::new())
        .with_state(app.clone())
}

/// The fragment with the token never reaches the server, so who may frame the page follows from the envelope. An unknown
/// envelope gets the same page, unframed.
async fn sign(State(app): State<App>, Path(id): Path<String>) -> Response {
    let known = EnvelopeId::parse(&id).ok();
    let origins = match known {
        Some(id) => app.frame_ancestors(id.as_str()).await.unwrap_or_default(),
        None => Vec::new(),
    };
    page("sign.html", &origins)
}

fn page(file: &str, ancestors: &[String]) -> Response {
    let media = HeaderValue::from_static("text/html; charset=utf-8");
    let (status, body) = match assets::file(file) {
        Some(bytes) => (StatusCode::OK, bytes.into_owned()),
        None => (
            StatusCode::SERVICE_UNAVAILABLE,
            NO_PAGES.as_bytes().to_vec(),
        ),
    };
    let mut response = (status, [(header::CONTENT_TYPE, media)], body).into_response();
    protect(response.headers_mut(), ancestors);
    response
}

fn protect(headers: &mut HeaderMap, ancestors: &[String]) {
    headers.insert(header::CONTENT_SECURITY_POLICY, policy(ancestors));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers.insert("permissions-policy", HeaderValue::from_static(PERMISSIONS));
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    headers.insert(
        "cross-origin-embedder-policy",
        HeaderValue::from_static("require-corp"),
    );
    headers.insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
}

fn policy(ancestors: &[String]) -> HeaderValue {
    let origins: Vec<&str> = ancestors
        .iter()
        .map(String::as_str)
        .filter(|it| is_origin(it))
        .collect();
    let origins = if origins.is_empty() {
        "'none'".to_owned()
    } else {
        origins.join(" ")
    };
    let text = format!("{POLICY}; frame-ancestors {origins}");
    HeaderValue::from_str(&text).expect("origins are ASCII")
}

/// An exact origin: scheme, host, perhaps a port. Anything else could widen the policy.
fn is_origin(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        let listed = matches!(url.scheme(), "https" | "http") && !text.contains('*');
        listed && url.origin().ascii_serialization() == text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(ancestors: &[&str]) -> String {
        let ancestors: Vec<String> = ancestors.iter().map(|it| (*it).to_owned()).collect();
        policy(&ancestors).to_str().unwrap().to_owned()
    }

    #[test]
    fn nobody_may_frame_a_page_unless_listed() {
        assert!(text(&[]).ends_with("frame-ancestors 'none'"));
        let listed = text(&["https://shop.example.com", "https://shop.example.com:8443"]);
        assert!(
            listed.ends_with(
                "frame-ancestors https://shop.example.com https://shop.example.com:8443"
            )
        );
    }

    #[test]
    fn what_is_no_exact_origin_is_left_out() {
        for bad in [
            "*",
            "https://*.example.com",
            "https://*.example.com; script-src *",
            "https://example.com/path",
            "data:",
            "'self'",
        ] {
            assert!(text(&[bad]).ends_with("frame-ancestors 'none'"), "{bad}");
        }
    }
}
