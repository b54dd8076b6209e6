//! Rows read back: typed columns, in order, each named when it cannot be read.

use crate::error::StoreError;
use crate::value::Value;

/// A record that is one row of one table: its columns in order, how to read and how to bind it.
pub(crate) trait Record: FromRow {
    /// Column names in the order of the fields.
    const COLUMNS: &'static [&'static str];
    /// The fields as values, in the same order.
    fn values(&self) -> Vec<Value<'_>>;
}

/// What a row of an answer can become.
pub(crate) trait FromRow: Sized {
    /// Reads the columns from left to right.
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError>;
}

/// A column of an answer: one of the four things a database may hold here.
pub(crate) enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// The row of either engine.
pub(crate) enum EngineRow<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

/// A cursor over the columns of one row.
pub(crate) struct Columns<'a> {
    table: &'static str,
    row: EngineRow<'a>,
    next: usize,
}

impl<'a> Columns<'a> {
    pub(crate) fn new(table: &'static str, row: EngineRow<'a>) -> Self {
        Self {
            table,
            row,
            next: 0,
        }
    }

    /// The next column as a `T`; `name` is said in the error when it is something else.
    pub(crate) fn take<T: FromCell>(&mut self, name: &'static str) -> Result<T, StoreError> {
        let index = self.next;
        self.next += 1;
        self.cell(index)
            .and_then(T::from_cell)
            .map_err(|problem| StoreError::Corrupt {
                table: self.table,
                column: name,
                row: self.first_column(),
                problem,
            })
    }

    fn cell(&self, index: usize) -> Result<Cell, String> {
        match &self.row {
            EngineRow::Sqlite(row) => crate::engine::sqlite::cell(row, index),
            EngineRow::Postgres(row) => crate::engine::postgres::cell(row, index),
        }
    }

    /// The first column names the row, since every record begins with its key.
    fn first_column(&self) -> String {
        match self.cell(0) {
            Ok(Cell::Text(text)) => text,
            Ok(Cell::Int(number)) => number.to_string(),
            Ok(Cell::Bytes(bytes)) => hex::encode(bytes),
            Ok(Cell::Null) | Err(_) => "?".to_owned(),
        }
    }
}

/// A Rust value made of one cell. The error says what was found instead.
pub(crate) trait FromCell: Sized {
    fn from_cell(cell: Cell) -> Result<Self, String>;
}

impl Cell {
    fn kind(&self) -> &'static str {
        match self {
            Cell::Null => "null",
            Cell::Int(_) => "an integer",
            Cell::Text(_) => "text",
            Cell::Bytes(_) => "bytes",
        }
    }
}

impl FromCell for i64 {
    fn from_cell(cell: Cell) -> Result<Self, String> {
        match cell {
            Cell::Int(number) => Ok(number),
            other => Err(format!("expected an integer, found {}", other.kind())),
        }
    }
}

impl FromCell for bool {
    fn from_cell(cell: Cell) -> Result<Self, String> {
        match i64::from_cell(cell)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(format!("expected 0 or 1, found {other}")),
        }
    }
}

impl FromCell for String {
    fn from_cell(cell: Cell) -> Result<Self, String> {
        match cell {
            Cell::Text(text) => Ok(text),
            other => Err(format!("expected text, found {}", other.kind())),
        }
    }
}

impl FromCell for Vec<u8> {
    fn from_cell(cell: Cell) -> Result<Self, String> {
        match cell {
            Cell::Bytes(bytes) => Ok(bytes),
            other => Err(format!("expected bytes, found {}", other.kind())),
        }
    }
}

impl<const N: usize> FromCell for [u8; N] {
    fn from_cell(cell: Cell) -> Result<Self, String> {
        let bytes = Vec::<u8>::from_cell(cell)?;
        let found = bytes.len();
        bytes
            .try_into()
            .map_err(|_| format!("expected {N} bytes, found {found}"))
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell) -> Result<Self, String> {
        match cell {
            Cell::Null => Ok(None),
            other => T::from_cell(other).map(Some),
        }
    }
}

impl<A: FromCell> FromRow for (A,) {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok((columns.take("1")?,))
    }
}

impl<A: FromCell, B: FromCell> FromRow for (A, B) {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok((columns.take("1")?, columns.take("2")?))
    }
}

impl<A: FromCell, B: FromCell, C: FromCell> FromRow for (A, B, C) {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        Ok((columns.take("1")?, columns.take("2")?, columns.take("3")?))
    }
}

/// Declares a record: the struct, its column list, how it is read and how it is bound.
///
/// Fields and columns have the same names, so the two cannot drift apart.
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)+
        }
    ) => {
        $(#[$meta])*
        #[allow(clippy::struct_field_names, reason = "fields are named as their columns")]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)+
        }

        impl $crate::row::FromRow for $name {
            fn from_row(
                columns: &mut $crate::row::Columns<'_>,
            ) -> Result<Self, $crate::error::StoreError> {
                Ok(Self { $($field: columns.take(stringify!($field))?,)+ })
            }
        }

        impl $crate::row::Record for $name {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

            fn values(&self) -> Vec<$crate::value::Value<'_>> {
                vec![$($crate::value::ToValue::value(&self.$field)),+]
            }
        }
    };
}
pub(crate) use record;
