//! Organizations: the tenants.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// An organization and its settings (partner-api 13).
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Org {
        /// `org_…`.
        pub org_id: String,
        /// The organization's name in the M2M door, a UUID.
        pub tenant_id: String,
        /// Display name.
        pub name: String,
        /// First assignee of what is vaulted; `None`: the organization's name.
        pub secured_party_name: Option<String>,
        /// Its registration number.
        pub secured_party_registration: Option<String>,
        /// Language of mails and pages: `en`, `es`.
        pub locale: String,
        /// Legal profile of certificates, `ucc_2022_b` by default.
        pub profile: String,
        /// Such as `US-NY`.
        pub governing_law: Option<String>,
        /// Whether completion vaults by itself.
        pub auto_vault: bool,
        /// Days until an envelope expires unless it says otherwise.
        pub default_expiry_days: i64,
        /// Further settings, a JSON object.
        pub settings: String,
        /// Microseconds UTC.
        pub created_at: i64,
        /// Microseconds UTC.
        pub updated_at: i64,
    }
}

statements! { in "orgs" as Org;
    INSERT = insert("");
    UPDATE = both("UPDATE orgs SET name = $2, secured_party_name = $3, \
        secured_party_registration = $4, locale = $5, profile = $6, governing_law = $7, \
        auto_vault = $8, default_expiry_days = $9, settings = $10, updated_at = $11 \
        WHERE org_id = $1");
    GET = both("SELECT {} FROM orgs WHERE org_id = $1");
    BY_TENANT = both("SELECT {} FROM orgs WHERE tenant_id = $1");
    ALL = both("SELECT {} FROM orgs ORDER BY created_at, org_id");
}

/// Stores a new organization.
///
/// # Errors
/// [`StoreError::Duplicate`] of `orgs_pkey` or `orgs_tenant`.
pub fn insert(tx: &mut Tx<'_>, org: &Org) -> Result<(), StoreError> {
    tx.insert(&INSERT, org).map(drop)
}

/// Writes the settings of an organization; its ids and its birth stay. Answers whether it exists.
///
/// # Errors
/// When the database refuses.
pub fn update(tx: &mut Tx<'_>, org: &Org) -> Result<bool, StoreError> {
    let touched = tx.exec(
        &UPDATE,
        values![
            org.org_id,
            org.name,
            org.secured_party_name,
            org.secured_party_registration,
            org.locale,
            org.profile,
            org.governing_law,
            org.auto_vault,
            org.default_expiry_days,
            org.settings,
            org.updated_at
        ],
    )?;
    Ok(touched == 1)
}

/// An organization by its id.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, org_id: &str) -> Result<Option<Org>, StoreError> {
    tx.row(&GET, values![org_id])
}

/// An organization by its tenant id (M2M door).
///
/// # Errors
/// When the database refuses.
pub fn by_tenant(tx: &mut Tx<'_>, tenant_id: &str) -> Result<Option<Org>, StoreError> {
    tx.row(&BY_TENANT, values![tenant_id])
}

/// All organizations, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Org>, StoreError> {
    tx.rows(&ALL, values![])
}
