//! One statement on SQLite.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection};

use crate::engine::dialect::{self, FaultClass};
use crate::error::StoreError;
use crate::row::{Cell, Columns, EngineRow, FromRow};
use crate::sql::Sql;
use crate::tx::Failure;
use crate::value::Value;

/// Runs a statement without rows.
pub(crate) fn exec(
    connection: &Connection,
    sql: &'static Sql,
    values: &[Value<'_>],
) -> Result<u64, Failure> {
    let run = || -> rusqlite::Result<u64> {
        let mut statement = bound(connection, sql, values)?;
        Ok(statement.raw_execute()? as u64)
    };
    run().map_err(|error| failure(connection, &error))
}

/// Runs a query.
pub(crate) fn rows<R: FromRow>(
    connection: &Connection,
    sql: &'static Sql,
    values: &[Value<'_>],
) -> Result<Vec<R>, Failure> {
    let fault = |error: rusqlite::Error| failure(connection, &error);
    let mut statement = bound(connection, sql, values).map_err(fault)?;
    let mut rows = statement.raw_query();
    let mut read = Vec::new();
    while let Some(row) = rows.next().map_err(fault)? {
        read.push(R::from_row(&mut Columns::new(
            sql.table,
            EngineRow::Sqlite(row),
        ))?);
    }
    Ok(read)
}

/// Runs a text of our own without values (transaction control, migrations).
pub(crate) fn batch(connection: &Connection, text: &str) -> Result<(), Failure> {
    let run = || -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(text)?;
        let mut rows = statement.raw_query();
        while rows.next()?.is_some() {}
        Ok(())
    };
    run().map_err(|error| failure(connection, &error))
}

/// The number that a text of our own answers.
pub(crate) fn number(connection: &Connection, text: &str) -> Result<i64, Failure> {
    connection
        .query_row(text, [], |row| row.get(0))
        .map_err(|error| failure(connection, &error))
}

/// Prepares a statement without running it.
#[cfg(test)]
pub(crate) fn prepare(connection: &Connection, sql: &'static Sql) -> Result<(), Failure> {
    let prepared = connection.prepare(sql.sqlite()).map(drop);
    prepared.map_err(|error| failure(connection, &error))
}

/// The steps of a statement's plan.
#[cfg(test)]
pub(crate) fn plan(connection: &Connection, sql: &'static Sql) -> Result<Vec<String>, Failure> {
    let run = || -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", sql.sqlite()))?;
        let mut rows = statement.raw_query();
        let mut steps = Vec::new();
        while let Some(row) = rows.next()? {
            steps.push(row.get(3)?);
        }
        Ok(steps)
    };
    run().map_err(|error| failure(connection, &error))
}

fn bound<'c>(
    connection: &'c Connection,
    sql: &'static Sql,
    values: &[Value<'_>],
) -> rusqlite::Result<CachedStatement<'c>> {
    let mut statement = connection.prepare_cached(sql.sqlite())?;
    for (index, value) in (1..).zip(values) {
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(statement)
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// One column of a row.
pub(crate) fn cell(row: &rusqlite::Row<'_>, index: usize) -> Result<Cell, String> {
    match row.get_ref(index).map_err(|error| error.to_string())? {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(number) => Ok(Cell::Int(number)),
        ValueRef::Real(_) => Err("expected no fraction".to_owned()),
        ValueRef::Text(bytes) => String::from_utf8(bytes.to_vec())
            .map(Cell::Text)
            .map_err(|_| "expected UTF-8".to_owned()),
        ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes.to_vec())),
    }
}

/// What an error of the engine means here.
pub(crate) fn failure(connection: &Connection, error: &rusqlite::Error) -> Failure {
    let message = error.to_string();
    let rusqlite::Error::SqliteFailure(code, _) = error else {
        return StoreError::Fault { message }.into();
    };
    let error = match dialect::sqlite_class(*code) {
        FaultClass::Duplicate => StoreError::Duplicate {
            constraint: index(connection, &message),
        },
        FaultClass::AppendOnly => StoreError::AppendOnly {
            table: message.rsplit(": ").next().unwrap_or_default().to_owned(),
        },
        FaultClass::Refused => StoreError::Refused { message },
        FaultClass::Unavailable => StoreError::Unavailable { message },
        FaultClass::Contended | FaultClass::Stale | FaultClass::Fault => {
            StoreError::Fault { message }
        }
    };
    error.into()
}

/// The name of the unique index that SQLite describes by its columns, `t.a, t.b`. Expression
/// indexes it names itself.
fn index(connection: &Connection, message: &str) -> String {
    let described = message.rsplit("failed: ").next().unwrap_or_default();
    if let Some(name) = described.strip_prefix("index '") {
        return name.trim_end_matches('\'').to_owned();
    }
    let table = described.split('.').next().unwrap_or_default();
    let columns: Vec<&str> = described
        .split(", ")
        .filter_map(|column| column.split('.').nth(1))
        .collect();
    named(connection, table, &columns.join(",")).unwrap_or_else(|| described.to_owned())
}

fn named(connection: &Connection, table: &str, columns: &str) -> Option<String> {
    const FIND: &str = "SELECT name, origin FROM pragma_index_list(?1) AS list \
        WHERE \"unique\" = 1 AND ?2 = (SELECT group_concat(name) FROM \
        (SELECT name FROM pragma_index_info(list.name) ORDER BY seqno))";
    let (name, origin): (String, String) = connection
        .query_row(FIND, [table, columns], |row| Ok((row.get(0)?, row.get(1)?)))
        .ok()?;
    Some(if origin == "pk" {
        format!("{table}_pkey")
    } else {
        name
    })
}
