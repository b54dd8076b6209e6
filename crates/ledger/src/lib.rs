#![doc = include_str!("../README.md")]

mod keys;
mod report;
mod trail;
mod verify;

pub use keys::{PinnedKey, authorities, pinned_keys, verifies};
pub use report::{BundleCheck, BundleReport};
pub use trail::shown;
pub use verify::verify_bundle;
