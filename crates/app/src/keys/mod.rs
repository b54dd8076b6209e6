//! Keys and secrets: one master key wraps the rest, each with a purpose.

mod ed25519;
mod master;
mod ring;

pub use ed25519::{EdKey, PublicKey, verifies};
pub use master::MasterKey;
pub(crate) use ring::control_key;
pub use ring::{DataKeyWrap, KeyRing, Purpose};
