//! What happened to an asset. The shapes here are stored for ever: a change is a new version beside the old one.

mod handover;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::asset::release::{Mode, Reason, Recipient};
use crate::asset::state::{Assignee, CertificateStatus, Location, StoredFile, TamperSource};
use crate::context::ActorKind;
use crate::digest::Digest;
use crate::envelope::state::{Attestation, Disposition, Revision};
use crate::event::events;
use crate::evidence::control::ControlEntry;
use crate::ids::{AssetId, CertificateId, EnvelopeId, OrgId, ReleaseId};
use crate::time::Timestamp;

pub use handover::{
    AcceptPerson, ConsentGiven, ConsentPerson, ConsentRequested, CustodyPerson, CustodyTransferred,
    OfferPerson, TransferAccepted, TransferClosed, TransferOffered,
};

events! {
    /// An event of the asset; the type names are those of the trail (P10).
    AssetEvent {
        /// The authoritative copy came into the vault.
        Stored(Box<Stored>) = "vault.stored" v 1,
        /// The disposition of the paper original was recorded after vault-in.
        PaperRecorded(PaperRecorded) = "paper.recorded" v 1,
        /// A certificate was issued.
        CertificateIssued(CertificateIssued) = "certificate.issued" v 1,
        /// The record is compliant, newly.
        CompliancePassed(Compliance) = "vault.compliance.passed" v 1,
        /// The record is not compliant, newly.
        ComplianceFailed(Compliance) = "vault.compliance.failed" v 1,
        /// The authoritative bytes were read.
        Accessed(Accessed) = "vault.accessed" v 1,
        /// The copy was read.
        CopyAccessed(Accessed) = "copy.accessed" v 1,
        /// A release in escrow was opened.
        ReleaseOpened(ReleaseOpened) = "release.opened" v 1,
        /// A release in escrow was taken back.
        ReleaseCancelled(ReleaseClosed) = "release.cancelled" v 1,
        /// A release in escrow lapsed.
        ReleaseExpired(ReleaseClosed) = "release.expired" v 1,
        /// The authoritative copy left this vault.
        Released(Box<Released>) = "vault.released" v 1,
        /// Control was offered.
        TransferOffered(Box<TransferOffered>) = "transfer.offered" v 1,
        /// Control was accepted.
        TransferAccepted(Box<TransferAccepted>) = "transfer.accepted" v 1,
        /// Control was refused.
        TransferRejected(TransferClosed) = "transfer.rejected" v 1,
        /// An offer was taken back, or cancelled by a failed integrity check.
        TransferCancelled(TransferClosed) = "transfer.cancelled" v 1,
        /// An offer lapsed.
        TransferExpired(TransferClosed) = "transfer.expired" v 1,
        /// Control changed.
        CustodyTransferred(Box<CustodyTransferred>) = "custody.transferred" v 1,
        /// The assignee was asked for consent.
        ConsentRequested(ConsentRequested) = "consent.requested" v 1,
        /// The assignee consented.
        ConsentGiven(ConsentGiven) = "consent.given" v 1,
        /// Stored bytes were found to differ.
        TamperDetected(TamperDetected) = "vault.tamper_detected" v 1,
        /// The record was quarantined.
        QuarantineEntered(Quarantine) = "quarantine.entered" v 1,
        /// The stored bytes are right again.
        QuarantineLifted(Quarantine) = "quarantine.lifted" v 1,
        /// A legal hold was placed.
        HoldPlaced(HoldChanged) = "hold.placed" v 1,
        /// The legal hold was lifted.
        HoldLifted(HoldChanged) = "hold.lifted" v 1,
    }
}

/// A control entry inside an event: the hash for all, the entry itself with what is personal.
pub type Control = Option<Box<ControlEntry>>;

/// Data of `vault.stored`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// The envelope.
    pub envelope_id: EnvelopeId,
    /// The asset.
    pub asset_id: AssetId,
    /// Where it was stored.
    pub path: String,
    /// `document_hash`.
    pub hash: Digest,
    /// Size in bytes.
    pub size: u64,
    /// Digest before the vault seal.
    pub source_sha256: Digest,
    /// The vault seal's revision.
    pub vault_seal: Revision,
    /// The registered copy.
    pub copy: StoredFile,
    /// The custody record.
    #[serde(default)]
    pub custody_record: Option<StoredFile>,
    /// The controlling organization.
    pub controller: OrgId,
    /// The custodian's kind.
    pub custodian_kind: ActorKind,
    /// The custodian's id.
    pub custodian_id: String,
    /// The control entry that designates it.
    pub designation_id: String,
    /// Since when it is custodian, as its control entry says.
    pub custodian_since: Timestamp,
    /// Where it lies.
    pub location: Location,
    /// Whether the assignee was named by e-mail.
    #[serde(default)]
    pub assignee_acts_by_link: bool,
    /// What became of the paper original.
    #[serde(default)]
    pub paper_original: Option<Disposition>,
    /// Hash of the control entry.
    pub control_hash: Digest,
    /// When.
    pub stored_at: Timestamp,
    /// What is personal.
    #[serde(default)]
    pub person: StoredPerson,
}

