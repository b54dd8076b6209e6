//! What people and keys did to the furniture: organizations, keys, users, templates, settings.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// One act.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AuditEntry {
        /// Unique; a ULID keeps equal instants in order.
        pub audit_id: String,
        /// The organization it concerns.
        pub org_id: String,
        /// Microseconds UTC.
        pub at: i64,
        /// `api_key`, `user`, `system`, `operator`.
        pub actor_kind: String,
        /// Its id.
        pub actor_id: String,
        /// Such as `key.rotated`.
        pub action: String,
        /// The id of what it was done to.
        pub object: String,
        /// A JSON object.
        pub detail: String,
    }
}

statements! { in "audit" as AuditEntry;
    INSERT = insert("");
    PAGE = both("SELECT {} FROM audit WHERE org_id = $1 ORDER BY at DESC, audit_id DESC \
        LIMIT $2 OFFSET $3");
}

/// Notes an act, in the transaction of the act.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, entry: &AuditEntry) -> Result<(), StoreError> {
    tx.insert(&INSERT, entry).map(drop)
}

/// The acts of an organization, newest first.
///
/// # Errors
/// When the database refuses.
pub fn page(
    tx: &mut Tx<'_>,
    org_id: &str,
    limit: i64,
    offset: i64,
) -> Result<Vec<AuditEntry>, StoreError> {
    tx.rows(&PAGE, values![org_id, limit, offset])
}
