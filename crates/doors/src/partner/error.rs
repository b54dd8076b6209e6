//! Refusals on the wire: `{"error": "<stable English string>", "details"?: [{"field","message"}]}`.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use deedbox_core::FieldError;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{body::Unreadable, encode::json_bytes};

/// One particular of a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Detail {
    /// Path of the value as the caller wrote it.
    #[schema(example = "signers[0].email")]
    pub field: String,
    /// What is wrong and what is accepted instead, or the current value.
    #[schema(example = "is required")]
    pub message: String,
}

/// The body of every answer that is not 2xx.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct Body {
    /// A stable English string.
    #[schema(example = "Validation failed")]
    pub error: Cow<'static, str>,
    /// Particulars, where there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
}

/// A refusal with its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Error {
    pub status: StatusCode,
    pub body: Body,
    pub retry_after: Option<u64>,
}

impl Error {
    /// A refusal without particulars.
    pub(crate) fn new(status: StatusCode, error: &'static str) -> Self {
        let body = Body {
            error: Cow::Borrowed(error),
            details: Vec::new(),
        };
        Self {
            status,
            body,
            retry_after: None,
        }
    }

    /// The same with one particular.
    pub(crate) fn with(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.body.details.push(Detail {
            field: field.into(),
            message: message.into(),
        });
        self
    }

    /// The same with a time after which to try again, in seconds.
    pub(crate) fn retry_after(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// 409 with its string.
    pub(crate) fn conflict(error: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, error)
    }

    /// 404 with its string.
    pub(crate) fn not_found(error: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, error)
    }

    /// No such route.
    pub(crate) fn no_route() -> Self {
        Self::not_found("Not found")
    }

    /// The route has no such method; the router adds `Allow`.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
    }

    /// No key, or one that is not in force.
    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Invalid or inactive API key")
    }

    /// The key lacks `scope`.
    pub(crate) fn insufficient_scope(scope: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Insufficient scope").with("scope", scope)
    }

    /// The key's window is used up.
    pub(crate) fn rate_limited(seconds: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded").retry_after(seconds)
    }

    /// Unacceptable values.
    pub(crate) fn invalid(faults: Vec<FieldError>) -> Self {
        let error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Validation failed");
        faults
            .into_iter()
            .fold(error, |error, fault| error.with(fault.field, fault.message))
    }

    /// A fault of ours.
    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal error")
    }

    /// The object store did not take or give what it must.
    pub(crate) fn storage_unavailable() -> Self {
        Self::new(StatusCode::BAD_GATEWAY, "Storage unavailable")
    }
}

impl From<Vec<FieldError>> for Error {
    fn from(faults: Vec<FieldError>) -> Self {
        Self::invalid(faults)
    }
}

impl From<Unreadable> for Error {
    fn from(fault: Unreadable) -> Self {
        match fault {
            Unreadable::MediaType => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Unsupported content type",
            ),
            Unreadable::TooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Payload too large"),
            Unreadable::Json | Unreadable::Cut => {
                Self::new(StatusCode::BAD_REQUEST, "Invalid JSON")
            }
            Unreadable::Multipart => Self::new(StatusCode::BAD_REQUEST, "Invalid multipart body"),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = (self.status, json_bytes(&self.body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(error: &Error) -> String {
        String::from_utf8(json_bytes(&error.body).to_vec()).unwrap()
    }

    #[test]
    fn details_are_left_out_when_there_are_none() {
        assert_eq!(text(&Error::no_route()), r#"{"error":"Not found"}"#);
        let refused = r#"{"error":"Insufficient scope","details":[{"field":"scope","message":"vault:read"}]}"#;
        assert_eq!(text(&Error::insufficient_scope("vault:read")), refused);
    }

    #[test]
    fn every_unreadable_body_has_its_status() {
        let status = |fault| Error::from(fault).status.as_u16();
        assert_eq!(status(Unreadable::MediaType), 415);
        assert_eq!(status(Unreadable::TooLarge), 413);
        assert_eq!(status(Unreadable::Json), 400);
        assert_eq!(
            Error::from(Unreadable::Multipart).body.error,
            "Invalid multipart body"
        );
    }
}
