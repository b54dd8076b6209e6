//! SQLite: one writer thread with group commit, readers on the calling threads.

mod statement;
mod writer;

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::bell::Bell;
use super::command::{self, Command};
use super::dialect;
use super::queue::Queue;
use crate::error::{OpenError, StoreError};
use crate::store::StoreConfig;
use crate::tx::{Link, Tx};

pub(crate) use statement::{batch, cell, exec, failure, number, rows};
#[cfg(test)]
pub(crate) use statement::{plan, prepare};

/// Idle reader connections kept for the next read.
const READERS_KEPT: usize = 16;
/// More than all statements of this crate.
const STATEMENTS_KEPT: usize = 384;

/// An open SQLite database.
pub(crate) struct Sqlite {
    path: PathBuf,
    busy_timeout: Duration,
    writes: Arc<Queue<Box<dyn Command>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    readers: Mutex<Vec<Connection>>,
    _lock: Option<File>,
}

impl Sqlite {
    /// Opens (and makes) the database file and starts the writer.
    pub(crate) fn open(config: &StoreConfig, path: &Path, bell: &Bell) -> Result<Self, OpenError> {
        let folder = path.parent().unwrap_or(Path::new("."));
        for folder in [folder, &config.data_dir] {
            crate::folder::make(folder).map_err(|source| OpenError::Io {
                what: format!("cannot make the directory {}", folder.display()),
                source,
            })?;
        }
        let lock = if config.server {
            Some(lock(folder)?)
        } else {
            None
        };
        let busy_timeout = Duration::from_millis(config.busy_timeout_ms);
        let connection = connect(path, busy_timeout)?;
        configure(&connection, dialect::SQLITE_WRITER)?;
        let writes = Arc::new(Queue::new(config.queue_max));
        let thread = writer::start(connection, Arc::clone(&writes), bell.clone())?;
        Ok(Self {
            path: path.to_owned(),
            busy_timeout,
            writes,
            writer: Mutex::new(Some(thread)),
            readers: Mutex::default(),
            _lock: lock,
        })
    }

    /// Queues a write.
    pub(crate) fn queue(&self, command: Box<dyn Command>) -> Result<(), StoreError> {
        self.writes.push(command)
    }

    /// Reads on this thread: a hand-over to another one costs more than most reads.
    pub(crate) fn read<T, E, F>(&self, name: &'static str, mut f: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E>,
        E: From<StoreError>,
    {
        let connection = self.reader()?;
        batch(&connection, dialect::SQLITE_BEGIN_READ).map_err(|failure| failure.error)?;
        let mut tx = Tx::new(Link::Sqlite(&connection));
        let (outcome, _) = command::run(name, &mut f, &mut tx);
        // Nothing was written, so ending the snapshot either way is the same.
        if batch(&connection, "ROLLBACK").is_ok() {
            self.keep(connection);
        }
        outcome
    }

    fn reader(&self) -> Result<Connection, StoreError> {
        let kept = self
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        if let Some(connection) = kept {
            return Ok(connection);
        }
        let connection = connect(&self.path, self.busy_timeout)?;
        configure(&connection, dialect::SQLITE_READER)?;
        Ok(connection)
    }

    fn keep(&self, connection: Connection) {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_KEPT {
            readers.push(connection);
        }
    }

    /// Finishes queued writes, stops the writer and closes the readers.
    pub(crate) fn close(&self) {
        self.writes.close();
        let thread = self
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        super::join(thread);
        self.readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// The database file that a URL names.
pub(crate) fn path(url: &str, data_dir: &Path) -> Result<PathBuf, OpenError> {
    let rest = url
        .strip_prefix("sqlite://")
        .or_else(|| url.strip_prefix("sqlite:"))
        .unwrap_or(url);
    if rest.contains("://") {
        let problem = "use sqlite:///path/deedbox.db or postgres://user@host/database";
        return Err(OpenError::Url {
            problem: problem.to_owned(),
        });
    }
    Ok(if rest.is_empty() {
        data_dir.join("deedbox.db")
    } else {
        PathBuf::from(rest)
    })
}

/// Takes the lock of a data directory for as long as the file stays open.
fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("deedbox.lock");
    let io = |source| OpenError::Io {
        what: format!("cannot lock {}", path.display()),
        source,
    };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked {
            directory: folder.display().to_string(),
        }),
        Err(TryLockError::Error(source)) => Err(io(source)),
    }
}

fn connect(path: &Path, busy_timeout: Duration) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|error| unavailable(&format!("{}: {error}", path.display())))?;
    connection
        .busy_timeout(busy_timeout)
        .map_err(|error| unavailable(&error))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(connection)
}

fn configure(connection: &Connection, pragmas: &str) -> Result<(), StoreError> {
    connection
        .execute_batch(pragmas)
        .map_err(|error| unavailable(&error))
}

fn unavailable(error: &impl ToString) -> StoreError {
    StoreError::Unavailable {
        message: error.to_string(),
    }
}
