#![doc = include_str!("../README.md")]

pub mod jobs;
pub mod mail;
pub mod outbound;
pub mod run;
mod start;
mod upkeep;
pub mod webhook;

pub use start::{Worker, start, start_counted};
