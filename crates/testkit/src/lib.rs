#![doc = include_str!("../README.md")]

pub mod actors;
pub mod contract;
pub mod repository;
pub mod server;
pub mod smtp;
pub mod validators;
pub mod webhook;
