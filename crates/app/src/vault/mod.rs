//! Custody: the authoritative copy, its marked copy, certificates and checks.

mod certificate;
mod compliance;
mod custody_record;
mod download;
mod evaluate;
mod evidence;
mod url;
mod vault_in;

pub use compliance::Compliance;
pub use download::Download;
pub use vault_in::VaultedIn;
