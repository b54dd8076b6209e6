//! The worker as the binary starts it.

use std::{
    process,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use deedbox_app::{
    App,
    clock::Clock,
    job::{LANE_COMMANDS, LANE_MESSAGES, LANE_WEBHOOKS},
};
use deedbox_core::Timestamp;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    jobs::Handlers,
    mail::Messages,
    outbound::{Guard, Outbound},
    run::{Lane, Loop, Tally},
    upkeep,
};

/// A worker at work. Awaiting its handle waits until everything in flight is done.
pub struct Worker {
    /// Ends after `stop`.
    pub handle: JoinHandle<()>,
    /// What it did so far, for `/metrics`.
    pub tally: Arc<Tally>,
}

/// Lanes and their bounds. Deliveries mostly wait for others, so many may wait at once; messages
/// share the relay's connections; commands share the machine's cores.
const LANES: [Lane; 3] = [
    Lane {
        name: LANE_WEBHOOKS,
        at_once_max: 64,
    },
    Lane {
        name: LANE_MESSAGES,
        at_once_max: 16,
    },
    Lane {
        name: LANE_COMMANDS,
        at_once_max: 4,
    },
];

/// Starts working off the jobs of `app` until `stop`; then drains.
#[must_use]
pub fn start(app: App, messages: Messages, stop: CancellationToken) -> JoinHandle<()> {
    start_counted(app, messages, stop).handle
}

/// As [`start`], with the counts of what is done.
#[must_use]
pub fn start_counted(app: App, messages: Messages, stop: CancellationToken) -> Worker {
    let guard = Guard {
        allow_private: app.settings().allow_private_webhooks,
    };
    let outbound = Outbound::try_new(guard).map_err(|error| format!("no HTTPS client: {error}"));
    if let Err(error) = &outbound {
        tracing::error!(%error, "webhooks wait until this is mended");
    }
    let tally = Arc::<Tally>::default();
    let work = Loop {
        store: app.store().clone(),
        clock: Arc::new(AppClock(app.clone())),
        work: Arc::new(Handlers::new(app.clone(), messages, outbound)),
        owner: owner(),
        lanes: LANES.to_vec(),
        tally: tally.clone(),
    };
    let tidy = upkeep::until_stopped(app, stop.clone());
    let handle = tokio::spawn(async move {
        tokio::join!(work.run(stop), tidy);
    });
    Worker { handle, tally }
}

/// The application's clock, so that a job is due when the application says so.
struct AppClock(App);

impl Clock for AppClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// A name that no other live process has: process ids are used again, but not within the same
/// microsecond.
fn owner() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    format!("{}-{}", process::id(), since.as_micros())
}
