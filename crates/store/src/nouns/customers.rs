//! Customers: the people and companies that envelopes are for.

use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::row::record;
use crate::sql::statements;
use crate::tallies::{self, Tally};
use crate::tx::Tx;
use crate::value::values;

record! {
    /// A customer of an organization.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Customer {
        /// `cust_…`.
        pub customer_id: String,
        /// Its organization.
        pub org_id: String,
        /// As given the first time.
        pub email: String,
        /// Lower-cased; unique in the organization.
        pub email_lower: String,
        /// As given the first time.
        pub name: String,
        /// Microseconds UTC.
        pub created_at: i64,
    }
}

statements! { in "customers" as Customer;
    /// Two envelopes for a new customer at once: the second waits for the first and finds its row.
    CREATE = insert("ON CONFLICT (org_id, email_lower) DO NOTHING");
    BY_EMAIL = both("SELECT {} FROM customers WHERE org_id = $1 AND email_lower = $2");
    GET = both("SELECT {} FROM customers WHERE org_id = $1 AND customer_id = $2");
    PAGE = both("SELECT {} FROM customers WHERE org_id = $1 \
        ORDER BY created_at DESC, customer_id LIMIT $2 OFFSET $3");
}

/// The customer with this lower-cased address, made from `fresh` when there is none (P4).
///
/// # Errors
/// When the database refuses.
pub fn find_or_create(tx: &mut Tx<'_>, fresh: &Customer) -> Result<Customer, StoreError> {
    if let Some(found) = by_email(tx, &fresh.org_id, &fresh.email_lower)? {
        return Ok(found);
    }
    if tx.insert(&CREATE, fresh)? == 1 {
        tallies::add(tx, vec![tally(fresh)])?;
        return Ok(fresh.clone());
    }
    let found = by_email(tx, &fresh.org_id, &fresh.email_lower)?;
    found.ok_or(StoreError::VersionConflict {
        subject: fresh.email_lower.clone(),
        expected: 0,
    })
}

fn tally(customer: &Customer) -> Tally {
    Tally {
        org_id: customer.org_id.clone(),
        noun: "customers".to_owned(),
        scope: String::new(),
        status: String::new(),
        kind: String::new(),
        shard: tallies::shard(&customer.customer_id),
        n: 1,
    }
}

/// A customer of the organization by id.
///
/// # Errors
/// When the database refuses.
pub fn get(
    tx: &mut Tx<'_>,
    org_id: &str,
    customer_id: &str,
) -> Result<Option<Customer>, StoreError> {
    tx.row(&GET, values![org_id, customer_id])
}

/// A customer of the organization by lower-cased address.
///
/// # Errors
/// When the database refuses.
pub fn by_email(
    tx: &mut Tx<'_>,
    org_id: &str,
    email_lower: &str,
) -> Result<Option<Customer>, StoreError> {
    tx.row(&BY_EMAIL, values![org_id, email_lower])
}

/// A page of customers, newest first (P27). With `email_lower` at most one.
///
/// # Errors
/// When the database refuses.
pub fn page(
    tx: &mut Tx<'_>,
    org_id: &str,
    email_lower: Option<&str>,
    request: PageRequest,
) -> Result<Page<Customer>, StoreError> {
    if let Some(email_lower) = email_lower {
        let found = by_email(tx, org_id, email_lower)?;
        let total = i64::from(found.is_some());
        let items = found
            .into_iter()
            .filter(|_| request.offset() == 0)
            .collect();
        return Ok(Page { items, total });
    }
    let items = tx.rows(&PAGE, values![org_id, request.limit, request.offset()])?;
    let total = tallies::sum(tx, org_id, "customers", "", None, None)?;
    Ok(Page { items, total })
}
