//! One lane: jobs that share a bound, so that a burst of one kind does not hold up another.

use std::time::Duration;

use deedbox_store::{
    StoreError,
    jobs::{self, Job},
};
use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{DRAIN_TIME_MAX, LEASE_S, Loop, Work, lease};

/// A lane and how many of its jobs run at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// Its name in the job rows.
    pub name: &'static str,
    /// How many of its jobs run at once here.
    pub at_once_max: usize,
}

/// The longest sleep without a look: jobs made by another process on the same SQLite file ring no
/// bell here.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long to rest when the store does not answer.
const STORE_REST: Duration = Duration::from_millis(500);

/// Works one lane until `stop`, then drains it.
pub(super) async fn work<W: Work>(the: Loop<W>, lane: Lane, stop: CancellationToken) {
    let mut bell = the.store.job_signal();
    let mut running = JoinSet::new();
    while !stop.is_cancelled() {
        bell.mark_unchanged();
        let free = lane.at_once_max - running.len();
        let claimed = claim(&the, lane, free).await.unwrap_or_else(|error| {
            tracing::warn!(%error, lane = lane.name, "cannot look for jobs");
            Claimed {
                jobs: Vec::new(),
                rest: STORE_REST,
            }
        });
        let is_full = free == 0 || claimed.jobs.len() == free;
        for job in claimed.jobs {
            the.tally.claimed(&job.kind);
            running.spawn(lease::see_through(the.clone(), job));
        }
        let rest = if is_full { LOOK_EVERY } else { claimed.rest };
        wait(&mut running, &mut bell, rest, is_full, &stop).await;
    }
    drain(running, lane).await;
}

/// Waits for whatever comes first: an ended job, a new one (if there is room for it), the time of
/// the next one, the end.
async fn wait(
    running: &mut JoinSet<()>,
    bell: &mut watch::Receiver<u64>,
    rest: Duration,
    is_full: bool,
    stop: &CancellationToken,
) {
    tokio::select! {
        () = stop.cancelled() => {}
        Some(ended) = running.join_next(), if !running.is_empty() => note(ended),
        Ok(()) = bell.changed(), if !is_full => {}
        () = sleep(rest) => {}
    }
    while let Some(ended) = running.try_join_next() {
        note(ended);
    }
}

struct Claimed {
    jobs: Vec<Job>,
    rest: Duration,
}

/// Takes what is due, up to `free` jobs, and says how long until the next is.
async fn claim<W>(the: &Loop<W>, lane: Lane, free: usize) -> Result<Claimed, StoreError> {
    let now = the.clock.now();
    if free == 0 {
        return Ok(Claimed {
            jobs: Vec::new(),
            rest: LOOK_EVERY,
        });
    }
    let next = the
        .store
        .read("next job", move |tx| jobs::next_wake(tx, lane.name))
        .await?;
    let until = |wake_at: i64| u64::try_from(wake_at - now.micros()).unwrap_or(0);
    let rest = next.map_or(LOOK_EVERY, |at| {
        Duration::from_micros(until(at)).min(LOOK_EVERY)
    });
    if !rest.is_zero() {
        return Ok(Claimed {
            jobs: Vec::new(),
            rest,
        });
    }
    let owner = the.owner.clone();
    let leased_until = now.plus_seconds(LEASE_S).micros();
    let limit = i64::try_from(free).unwrap_or(i64::MAX);
    let jobs = the
        .store
        .write("claim jobs", move |tx| {
            jobs::claim(tx, lane.name, &owner, now.micros(), leased_until, limit)
        })
        .await?;
    // Others may have been quicker; whoever finds nothing after all must not spin.
    let rest = if jobs.is_empty() {
        STORE_REST
    } else {
        Duration::ZERO
    };
    Ok(Claimed { jobs, rest })
}

async fn drain(mut running: JoinSet<()>, lane: Lane) {
    let all = async { while running.join_next().await.is_some() {} };
    if timeout(DRAIN_TIME_MAX, all).await.is_err() {
        tracing::warn!(
            lane = lane.name,
            left = running.len(),
            "jobs given back unfinished"
        );
        running.shutdown().await;
    }
}

fn note(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a job's task ended badly; its lease will run out");
    }
}
