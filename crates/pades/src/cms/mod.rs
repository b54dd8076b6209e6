//! Cryptographic Message Syntax (RFC 5652) as PAdES wants it (ETSI EN 319 122-1, EN 319 142-1).

mod build;
pub(crate) mod oids;
pub(crate) mod read;

pub(crate) use build::timestamp_content;
pub use build::{build, size_bound};
