//! Waking the workers of other nodes, and being woken by them.
//!
//! `NOTIFY` inside a transaction would make all commits of the database queue for one lock, so it is
//! sent afterwards, on a connection of its own, at most 50 times a second. A notification lost to a
//! crash costs one polling interval of the workers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use postgres::fallible_iterator::FallibleIterator;

use super::link::PgLink;
use super::spawn;
use crate::engine::bell::Bell;
use crate::engine::dialect;
use crate::engine::tls::Target;
use crate::error::OpenError;

/// Rings closer together than this are sent as one.
const COALESCE: Duration = Duration::from_millis(20);
/// How soon the listener sees that the store was closed.
const LISTEN_SLICE: Duration = Duration::from_millis(250);
/// Between attempts to connect again.
const RECONNECT: Duration = Duration::from_secs(1);

/// Starts the thread that tells other nodes.
pub(super) fn notifier(target: &Arc<Target>, bell: &Bell) -> Result<JoinHandle<()>, OpenError> {
    let (far, rings) = channel();
    bell.set_far(Some(far));
    let target = Arc::clone(target);
    spawn("store-notify".to_owned(), move || notify(&target, &rings))
}

fn notify(target: &Target, rings: &Receiver<()>) {
    let mut link: Option<PgLink> = None;
    while rings.recv().is_ok() {
        std::thread::sleep(COALESCE);
        while rings.try_recv().is_ok() {}
        if link.as_ref().is_none_or(PgLink::is_closed) {
            link = PgLink::connect(target).ok();
        }
        if let Some(open) = link.as_mut()
            && let Err(error) = open.control(dialect::NOTIFY)
        {
            tracing::warn!(%error, "other nodes were not woken; their workers poll");
            link = None;
        }
    }
}

/// Starts the thread that listens to other nodes.
pub(super) fn listener(
    target: &Arc<Target>,
    bell: &Bell,
    closed: &Arc<AtomicBool>,
) -> Result<JoinHandle<()>, OpenError> {
    let (target, bell, closed) = (Arc::clone(target), bell.clone(), Arc::clone(closed));
    spawn("store-listen".to_owned(), move || {
        while !closed.load(Ordering::Relaxed) {
            if let Err(error) = listen(&target, &bell, &closed) {
                tracing::warn!(%error, "listening for jobs of other nodes failed; trying again");
                std::thread::sleep(RECONNECT);
            }
        }
    })
}

fn listen(target: &Target, bell: &Bell, closed: &AtomicBool) -> Result<(), postgres::Error> {
    let mut client = target.connect()?;
    client.batch_execute(dialect::LISTEN)?;
    // Whatever was told while nobody listened.
    bell.ring_here();
    while !closed.load(Ordering::Relaxed) {
        let told = client.notifications().timeout_iter(LISTEN_SLICE).next()?;
        if told.is_some() {
            bell.ring_here();
        }
        client.check_connection()?;
    }
    Ok(())
}
