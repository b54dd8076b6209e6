//! Names and values of the instance itself, such as its id.

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// One name and its value.
    pub struct Entry {
        /// The name.
        pub k: String,
        /// The value.
        pub v: String,
    }
}

statements! { in "meta" as Entry;
    GET = both("SELECT v FROM meta WHERE k = $1");
    SET = insert("ON CONFLICT (k) DO UPDATE SET v = excluded.v");
    SET_NEW = insert("ON CONFLICT (k) DO NOTHING");
}

/// The value of a name.
///
/// # Errors
/// When the database refuses.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, StoreError> {
    tx.cell(&GET, values![name])
}

/// Sets a name, whether it was there or not.
///
/// # Errors
/// When the database refuses.
pub fn set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    tx.exec(&SET, values![name, value]).map(drop)
}

/// Sets a name unless it is set; answers the value that holds (the first writer's).
///
/// # Errors
/// When the database refuses.
pub fn get_or_set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<String, StoreError> {
    tx.exec(&SET_NEW, values![name, value])?;
    Ok(get(tx, name)?.unwrap_or_else(|| value.to_owned()))
}

/// Rewrites a name, to prove that the database takes writes.
pub(crate) fn touch(tx: &mut Tx<'_>, name: &str) -> Result<(), StoreError> {
    set(tx, name, "")
}
