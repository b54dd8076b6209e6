//! What a use case can answer besides its result. The doors turn it into their own wire shapes.

pub use deedbox_core::FieldError;
use deedbox_core::{asset, envelope};
use deedbox_store::StoreError;

/// The kind of thing that was not found. Another organization's thing is not found either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// An envelope id.
    Envelope,
    /// A customer id.
    Customer,
    /// A template id.
    Template,
    /// A certificate id, answered like an envelope that has none.
    Certificate,
    /// An organization id (operator commands only).
    Organization,
    /// An API key id (operator commands only).
    Key,
    /// A console user (operator commands only).
    User,
    /// A page of a document.
    Page,
    /// A field of a signing session.
    Field,
    /// A stored object behind a storage URL.
    Object,
}

/// Why a signing link or embed token does not open a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefusal {
    /// Unknown, malformed, or not for this purpose.
    Invalid,
    /// Was valid once.
    Expired,
}

/// Why a use case did not do what was asked. Nothing has changed when one of these is answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The envelope's rules refuse (state, order, deadline).
    #[error("refused: {0}")]
    Refused(#[from] envelope::Refusal),
    /// The custody rules refuse.
    #[error("refused: {0}")]
    Custody(#[from] asset::Refusal),
    /// A named resource does not exist for this caller.
    #[error("{0:?} not found")]
    NotFound(What),
    /// The input is well-formed but not acceptable.
    #[error("validation failed: {0:?}")]
    Invalid(Vec<FieldError>),
    /// A signing token does not open anything.
    #[error("token refused: {0:?}")]
    Token(TokenRefusal),
    /// The bytes are already the live authoritative copy of another record (UCC §9-105(b)(1)).
    #[error("another live authoritative copy exists for these bytes")]
    DuplicateCopy,
    /// Stored bytes do not hash to what was recorded for them.
    #[error("integrity check failed")]
    Integrity,
    /// A signed URL has expired or was altered.
    #[error("URL expired or signature invalid")]
    UrlRefused,
    /// The signer confirmed a document other than the one in force.
    #[error("the document changed since it was shown")]
    DocumentChanged,
    /// The field belongs to another signer.
    #[error("not your field")]
    NotYourField,
    /// A one-time code was wrong; how many tries are left.
    #[error("wrong code")]
    CodeWrong {
        /// Tries left before the step locks.
        attempts_left: u32,
    },
    /// The one-time code is older than its ten minutes.
    #[error("code expired")]
    CodeExpired,
    /// Too many attempts; seconds until the next is accepted.
    #[error("too many attempts")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// Another writer was faster; load and decide again.
    #[error("the record changed meanwhile")]
    Conflict,
    /// The store is overloaded; the caller may retry.
    #[error("busy")]
    Busy,
    /// Objects could not be written or read; nothing half-done stays behind.
    #[error("storage unavailable: {0}")]
    Storage(String),
    /// A fault of ours. The text goes to the log, never to the caller.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// A single unacceptable field.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// A fault of ours, with its cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }
}

impl From<deedbox_core::record::Refusal> for Error {
    fn from(refusal: deedbox_core::record::Refusal) -> Self {
        match refusal {
            deedbox_core::record::Refusal::Envelope(refusal) => Self::Refused(refusal),
            deedbox_core::record::Refusal::Asset(refusal) => Self::Custody(refusal),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            StoreError::VersionConflict { .. } => Self::Conflict,
            other => Self::Internal(other.to_string()),
        }
    }
}
