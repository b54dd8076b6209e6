//! P31 `POST /partner/templates`: a PDF becomes a template.

use bytes::Bytes;
use deedbox_app::Scope;
use deedbox_core::template::{FieldSpec, read_specs};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{add_fields::FieldDescription, wire::ResolvedField};
use crate::{
    http::{
        body::Expects,
        fields::{Faults, Fields, Slot},
        multipart::Form,
    },
    partner::{
        answer::{Answer, Data},
        endpoint::{Access, Call, Endpoint},
        error::Error,
    },
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::post(
    "P31",
    "/partner/templates",
    Access::Scope(Scope::EnvelopesWrite),
    Expects::Form,
    |call| Box::pin(handle(call)),
);

/// A template to be created.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct CreateTemplate {
    /// A PDF of at most 25 MiB and 500 pages that opens without a password.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// JSON list of at most 500 fields; without it only the tags in the PDF's text count.
    fields: Option<Vec<FieldDescription>>,
}

struct NewTemplate {
    name: String,
    pdf: Bytes,
    fields: Vec<FieldSpec>,
}

/// A new template.
#[derive(Debug, Serialize, ToSchema)]
struct CreatedTemplate {
    template_id: String,
    name: String,
    version: i64,
    fields: Vec<ResolvedField>,
}

/// Create a template from a PDF
#[utoipa::path(
    post, path = "/partner/templates", operation_id = "createTemplate", tag = "Templates",
    request_body(content = CreateTemplate, content_type = "multipart/form-data"),
    responses((status = 201, description = "Created", body = Data<CreatedTemplate>)),
)]
async fn handle(mut call: Call) -> Result<Answer, Error> {
    let new = read(&call.take_form())?;
    let made = call
        .app
        .template_create(&call.caller, &new.name, new.pdf, new.fields)
        .await?;
    Ok(Answer::created(CreatedTemplate {
        template_id: made.template_id.to_string(),
        name: made.name,
        version: made.version,
        fields: made.fields.into_iter().map(ResolvedField::from).collect(),
    }))
}

fn read(form: &Form) -> Result<NewTemplate, Error> {
    let (faults, texts) = (Faults::default(), form.texts());
    let texts = Fields::of_text(&texts, &faults);
    let pdf = file(form, &texts);
    let name = texts.required("name").text(1..=200);
    let fields = fields(&texts.optional("fields"));
    faults.check()?;
    Ok(NewTemplate {
        name: faults.value(name)?,
        pdf: faults.value(pdf)?,
        fields,
    })
}

fn file(form: &Form, texts: &Fields<'_>) -> Option<Bytes> {
    let file = form.file("file").map(|(_, bytes)| bytes);
    match &file {
        None => texts.fault("file", "is required"),
        Some(bytes) if !bytes.starts_with(b"%PDF-") => {
            texts.fault("file", "must be a PDF: it must begin with %PDF-");
        }
        Some(_) => {}
    }
    file
}

fn fields(part: &Slot<'_>) -> Vec<FieldSpec> {
    let Some(text) = part.raw().and_then(Value::as_str) else {
        part.text(0..=usize::MAX);
        return Vec::new();
    };
    let Ok(list) = serde_json::from_str(text) else {
        part.fault("must be a JSON array");
        return Vec::new();
    };
    read_specs(&list).unwrap_or_else(|found| {
        part.faults_inside(found);
        Vec::new()
    })
}
