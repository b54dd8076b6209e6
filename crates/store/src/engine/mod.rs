//! The two engines behind one front.

mod bell;
mod command;
pub(crate) mod dialect;
pub(crate) mod postgres;
mod queue;
pub(crate) mod sqlite;
mod tls;

use std::future::Future;

use tokio::sync::oneshot;

pub(crate) use self::bell::Bell;
use self::command::Closure;
use crate::error::{OpenError, StoreError};
use crate::rate::Windows;
use crate::store::{EngineKind, StoreConfig};
use crate::tx::Tx;

/// An open database.
pub(crate) struct Engine {
    kind: Kind,
    bell: Bell,
    windows: Windows,
}

enum Kind {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Engine {
    /// Opens what the URL names.
    pub(crate) fn open(config: &StoreConfig) -> Result<Self, OpenError> {
        let url = config.database_url.as_str();
        let bell = Bell::new();
        let kind = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Kind::Postgres(postgres::Postgres::open(config, &bell)?)
        } else {
            let path = sqlite::path(url, &config.data_dir)?;
            Kind::Sqlite(sqlite::Sqlite::open(config, &path, &bell)?)
        };
        Ok(Self {
            kind,
            bell,
            windows: Windows::default(),
        })
    }

    pub(crate) fn kind(&self) -> EngineKind {
        match self.kind {
            Kind::Sqlite(_) => EngineKind::Sqlite,
            Kind::Postgres(_) => EngineKind::Postgres,
        }
    }

    pub(crate) fn bell(&self) -> &Bell {
        &self.bell
    }

    pub(crate) fn windows(&self) -> &Windows {
        &self.windows
    }

    /// Queues a write; the future answers when it is on disk.
    pub(crate) fn write<T, E, F>(
        &self,
        name: &'static str,
        f: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (command, answer) = Closure::new(name, f);
        let queued = match &self.kind {
            Kind::Sqlite(sqlite) => sqlite.queue(Box::new(command)),
            Kind::Postgres(postgres) => postgres.queue(postgres::Mode::Write, Box::new(command)),
        };
        awaited(queued, answer)
    }

    /// Reads: at once on SQLite, through the queue on PostgreSQL.
    pub(crate) async fn read<T, E, F>(
        &self,
        name: &'static str,
        f: F,
        snapshot: bool,
    ) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.kind {
            Kind::Sqlite(sqlite) => sqlite.read(name, f),
            Kind::Postgres(postgres) => {
                let (command, answer) = Closure::new(name, f);
                let mode = if snapshot {
                    postgres::Mode::Snapshot
                } else {
                    postgres::Mode::Read
                };
                awaited(postgres.queue(mode, Box::new(command)), answer).await
            }
        }
    }

    pub(crate) fn close(&self) {
        match &self.kind {
            Kind::Sqlite(sqlite) => sqlite.close(),
            Kind::Postgres(postgres) => postgres.close(),
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.close();
    }
}

/// Waits for the answer of a queued command, or says why it was not queued.
async fn awaited<T, E: From<StoreError>>(
    queued: Result<(), StoreError>,
    answer: oneshot::Receiver<Result<T, E>>,
) -> Result<T, E> {
    queued?;
    answer.await.unwrap_or_else(|_| {
        Err(StoreError::Unavailable {
            message: "the store was closed".to_owned(),
        }
        .into())
    })
}

/// Waits for a thread to end, unless it is the one that asks.
fn join(thread: Option<std::thread::JoinHandle<()>>) {
    if let Some(thread) = thread
        && thread.thread().id() != std::thread::current().id()
    {
        drop(thread.join());
    }
}

/// A PostgreSQL error with its cause, which the error alone does not say.
fn postgres_error(error: &::postgres::Error) -> String {
    use std::error::Error as _;
    error
        .source()
        .map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
