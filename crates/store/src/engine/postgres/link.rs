//! One connection to PostgreSQL, with its prepared statements.

use std::collections::HashMap;
use std::error::Error as StdError;

use bytes::BytesMut;
use postgres::types::{IsNull, ToSql, Type};
use postgres::{Client, Statement};

use crate::engine::dialect::{self, FaultClass};
use crate::engine::postgres_error as describe;
use crate::engine::tls::Target;
use crate::error::StoreError;
use crate::row::{Cell, Columns, EngineRow, FromRow};
use crate::sql::Sql;
use crate::tx::Failure;
use crate::value::Value;

/// A connection.
pub(crate) struct PgLink {
    client: Client,
    /// By the address of the statement, which is a `static`.
    prepared: HashMap<usize, Statement>,
}

impl PgLink {
    pub(crate) fn connect(target: &Target) -> Result<Self, StoreError> {
        let client = target.connect().map_err(|error| StoreError::Unavailable {
            message: describe(&error),
        })?;
        Ok(Self {
            client,
            prepared: HashMap::new(),
        })
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Sends transaction control.
    pub(crate) fn control(&mut self, text: &str) -> Result<(), StoreError> {
        self.batch(text).map_err(|failure| failure.error)
    }

    /// Commits; `retry` says that nothing was written and a second attempt may succeed.
    pub(crate) fn commit(&mut self) -> Result<(), Failure> {
        self.client.batch_execute("COMMIT").map_err(|error| {
            // Without a code the connection broke: the server may have committed.
            let refused = error.code().is_some();
            let failure = self.failure(&error);
            Failure {
                retry: failure.retry && refused,
                ..failure
            }
        })
    }

    pub(crate) fn exec(&mut self, sql: &'static Sql, values: &[Value<'_>]) -> Result<u64, Failure> {
        let statement = self.prepared(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        self.client
            .execute(&statement, &params)
            .map_err(|error| self.failure(&error))
    }

    pub(crate) fn rows<R: FromRow>(
        &mut self,
        sql: &'static Sql,
        values: &[Value<'_>],
    ) -> Result<Vec<R>, Failure> {
        let statement = self.prepared(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        let rows = self
            .client
            .query(&statement, &params)
            .map_err(|error| self.failure(&error))?;
        rows.iter()
            .map(|row| R::from_row(&mut Columns::new(sql.table, EngineRow::Postgres(row))))
            .map(|read| read.map_err(Failure::from))
            .collect()
    }

    /// Runs a text of our own without values.
    pub(crate) fn batch(&mut self, text: &str) -> Result<(), Failure> {
        self.client
            .batch_execute(text)
            .map_err(|error| self.failure(&error))
    }

    /// The number that a text of our own answers.
    pub(crate) fn number(&mut self, text: &str) -> Result<i64, Failure> {
        let row = self
            .client
            .query_one(text, &[])
            .map_err(|error| self.failure(&error))?;
        row.try_get(0).map_err(|error| self.failure(&error))
    }

    /// Prepares a statement without running it.
    #[cfg(test)]
    pub(crate) fn prepare(&mut self, sql: &'static Sql) -> Result<(), Failure> {
        self.prepared(sql).map(drop)
    }

    fn prepared(&mut self, sql: &'static Sql) -> Result<Statement, Failure> {
        let address = std::ptr::from_ref(sql).addr();
        if let Some(statement) = self.prepared.get(&address) {
            return Ok(statement.clone());
        }
        let statement = self
            .client
            .prepare(sql.postgres())
            .map_err(|error| self.failure(&error))?;
        self.prepared.insert(address, statement.clone());
        Ok(statement)
    }

    /// What an error of the engine means here.
    fn failure(&mut self, error: &postgres::Error) -> Failure {
        let message = describe(error);
        let Some(server) = error.as_db_error() else {
            let closed = self.client.is_closed();
            return if closed {
                Failure {
                    error: StoreError::Unavailable { message },
                    retry: true,
                }
            } else {
                StoreError::Fault { message }.into()
            };
        };
        let class = dialect::postgres_class(server.code().code());
        let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
        let error = match class {
            FaultClass::Duplicate => StoreError::Duplicate {
                constraint: text(server.constraint()),
            },
            FaultClass::AppendOnly => StoreError::AppendOnly {
                table: server
                    .message()
                    .rsplit(": ")
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            },
            FaultClass::Refused => StoreError::Refused { message },
            FaultClass::Unavailable | FaultClass::Contended => StoreError::Unavailable { message },
            FaultClass::Stale | FaultClass::Fault => StoreError::Fault { message },
        };
        if class == FaultClass::Stale {
            self.prepared.clear();
        }
        let gone = class == FaultClass::Unavailable && self.client.is_closed();
        let retry = matches!(class, FaultClass::Contended | FaultClass::Stale) || gone;
        Failure { error, retry }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) if *ty == Type::INT8 => number.to_sql(ty, out),
            Value::Int(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Value::Text(text) if <&str as ToSql>::accepts(ty) => text.to_sql(ty, out),
            Value::Bytes(bytes) if *ty == Type::BYTEA => bytes.to_sql(ty, out),
            other => Err(format!("{other:?} does not fit a {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

/// One column of a row.
pub(crate) fn cell(row: &postgres::Row, index: usize) -> Result<Cell, String> {
    let ty = row.columns().get(index).map(postgres::Column::type_);
    let made = match ty {
        Some(&Type::INT8) => row
            .try_get::<_, Option<i64>>(index)
            .map(|cell| cell.map(Cell::Int)),
        Some(&Type::INT4) => row
            .try_get::<_, Option<i32>>(index)
            .map(|cell| cell.map(|number| Cell::Int(number.into()))),
        Some(&Type::BYTEA) => row
            .try_get::<_, Option<Vec<u8>>>(index)
            .map(|cell| cell.map(Cell::Bytes)),
        Some(_) => row
            .try_get::<_, Option<String>>(index)
            .map(|cell| cell.map(Cell::Text)),
        None => return Err("no such column".to_owned()),
    };
    made.map(|cell| cell.unwrap_or(Cell::Null))
        .map_err(|error| describe(&error))
}
