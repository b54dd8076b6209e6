//! A bounded memory of composed documents and drawn pages. Losing an entry costs time, nothing else.

use bytes::Bytes;
use quick_cache::{Weighter, sync};

/// Bytes kept at most.
const WEIGHT_MAX: u64 = 48 * 1024 * 1024;
/// Entries expected, to size the table.
const ENTRIES: usize = 2_000;

#[derive(Clone)]
struct ByLength;

impl Weighter<String, Bytes> for ByLength {
    fn weight(&self, key: &String, value: &Bytes) -> u64 {
        (key.len() + value.len()) as u64
    }
}

/// Content by a key that names it by digest, so that an entry can never be stale.
pub struct Cache(sync::Cache<String, Bytes, ByLength>);

impl Default for Cache {
    fn default() -> Self {
        Self(sync::Cache::with_weighter(ENTRIES, WEIGHT_MAX, ByLength))
    }
}

impl Cache {
    pub(crate) fn get(&self, key: &str) -> Option<Bytes> {
        self.0.get(key)
    }

    pub(crate) fn put(&self, key: String, value: Bytes) {
        self.0.insert(key, value);
    }
}
