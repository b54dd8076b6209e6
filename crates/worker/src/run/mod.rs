//! The loop that takes jobs and sees them through.

mod backoff;
mod lane;
mod lease;
mod tally;

use std::{sync::Arc, time::Duration};

use deedbox_app::clock::Clock;
use deedbox_core::time::Timestamp;
use deedbox_store::{
    Store,
    jobs::{Job, NewJob},
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use backoff::{ATTEMPTS_MAX, delay_s};
pub use lane::Lane;
pub use tally::Tally;

/// How long a lease lasts. A process that dies leaves its jobs locked for this long at most; the
/// contract allows 30 s until they are taken up again.
pub const LEASE_S: i64 = 20;

/// How long a shutdown waits for running jobs before it gives them back.
pub const DRAIN_TIME_MAX: Duration = Duration::from_secs(15);

/// What a handler says of a job it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done, or found to be no longer wanted.
    Done,
    /// To be done by these jobs instead, which take its place in one transaction.
    Split(Vec<NewJob>),
    /// To be tried again: at `at`, or after the usual pause.
    Again {
        /// Why, for the operator; no addresses, links or codes.
        error: String,
        /// When, if the job has a schedule of its own.
        at: Option<Timestamp>,
    },
    /// Never to be tried again; it stays to be seen by the operator.
    Never {
        /// Why, for the operator.
        error: String,
    },
}

impl Outcome {
    /// To be tried again after the usual pause.
    pub fn again(error: impl Into<String>) -> Self {
        Self::Again {
            error: error.into(),
            at: None,
        }
    }

    /// Never to be tried again.
    pub fn never(error: impl Into<String>) -> Self {
        Self::Never {
            error: error.into(),
        }
    }
}

/// What jobs are given to.
pub trait Work: Send + Sync + 'static {
    /// Does `job` once. May be dropped half-way, when the lease is lost or the process stops; the
    /// job is then done again from the start, here or elsewhere.
    fn run(&self, job: &Job) -> impl Future<Output = Outcome> + Send;
}

/// What a loop stands on.
pub struct Loop<W> {
    /// Where the jobs are.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who does them.
    pub work: Arc<W>,
    /// Name of this process in leases; two live processes must not share one.
    pub owner: String,
    /// The lanes worked here.
    pub lanes: Vec<Lane>,
    /// Counters for `/metrics`.
    pub tally: Arc<Tally>,
}

impl<W> Clone for Loop<W> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            clock: self.clock.clone(),
            work: self.work.clone(),
            owner: self.owner.clone(),
            lanes: self.lanes.clone(),
            tally: self.tally.clone(),
        }
    }
}

impl<W: Work> Loop<W> {
    /// Works until `stop`, then drains: takes nothing new, lets running jobs end for at most
    /// [`DRAIN_TIME_MAX`], and gives the rest back so that another process may take them at once.
    pub async fn run(self, stop: CancellationToken) {
        let mut lanes = JoinSet::new();
        for lane in self.lanes.clone() {
            lanes.spawn(lane::work(self.clone(), lane, stop.clone()));
        }
        while lanes.join_next().await.is_some() {}
        let owner = self.owner.clone();
        let released = self
            .store
            .write("release jobs", move |tx| {
                deedbox_store::jobs::release(tx, &owner)
            })
            .await;
        if let Err(error) = released {
            tracing::warn!(%error, "jobs were not given back; their leases will run out");
        }
    }
}

#[cfg(test)]
mod tests;
