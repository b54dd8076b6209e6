#![doc = include_str!("../README.md")]

mod http;
mod openapi;
pub mod partner;
mod public;
mod router;
mod serve;
pub mod signing;

pub use openapi::{Kind, UnknownKind, openapi, openapi_text};
pub use router::{Options, router, router_with};
pub use serve::serve;
