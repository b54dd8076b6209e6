//! The writer thread: many commands, one commit, then all the answers.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{batch, failure};
use crate::engine::bell::Bell;
use crate::engine::command::{Command, Ran};
use crate::engine::dialect;
use crate::engine::queue::Queue;
use crate::error::{OpenError, StoreError};
use crate::tx::{Link, Tx};

/// Commands that share a commit at most.
const BATCH_MAX: usize = 256;
/// A batch that has run this long is committed, so that the first in it does not wait for ever.
const BATCH_TIME_MAX: Duration = Duration::from_millis(20);

type Batch = Vec<Box<dyn Command>>;

pub(super) fn start(
    connection: Connection,
    writes: Arc<Queue<Box<dyn Command>>>,
    bell: Bell,
) -> Result<JoinHandle<()>, OpenError> {
    let thread = Writer {
        connection,
        writes,
        bell,
    };
    std::thread::Builder::new()
        .name("store-writer".to_owned())
        .spawn(move || thread.work())
        .map_err(|source| OpenError::Io {
            what: "cannot start the writer".to_owned(),
            source,
        })
}

struct Writer {
    connection: Connection,
    writes: Arc<Queue<Box<dyn Command>>>,
    bell: Bell,
}

impl Writer {
    fn work(self) {
        while let Some(first) = self.writes.pop() {
            let mut commands = vec![first];
            commands.extend(self.writes.drain(BATCH_MAX - 1));
            self.batch(commands);
        }
        // The next start then has no log to read; failing here harms nothing.
        drop(
            self.connection
                .execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);"),
        );
    }

    /// Runs commands in one transaction, or in several when they take long.
    fn batch(&self, mut waiting: Batch) {
        while !waiting.is_empty() {
            waiting = self.transaction(waiting);
        }
    }

    /// One transaction; answers the commands that found no place in it.
    fn transaction(&self, mut commands: Batch) -> Batch {
        if let Err(failure) = batch(&self.connection, dialect::SQLITE_BEGIN) {
            answer_all(commands, Some(&failure.error));
            return Vec::new();
        }
        let started = Instant::now();
        let mut ran = 0;
        let mut rings = false;
        for command in &mut commands {
            rings |= self.savepoint(command.as_mut());
            ran += 1;
            if self.connection.is_autocommit() {
                return self.broken(commands);
            }
            if started.elapsed() > BATCH_TIME_MAX {
                break;
            }
        }
        let later = commands.split_off(ran);
        self.commit(commands, rings);
        later
    }

    /// Runs one command so that its failure undoes it alone. Answers whether it enqueued jobs.
    fn savepoint(&self, command: &mut dyn Command) -> bool {
        if let Err(failure) = batch(&self.connection, "SAVEPOINT command") {
            command.fail(failure.error);
            return false;
        }
        let ran = command.run(&mut Tx::new(Link::Sqlite(&self.connection)));
        let (end, rings) = match ran {
            Ran::Commit { rings } => ("RELEASE command", rings),
            Ran::RollBack { .. } => ("ROLLBACK TO command", false),
        };
        // A transaction that SQLite has ended by itself has no savepoint: the caller sees that.
        if let Err(failure) = batch(&self.connection, end)
            && !self.connection.is_autocommit()
        {
            command.fail(failure.error);
        }
        rings
    }

    fn commit(&self, mut commands: Batch, rings: bool) {
        match self.connection.execute_batch("COMMIT") {
            Ok(()) => {
                if rings {
                    self.bell.ring();
                }
                answer_all(commands, None);
            }
            Err(error) => {
                self.roll_back();
                let error = failure(&self.connection, &error).error;
                for command in &mut commands {
                    let name = command.name();
                    command.fail(commit_failed(name, &error));
                }
                answer_all(commands, None);
            }
        }
    }

    /// A severe failure (disk full, I/O) ended the whole transaction: every command gets one of its
    /// own, so that only the one that cannot succeed fails.
    fn broken(&self, commands: Batch) -> Batch {
        for mut command in commands {
            if let Err(failure) = batch(&self.connection, dialect::SQLITE_BEGIN) {
                command.fail(failure.error);
                command.answer();
                continue;
            }
            let rings = self.savepoint(command.as_mut());
            if self.connection.is_autocommit() {
                command.answer();
            } else {
                self.commit(vec![command], rings);
            }
        }
        Vec::new()
    }

    fn roll_back(&self) {
        if !self.connection.is_autocommit() {
            drop(self.connection.execute_batch("ROLLBACK"));
        }
    }
}

/// A full disk wrote nothing; after any other failure the log may or may not hold the commit.
fn commit_failed(name: &'static str, error: &StoreError) -> StoreError {
    let message = error.to_string();
    if message.contains("full") {
        return StoreError::Unavailable { message };
    }
    StoreError::InDoubt { name, message }
}

fn answer_all(commands: Batch, error: Option<&StoreError>) {
    for mut command in commands {
        if let Some(error) = error {
            command.fail(error.clone());
        }
        command.answer();
    }
}
