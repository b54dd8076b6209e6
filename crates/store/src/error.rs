//! What can go wrong in the store, as facts. How a door words them is the door's affair.

/// A failure of a read or a write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else wrote first: the record is no longer at the version the caller read.
    #[error("{subject} is no longer at version {expected}; read it again and decide again")]
    VersionConflict {
        /// What was written, such as an envelope id.
        subject: String,
        /// The version that the caller expected.
        expected: i64,
    },
    /// A unique index refused the row. When several would, either engine names one of them.
    #[error("a row with this value exists already ({constraint})")]
    Duplicate {
        /// The name of the index, the same on both engines (`<table>_pkey` for a primary key).
        constraint: String,
    },
    /// Another constraint (not null, check, foreign key) refused the row: a fault of the caller.
    #[error("the database refused the row: {message}")]
    Refused {
        /// The engine's own words.
        message: String,
    },
    /// An append-only table was asked to change or forget a row.
    #[error("rows of {table} are never changed or deleted")]
    AppendOnly {
        /// The table.
        table: String,
    },
    /// The queue of the store is full; the caller may try again shortly (HTTP 503).
    #[error("the store is busy; try again shortly")]
    Busy,
    /// The database cannot be reached or cannot write (disk full, connection lost, shut down).
    /// Nothing was written.
    #[error("the database is not available: {message}")]
    Unavailable {
        /// What the engine said.
        message: String,
    },
    /// The connection or the disk failed *while* committing: the write may or may not have
    /// happened. Read before trying again.
    #[error("the commit of {name} was interrupted; whether it happened is not known: {message}")]
    InDoubt {
        /// The name of the transaction.
        name: &'static str,
        /// What the engine said.
        message: String,
    },
    /// A stored value cannot be read as what it must be.
    #[error("{table}.{column} of row {row} is corrupt: {problem}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The first key column of the row.
        row: String,
        /// What was expected and what was found.
        problem: String,
    },
    /// A value cannot be stored on every engine (text with a NUL character).
    #[error("a value cannot be stored: {problem}")]
    Unstorable {
        /// Why.
        problem: &'static str,
    },
    /// The closure of a transaction panicked; it was rolled back and the store goes on.
    #[error("the transaction {name} panicked and was rolled back")]
    Panicked {
        /// The name of the transaction.
        name: &'static str,
    },
    /// A statement was sent after another one of the same transaction had failed. On both engines a
    /// failed statement ends its transaction; only rolling back is left.
    #[error("an earlier statement of this transaction failed; it can only roll back")]
    Aborted,
    /// The transaction lost against others more often than it may be retried.
    #[error("the transaction {name} was refused {attempts} times by concurrent ones")]
    Contended {
        /// The name of the transaction.
        name: &'static str,
        /// How often it was tried.
        attempts: u32,
    },
    /// The engine refused a statement for another reason: a fault of this crate.
    #[error("the database refused a statement: {message}")]
    Fault {
        /// The engine's own words.
        message: String,
    },
}

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another server has the data directory.
    #[error(
        "another deedbox server is using {directory}; stop it, or give this one its own --data-dir"
    )]
    Locked {
        /// The directory.
        directory: String,
    },
    /// The database URL is of no known kind.
    #[error("database url: {problem}")]
    Url {
        /// What is wrong with it and what would be right.
        problem: String,
    },
    /// The database was written by a newer deedbox.
    #[error(
        "the database is at migration {found}, this program knows {known}; use the newer deedbox"
    )]
    Newer {
        /// Version in the database.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// A file could not be made or opened.
    #[error("{what}: {source}")]
    Io {
        /// What was attempted, with the path.
        what: String,
        /// The cause.
        source: std::io::Error,
    },
    /// The database could not be reached or prepared.
    #[error("cannot open the database: {0}")]
    Database(#[from] StoreError),
}
