//! Console users.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// A person of an organization.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct User {
        /// `user_…`.
        pub user_id: String,
        /// Its organization.
        pub org_id: String,
        /// As given.
        pub email: String,
        /// Lower-cased; unique in the organization.
        pub email_lower: String,
        /// Display name.
        pub name: Option<String>,
        /// `admin`, `custodian`, `sales`, `auditor`.
        pub role: String,
        /// Argon2 PHC string; `None`: cannot log in with a password.
        pub password_hash: Option<String>,
        /// A disabled user keeps its past and may do nothing.
        pub active: bool,
        /// Microseconds UTC.
        pub created_at: i64,
        /// Microseconds UTC.
        pub updated_at: i64,
    }
}

statements! { in "users" as User;
    INSERT = insert("");
    UPDATE = both("UPDATE users SET name = $2, role = $3, password_hash = $4, active = $5, \
        updated_at = $6 WHERE user_id = $1");
    GET = both("SELECT {} FROM users WHERE user_id = $1");
    BY_EMAIL = both("SELECT {} FROM users WHERE org_id = $1 AND email_lower = $2");
    OF_ORG = both("SELECT {} FROM users WHERE org_id = $1 ORDER BY created_at, user_id");
}

/// Stores a new user.
///
/// # Errors
/// [`StoreError::Duplicate`] of `users_email` when the address is taken in the organization.
pub fn insert(tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
    tx.insert(&INSERT, user).map(drop)
}

/// Writes name, role, password and activity. Answers whether the user exists.
///
/// # Errors
/// When the database refuses.
pub fn update(tx: &mut Tx<'_>, user: &User) -> Result<bool, StoreError> {
    let touched = tx.exec(
        &UPDATE,
        values![
            user.user_id,
            user.name,
            user.role,
            user.password_hash,
            user.active,
            user.updated_at
        ],
    )?;
    Ok(touched == 1)
}

/// A user by id.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, user_id: &str) -> Result<Option<User>, StoreError> {
    tx.row(&GET, values![user_id])
}

/// A user by lower-cased address.
///
/// # Errors
/// When the database refuses.
pub fn by_email(
    tx: &mut Tx<'_>,
    org_id: &str,
    email_lower: &str,
) -> Result<Option<User>, StoreError> {
    tx.row(&BY_EMAIL, values![org_id, email_lower])
}

/// The users of an organization, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn of_org(tx: &mut Tx<'_>, org_id: &str) -> Result<Vec<User>, StoreError> {
    tx.rows(&OF_ORG, values![org_id])
}
