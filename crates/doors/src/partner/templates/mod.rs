//! Templates: P29–P32.

pub(super) mod add_fields;
pub(super) mod create;
pub(super) mod get;
pub(super) mod list;
pub(super) mod wire;
