//! RFC 9457 problems, as the signing door and the public door answer them.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::encode::json_bytes;

/// One unacceptable value of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// JSON pointer (RFC 6901) to the value.
    #[schema(example = "/value")]
    pub pointer: String,
    /// What is wrong and what is accepted instead.
    pub detail: String,
}

/// A problem: what went wrong, for programs (`type`) and for people (`title`, `detail`).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Stable slug.
    #[serde(rename = "type")]
    #[schema(example = "token-invalid")]
    pub slug: &'static str,
    /// Short summary of the slug.
    pub title: &'static str,
    /// HTTP status.
    #[schema(value_type = u16)]
    #[serde(serialize_with = "status_number")]
    pub status: StatusCode,
    /// What is particular to this occurrence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Box<str>>,
    /// `validation`: the unacceptable values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
    /// `wrong-step`: the step that is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_step: Option<&'static str>,
    /// `code-wrong`: tries left before the step locks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts_left: Option<u32>,
    /// Seconds of the `Retry-After` header.
    #[serde(skip)]
    pub retry_after: Option<u32>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
fn status_number<S: serde::Serializer>(status: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u16(status.as_u16())
}

impl Problem {
    /// A problem without particulars.
    pub(crate) fn new(status: StatusCode, slug: &'static str, title: &'static str) -> Self {
        Self {
            slug,
            title,
            status,
            detail: None,
            errors: Vec::new(),
            current_step: None,
            attempts_left: None,
            retry_after: None,
        }
    }

    /// The same with particulars.
    pub(crate) fn because(self, detail: impl Into<Box<str>>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// The same with a time after which to try again.
    pub(crate) fn retry_after(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(u32::try_from(seconds).unwrap_or(u32::MAX)),
            ..self
        }
    }

    /// A fault of ours.
    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Internal error",
        )
    }

    /// No such route or resource.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found")
    }

    /// The route has no such method; axum adds `Allow`.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "Method not allowed",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, json_bytes(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
