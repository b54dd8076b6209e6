//! Why an asset refuses. Values, not faults: each door maps them to its own words.

use crate::digest::Digest;
use crate::invalid::FieldError;

/// A refused command changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// `N`: not vaulted.
    #[error("envelope is not vaulted")]
    NotVaulted,
    /// `R`: the authoritative copy left this vault, or control left this organization.
    #[error("authoritative copy was released")]
    Released,
    /// `E`: a transfer or release is open.
    #[error("asset is in escrow")]
    InEscrow,
    /// `Q`: the stored bytes are not what they were.
    #[error("record is quarantined")]
    Quarantined,
    /// `H`: a legal hold is in force.
    #[error("record is under legal hold")]
    UnderHold,
    /// The same source bytes are live elsewhere on this server.
    #[error("another live authoritative copy exists for these bytes")]
    DuplicateAuthoritativeCopy,
    /// The bytes given do not fit the envelope's document.
    #[error("the document is not the one that was completed or uploaded")]
    SourceDiffers,
    /// The stored object does not hash to the vault seal's digest.
    #[error("integrity check failed")]
    IntegrityFailed,
    /// `expected_sha256` is not `document_hash`.
    #[error("document hash does not match")]
    HashDiffers,
    /// The package acknowledged is not the one that was made.
    #[error("package hash does not match")]
    PackageHashDiffers,
    /// Escrow needs a package, an immediate release a control entry.
    #[error("release is incomplete: {missing} is missing")]
    ReleaseIncomplete {
        /// What is missing.
        missing: &'static str,
    },
    /// No such release.
    #[error("release not found")]
    UnknownRelease,
    /// The release is closed.
    #[error("release state does not allow this operation")]
    ReleaseStateDoesNotAllow,
    /// No such transfer.
    #[error("transfer not found")]
    UnknownTransfer,
    /// The transfer's state does not allow it.
    #[error("transfer state does not allow this operation")]
    TransferStateDoesNotAllow,
    /// Only the receiver may do this.
    #[error("only the receiving party may do this")]
    NotTheReceiver,
    /// Only the offerer may do this.
    #[error("only the offering party may do this")]
    NotTheOfferer,
    /// Only the controller may do this.
    #[error("only the controlling organization may do this")]
    NotTheController,
    /// The assignee, named by e-mail, must consent first.
    #[error("consent of the current assignee is required")]
    ConsentRequired {
        /// The digest of the command to consent to.
        scope: Digest,
    },
    /// No such consent was asked for.
    #[error("consent not found")]
    UnknownConsent,
    /// The consent's time ran out before it was given.
    #[error("consent request has expired")]
    ConsentExpired,
    /// The disposition of the paper original was already recorded, and differently.
    #[error("paper original is already recorded")]
    PaperAlreadyRecorded,
    /// A paper original makes no sense for a record signed here.
    #[error("only paper records have a paper original")]
    NoPaperOriginal,
    /// The control entry does not follow the control record's head, or says something else than the command.
    #[error("control entry does not follow the control record: {detail}")]
    ControlEntryUnfit {
        /// What is wrong.
        detail: &'static str,
    },
    /// The certificate does not supersede the newest one.
    #[error("certificate does not supersede the newest one")]
    CertificateOutOfOrder,
    /// The timer came too early; the app asks again later.
    #[error("not yet due")]
    NotYetDue,
    /// The input breaks limits; every fault at its path.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
}

impl Refusal {
    /// A stable code, the same for ever.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotVaulted => "not_vaulted",
            Self::Released => "released",
            Self::InEscrow => "in_escrow",
            Self::Quarantined => "quarantined",
            Self::UnderHold => "under_hold",
            Self::DuplicateAuthoritativeCopy => "duplicate_authoritative_copy",
            Self::SourceDiffers => "source_differs",
            Self::IntegrityFailed => "integrity_failed",
            Self::HashDiffers => "hash_differs",
            Self::PackageHashDiffers => "package_hash_differs",
            Self::ReleaseIncomplete { .. } => "release_incomplete",
            Self::UnknownRelease => "unknown_release",
            Self::ReleaseStateDoesNotAllow => "release_state_does_not_allow",
            Self::UnknownTransfer => "unknown_transfer",
            Self::TransferStateDoesNotAllow => "transfer_state_does_not_allow",
            Self::NotTheReceiver => "not_the_receiver",
            Self::NotTheOfferer => "not_the_offerer",
            Self::NotTheController => "not_the_controller",
            Self::ConsentRequired { .. } => "consent_required",
            Self::UnknownConsent => "unknown_consent",
            Self::ConsentExpired => "consent_expired",
            Self::PaperAlreadyRecorded => "paper_already_recorded",
            Self::NoPaperOriginal => "no_paper_original",
            Self::ControlEntryUnfit { .. } => "control_entry_unfit",
            Self::CertificateOutOfOrder => "certificate_out_of_order",
            Self::NotYetDue => "not_yet_due",
            Self::Invalid(_) => "invalid",
        }
    }
}
