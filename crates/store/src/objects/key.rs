//! The key under which an envelope's objects are sealed.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// 32 random bytes; wiped when dropped, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DataKey([u8; 32]);

impl DataKey {
    /// A fresh key from the system's randomness.
    ///
    /// # Panics
    /// When the operating system gives no randomness, without which nothing may go on.
    #[must_use]
    pub fn generate() -> Self {
        let mut bytes = [0; 32];
        aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives randomness");
        Self(bytes)
    }

    /// A key that was unwrapped.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, to wrap them or to derive from them.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(..)")
    }
}
