//! P32 `POST /partner/templates/:template_id/fields`: a new version with more or other fields.

use deedbox_app::Scope;
use deedbox_core::template::{FieldSpec, read_specs};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::wire::ResolvedField;
use crate::{
    http::{
        body::Expects,
        fields::{Faults, Fields},
    },
    partner::{
        answer::{Answer, Data},
        endpoint::{Access, Call, Endpoint},
        error::Error,
    },
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::post(
    "P32",
    "/partner/templates/{template_id}/fields",
    Access::Scope(Scope::EnvelopesWrite),
    Expects::Json,
    |call| Box::pin(handle(call)),
);

/// Fields to be added or replaced.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct AddFields {
    #[schema(max_items = 500)]
    fields: Vec<FieldDescription>,
}

/// A field, and where it shall stand.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "documents what the reader of field descriptions reads"
)]
pub(crate) struct FieldDescription {
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// `signature`, `initials`, `text`, `date`, `datenow`, `checkbox`, `select`, `radio` or `phone`.
    #[schema(rename = "type", example = "signature")]
    r#type: String,
    /// Default `Signer`.
    #[schema(max_length = 64)]
    role: Option<String>,
    /// Default `true`.
    required: Option<bool>,
    /// For `select` and `radio`.
    options: Option<Vec<String>>,
    readonly: Option<bool>,
    /// Text, or a boolean for check boxes.
    default: Option<Value>,
    /// Absent: where a `{{ }}` tag of this name stands in the PDF's text.
    placement: Option<PlacementDescription>,
}

/// Where a field shall stand. All measures are fractions of the visible page, origin top left.
#[derive(ToSchema)]
#[schema(no_recursion)]
#[expect(
    dead_code,
    reason = "documents what the reader of field descriptions reads"
)]
struct PlacementDescription {
    /// `absolute` or `anchor`.
    #[schema(example = "absolute")]
    mode: String,
    /// `absolute`: 1-based page.
    page: Option<u32>,
    /// `absolute`: left edge.
    x: Option<f64>,
    /// `absolute`: top edge.
    y: Option<f64>,
    w: f64,
    h: f64,
    /// `anchor`: text of the PDF that the field stands by.
    text: Option<String>,
    /// `anchor`: which hit, from 1.
    occurrence: Option<u32>,
    /// `anchor`: from the hit's left edge.
    offset_x: Option<f64>,
    /// `anchor`: from the hit's top edge.
    offset_y: Option<f64>,
}

/// A template's new version.
#[derive(Debug, Serialize, ToSchema)]
struct TemplateVersion {
    template_id: String,
    version: i64,
    fields: Vec<ResolvedField>,
}

/// Add or replace a template's fields
///
/// A field with the same name and role replaces; others are added. Envelopes already made keep their version.
#[utoipa::path(
    post, path = "/partner/templates/{template_id}/fields", operation_id = "addTemplateFields", tag = "Templates",
    request_body = AddFields,
    responses((status = 200, description = "The new version", body = Data<TemplateVersion>)),
)]
async fn handle(mut call: Call) -> Result<Answer, Error> {
    let fields = read(&call.take_json())?;
    let made = call
        .app
        .template_add_fields(&call.caller, call.template_id()?.as_str(), fields)
        .await?;
    Ok(Answer::ok(TemplateVersion {
        template_id: made.template_id.to_string(),
        version: made.version,
        fields: made.fields.into_iter().map(ResolvedField::from).collect(),
    }))
}

fn read(body: &Value) -> Result<Vec<FieldSpec>, Error> {
    let faults = Faults::default();
    let fields = Fields::of_json(body, &faults).required("fields");
    let specs = fields.raw().map(read_specs);
    faults.check()?;
    Ok(specs.transpose()?.unwrap_or_default())
}
