//! The vault: P12, P14–P17.

pub(super) mod authoritative_url;
pub(super) mod certificate;
pub(super) mod compliance;
pub(super) mod copy_url;
pub(super) mod signed_url;
pub(super) mod vault_in_signed;
