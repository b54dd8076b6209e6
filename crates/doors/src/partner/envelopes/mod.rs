//! Envelopes: P1–P4, P6–P11.

pub(super) mod create;
pub(super) mod events;
pub(super) mod evidence;
pub(super) mod get;
pub(super) mod list;
pub(super) mod remind;
pub(super) mod signing_links;
pub(super) mod status;
pub(super) mod void;
pub(super) mod wire;
pub(super) mod working_document;
