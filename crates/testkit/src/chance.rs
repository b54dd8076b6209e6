//! Chance that can be had again: the same seed gives the same sequence.

/// A small generator (xorshift64, Marsaglia 2003). Good enough to damage files with, and for nothing
/// secret.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// A sequence of its own for every seed.
    #[must_use]
    pub const fn seeded(seed: u64) -> Self {
        // Zero is the one state that xorshift never leaves.
        Self(seed ^ 0x9E37_79B9_7F4A_7C15 | 1)
    }

    /// The next 64 bits.
    pub const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`; 0 when `end` is 0.
    ///
    /// # Panics
    /// Never: a remainder fits where its divisor did.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).expect("64 bits");
        usize::try_from((self.next() >> 11) % end).expect("64 bits")
    }

    /// One byte.
    pub const fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }

    /// One of these.
    ///
    /// # Panics
    /// When there is none.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}
