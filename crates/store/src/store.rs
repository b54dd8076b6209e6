//! The store: transactions with names, on either engine.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use crate::engine::Engine;
use crate::error::{OpenError, StoreError};
use crate::tx::Tx;

/// How to open a store. The fields stand on their own; [`StoreConfig::new`] fills the limits.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// `sqlite:///path/file.db`, a bare path, an empty string (then `<data_dir>/deedbox.db`), or
    /// `postgres://…`.
    pub database_url: String,
    /// The data directory; made when missing.
    pub data_dir: PathBuf,
    /// Whether this process serves: takes the lock of the data directory on SQLite and listens for
    /// wake-ups of other nodes on PostgreSQL. Commands of the CLI leave it off.
    pub server: bool,
    /// Connections (and threads) to PostgreSQL.
    pub pg_threads: usize,
    /// Transactions that may wait; one more is answered [`StoreError::Busy`].
    pub queue_max: usize,
    /// How long one process waits for another's lock on SQLite before it is told
    /// [`StoreError::Unavailable`], in milliseconds.
    pub busy_timeout_ms: u64,
}

impl StoreConfig {
    /// The usual limits: 8 connections, 4,096 waiting transactions, 10 s of patience.
    #[must_use]
    pub fn new(database_url: impl Into<String>, data_dir: impl Into<PathBuf>) -> Self {
        Self {
            database_url: database_url.into(),
            data_dir: data_dir.into(),
            server: false,
            pg_threads: 8,
            queue_max: 4096,
            busy_timeout_ms: 10_000,
        }
    }

    /// The same for a process that serves.
    #[must_use]
    pub fn server(mut self) -> Self {
        self.server = true;
        self
    }
}

/// Which database is underneath.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EngineKind {
    /// The embedded default.
    Sqlite,
    /// For more than one node.
    Postgres,
}

/// A handle to the store; clones share it.
#[derive(Clone)]
pub struct Store {
    pub(crate) engine: Arc<Engine>,
}

impl Store {
    /// Opens the database, without migrating it.
    ///
    /// # Errors
    /// [`OpenError`]: a locked data directory, an unusable URL, an unreachable database. On
    /// PostgreSQL this blocks for one connection; call it outside of an async context or early.
    pub fn open(config: &StoreConfig) -> Result<Self, OpenError> {
        Ok(Self {
            engine: Arc::new(Engine::open(config)?),
        })
    }

    /// Which database is underneath.
    #[must_use]
    pub fn kind(&self) -> EngineKind {
        self.engine.kind()
    }

    /// Runs `f` in a read-write transaction and commits it when it answers `Ok`.
    ///
    /// `f` may run more than once (serialization faults, deadlocks, a broken connection before the
    /// commit, a batch mate that broke the batch), so it must only compute and use its `Tx`: no
    /// I/O, no PDF, no cryptography. Dropping the future does not stop a transaction already
    /// queued. When the answer is `Ok`, the write is on disk.
    pub fn write<T, E, F>(
        &self,
        name: &'static str,
        f: F,
    ) -> impl Future<Output = Result<T, E>> + Send
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.engine.write(name, f)
    }

    /// Runs `f` against committed data. On SQLite it runs at once on the calling thread (point
    /// reads take microseconds) and sees one snapshot; on PostgreSQL each statement sees its own
    /// snapshot, which saves two round trips. Use [`Store::snapshot`] when statements must agree.
    pub fn read<T, E, F>(
        &self,
        name: &'static str,
        f: F,
    ) -> impl Future<Output = Result<T, E>> + Send
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.engine.read(name, f, false)
    }

    /// Like [`Store::read`], with one snapshot for all statements on both engines.
    pub fn snapshot<T, E, F>(
        &self,
        name: &'static str,
        f: F,
    ) -> impl Future<Output = Result<T, E>> + Send
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.engine.read(name, f, true)
    }

    /// Brings the schema to the newest version; safe beside other processes doing the same.
    /// Answers the version.
    ///
    /// # Errors
    /// [`OpenError::Newer`] when the database is ahead of this program.
    pub async fn migrate(&self) -> Result<i64, OpenError> {
        crate::migrate::migrate(self).await
    }

    /// The version of the schema in the database; 0 before the first migration.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn migration_version(&self) -> Result<i64, StoreError> {
        crate::migrate::version(self).await
    }

    /// A receiver that changes whenever jobs were enqueued here, or on another node (PostgreSQL).
    /// It may be missed across processes on SQLite, so workers also look at least every second.
    #[must_use]
    pub fn job_signal(&self) -> tokio::sync::watch::Receiver<u64> {
        self.engine.bell().subscribe()
    }

    /// Writes nothing, durably: proves that the database accepts a transaction (for `/readyz`).
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.write("ping", |tx| crate::meta::touch(tx, "ping"))
            .await
    }

    /// Stops taking transactions, finishes the queued ones and closes the connections. Blocks for
    /// as long as that takes; dropping the last handle does the same.
    pub fn close(&self) {
        self.engine.close();
    }
}