/// What is personal in `vault.stored`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoredPerson {
    /// The assignee.
    pub assignee: Option<Assignee>,
    /// The custodian's name.
    pub custodian_name: Option<String>,
    /// Who says what became of the paper.
    pub attestation: Option<Attestation>,
    /// The control entry.
    pub control: Control,
}

/// Data of `paper.recorded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperRecorded {
    /// What became of the paper original.
    pub paper_original: Disposition,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What is personal.
    #[serde(default)]
    pub person: PaperPerson,
}

/// What is personal in `paper.recorded`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaperPerson {
    /// Who says so.
    pub attestation: Option<Attestation>,
}

/// Data of `certificate.issued`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateIssued {
    /// Its id.
    pub certificate_id: CertificateId,
    /// Digest of its stored JSON.
    pub sha256: Digest,
    /// Its status.
    pub status: CertificateStatus,
    /// Its predecessor.
    pub supersedes: Option<CertificateId>,
    /// The verdict.
    pub compliant: bool,
    /// The score.
    pub score: u32,
    /// The result of each check, by check id.
    #[serde(default)]
    pub results: BTreeMap<String, String>,
    /// When it was issued.
    pub issued_at: Timestamp,
}

/// Data of `vault.compliance.passed` and `vault.compliance.failed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compliance {
    /// The verdict.
    pub compliant: bool,
    /// The score.
    pub score: u32,
    /// Unsatisfied requirements.
    pub missing_requirements: Vec<String>,
    /// When the checks were evaluated.
    pub evaluated_at: Timestamp,
    /// The certificate that says so.
    pub certificate_id: CertificateId,
}

/// Data of `vault.accessed` and `copy.accessed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accessed {
    /// Digest of the bytes read.
    pub sha256: Option<Digest>,
    /// For what.
    pub purpose: String,
    /// When.
    pub accessed_at: Timestamp,
}

/// Data of `release.opened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseOpened {
    /// Its id.
    pub release_id: ReleaseId,
    /// Why.
    pub reason: Reason,
    /// Digest of the package.
    pub package_sha256: Digest,
    /// When.
    pub opened_at: Timestamp,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// What is personal.
    #[serde(default)]
    pub person: ReleasePerson,
}

/// What is personal about a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReleasePerson {
    /// To whom.
    pub recipient: Option<Recipient>,
    /// A note.
    pub note: Option<String>,
    /// The closing control entry.
    pub control: Control,
}

/// Data of `release.cancelled` and `release.expired`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseClosed {
    /// Which.
    pub release_id: ReleaseId,
    /// When.
    pub closed_at: Timestamp,
    /// `by_controller`, `integrity`, `lapsed`.
    pub cause: String,
}

/// Data of `vault.released`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// Its id.
    pub release_id: ReleaseId,
    /// How.
    pub mode: Mode,
    /// Why.
    pub reason: Reason,
    /// When.
    pub released_at: Timestamp,
    /// `document_hash`.
    pub document_hash: Digest,
    /// Hash of the closing control entry.
    pub control_hash: Digest,
    /// What is personal.
    #[serde(default)]
    pub person: ReleasePerson,
}

/// Data of `vault.tamper_detected`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TamperDetected {
    /// `document_hash`.
    pub expected_hash: Digest,
    /// What was found; none when the object is missing.
    pub actual_hash: Option<Digest>,
    /// When.
    pub detected_at: Timestamp,
    /// What noticed.
    pub source: TamperSource,
}

/// Data of `quarantine.entered` and `quarantine.lifted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// When.
    pub at: Timestamp,
    /// The digest found.
    pub actual_hash: Option<Digest>,
}

/// Data of `hold.placed` and `hold.lifted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldChanged {
    /// When.
    pub at: Timestamp,
    /// What is personal.
    #[serde(default)]
    pub person: HoldPerson,
}

/// What is personal about a hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoldPerson {
    /// Why.
    pub reason: Option<String>,
}
