//! One file per command.

pub mod demo;
pub mod doctor;
pub mod key;
pub mod migrate;
pub mod openapi;
pub mod org;
pub mod serve;
pub mod session;
pub mod user;
pub mod verify;
pub mod worker;
