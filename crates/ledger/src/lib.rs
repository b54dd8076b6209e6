#![doc = include_str!("../README.md")]

mod keys;
mod report;
mod verify;

pub use keys::{PinnedKey, authorities, pinned_keys, verifies};
pub use report::{BundleCheck, BundleReport};
pub use verify::verify_bundle;
