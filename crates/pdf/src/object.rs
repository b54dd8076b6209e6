//! An indirect object as bytes, ready to be written into an incremental update.

use serde::{Deserialize, Serialize};

/// One indirect object of an incremental update, already serialised.
///
/// `body` is what stands between `N G obj` and `endobj`, without either. The crate that signs
/// writes the frame, the cross-reference section and the trailer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// Object number.
    pub number: u32,
    /// Generation number; 0 for every object this crate creates.
    pub generation: u16,
    /// The serialised object.
    pub body: Vec<u8>,
}

impl Object {
    /// An object of generation 0.
    #[must_use]
    pub fn new(number: u32, body: Vec<u8>) -> Self {
        Self {
            number,
            generation: 0,
            body,
        }
    }
}

/// Hands out object numbers that no object of the document has.
#[derive(Debug)]
pub(crate) struct Numbers {
    next: u32,
}

impl Numbers {
    pub(crate) fn starting_at(next: u32) -> Self {
        Self { next }
    }

    pub(crate) fn take(&mut self) -> u32 {
        let number = self.next;
        self.next += 1;
        number
    }

    pub(crate) fn next(&self) -> u32 {
        self.next
    }
}
