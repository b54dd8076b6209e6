//! The one way out to addresses that somebody else chose.

mod client;
mod resolver;

pub use client::{Answer, Outbound, OutboundError, REQUEST_TIME_MAX, Request};
pub use deedbox_app::webhook_target::{Guard, TargetRefusal, check_target};
pub use resolver::{GuardedResolver, Names, SystemNames};

#[cfg(test)]
mod tests;
