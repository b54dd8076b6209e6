//! P30 `GET /partner/templates/:id`: one template with its fields.

use deedbox_app::Scope;

use super::wire::Template;
use crate::partner::{
    answer::{Answer, Data},
    endpoint::{Call, Endpoint},
    error::Error,
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::get(
    "P30",
    "/partner/templates/{template_id}",
    Scope::EnvelopesRead,
    |call| Box::pin(handle(call)),
);

/// Get a template
#[utoipa::path(
    get, path = "/partner/templates/{template_id}", operation_id = "getTemplate", tag = "Templates",
    responses((status = 200, description = "The template", body = Data<Template>)),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let template = call
        .app
        .template(&call.caller, call.template_id()?.as_str())
        .await?;
    Ok(Answer::ok(Template::from(template)))
}
