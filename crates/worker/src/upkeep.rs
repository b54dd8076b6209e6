//! What must be swept up now and then: rows whose time has passed. Any number of nodes may do it;
//! what one has erased the next does not find.

use std::time::Duration;

use deedbox_app::App;
use deedbox_store::{StoreError, attempts, idempotency, sessions};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_mins(10);

/// Counters of failed attempts and ended sessions are of no use after a day.
const DAY_S: i64 = 86_400;

/// Sweeps at the start and every ten minutes, until `stop`.
pub(crate) async fn until_stopped(app: App, stop: CancellationToken) {
    let mut tick = interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => match sweep(&app).await {
                Ok(0) => {}
                Ok(rows) => tracing::debug!(rows, "swept up"),
                Err(error) => tracing::warn!(%error, "not swept up; again in ten minutes"),
            },
        }
    }
}

/// One sweep, in transactions of their own so that none is long. Answers how many rows went.
async fn sweep(app: &App) -> Result<u64, StoreError> {
    let (store, now) = (app.store(), app.now());
    let (at, day) = (now.micros(), now.plus_seconds(-DAY_S).micros());
    let mut rows = store
        .write("purge idempotency", move |tx| idempotency::purge(tx, at))
        .await?;
    rows += store
        .write("purge attempts", move |tx| attempts::purge(tx, day))
        .await?;
    rows += store
        .write("purge sessions", move |tx| sessions::purge(tx, day))
        .await?;
    Ok(rows)
}
