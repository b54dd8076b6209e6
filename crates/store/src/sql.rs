//! Statements: one text for two engines.
//!
//! Every statement of this crate is a `static` [`Sql`] made by [`statements!`], so that a test can
//! prepare all of them on both engines, and so that no text is ever put together from input.

use std::sync::OnceLock;

/// One SQL statement, its texts for both engines made at first use.
pub(crate) struct Sql {
    /// The table whose rows the statement answers; named when a row cannot be read.
    pub(crate) table: &'static str,
    columns: &'static [&'static str],
    text: Text,
    made: OnceLock<Made>,
}

/// Where the text of a statement comes from. `{}` stands for the columns of the record.
pub(crate) enum Text {
    /// The same text on both engines; placeholders are `$1`, `$2` …
    Both(&'static str),
    /// A dialect point: see `dialect.rs` for all of them.
    Split {
        sqlite: &'static str,
        postgres: &'static str,
    },
    /// `INSERT` of a whole record, `rows` records at once, with a tail such as `ON CONFLICT …`.
    Insert { rows: usize, tail: &'static str },
    /// One of a family of texts that differ by a number (which filters are set).
    Family {
        build: fn(usize) -> String,
        member: usize,
    },
}

struct Made {
    sqlite: String,
    postgres: String,
}

impl Sql {
    pub(crate) const fn new(
        table: &'static str,
        columns: &'static [&'static str],
        text: Text,
    ) -> Self {
        Self {
            table,
            columns,
            text,
            made: OnceLock::new(),
        }
    }

    /// The text for SQLite, whose numbered placeholders are written `?1`.
    pub(crate) fn sqlite(&self) -> &str {
        &self.made().sqlite
    }

    /// The text for PostgreSQL.
    pub(crate) fn postgres(&self) -> &str {
        &self.made().postgres
    }

    fn made(&self) -> &Made {
        self.made.get_or_init(|| {
            let [sqlite, postgres] = match &self.text {
                Text::Both(text) => [self.with_columns(text), self.with_columns(text)],
                Text::Split { sqlite, postgres } => {
                    [self.with_columns(sqlite), self.with_columns(postgres)]
                }
                Text::Insert { rows, tail } => {
                    let text = self.insert(*rows, tail);
                    [text.clone(), text]
                }
                Text::Family { build, member } => {
                    let text = self.with_columns(&build(*member));
                    [text.clone(), text]
                }
            };
            Made {
                sqlite: sqlite.replace('$', "?"),
                postgres,
            }
        })
    }

    fn with_columns(&self, text: &str) -> String {
        text.replace("{}", &self.columns.join(", "))
    }

    fn insert(&self, rows: usize, tail: &str) -> String {
        let width = self.columns.len();
        let tuples: Vec<String> = (0..rows)
            .map(|row| {
                let marks: Vec<String> = (1..=width)
                    .map(|column| format!("${}", row * width + column))
                    .collect();
                format!("({})", marks.join(", "))
            })
            .collect();
        format!(
            "INSERT INTO {} ({}) VALUES {} {tail}",
            self.table,
            self.columns.join(", "),
            tuples.join(", ")
        )
    }
}

/// Declares the statements of one module and the list of them that the conformance test walks.
///
/// `in "table" as Record;` names the table and the record whose columns replace `{}`.
macro_rules! statements {
    (in $table:literal as $record:ty; $($(#[$meta:meta])* $name:ident = $kind:ident $body:tt;)+) => {
        $(
            $(#[$meta])*
            static $name: $crate::sql::Sql = $crate::sql::Sql::new(
                $table,
                <$record as $crate::row::Record>::COLUMNS,
                $crate::sql::statements!(@text $kind $body),
            );
        )+
        /// The statements of this module, for the test that prepares each on both engines.
        #[cfg(test)]
        pub(crate) static STATEMENTS: &[&$crate::sql::Sql] = &[$(&$name),+];
    };
    (@text both ($text:expr)) => { $crate::sql::Text::Both($text) };
    (@text split ($sqlite:expr, $postgres:expr)) => {
        $crate::sql::Text::Split { sqlite: $sqlite, postgres: $postgres }
    };
    (@text insert ($tail:expr)) => { $crate::sql::Text::Insert { rows: 1, tail: $tail } };
    (@text insert_rows ($rows:expr, $tail:expr)) => {
        $crate::sql::Text::Insert { rows: $rows, tail: $tail }
    };
}
pub(crate) use statements;
