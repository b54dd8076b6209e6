//! One module per noun: typed rows and the functions that take a transaction.

pub mod api_keys;
pub mod assets;
pub mod attempts;
pub mod audit;
pub mod certificates;
pub mod customers;
pub mod deliveries;
pub mod drafts;
pub mod envelopes;
pub mod events;
pub mod feed;
pub mod idempotency;
pub mod jobs;
pub mod keys;
pub mod links;
pub mod meta;
pub mod orgs;
pub mod otp;
pub mod page;
pub mod plans;
pub mod rate;
pub mod revisions;
pub mod sessions;
pub(crate) mod tallies;
pub mod templates;
pub mod users;

/// Every statement of this crate, for the test that prepares each on both engines.
#[cfg(test)]
pub(crate) fn statements() -> Vec<&'static crate::sql::Sql> {
    [
        api_keys::STATEMENTS,
        assets::STATEMENTS,
        assets::copies::STATEMENTS,
        attempts::STATEMENTS,
        audit::STATEMENTS,
        certificates::STATEMENTS,
        customers::STATEMENTS,
        deliveries::STATEMENTS,
        drafts::STATEMENTS,
        envelopes::STATEMENTS,
        envelopes::status::STATEMENTS,
        events::STATEMENTS,
        feed::STATEMENTS,
        idempotency::STATEMENTS,
        jobs::STATEMENTS,
        keys::STATEMENTS,
        links::STATEMENTS,
        meta::STATEMENTS,
        orgs::STATEMENTS,
        otp::STATEMENTS,
        plans::STATEMENTS,
        rate::STATEMENTS,
        revisions::STATEMENTS,
        sessions::STATEMENTS,
        tallies::STATEMENTS,
        templates::STATEMENTS,
        templates::versions::STATEMENTS,
        users::STATEMENTS,
    ]
    .concat()
    .into_iter()
    .chain(envelopes::page_statements())
    .collect()
}
