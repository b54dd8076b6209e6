#![doc = include_str!("../README.md")]

pub mod actors;
pub mod chance;
pub mod contract;
pub mod damage;
pub mod postgres;
pub mod repository;
pub mod server;
pub mod smtp;
pub mod validators;
pub mod webhook;
