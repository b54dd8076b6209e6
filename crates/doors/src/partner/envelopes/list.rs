//! P1 `GET /partner/envelopes`: the organization's envelopes, newest first.

use deedbox_app::{Scope, envelope::ListFilter};
use deedbox_core::envelope::{Kind, Status};
use utoipa::IntoParams;

use super::wire::EnvelopeItem;
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
    Endpoint::get("P1", "/partner/envelopes", Scope::EnvelopesRead, |call| {
        Box::pin(handle(call))
    });

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `handle` reads")]
struct Query {
    /// Only this customer's.
    customer_id: Option<String>,
    /// Only envelopes in this status.
    status: Option<String>,
    /// Only envelopes with this string of the partner's.
    external_id: Option<String>,
    /// `esign` or `paper`.
    envelope_kind: Option<String>,
}

/// List envelopes
///
/// Envelopes that were made in another door or in the console are listed too.
#[utoipa::path(
    get, path = "/partner/envelopes", operation_id = "listEnvelopes", tag = "Envelopes",
    params(PageQuery, Query),
    responses((status = 200, description = "One page, newest first", body = List<EnvelopeItem>)),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let faults = Faults::default();
    let query = call.query(&faults);
    let page = page::read(&query, page::USUAL);
    let filter = ListFilter {
        customer_id: query.optional("customer_id").text(0..=255),
        status: query.optional("status").one_of(Status::ALL, Status::as_str),
        external_id: query.optional("external_id").text(0..=255),
        kind: query
            .optional("envelope_kind")
            .one_of(Kind::ALL, Kind::as_str),
    };
    faults.check()?;
    let found = call.app.envelopes(&call.caller, filter, page).await?;
    Ok(Answer::list(found, page, EnvelopeItem::from))
}
