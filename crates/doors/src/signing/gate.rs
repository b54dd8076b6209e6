//! The order of checks: route and method are found by the router; here follow token (401), media type, size, syntax; values
//! and state are the handler's and the application's.

use axum::{
    extract::{FromRequestParts, RawPathParams, Request},
    response::{IntoResponse, Response},
};
use deedbox_app::{App, Client, signing::Session};
use http::{HeaderMap, Method, StatusCode, header};

use super::endpoint::{Answer, Call, Endpoint};
use crate::{
    http::{
        body::{Content, Unreadable},
        client,
        problem::Problem,
        task::to_the_end,
    },
    partner::query_of,
};

/// The longest token that is looked at; link tokens have 43 characters, embed tokens a few hundred.
const TOKEN_CHARACTERS_MAX: usize = 4096;

/// Answers one request to `endpoint`.
pub(crate) async fn pass(endpoint: Endpoint, app: App, request: Request) -> Response {
    admitted(endpoint, app, request).await.into_response()
}

async fn admitted(endpoint: Endpoint, app: App, request: Request) -> Result<Answer, Problem> {
    let (mut parts, body) = request.into_parts();
    let client = Client {
        ip: client::address(&parts),
        user_agent: client::user_agent(&parts.headers),
    };
    let session = open(&app, &parts.headers, client).await?;
    let params = RawPathParams::from_request_parts(&mut parts, &()).await;
    let path = params
        .iter()
        .flatten()
        .map(|(key, value)| (key.to_owned(), value.to_owned()));
    let path = path.collect();
    let query = query_of(parts.uri.query().unwrap_or_default());
    let method = parts.method.clone();
    let content = Content::read(endpoint.body, Request::from_parts(parts, body)).await?;
    let call = Call {
        app,
        session,
        path,
        query,
        content,
    };
    if method == Method::GET {
        return (endpoint.handler)(call).await;
    }
    // A phone that loses its network must not leave a signature half-way.
    to_the_end((endpoint.handler)(call))
        .await
        .unwrap_or_else(|| Err(Problem::internal()))
}

async fn open(app: &App, headers: &HeaderMap, client: Client) -> Result<Session, Problem> {
    let token = bearer(headers).ok_or_else(Problem::token_invalid)?;
    Ok(app.signing_open(token, client).await?)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    let token = token.trim();
    let good =
        scheme.eq_ignore_ascii_case("bearer") && (1..=TOKEN_CHARACTERS_MAX).contains(&token.len());
    good.then_some(token)
}

impl From<Unreadable> for Problem {
    fn from(fault: Unreadable) -> Self {
        match fault {
            Unreadable::MediaType => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-content-type",
                "Unsupported content type",
            ),
            Unreadable::TooLarge => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "Payload too large",
            ),
            Unreadable::Json | Unreadable::Cut => {
                Self::new(StatusCode::BAD_REQUEST, "invalid-json", "Invalid JSON")
            }
            Unreadable::Multipart => Self::new(
                StatusCode::BAD_REQUEST,
                "invalid-multipart",
                "Invalid multipart body",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(value: &str) -> Option<String> {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        bearer(&headers).map(str::to_owned)
    }

    #[test]
    fn only_a_bearer_token_of_bounded_length_is_looked_at() {
        assert_eq!(token("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(token("bearer abc").as_deref(), Some("abc"));
        for bad in ["abc", "Basic abc", "Bearer ", "Bearer"] {
            assert_eq!(token(bad), None, "{bad}");
        }
        assert_eq!(token(&format!("Bearer {}", "x".repeat(4097))), None);
    }
}
