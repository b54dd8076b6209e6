//! The customer of a new envelope: found by address, or made.

use deedbox_core::{Context, CustomerId};
use deedbox_store::customers;

use super::request::NewEnvelope;
use crate::{App, caller::Caller, error::Error};

impl App {
    /// The customer of the organization with this address; a stated id must be that customer's.
    pub(super) async fn customer_of(
        &self,
        caller: &Caller,
        ctx: &Context,
        new: &NewEnvelope,
    ) -> Result<CustomerId, Error> {
        let org = caller.org.to_string();
        let lower = new.customer_email.key();
        if let Some(id) = new.customer_id.clone() {
            let found = self
                .store()
                .read("customer", move |tx| customers::get(tx, &org, &id))
                .await?;
            let found = found.filter(|it| it.email_lower == lower).ok_or_else(|| {
                Error::invalid(
                    "customer_id",
                    "is not the customer with this customer_email",
                )
            })?;
            return found.customer_id.parse().map_err(Error::internal);
        }
        let known = self
            .store()
            .read("customer", move |tx| customers::by_email(tx, &org, &lower))
            .await?;
        let found = match known {
            Some(found) => found,
            None => self.new_customer(caller, ctx, new).await?,
        };
        found.customer_id.parse().map_err(Error::internal)
    }

    async fn new_customer(
        &self,
        caller: &Caller,
        ctx: &Context,
        new: &NewEnvelope,
    ) -> Result<customers::Customer, Error> {
        let fresh = customers::Customer {
            customer_id: ctx.id::<CustomerId>("customer").to_string(),
            org_id: caller.org.to_string(),
            email: new.customer_email.as_str().to_owned(),
            email_lower: new.customer_email.key(),
            name: new.customer_name.clone(),
            created_at: ctx.now.micros(),
        };
        let made = self
            .store()
            .write("new customer", move |tx| {
                customers::find_or_create(tx, &fresh)
            })
            .await?;
        Ok(made)
    }
}
