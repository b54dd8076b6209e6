#![doc = include_str!("../README.md")]

pub mod mail;
pub mod outbound;
pub mod run;
pub mod webhook;

mod shim;
