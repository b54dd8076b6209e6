//! What an upload may cost.

use serde::{Deserialize, Serialize};

/// Bounds on one document; the defaults are those of the partner contract (P5, P31).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "every one of them is a maximum")]
pub struct Limits {
    /// Largest accepted file in bytes.
    pub bytes_max: usize,
    /// Largest accepted number of pages.
    pub pages_max: usize,
    /// Largest page image in pixels; wider requests are scaled down to fit.
    pub pixels_max: u64,
    /// Largest size of one decoded stream in bytes.
    pub stream_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes_max: 25 * 1024 * 1024,
            pages_max: 500,
            pixels_max: 16_000_000,
            stream_bytes_max: 32 * 1024 * 1024,
        }
    }
}
