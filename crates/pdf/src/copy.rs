//! The marked copy.

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// The words of the mark, on every page and in the information dictionary (contract §6.1 3).
pub const COPY_MARK: &str = "COPY – NOT THE AUTHORITATIVE COPY";

/// What [`is_marked_copy`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyMarks {
    /// Per page, whether it draws the mark.
    pub pages: Vec<bool>,
    /// Whether the information dictionary carries `CopyStatus` with the words.
    pub metadata: bool,
}

impl CopyMarks {
    /// Whether the file is marked everywhere it must be.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.metadata && !self.pages.is_empty() && self.pages.iter().all(|p| *p)
    }
}

/// Makes the marked copy: a new file.
///
/// # Errors
/// A [`Refusal`] when the file cannot be read.
pub fn mark_copy(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let _ = bytes;
    todo!()
}

/// Looks whether every page of a file and its metadata carry the mark.
///
/// # Errors
/// A [`Refusal`] when the file cannot be read.
pub fn is_marked_copy(bytes: &[u8]) -> Result<CopyMarks, Refusal> {
    let _ = bytes;
    todo!()
}
