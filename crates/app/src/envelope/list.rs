//! P1, P3: envelopes at a glance, straight from the view.

use deedbox_core::envelope::{Kind, Status};
use deedbox_store::{envelopes, page::PageRequest};

use crate::{
    App,
    caller::{Caller, Page, Paged},
    error::{Error, What},
};

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// Only this customer's.
    pub customer_id: Option<String>,
    /// Only in this status.
    pub status: Option<Status>,
    /// Only with this name of the partner's.
    pub external_id: Option<String>,
    /// Only of this kind.
    pub kind: Option<Kind>,
}

/// An envelope in a list.
pub use envelopes::EnvelopeItem;
/// An envelope's status for polling.
pub use envelopes::EnvelopeStatus;

impl App {
    /// A page of the organization's envelopes, newest first.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database cannot be read.
    pub async fn envelopes(
        &self,
        caller: &Caller,
        filter: ListFilter,
        page: Page,
    ) -> Result<Paged<EnvelopeItem>, Error> {
        let org = caller.org.to_string();
        let filter = envelopes::Filter {
            customer_id: filter.customer_id,
            status: filter.status.map(|it| it.as_str().to_owned()),
            external_id: filter.external_id,
            kind: filter.kind.map(|it| it.as_str().to_owned()),
        };
        let request = PageRequest::from(page);
        let found = self
            .store()
            .read("envelopes", move |tx| {
                envelopes::page(tx, &org, &filter, request)
            })
            .await?;
        Ok(Paged {
            items: found.items,
            total: u64::try_from(found.total).unwrap_or(0),
        })
    }

    /// One envelope's status, from one row.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn envelope_status(
        &self,
        caller: &Caller,
        envelope_id: &str,
    ) -> Result<EnvelopeStatus, Error> {
        let (org, id) = (caller.org.to_string(), envelope_id.to_owned());
        self.store()
            .read("envelope status", move |tx| {
                envelopes::status(tx, &org, &id)
            })
            .await?
            .ok_or(Error::NotFound(What::Envelope))
    }
}
