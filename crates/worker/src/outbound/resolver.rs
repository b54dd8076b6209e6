//! The resolver that every guarded connection asks: a name is only as good as its addresses.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use deedbox_app::webhook_target::{Guard, check_address};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Looks a name up. The system does it in production; a test answers what it likes.
pub trait Names: Send + Sync + 'static {
    /// All addresses of `name`.
    fn look_up(
        &self,
        name: String,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;
}

/// The resolver of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNames;

impl Names for SystemNames {
    fn look_up(
        &self,
        name: String,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Answers a name's addresses only if every one of them may be connected to.
///
/// One bad address condemns the name: an answer that mixes public and private addresses is how
/// rebinding attacks look, and no honest receiver needs one. The addresses answered here are the
/// very ones connected to, so nothing can change between the check and the use.
#[derive(Clone)]
pub struct GuardedResolver {
    names: Arc<dyn Names>,
    guard: Guard,
}

impl GuardedResolver {
    /// A resolver that asks `names` and lets through what `guard` allows.
    #[must_use]
    pub fn new(names: Arc<dyn Names>, guard: Guard) -> Self {
        Self { names, guard }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let looked_up = self.names.look_up(name.as_str().to_owned());
        let guard = self.guard;
        Box::pin(async move {
            let found = looked_up.await?;
            for address in &found {
                check_address(*address, guard)?;
            }
            let addresses = found.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}
