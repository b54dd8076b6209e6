//! What the doors share: reading requests, naming faulty fields, request ids, metrics.

pub(crate) mod body;
pub(crate) mod client;
pub(crate) mod encode;
pub(crate) mod fields;
pub(crate) mod forms;
pub(crate) mod guard;
pub(crate) mod metrics;
pub(crate) mod multipart;
pub(crate) mod problem;
pub(crate) mod task;
