//! A closure on its way through the queue of an engine.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use crate::error::StoreError;
use crate::tx::Tx;

/// What came of running a command once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    /// It wants to be committed; `rings` when it enqueued jobs.
    Commit { rings: bool },
    /// It must be rolled back; `retry` when a second attempt may go better.
    RollBack { retry: bool },
}

/// A queued transaction without its types.
pub(crate) trait Command: Send {
    /// The name given by the caller.
    fn name(&self) -> &'static str;
    /// Runs the closure, keeping its outcome. May be called again.
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran;
    /// Replaces the outcome: the engine failed, whatever the closure said.
    fn fail(&mut self, error: StoreError);
    /// Hands the outcome to the caller.
    fn answer(self: Box<Self>);
}

/// A closure with its types.
pub(crate) struct Closure<T, E, F> {
    name: &'static str,
    f: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Closure<T, E, F> {
    pub(crate) fn new(name: &'static str, f: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (reply, answer) = oneshot::channel();
        (
            Self {
                name,
                f,
                outcome: None,
                reply,
            },
            answer,
        )
    }
}

impl<T, E, F> Command for Closure<T, E, F>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn name(&self) -> &'static str {
        self.name
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        let (outcome, ran) = run(self.name, &mut self.f, tx);
        self.outcome = Some(outcome);
        ran
    }

    fn fail(&mut self, error: StoreError) {
        self.outcome = Some(Err(error.into()));
    }

    fn answer(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or_else(|| {
            Err(StoreError::Unavailable {
                message: "the store was closed".to_owned(),
            }
            .into())
        });
        // A caller that no longer waits has lost only the answer.
        drop(self.reply.send(outcome));
    }
}

/// Runs a closure in a transaction, turning a panic and a swallowed failure into errors.
pub(crate) fn run<T, E, F>(name: &'static str, f: &mut F, tx: &mut Tx<'_>) -> (Result<T, E>, Ran)
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E>,
    E: From<StoreError>,
{
    let caught = catch_unwind(AssertUnwindSafe(|| f(&mut *tx)));
    let outcome = match caught {
        Ok(Ok(_)) if tx.has_failed() => Err(StoreError::Aborted.into()),
        Ok(outcome) => outcome,
        Err(_) => {
            tracing::error!(name, "a transaction panicked and was rolled back");
            return (
                Err(StoreError::Panicked { name }.into()),
                Ran::RollBack { retry: false },
            );
        }
    };
    let ran = if outcome.is_ok() {
        Ran::Commit { rings: tx.rings() }
    } else {
        Ran::RollBack {
            retry: tx.may_retry(),
        }
    };
    (outcome, ran)
}
