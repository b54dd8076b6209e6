//! Jobs: what must still happen, written in the same transaction as the decision that wants it.

use serde::{Deserialize, Serialize};

use crate::context::{Actor, Context};
use crate::envelope::signer::AuthKind;
use crate::ids::{ConsentId, EnvelopeId, JobId, ReleaseId, SignerId, TransferId};
use crate::time::Timestamp;

/// What must happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobKind {
    /// Send a signer the invitation with its link.
    Invite {
        /// Whom.
        signer_id: SignerId,
    },
    /// Send a signer a reminder with its link.
    Remind {
        /// Whom.
        signer_id: SignerId,
    },
    /// Send a one-time code.
    SendOtp {
        /// Whom.
        signer_id: SignerId,
        /// Through which channel.
        channel: AuthKind,
        /// The code, sealed by the app.
        sealed_code: String,
        /// After this the message is not worth sending.
        expires_at: Timestamp,
    },
    /// Tell sender and signers that all signed, with the copy.
    NotifyCompleted,
    /// Tell sender and invited signers that one declined or failed.
    NotifyDeclined {
        /// Who.
        signer_id: SignerId,
    },
    /// Tell invited signers that the sender withdrew it.
    NotifyVoided {
        /// Whom.
        signers: Vec<SignerId>,
    },
    /// Tell sender and invited signers that the time ran out.
    NotifyExpired,
    /// Let the envelope expire.
    Expire,
    /// Vault it, acting as this identity.
    AutoVault {
        /// The identity that created the envelope.
        actor: Actor,
    },
    /// Let a release in escrow lapse.
    LapseRelease {
        /// Which.
        release_id: ReleaseId,
    },
    /// Let a transfer lapse.
    LapseTransfer {
        /// Which.
        transfer_id: TransferId,
    },
    /// Send the receiver named by e-mail its link.
    SendTransferLink {
        /// Which transfer.
        transfer_id: TransferId,
    },
    /// Send the assignee named by e-mail a link to consent.
    SendConsentLink {
        /// Which consent.
        consent_id: ConsentId,
    },
    /// Re-hash the stored bytes and evaluate the checks.
    Sweep,
}

impl JobKind {
    /// The name in storage.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Invite { .. } => "invite",
            Self::Remind { .. } => "remind",
            Self::SendOtp { .. } => "send_otp",
            Self::NotifyCompleted => "notify_completed",
            Self::NotifyDeclined { .. } => "notify_declined",
            Self::NotifyVoided { .. } => "notify_voided",
            Self::NotifyExpired => "notify_expired",
            Self::Expire => "expire",
            Self::AutoVault { .. } => "auto_vault",
            Self::LapseRelease { .. } => "lapse_release",
            Self::LapseTransfer { .. } => "lapse_transfer",
            Self::SendTransferLink { .. } => "send_transfer_link",
            Self::SendConsentLink { .. } => "send_consent_link",
            Self::Sweep => "sweep",
        }
    }

    /// What tells two jobs of one kind in one envelope apart.
    fn subject(&self) -> String {
        match self {
            Self::Invite { signer_id }
            | Self::Remind { signer_id }
            | Self::NotifyDeclined { signer_id } => signer_id.to_string(),
            Self::SendOtp {
                signer_id, channel, ..
            } => format!("{signer_id}/{channel}"),
            Self::LapseRelease { release_id } => release_id.to_string(),
            Self::LapseTransfer { transfer_id } | Self::SendTransferLink { transfer_id } => {
                transfer_id.to_string()
            }
            Self::SendConsentLink { consent_id } => consent_id.to_string(),
            _ => String::new(),
        }
    }
}

/// A job, due at a time, at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub job_id: JobId,
    /// The record it belongs to.
    pub envelope_id: EnvelopeId,
    /// When it may run.
    pub due: Timestamp,
    /// Unique: a second job with the same key is dropped.
    pub dedupe: String,
    /// What must happen.
    pub kind: JobKind,
}

impl Job {
    /// A job due at a time. Its dedupe key is kind, envelope, subject and due time.
    #[must_use]
    pub fn at(ctx: &Context, envelope_id: &EnvelopeId, due: Timestamp, kind: JobKind) -> Self {
        let dedupe = format!(
            "{}:{envelope_id}:{}:{}",
            kind.as_str(),
            kind.subject(),
            due.micros()
        );
        Self {
            job_id: ctx.id(&dedupe),
            envelope_id: envelope_id.clone(),
            due,
            dedupe,
            kind,
        }
    }

    /// A job due now.
    #[must_use]
    pub fn now(ctx: &Context, envelope_id: &EnvelopeId, kind: JobKind) -> Self {
        Self::at(ctx, envelope_id, ctx.now, kind)
    }
}
