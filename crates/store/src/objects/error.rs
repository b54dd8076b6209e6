//! What can go wrong with objects.

use super::address::ObjectRef;

/// A failure of an object operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// There is no such object.
    #[error("there is no object {object}")]
    NotFound {
        /// Bucket and path.
        object: String,
    },
    /// Another object is there already; objects are never overwritten.
    #[error("another object is already stored as {object}")]
    Conflict {
        /// Bucket and path.
        object: String,
    },
    /// The stored bytes are not what was stored, or the key is another one.
    #[error("the object {object} is corrupt: {problem}")]
    Corrupt {
        /// Bucket and path.
        object: String,
        /// What was noticed.
        problem: &'static str,
    },
    /// The store cannot be reached or refuses (disk full, credentials). Nothing was stored.
    #[error("the object store is not available: {message}")]
    Unavailable {
        /// What it said.
        message: String,
    },
    /// The storage URL cannot be used.
    #[error("storage url: {problem}")]
    Url {
        /// What is wrong with it and what would be right.
        problem: String,
    },
    /// A path that is not allowed.
    #[error("not an object path: {path}")]
    Path {
        /// The path.
        path: String,
    },
}

impl ObjectError {
    pub(super) fn of(at: &ObjectRef, error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound {
                object: at.to_string(),
            },
            object_store::Error::AlreadyExists { .. } => Self::Conflict {
                object: at.to_string(),
            },
            other => Self::Unavailable {
                message: other.to_string(),
            },
        }
    }

    pub(super) fn corrupt(at: &ObjectRef, problem: &'static str) -> Self {
        Self::Corrupt {
            object: at.to_string(),
            problem,
        }
    }
}
