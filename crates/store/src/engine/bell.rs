//! Waking workers when jobs were committed.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// Rung after every commit that enqueued jobs. Clones ring the same bell.
#[derive(Clone)]
pub(crate) struct Bell {
    here: watch::Sender<u64>,
    far: Arc<Mutex<Option<Sender<()>>>>,
}

impl Bell {
    pub(crate) fn new() -> Self {
        Self {
            here: watch::Sender::new(0),
            far: Arc::default(),
        }
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.here.subscribe()
    }

    /// Wakes the workers of this process, and of other nodes when there is a way.
    pub(crate) fn ring(&self) {
        self.ring_here();
        let far = self.far.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(far) = far.as_ref() {
            // A notifier that is gone means that the store is closing.
            let _ = far.send(());
        }
    }

    /// Wakes the workers of this process.
    pub(crate) fn ring_here(&self) {
        self.here.send_modify(|rung| *rung = rung.wrapping_add(1));
    }

    /// Sets, or with `None` closes, the way to other nodes.
    pub(crate) fn set_far(&self, far: Option<Sender<()>>) {
        *self.far.lock().unwrap_or_else(PoisonError::into_inner) = far;
    }
}
