//! The one way out to addresses that somebody else chose.

mod client;
mod resolver;

pub use crate::shim::webhook_target::{Guard, TargetRefusal, check_target};
pub use client::{Answer, Outbound, OutboundError, Request};
pub use resolver::{GuardedResolver, Names, SystemNames};

#[cfg(test)]
mod tests;
