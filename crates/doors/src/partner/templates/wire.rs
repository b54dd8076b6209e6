//! Templates on the wire (partner-api.md §9).

use deedbox_app::template as app;
use deedbox_core::template::{Area, Field, spec::ROLE_DEFAULT};
use serde::Serialize;
use utoipa::ToSchema;

/// A template as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateItem {
    #[schema(example = "tmpl_abc123")]
    template_id: String,
    name: String,
    /// Goes up by one with each change of its fields.
    version: i64,
    roles: Vec<String>,
    pages: u32,
    has_document: bool,
    /// The template's second name.
    #[schema(format = "uuid")]
    template_uuid: String,
    created_at: String,
    updated_at: String,
}

/// A template with its fields.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Template {
    #[serde(flatten)]
    pub item: TemplateItem,
    pub fields: Vec<ResolvedField>,
}

/// A field at its place: fractions of the visible page, origin top left.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResolvedField {
    #[schema(example = "fld_x7k9m2p4q1w3")]
    field_id: String,
    name: String,
    #[serde(rename = "type")]
    #[schema(example = "signature")]
    kind: &'static str,
    role: String,
    required: bool,
    /// 1-based.
    page: u32,
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

impl From<app::Template> for TemplateItem {
    fn from(template: app::Template) -> Self {
        Self {
            template_id: template.template_id.to_string(),
            name: template.name,
            version: template.version,
            roles: template.roles,
            pages: template.pages,
            has_document: template.has_document,
            template_uuid: template.template_uuid,
            created_at: template.created_at.to_iso(),
            updated_at: template.updated_at.to_iso(),
        }
    }
}

impl From<app::Template> for Template {
    fn from(mut template: app::Template) -> Self {
        let fields = std::mem::take(&mut template.fields);
        let fields = fields.into_iter().map(ResolvedField::from).collect();
        Self {
            item: template.into(),
            fields,
        }
    }
}

impl From<Field> for ResolvedField {
    fn from(field: Field) -> Self {
        // Fields of the other door may have no place of their own: they go to the signature sheet.
        let area = field.area.unwrap_or(Area {
            x: 0.0,
            y: 0.0,
            w: 0.0,
            h: 0.0,
        });
        Self {
            field_id: field.field_id.to_string(),
            name: field.name,
            kind: field.kind.as_str(),
            role: field.role.unwrap_or_else(|| ROLE_DEFAULT.to_owned()),
            required: field.required,
            page: field.page,
            x: area.x,
            y: area.y,
            w: area.w,
            h: area.h,
        }
    }
}
