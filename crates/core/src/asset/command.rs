//! What can be asked of an asset.

use std::collections::BTreeMap;

use crate::asset::release::{Mode, Reason, Recipient};
use crate::asset::state::{
    Assignee, CertificateStatus, Custodian, Location, StoredFile, TamperSource,
};
use crate::asset::transfer::Party;
use crate::digest::Digest;
use crate::envelope::state::{PaperOriginal, Revision};
use crate::evidence::control::ControlEntry;
use crate::ids::{AssetId, CertificateId, ConsentId, EnvelopeId, OrgId, ReleaseId, TransferId};
use crate::time::Timestamp;

/// The authoritative copy comes into the vault. Everything in it has been stored, re-read and hashed by the app.
#[derive(Debug, Clone, PartialEq)]
pub struct VaultIn {
    /// The envelope.
    pub envelope_id: EnvelopeId,
    /// The organization in whose account it lies.
    pub controller: OrgId,
    /// The new asset's id.
    pub asset_id: AssetId,
    /// Digest of the bytes before the vault seal.
    pub source_sha256: Digest,
    /// Whether these source bytes are live elsewhere on this server.
    pub live_elsewhere: bool,
    /// The vault seal's revision.
    pub vault_seal: Revision,
    /// The authoritative object; its digest is `document_hash`.
    pub authoritative: StoredFile,
    /// The registered copy.
    pub copy: StoredFile,
    /// The custody record.
    pub custody_record: Option<StoredFile>,
    /// The first assignee: the secured party.
    pub assignee: Assignee,
    /// The first custodian: the vaulting actor.
    pub custodian: Custodian,
    /// This vault.
    pub location: Location,
    /// What became of the paper original, if said.
    pub paper_original: Option<PaperOriginal>,
    /// The first entry of the control record, signed with the assignee's control key.
    pub control: ControlEntry,
}

/// A certificate was built, signed and stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueCertificate {
    /// Its id.
    pub certificate_id: CertificateId,
    /// Digest of its stored JSON.
    pub sha256: Digest,
    /// Its status.
    pub status: CertificateStatus,
    /// Its predecessor: must be the newest, or none for the first.
    pub supersedes: Option<CertificateId>,
    /// The verdict.
    pub compliant: bool,
    /// The score.
    pub score: u32,
    /// Unsatisfied requirements, in order.
    pub missing_requirements: Vec<String>,
    /// When the checks were evaluated.
    pub evaluated_at: Timestamp,
    /// The result of each check, by check id.
    pub results: BTreeMap<String, String>,
}

/// A release is ordered. The bytes have been re-hashed by the app.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRelease {
    /// Its id.
    pub release_id: ReleaseId,
    /// The organization that orders it.
    pub by: OrgId,
    /// How.
    pub mode: Mode,
    /// Why.
    pub reason: Reason,
    /// To whom.
    pub recipient: Recipient,
    /// A note, ≤1000.
    pub note: Option<String>,
    /// Must equal `document_hash`, if given.
    pub expected_sha256: Option<Digest>,
    /// For escrow: the digest of the package.
    pub package_sha256: Option<Digest>,
    /// For an immediate release: the closing control entry, signed.
    pub control: Option<ControlEntry>,
}

/// Control is offered.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Its id.
    pub transfer_id: TransferId,
    /// The organization that offers.
    pub by: OrgId,
    /// Its name.
    pub by_name: String,
    /// The receiver.
    pub to: Party,
    /// Its name, 1–200.
    pub to_name: String,
    /// A note, ≤1000.
    pub note: Option<String>,
    /// When the offer ends; none: policy default, at most 30 days.
    pub expires_at: Option<Timestamp>,
    /// The offer's control entry, signed by the assignee in force.
    pub control: ControlEntry,
}

/// What can be asked of an asset.
#[derive(Debug, Clone)]
pub enum Command {
    /// Vault it.
    VaultIn(Box<VaultIn>),
    /// A disposition of the paper original was said after vault-in (P13).
    RecordPaper(PaperOriginal),
    /// A certificate was issued.
    IssueCertificate(Box<IssueCertificate>),
    /// The authoritative bytes were downloaded whole by somebody entitled.
    AccessAuthoritative {
        /// For what: `download`, `release`.
        purpose: String,
    },
    /// The copy was downloaded.
    AccessCopy {
        /// For what.
        purpose: String,
    },
    /// Release it.
    Release(Box<NewRelease>),
    /// Acknowledge the package of a release in escrow.
    Acknowledge {
        /// Which release.
        release_id: ReleaseId,
        /// The organization that acknowledges.
        by: OrgId,
        /// Digest of the package received.
        package_sha256: Digest,
        /// The closing control entry, signed; none when the same answer is wanted again.
        control: Option<ControlEntry>,
    },
    /// Take back a release in escrow.
    CancelRelease {
        /// Which.
        release_id: ReleaseId,
        /// The organization that takes it back.
        by: OrgId,
    },
    /// The timer says a release in escrow has lapsed.
    LapseRelease {
        /// Which.
        release_id: ReleaseId,
    },
    /// Offer control.
    Offer(Box<Offer>),
    /// Accept control.
    Accept {
        /// Which transfer.
        transfer_id: TransferId,
        /// Who accepts.
        by: Party,
        /// The assignee it will be, with its control key.
        assignee: Assignee,
        /// The acceptance's control entry, signed by the receiver.
        control: ControlEntry,
    },
    /// Refuse control.
    Reject {
        /// Which transfer.
        transfer_id: TransferId,
        /// Who refuses.
        by: Party,
    },
    /// Confirm: control changes. The bytes have been re-hashed by the app.
    Confirm {
        /// Which transfer.
        transfer_id: TransferId,
        /// Who confirms.
        by: Party,
        /// The new custodian: the accepting identity of an organization here, else the present one.
        custodian: Custodian,
        /// The confirmation's control entry, signed by the assignee in force.
        control: ControlEntry,
        /// The id of the certificate that will be issued in the same transaction.
        certificate_id: CertificateId,
    },
    /// Take back an open transfer.
    CancelTransfer {
        /// Which.
        transfer_id: TransferId,
        /// Who takes it back.
        by: Party,
    },
    /// The timer says a transfer has lapsed.
    LapseTransfer {
        /// Which.
        transfer_id: TransferId,
    },
    /// Ask the assignee, who acts by link, for consent to one command.
    RequestConsent {
        /// The new consent's id.
        consent_id: ConsentId,
        /// Digest of the command.
        scope: Digest,
        /// The command in words, for the link's page.
        summary: String,
    },
    /// The assignee consents, through its link.
    GiveConsent {
        /// Which.
        consent_id: ConsentId,
    },
    /// Stored bytes do not hash to `document_hash`.
    ReportMismatch {
        /// The digest found; none when the object is missing.
        actual: Option<Digest>,
        /// What noticed.
        source: TamperSource,
    },
    /// Stored bytes hash to `document_hash` again.
    ReportRestored {
        /// The digest found.
        actual: Digest,
    },
    /// Place a legal hold.
    PlaceHold {
        /// Why, ≤1000.
        reason: Option<String>,
    },
    /// Lift the legal hold.
    LiftHold,
}
