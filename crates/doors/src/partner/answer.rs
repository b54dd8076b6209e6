//! 2xx answers: `{"data": …}`, and for page lists `{"data": […], "meta": {…}}`.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use deedbox_app::{Page, Paged};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::AdditionalProperties},
};

use crate::http::encode::json_bytes;

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The envelope of one object.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Data<T> {
    /// The object.
    pub data: T,
}

/// The envelope of one page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// The items of this page.
    pub data: Vec<T>,
    /// Where this page stands.
    pub meta: Meta,
}

/// An object whose members its own `…_version` describes: certificates, evidence bundles.
pub(crate) struct Versioned;

impl PartialSchema for Versioned {
    fn schema() -> RefOr<Schema> {
        let anything = AdditionalProperties::FreeForm(true);
        ObjectBuilder::new()
            .additional_properties(Some(anything))
            .build()
            .into()
    }
}

impl ToSchema for Versioned {}

/// Where a page stands in its list.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Meta {
    /// 1-based.
    pub page: u32,
    /// Items per page.
    pub limit: u32,
    /// Items in all.
    pub total: u64,
}

/// An answer, already in the bytes that are sent (and stored for replays).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub body: Bytes,
    pub replayed: bool,
}

impl Answer {
    fn new(status: StatusCode, body: &impl Serialize) -> Self {
        Self {
            status,
            body: json_bytes(body),
            replayed: false,
        }
    }

    /// 200 with one object.
    pub(crate) fn ok(data: impl Serialize) -> Self {
        Self::new(StatusCode::OK, &Data { data })
    }

    /// 201 with the new object.
    pub(crate) fn created(data: impl Serialize) -> Self {
        Self::new(StatusCode::CREATED, &Data { data })
    }

    /// 200 with one page of a list.
    pub(crate) fn list<T, W: Serialize>(found: Paged<T>, page: Page, wire: fn(T) -> W) -> Self {
        let meta = Meta {
            page: page.page,
            limit: page.limit,
            total: found.total,
        };
        let data = found.items.into_iter().map(wire).collect();
        Self::new(StatusCode::OK, &List { data, meta })
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        if self.replayed {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}
