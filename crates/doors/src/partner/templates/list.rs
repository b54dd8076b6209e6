//! P29 `GET /partner/templates`: the organization's templates, newest first.

use deedbox_app::Scope;

use super::wire::TemplateItem;
use crate::{
    http::fields::Faults,
    partner::{
        answer::{Answer, List},
        endpoint::{Call, Endpoint},
        error::Error,
        page::{self, PageQuery},
    },
};

pub(crate) const ENDPOINT: Endpoint =
    Endpoint::get("P29", "/partner/templates", Scope::EnvelopesRead, |call| {
        Box::pin(handle(call))
    });

/// List templates
#[utoipa::path(
    get, path = "/partner/templates", operation_id = "listTemplates", tag = "Templates",
    params(PageQuery),
    responses((status = 200, description = "One page, newest first", body = List<TemplateItem>)),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let faults = Faults::default();
    let page = page::read(&call.query(&faults), page::USUAL);
    faults.check()?;
    let found = call.app.templates(&call.caller, page).await?;
    Ok(Answer::list(found, page, TemplateItem::from))
}
