//! A transaction on either engine.

use crate::engine::postgres::PgLink;
use crate::error::StoreError;
use crate::row::{FromCell, FromRow, Record};
use crate::sql::Sql;
use crate::value::Value;

/// An open transaction. The functions of the noun modules take `&mut Tx`.
///
/// After a failed statement every further one answers [`StoreError::Aborted`] on both engines,
/// since PostgreSQL cannot go on and SQLite must not behave differently.
pub struct Tx<'a> {
    link: Link<'a>,
    failed: bool,
    retry: bool,
    rings: bool,
}

/// The connection under a transaction.
pub(crate) enum Link<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut PgLink),
}

impl<'a> Tx<'a> {
    pub(crate) fn new(link: Link<'a>) -> Self {
        Self {
            link,
            failed: false,
            retry: false,
            rings: false,
        }
    }

    /// Whether a statement failed, so that the transaction must be rolled back.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Whether the failure is one that a second attempt may not meet.
    pub(crate) fn may_retry(&self) -> bool {
        self.retry
    }

    /// Whether jobs were enqueued, so that workers should be woken after the commit.
    pub(crate) fn rings(&self) -> bool {
        self.rings
    }

    /// Asks that workers be woken after the commit.
    pub(crate) fn ring(&mut self) {
        self.rings = true;
    }

    /// Runs a statement that answers no rows; answers the number of rows touched.
    pub(crate) fn exec(
        &mut self,
        sql: &'static Sql,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        self.guarded(values, |link| match link {
            Link::Sqlite(connection) => crate::engine::sqlite::exec(connection, sql, values),
            Link::Postgres(link) => link.exec(sql, values),
        })
    }

    /// All rows of a query.
    pub(crate) fn rows<R: FromRow>(
        &mut self,
        sql: &'static Sql,
        values: &[Value<'_>],
    ) -> Result<Vec<R>, StoreError> {
        self.guarded(values, |link| match link {
            Link::Sqlite(connection) => crate::engine::sqlite::rows(connection, sql, values),
            Link::Postgres(link) => link.rows(sql, values),
        })
    }

    /// The first row of a query, if any.
    pub(crate) fn row<R: FromRow>(
        &mut self,
        sql: &'static Sql,
        values: &[Value<'_>],
    ) -> Result<Option<R>, StoreError> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }

    /// The first column of the first row of a query, if any.
    pub(crate) fn cell<T: FromCell>(
        &mut self,
        sql: &'static Sql,
        values: &[Value<'_>],
    ) -> Result<Option<T>, StoreError> {
        Ok(self.row::<(T,)>(sql, values)?.map(|(cell,)| cell))
    }

    /// Inserts a record with an `insert` statement.
    pub(crate) fn insert<R: Record>(
        &mut self,
        sql: &'static Sql,
        record: &R,
    ) -> Result<u64, StoreError> {
        self.exec(sql, &record.values())
    }

    /// Runs a text of our own without values (migrations).
    pub(crate) fn batch(&mut self, text: &str) -> Result<(), StoreError> {
        self.guarded(&[], |link| match link {
            Link::Sqlite(connection) => crate::engine::sqlite::batch(connection, text),
            Link::Postgres(link) => link.batch(text),
        })
    }

    /// The number that a text of our own answers (migrations).
    pub(crate) fn number(&mut self, text: &str) -> Result<i64, StoreError> {
        self.guarded(&[], |link| match link {
            Link::Sqlite(connection) => crate::engine::sqlite::number(connection, text),
            Link::Postgres(link) => link.number(text),
        })
    }

    /// Prepares a statement without running it.
    #[cfg(test)]
    pub(crate) fn prepare(&mut self, sql: &'static Sql) -> Result<(), StoreError> {
        self.guarded(&[], |link| match link {
            Link::Sqlite(connection) => crate::engine::sqlite::prepare(connection, sql),
            Link::Postgres(link) => link.prepare(sql),
        })
    }

    /// How SQLite would run a statement.
    #[cfg(test)]
    pub(crate) fn plan(&mut self, sql: &'static Sql) -> Result<Vec<String>, StoreError> {
        self.guarded(&[], |link| match link {
            Link::Sqlite(connection) => crate::engine::sqlite::plan(connection, sql),
            Link::Postgres(_) => Ok(Vec::new()),
        })
    }

    fn guarded<T>(
        &mut self,
        values: &[Value<'_>],
        run: impl FnOnce(&mut Link<'a>) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        if self.failed {
            return Err(StoreError::Aborted);
        }
        let outcome = storable(values).and_then(|()| run(&mut self.link));
        outcome.map_err(|failure| {
            self.failed = true;
            self.retry = failure.retry;
            failure.error
        })
    }
}

/// PostgreSQL cannot hold U+0000 in text, so neither engine gets it.
fn storable(values: &[Value<'_>]) -> Result<(), Failure> {
    let nul = values
        .iter()
        .any(|value| matches!(value, Value::Text(text) if text.contains('\0')));
    if nul {
        return Err(StoreError::Unstorable {
            problem: "text with a NUL character",
        }
        .into());
    }
    Ok(())
}

/// A failed statement, and whether the whole transaction is worth another attempt.
pub(crate) struct Failure {
    pub(crate) error: StoreError,
    pub(crate) retry: bool,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self {
            error,
            retry: false,
        }
    }
}
