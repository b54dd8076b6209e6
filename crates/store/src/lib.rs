#![doc = include_str!("../README.md")]

#[cfg(test)]
mod conformance;
mod engine;
mod error;
mod folder;
mod migrate;
mod nouns;
mod row;
mod sql;
mod store;
mod tx;
mod value;

pub mod objects;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use error::{OpenError, StoreError};
pub use nouns::*;
pub use store::{EngineKind, Store, StoreConfig};
pub use tx::Tx;
