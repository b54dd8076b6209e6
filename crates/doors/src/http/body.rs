//! Reading a request's body: media type (415), size (413), syntax (400), in this order.

use axum::{body::Body, extract::Request};
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::multipart::{self, Form};

/// The most that a JSON body may weigh, in bytes.
pub(crate) const JSON_BYTES_MAX: usize = 1024 * 1024;

/// The kind of body that an endpoint takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expects {
    /// None is read.
    Nothing,
    /// JSON with at least one required key.
    Json,
    /// The same, of at most so many bytes.
    JsonUpTo(usize),
    /// JSON without a required key: the body may be empty.
    OptionalJson,
    /// `multipart/form-data` with a PDF.
    Form,
}

/// A body that was read.
#[derive(Debug)]
pub(crate) enum Content {
    /// No body.
    Empty,
    /// JSON of any shape.
    Json(Value),
    /// The parts of a form.
    Form(Form),
}

/// Why a body could not be read. Each door has its own words for these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// 415.
    MediaType,
    /// 413.
    TooLarge,
    /// 400.
    Json,
    /// 400.
    Multipart,
    /// 400: the body ended before it was whole.
    Cut,
}

impl Content {
    /// Reads what the endpoint expects.
    ///
    /// # Errors
    /// The first check that fails.
    pub(crate) async fn read(expects: Expects, request: Request) -> Result<Self, Unreadable> {
        let (parts, body) = request.into_parts();
        match expects {
            Expects::Nothing => Ok(Self::Empty),
            Expects::Json => read_json(&parts.headers, body, JSON_BYTES_MAX).await,
            Expects::JsonUpTo(bytes_max) => read_json(&parts.headers, body, bytes_max).await,
            Expects::OptionalJson => read_optional(&parts.headers, body).await,
            Expects::Form => multipart::read(&parts.headers, body).await.map(Self::Form),
        }
    }

    /// The JSON body; an absent one reads as an empty object.
    pub(crate) fn into_json(self) -> Value {
        match self {
            Self::Json(value) => value,
            Self::Empty | Self::Form(_) => Value::Object(serde_json::Map::new()),
        }
    }

    /// The form; an absent one reads as a form without parts.
    pub(crate) fn into_form(self) -> Form {
        match self {
            Self::Form(form) => form,
            Self::Empty | Self::Json(_) => Form::default(),
        }
    }

    /// SHA-256 over what the request means, not over how it was written: canonical JSON (RFC 8785), or the ordered part
    /// names and digests of a form.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        match self {
            Self::Empty => Sha256::digest([]).into(),
            Self::Json(value) => Sha256::digest(canonical(value)).into(),
            Self::Form(form) => form.fingerprint(),
        }
    }
}

fn canonical(value: &Value) -> Vec<u8> {
    // Only a number without an RFC 8785 form can fail, and such a body is compared by its plain text instead.
    serde_json_canonicalizer::to_vec(value).unwrap_or_else(|_| value.to_string().into_bytes())
}

async fn read_json(
    headers: &HeaderMap,
    body: Body,
    bytes_max: usize,
) -> Result<Content, Unreadable> {
    if !is_json(headers) {
        return Err(Unreadable::MediaType);
    }
    parse(&limited(headers, body, bytes_max).await?)
}

async fn read_optional(headers: &HeaderMap, body: Body) -> Result<Content, Unreadable> {
    let json = is_json(headers);
    match limited(headers, body, JSON_BYTES_MAX).await {
        Ok(bytes) if bytes.is_empty() => Ok(Content::Empty),
        Ok(bytes) if json => parse(&bytes),
        Err(fault) if json => Err(fault),
        _ => Err(Unreadable::MediaType),
    }
}

fn parse(bytes: &[u8]) -> Result<Content, Unreadable> {
    serde_json::from_slice(bytes)
        .map(Content::Json)
        .map_err(|_| Unreadable::Json)
}

fn is_json(headers: &HeaderMap) -> bool {
    media_type(headers).is_some_and(|media| media.eq_ignore_ascii_case("application/json"))
}

/// The media type without its parameters.
fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    value.split(';').next().map(str::trim)
}

/// The length that the client announced.
pub(super) fn announced(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// A whole body of at most `bytes_max`; an announced greater length is refused unread.
pub(crate) async fn limited(
    headers: &HeaderMap,
    body: Body,
    bytes_max: usize,
) -> Result<Bytes, Unreadable> {
    if announced(headers).is_some_and(|length| length > bytes_max) {
        return Err(Unreadable::TooLarge);
    }
    match Limited::new(body, bytes_max).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(fault) if fault.is::<LengthLimitError>() => Err(Unreadable::TooLarge),
        Err(_) => Err(Unreadable::Cut),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request(media: Option<&str>, body: impl Into<Body>) -> Request {
        let mut request = Request::new(body.into());
        if let Some(media) = media {
            request
                .headers_mut()
                .insert(header::CONTENT_TYPE, media.parse().unwrap());
        }
        request
    }

    async fn fault(expects: Expects, media: Option<&str>, body: impl Into<Body>) -> Unreadable {
        Content::read(expects, request(media, body))
            .await
            .unwrap_err()
    }

    #[tokio::test]
    async fn a_body_of_another_media_type_is_refused_before_its_size() {
        let large = vec![b' '; JSON_BYTES_MAX + 1];
        assert_eq!(
            fault(Expects::Json, Some("text/plain"), large.clone()).await,
            Unreadable::MediaType
        );
        assert_eq!(
            fault(Expects::Json, None, "{}").await,
            Unreadable::MediaType
        );
        assert_eq!(
            fault(Expects::OptionalJson, None, large).await,
            Unreadable::MediaType
        );
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused_before_its_syntax() {
        let large = vec![b'x'; JSON_BYTES_MAX + 1];
        assert_eq!(
            fault(Expects::Json, Some("application/json"), large).await,
            Unreadable::TooLarge
        );
        let exact = vec![b'x'; JSON_BYTES_MAX];
        assert_eq!(
            fault(Expects::Json, Some("application/json"), exact).await,
            Unreadable::Json
        );
    }

    #[tokio::test]
    async fn an_optional_body_may_be_absent() {
        let content = Content::read(Expects::OptionalJson, request(None, ""))
            .await
            .unwrap();
        assert_eq!(content.into_json(), json!({}));
        let content = Content::read(Expects::Json, request(Some("application/json"), "")).await;
        assert_eq!(content.unwrap_err(), Unreadable::Json);
    }

    #[tokio::test]
    async fn the_fingerprint_ignores_key_order_and_white_space() {
        let media = Some("application/json; charset=utf-8");
        let one = Content::read(Expects::Json, request(media, r#"{"a":1,"b":[2]}"#))
            .await
            .unwrap();
        let two = Content::read(Expects::Json, request(media, "{ \"b\": [2],\n\"a\":1.0 }")).await;
        assert_eq!(one.fingerprint(), two.unwrap().fingerprint());
    }
}
