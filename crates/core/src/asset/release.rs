//! A release: the authoritative copy leaves this vault (vault-out, partner API P18–P21).

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::email::EmailAddress;
use crate::evidence::canonical;
use crate::ids::ReleaseId;
use crate::invalid::{Faults, FieldError};
use crate::names::names;
use crate::time::Timestamp;

names! {
    /// Where a release stands.
    ReleaseState {
        /// The package waits for its acknowledgement.
        Escrow = "escrow",
        /// It took effect.
        Released = "released",
        /// It was taken back.
        Cancelled = "cancelled",
        /// Nobody acknowledged in time.
        Expired = "expired",
    }
}

names! {
    /// How a release is done.
    Mode {
        /// At once.
        Immediate = "immediate",
        /// The key follows when the package is acknowledged.
        Escrow = "escrow",
    }
}

names! {
    /// Why a record is released.
    Reason {
        /// It is assigned to somebody outside this server.
        Assignment = "assignment",
        /// The debt is paid (UCC §9-208(b)(3)).
        Payoff = "payoff",
        /// The contract ends.
        Termination = "termination",
        /// It becomes paper.
        PaperOut = "paper_out",
        /// It moves to another vault.
        TransferLocation = "transfer_location",
        /// A court says so.
        CourtOrder = "court_order",
    }
}

/// Who receives a released record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Name, 1–200.
    pub name: String,
    /// Address.
    #[serde(default)]
    pub email: Option<EmailAddress>,
    /// Organization, ≤200.
    #[serde(default)]
    pub organization: Option<String>,
}

impl Recipient {
    /// Checks the lengths; paths begin with `recipient`.
    ///
    /// # Errors
    /// One fault per value that is too short or too long.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut faults = Faults::new();
        faults.length(&self.name, 1, 200, "recipient.name");
        faults.length(
            self.organization.as_deref().unwrap_or(""),
            0,
            200,
            "recipient.organization",
        );
        faults.into_result(())
    }
}

/// A release as the events tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its id.
    pub release_id: ReleaseId,
    /// Where it stands.
    pub state: ReleaseState,
    /// How it is done.
    pub mode: Mode,
    /// Why.
    pub reason: Reason,
    /// To whom; may be erased.
    pub recipient: Option<Recipient>,
    /// A note; may be erased.
    pub note: Option<String>,
    /// Digest of the package, for escrow.
    pub package_sha256: Option<Digest>,
    /// When it was ordered.
    pub opened_at: Timestamp,
    /// When escrow lapses.
    pub expires_at: Option<Timestamp>,
    /// When it took effect.
    pub released_at: Option<Timestamp>,
    /// When it was taken back or lapsed.
    pub closed_at: Option<Timestamp>,
}

/// The digest of a release order: what an assignee consents to, so that consent to one order never covers another.
#[must_use]
pub fn scope_of_release(
    document_hash: &Digest,
    mode: Mode,
    reason: Reason,
    recipient: &Recipient,
) -> Digest {
    Digest::of(&canonical::to_bytes(&serde_json::json!({
        "command": "vault_out",
        "document_hash": document_hash,
        "mode": mode,
        "reason": reason,
        "recipient": recipient,
    })))
}

/// The digest of a confirmation: what an assignee in force consents to before control passes on.
#[must_use]
pub fn scope_of_confirmation(
    document_hash: &Digest,
    transfer_id: &crate::ids::TransferId,
) -> Digest {
    Digest::of(&canonical::to_bytes(&serde_json::json!({
        "command": "transfer_confirm",
        "document_hash": document_hash,
        "transfer_id": transfer_id,
    })))
}
