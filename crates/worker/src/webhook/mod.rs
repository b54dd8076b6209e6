//! Delivering one event to one receiver: what is sent, when it is tried again, when it is over.

mod deliver;
mod headers;
mod schedule;
mod signature;

pub use deliver::{Attempt, Delivery, Outcome, attempt};
pub use headers::headers;
pub use schedule::{ATTEMPTS_MAX, next_attempt_at};
pub use signature::{loyva_signature, standard_signature};

#[cfg(test)]
mod tests;
