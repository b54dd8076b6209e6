//! Migrations: numbered texts, each applied in one transaction under a lock.

use crate::engine::dialect;
use crate::error::{OpenError, StoreError};
use crate::store::Store;

/// The migrations in order; the first is number 1. A landed text is never edited: add the next.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001_foundation.sql")];

/// The newest version this program knows.
pub(crate) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The statements of a migration for one engine.
pub(crate) fn statements(text: &str, engine: crate::EngineKind) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = String::new();
    let mut only = None;
    for line in text.lines() {
        match line.trim() {
            "-- only sqlite" => only = Some(crate::EngineKind::Sqlite),
            "-- only postgres" => only = Some(crate::EngineKind::Postgres),
            comment if comment.starts_with("--") || comment.is_empty() => {}
            _ => {
                current.push_str(line);
                current.push('\n');
            }
        }
        if current.trim_end().ends_with(';') {
            if only.is_none_or(|only| only == engine) {
                statements.push(dialect::ddl(&current, engine));
            }
            current.clear();
            only = None;
        }
    }
    statements
}

/// Applies what is missing.
pub(crate) async fn migrate(store: &Store) -> Result<i64, OpenError> {
    let engine = store.kind();
    let found: i64 = store
        .write("migrate", move |tx| {
            tx.batch(dialect::migration_lock(engine))?;
            tx.batch(dialect::MIGRATIONS_TABLE)?;
            let found = tx.number(dialect::MIGRATION_VERSION)?;
            for (version, text) in (1_i64..)
                .zip(MIGRATIONS)
                .filter(|(version, _)| *version > found)
            {
                for statement in statements(text, engine) {
                    tx.batch(&statement)?;
                }
                tx.batch(&dialect::note_migration(version))?;
            }
            Ok::<_, StoreError>(found)
        })
        .await?;
    let known = newest();
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    Ok(known)
}

/// The version in the database; 0 when it has none of our tables.
pub(crate) async fn version(store: &Store) -> Result<i64, StoreError> {
    let engine = store.kind();
    store
        .read("migration_version", move |tx| {
            if tx.number(dialect::migrations_table_exists(engine))? == 0 {
                return Ok(0);
            }
            tx.number(dialect::MIGRATION_VERSION)
        })
        .await
}
