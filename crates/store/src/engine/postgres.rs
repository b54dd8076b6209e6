//! PostgreSQL: threads with a connection each, retries, reconnection.

mod link;
mod node;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::bell::Bell;
use super::command::{Command, Ran};
use super::dialect;
use super::queue::Queue;
use super::tls::Target;
use crate::error::{OpenError, StoreError};
use crate::store::StoreConfig;
use crate::tx::{Link, Tx};

pub(crate) use link::{PgLink, cell};

/// How often a transaction is tried before it is given up.
const ATTEMPTS_MAX: u32 = 8;

/// How a closure is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// In a transaction that is committed.
    Write,
    /// Statement by statement: saves two round trips.
    Read,
    /// In one read-only snapshot.
    Snapshot,
}

/// An open PostgreSQL database.
pub(crate) struct Postgres {
    queue: Arc<Queue<(Mode, Box<dyn Command>)>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    closed: Arc<AtomicBool>,
    bell: Bell,
}

impl Postgres {
    /// Connects once, to fail early, and starts the threads.
    pub(crate) fn open(config: &StoreConfig, bell: &Bell) -> Result<Self, OpenError> {
        let target = Arc::new(Target::parse(&config.database_url)?);
        let first = std::thread::scope(|scope| {
            // On a thread of its own: the client blocks, which an async caller must not do.
            scope.spawn(|| PgLink::connect(&target)).join()
        });
        let first = first.map_err(|_| unavailable("connecting panicked"))??;
        let queue = Arc::new(Queue::new(config.queue_max));
        let closed = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        let mut link = Some(first);
        for number in 0..config.pg_threads.max(1) {
            let worker = Worker {
                target: Arc::clone(&target),
                queue: Arc::clone(&queue),
                bell: bell.clone(),
                link: link.take(),
            };
            threads.push(spawn(format!("store-pg-{number}"), move || worker.work())?);
        }
        threads.push(node::notifier(&target, bell)?);
        if config.server {
            threads.push(node::listener(&target, bell, &closed)?);
        }
        Ok(Self {
            queue,
            threads: Mutex::new(threads),
            closed,
            bell: bell.clone(),
        })
    }

    /// Queues a command.
    pub(crate) fn queue(&self, mode: Mode, command: Box<dyn Command>) -> Result<(), StoreError> {
        self.queue.push((mode, command))
    }

    /// Finishes what is queued and stops all threads.
    pub(crate) fn close(&self) {
        self.queue.close();
        self.closed.store(true, Ordering::Relaxed);
        self.bell.set_far(None);
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            super::join(Some(thread));
        }
    }
}

fn spawn(name: String, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    std::thread::Builder::new()
        .name(name)
        .spawn(work)
        .map_err(|source| OpenError::Io {
            what: "cannot start a thread".to_owned(),
            source,
        })
}

fn unavailable(message: &str) -> StoreError {
    StoreError::Unavailable {
        message: message.to_owned(),
    }
}

/// One thread and its connection.
struct Worker {
    target: Arc<Target>,
    queue: Arc<Queue<(Mode, Box<dyn Command>)>>,
    bell: Bell,
    link: Option<PgLink>,
}

/// Whether a command is done with.
enum Attempt {
    Done,
    Again,
}

impl Worker {
    fn work(mut self) {
        while let Some((mode, mut command)) = self.queue.pop() {
            self.serve(mode, command.as_mut());
            command.answer();
        }
    }

    fn serve(&mut self, mode: Mode, command: &mut dyn Command) {
        for attempt in 1..=ATTEMPTS_MAX {
            if matches!(self.attempt(mode, command), Attempt::Done) {
                return;
            }
            tracing::debug!(name = command.name(), attempt, "transaction tried again");
            std::thread::sleep(pause(attempt));
        }
        if self.link.is_some() {
            let name = command.name();
            command.fail(StoreError::Contended {
                name,
                attempts: ATTEMPTS_MAX,
            });
        }
    }

    /// Runs the command once. When it says `Again`, the outcome holds why.
    fn attempt(&mut self, mode: Mode, command: &mut dyn Command) -> Attempt {
        let begun = self.connected().and_then(|link| match mode {
            Mode::Write => link.control(dialect::PG_BEGIN),
            Mode::Snapshot => link.control(dialect::PG_BEGIN_SNAPSHOT),
            Mode::Read => Ok(()),
        });
        let Some(link) = self.link.as_mut() else {
            return self.lost(command, begun.err());
        };
        if let Err(error) = begun {
            return self.lost(command, Some(error));
        }
        let ran = command.run(&mut Tx::new(Link::Postgres(link)));
        match (ran, mode) {
            (Ran::Commit { rings }, Mode::Write) => self.commit(command, rings),
            (Ran::Commit { .. }, Mode::Snapshot) => self.end(Attempt::Done),
            (Ran::Commit { .. }, Mode::Read) => Attempt::Done,
            (Ran::RollBack { retry }, mode) => {
                let next = if retry { Attempt::Again } else { Attempt::Done };
                if mode == Mode::Read {
                    self.renewed(next)
                } else {
                    self.end(next)
                }
            }
        }
    }

    fn connected(&mut self) -> Result<&mut PgLink, StoreError> {
        if self.link.as_ref().is_none_or(PgLink::is_closed) {
            self.link = None;
            self.link = Some(PgLink::connect(&self.target)?);
        }
        self.link
            .as_mut()
            .ok_or_else(|| unavailable("not connected"))
    }

    fn lost(&mut self, command: &mut dyn Command, error: Option<StoreError>) -> Attempt {
        self.link = None;
        command.fail(error.unwrap_or_else(|| unavailable("not connected")));
        Attempt::Again
    }

    fn commit(&mut self, command: &mut dyn Command, rings: bool) -> Attempt {
        let Some(link) = self.link.as_mut() else {
            return Attempt::Done;
        };
        match link.commit() {
            Ok(()) => {
                if rings {
                    self.bell.ring();
                }
                Attempt::Done
            }
            Err(failure) if failure.retry => self.end(Attempt::Again),
            Err(failure) => {
                let (name, message) = (command.name(), failure.error.to_string());
                let in_doubt = link.is_closed();
                command.fail(if in_doubt {
                    StoreError::InDoubt { name, message }
                } else {
                    failure.error
                });
                self.end(Attempt::Done)
            }
        }
    }

    /// Rolls back whatever is open.
    fn end(&mut self, next: Attempt) -> Attempt {
        if let Some(link) = self.link.as_mut()
            && link.control("ROLLBACK").is_err()
        {
            self.link = None;
        }
        next
    }

    /// Drops a connection that broke.
    fn renewed(&mut self, next: Attempt) -> Attempt {
        if self.link.as_ref().is_some_and(PgLink::is_closed) {
            self.link = None;
        }
        next
    }
}

/// 2, 4, 8 … ms, up to 250 ms: long enough for a deadlock partner, short enough for a caller.
fn pause(attempt: u32) -> Duration {
    Duration::from_millis(2_u64.saturating_pow(attempt).min(250))
}
