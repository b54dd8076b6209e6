//! P29, P30: templates to look at.

use deedbox_store::{page::PageRequest, templates};

use super::{Opened, Template};
use crate::{
    App,
    caller::{Caller, Page, Paged},
    error::{Error, What},
};

impl App {
    /// A page of the organization's templates, newest first.
    ///
    /// # Errors
    /// [`Error::Internal`] when a row cannot be read.
    pub async fn templates(&self, caller: &Caller, page: Page) -> Result<Paged<Template>, Error> {
        let org = caller.org.to_string();
        let request = PageRequest::from(page);
        let found = self
            .store()
            .read("templates", move |tx| templates::page(tx, &org, request))
            .await?;
        let items = found
            .items
            .into_iter()
            .map(|(row, version)| Opened::read(row, version)?.view());
        Ok(Paged {
            items: items.collect::<Result<_, _>>()?,
            total: u64::try_from(found.total).unwrap_or(0),
        })
    }

    /// One template with its fields.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn template(&self, caller: &Caller, template_id: &str) -> Result<Template, Error> {
        self.open_template(caller, template_id).await?.view()
    }

    /// A template's current version, opened for use.
    pub(crate) async fn open_template(
        &self,
        caller: &Caller,
        template_id: &str,
    ) -> Result<Opened, Error> {
        let (org, id) = (caller.org.to_string(), template_id.to_owned());
        let found = self
            .store()
            .read("template", move |tx| templates::current(tx, &org, &id))
            .await?
            .ok_or(Error::NotFound(What::Template))?;
        Opened::read(found.0, found.1)
    }
}
