//! The dialect points: everything in which the two engines differ in text or in meaning, except
//! `jobs::CLAIM` (`SKIP LOCKED`), which stands beside its explanation.

use crate::store::EngineKind;

/// Starts a write on PostgreSQL. READ COMMITTED suffices: lost updates are excluded by expected
/// versions, double entries by unique indexes.
pub(crate) const PG_BEGIN: &str = "BEGIN";
/// Starts a read of one snapshot on PostgreSQL.
pub(crate) const PG_BEGIN_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Starts a batch on SQLite, taking the write lock at once, so that no statement meets it later.
pub(crate) const SQLITE_BEGIN: &str = "BEGIN IMMEDIATE";
/// Starts a read of one snapshot on SQLite.
pub(crate) const SQLITE_BEGIN_READ: &str = "BEGIN";

/// Settings of a writing SQLite connection. `FULL` makes a commit in WAL mode durable.
pub(crate) const SQLITE_WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000; \
    PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 2000;";
/// Settings of a reading SQLite connection, which must never write.
pub(crate) const SQLITE_READER: &str = "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; \
    PRAGMA cache_size = -2000; PRAGMA mmap_size = 0;";

/// The channel on which PostgreSQL nodes wake each other's workers.
pub(crate) const LISTEN: &str = "LISTEN deedbox_jobs";
/// Wakes the workers of all nodes.
pub(crate) const NOTIFY: &str = "NOTIFY deedbox_jobs";

/// The table of applied migrations.
pub(crate) const MIGRATIONS_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations \
    (version BIGINT NOT NULL PRIMARY KEY)";
/// The newest applied migration.
pub(crate) const MIGRATION_VERSION: &str =
    "SELECT COALESCE(MAX(version), 0) FROM schema_migrations";

/// Notes that a migration was applied.
pub(crate) fn note_migration(version: i64) -> String {
    format!("INSERT INTO schema_migrations (version) VALUES ({version})")
}

/// Whether the table of migrations exists, as 0 or 1.
pub(crate) fn migrations_table_exists(engine: EngineKind) -> &'static str {
    match engine {
        EngineKind::Sqlite => {
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
        }
        EngineKind::Postgres => {
            "SELECT CAST(to_regclass('schema_migrations') IS NOT NULL AS INT)::BIGINT"
        }
    }
}

/// Keeps two migrating processes apart: on PostgreSQL an advisory lock until the commit; SQLite's
/// writer has the file already.
pub(crate) fn migration_lock(engine: EngineKind) -> &'static str {
    match engine {
        EngineKind::Sqlite => "SELECT 1",
        EngineKind::Postgres => "SELECT pg_advisory_xact_lock(7263108, hashtext(current_schema()))",
    }
}

/// Translates one statement of a migration.
///
/// SQLite gets STRICT tables, so that a column holds what it says. PostgreSQL gets the "C"
/// collation on every text, so that both engines order by code point.
pub(crate) fn ddl(statement: &str, engine: EngineKind) -> String {
    match engine {
        EngineKind::Sqlite => {
            let text = statement
                .replace(" UNLOGGED ", " ")
                .replace("BIGINT", "INTEGER");
            let text = replace_word(&text, "BYTES", "BLOB");
            if text.trim_start().starts_with("CREATE TABLE") {
                text.trim_end().trim_end_matches(';').to_owned() + " STRICT"
            } else {
                text
            }
        }
        EngineKind::Postgres => replace_word(
            &replace_word(statement, "TEXT", "TEXT COLLATE \"C\""),
            "BYTES",
            "BYTEA",
        ),
    }
}

fn replace_word(text: &str, word: &str, with: &str) -> String {
    text.split(' ')
        .map(|piece| match piece.strip_prefix(word) {
            Some(rest) if rest.is_empty() || rest.starts_with([',', '\n']) => {
                format!("{with}{rest}")
            }
            _ => piece.to_owned(),
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a failure means for the transaction it happened in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultClass {
    /// Another transaction won; a second attempt may succeed.
    Contended,
    /// A unique index.
    Duplicate,
    /// Another constraint.
    Refused,
    /// A trigger of an append-only table.
    AppendOnly,
    /// The database or its disk is not there; nothing was written.
    Unavailable,
    /// A plan that another node's migration made stale; the connection must be renewed.
    Stale,
    /// Anything else: our own fault.
    Fault,
}

/// The class of a PostgreSQL error code.
pub(crate) fn postgres_class(code: &str) -> FaultClass {
    match code {
        "40001" | "40P01" | "55P03" => FaultClass::Contended,
        "23505" => FaultClass::Duplicate,
        "DB001" => FaultClass::AppendOnly,
        // "cached plan must not change result type"
        "0A000" => FaultClass::Stale,
        other => match &other[..2] {
            "23" => FaultClass::Refused,
            // Connection, resources, operator intervention (shutdown), system errors.
            "08" | "53" | "57" | "58" => FaultClass::Unavailable,
            _ => FaultClass::Fault,
        },
    }
}

/// The class of a SQLite error.
pub(crate) fn sqlite_class(error: rusqlite::ffi::Error) -> FaultClass {
    use rusqlite::ErrorCode as Code;
    use rusqlite::ffi;
    match (error.code, error.extended_code) {
        (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => {
            FaultClass::Duplicate
        }
        (_, ffi::SQLITE_CONSTRAINT_TRIGGER) => FaultClass::AppendOnly,
        (Code::ConstraintViolation | Code::TypeMismatch, _) => FaultClass::Refused,
        (
            Code::DatabaseBusy
            | Code::DatabaseLocked
            | Code::OutOfMemory
            | Code::ReadOnly
            | Code::SystemIoFailure
            | Code::DatabaseCorrupt
            | Code::DiskFull
            | Code::CannotOpen
            | Code::NotADatabase
            | Code::PermissionDenied,
            _,
        ) => FaultClass::Unavailable,
        _ => FaultClass::Fault,
    }
}
