//! Why an envelope refuses. Values, not faults: each door maps them to its own words.

use crate::envelope::signer::StepKind;
use crate::envelope::state::{Kind, Status};
use crate::invalid::FieldError;

/// A refused command changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// `S`: the status does not allow it.
    #[error("status {current} does not allow this operation")]
    StatusDoesNotAllow {
        /// The present status.
        current: Status,
    },
    /// `K`: an operation of the other kind of envelope.
    #[error("operation does not fit the envelope kind {kind}")]
    KindMismatch {
        /// The envelope's kind.
        kind: Kind,
    },
    /// Vault-in of a paper envelope without a file.
    #[error("nothing has been uploaded")]
    NothingUploaded,
    /// Vault-in with a file other than the one that is here.
    #[error("a file is already uploaded")]
    FileAlreadyUploaded,
    /// `G`: the envelope, or this signer's part in it, is over.
    #[error("the envelope is closed ({status})")]
    EnvelopeClosed {
        /// The present status.
        status: Status,
    },
    /// No signer has this id.
    #[error("no such signer")]
    UnknownSigner,
    /// This signer is not yet invited.
    #[error("it is not this signer's turn")]
    NotYourTurn,
    /// The signer has not opened the document.
    #[error("the document was not opened by this signer")]
    NotOpened,
    /// Another step comes first.
    #[error("the current step is {current}")]
    WrongStep {
        /// The step that comes next.
        current: StepKind,
    },
    /// The digest confirmed was never shown, or the revision does not follow the latest one. When another signer
    /// came first, the app builds on the new revision and asks again.
    #[error("the document changed")]
    DocumentChanged,
    /// The address belongs to no signer whose turn it is.
    #[error("not a pending signer of this envelope")]
    NotAPendingSigner,
    /// Everybody was reminded too recently.
    #[error("reminded less than the cooldown ago; wait {retry_after_s} s")]
    ReminderCooldown {
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// No code is out for this step.
    #[error("no code was sent for this step")]
    CodeNotSent,
    /// The code that is out has expired.
    #[error("the code has expired; ask for a new one")]
    CodeExpired,
    /// A code was sent too recently.
    #[error("a code was sent less than the cooldown ago; wait {retry_after_s} s")]
    CodeCooldown {
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// Too many wrong codes: the step is locked.
    #[error("too many attempts; wait {retry_after_s} s")]
    TooManyAttempts {
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// Captured images already wait for a decision.
    #[error("a decision is pending")]
    ReviewPending,
    /// No captured images wait for a decision.
    #[error("nothing waits for a decision")]
    NothingToReview,
    /// The expiry timer came too early; the app asks again later.
    #[error("the envelope has not expired yet")]
    NotYetDue,
    /// The new deadline is not later than the present one, or too far away.
    #[error(
        "the deadline must be in the future, later than the present one, and at most 365 days away"
    )]
    DeadlineNotLater,
    /// Resend to a signer who is not invited (M21).
    #[error("participant has not been invited yet")]
    NotInvited,
    /// Resend to a signer who declined (M21).
    #[error("participant has declined")]
    HasDeclined,
    /// Resend to a signer who is done (M21).
    #[error("participant has already completed")]
    HasCompleted,
    /// The input breaks limits; every fault at its path.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
}

impl Refusal {
    /// A stable code, the same for ever.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::StatusDoesNotAllow { .. } => "status_does_not_allow",
            Self::KindMismatch { .. } => "kind_mismatch",
            Self::NothingUploaded => "nothing_uploaded",
            Self::FileAlreadyUploaded => "file_already_uploaded",
            Self::EnvelopeClosed { .. } => "envelope_closed",
            Self::UnknownSigner => "unknown_signer",
            Self::NotYourTurn => "not_your_turn",
            Self::NotOpened => "not_opened",
            Self::WrongStep { .. } => "wrong_step",
            Self::DocumentChanged => "document_changed",
            Self::NotAPendingSigner => "not_a_pending_signer",
            Self::ReminderCooldown { .. } => "reminder_cooldown",
            Self::CodeNotSent => "code_not_sent",
            Self::CodeExpired => "code_expired",
            Self::CodeCooldown { .. } => "code_cooldown",
            Self::TooManyAttempts { .. } => "too_many_attempts",
            Self::ReviewPending => "review_pending",
            Self::NothingToReview => "nothing_to_review",
            Self::NotYetDue => "not_yet_due",
            Self::DeadlineNotLater => "deadline_not_later",
            Self::NotInvited => "not_invited",
            Self::HasDeclined => "has_declined",
            Self::HasCompleted => "has_completed",
            Self::Invalid(_) => "invalid",
        }
    }
}
