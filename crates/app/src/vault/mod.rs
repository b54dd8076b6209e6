//! Custody: the authoritative copy, its marked copy, certificates and checks.

mod download;
mod url;

pub use download::Download;
