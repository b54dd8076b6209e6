//! What is known of the custody of a record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::asset::release::{Release, ReleaseState};
use crate::asset::transfer::{Party, Transfer, TransferState};
use crate::context::ActorKind;
use crate::digest::Digest;
use crate::email::EmailAddress;
use crate::envelope::state::{PaperOriginal, Revision};
use crate::evidence::control::ControlEntry;
use crate::ids::{AssetId, CertificateId, ConsentId, EnvelopeId, OrgId, ReleaseId, TransferId};
use crate::names::names;
use crate::time::Timestamp;

names! {
    /// Where the authoritative copy stands (partner API §4.2).
    #[derive(Default)]
    VaultState {
        /// Not vaulted.
        #[default]
        None = "none",
        /// In the vault, free.
        Vaulted = "vaulted",
        /// A transfer of control is open.
        EscrowTransfer = "escrow_transfer",
        /// A release is open.
        EscrowRelease = "escrow_release",
        /// The stored bytes do not hash to the document's digest.
        Quarantined = "quarantined",
        /// It left this vault.
        Released = "released",
        /// As a former controller sees it after a transfer to another organization here.
        Transferred = "transferred",
    }
}

impl VaultState {
    /// Whether a live authoritative copy lies in this vault.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(
            self,
            Self::Vaulted | Self::EscrowTransfer | Self::EscrowRelease | Self::Quarantined
        )
    }
}

names! {
    /// What noticed that stored bytes differ.
    TamperSource {
        /// A download.
        Download = "download",
        /// A compliance evaluation.
        Compliance = "compliance",
        /// A release.
        Release = "release",
        /// The weekly sweep.
        Scheduled = "scheduled",
    }
}

names! {
    /// A certificate's status as issued (partner API §8.3).
    CertificateStatus {
        /// In force.
        Active = "active",
        /// The closing certificate of a release.
        Superseded = "superseded",
        /// Issued when a quarantine is entered.
        Revoked = "revoked",
    }
}

/// A stored object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Bucket and path, e.g. `ucc-vault/org_…/env_…/signed.pdf`.
    pub path: String,
    /// Digest of its bytes.
    pub sha256: Digest,
    /// Size in bytes.
    pub size: u64,
}

/// The party identified as assignee: the secured party, or who took control from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignee {
    /// Its legal name.
    pub name: String,
    /// The organization here that it is, or for which it is named.
    #[serde(default)]
    pub organization_id: Option<OrgId>,
    /// Its address, when it was named by e-mail.
    #[serde(default)]
    pub email: Option<EmailAddress>,
    /// Its registration number.
    #[serde(default)]
    pub registration_id: Option<String>,
    /// SHA-256 of the public control key it acts with.
    pub key_fpr: Digest,
}

impl Assignee {
    /// Whether it was named by e-mail, so that commands need its consent through a link.
    #[must_use]
    pub const fn acts_by_link(&self) -> bool {
        self.email.is_some()
    }
}

/// The identity that maintains the authoritative copy for the assignee (UCC §9-105(b)(3)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custodian {
    /// What kind of identity.
    pub kind: ActorKind,
    /// Its id: `key_…` or `user_…`.
    pub id: String,
    /// Its name; personal, may be erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The control entry by which the assignee designated it.
    pub designation_id: String,
    /// Since when.
    pub since: Timestamp,
}

/// Where the authoritative copy lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The vault.
    pub vault_id: String,
    /// Who runs it.
    pub operator: String,
    /// Whether the operator is the transferor (UCC §9-105(g) excludes it as acknowledging holder).
    pub operator_is_transferor: bool,
}

/// A legal hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Since when.
    pub placed_at: Timestamp,
    /// Why; may be erased.
    pub reason: Option<String>,
}

/// A certificate that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRef {
    /// Its id.
    pub certificate_id: CertificateId,
    /// Digest of its stored JSON.
    pub sha256: Digest,
    /// Its status as issued.
    pub status: CertificateStatus,
    /// The one it supersedes.
    pub supersedes: Option<CertificateId>,
    /// When.
    pub issued_at: Timestamp,
    /// The verdict in it.
    pub compliant: bool,
    /// The score in it.
    pub score: u32,
    /// The result of each check in it, by check id.
    #[serde(default)]
    pub results: BTreeMap<String, String>,
}

/// An assignee's consent to exactly one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    /// Its id, in the link that was sent.
    pub consent_id: ConsentId,
    /// Digest of the canonical command.
    pub scope: Digest,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When it was given.
    pub given_at: Option<Timestamp>,
    /// Until when it is good once given, or may be given.
    pub expires_at: Timestamp,
}

impl ConsentRecord {
    /// Whether it was given and is still good.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.given_at.is_some() && now < self.expires_at
    }
}

/// How an organization stands to the asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has control now.
    Controller,
    /// It had control before a transfer.
    Former,
    /// It is offered control, or has accepted it: reaches the envelope through the transfer only.
    Receiver,
    /// It has nothing to do with it.
    Stranger,
}

/// An asset as its events tell it. Before vault-in it is [`Asset::new`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asset {
    /// Where it stands, as its controller sees it; never [`VaultState::Transferred`].
    pub vault_state: VaultState,
    /// The envelope it belongs to; none before vault-in.
    pub envelope_id: Option<EnvelopeId>,
    /// Its id.
    pub asset_id: Option<AssetId>,
    /// Digest of the authoritative bytes: `document_hash`.
    pub document_hash: Option<Digest>,
    /// The authoritative object.
    pub authoritative: Option<StoredFile>,
    /// Digest of the bytes that vault-in started from.
    pub source_sha256: Option<Digest>,
    /// The vault seal's revision; none when the upload took no seal.
    pub vault_seal: Option<Revision>,
    /// The registered non-authoritative copies.
    pub copies: Vec<StoredFile>,
    /// The custody record (PDF) made at vault-in.
    pub custody_record: Option<StoredFile>,
    /// When it came into the vault.
    pub vaulted_at: Option<Timestamp>,
    /// The organization in whose account it lies, with power to order release or transfer.
    pub controller: Option<OrgId>,
    /// Organizations that had control before.
    pub former_controllers: Vec<OrgId>,
    /// The party identified as assignee; may be erased.
    pub assignee: Option<Assignee>,
    /// Whether that assignee acts by link; known even when it was erased.
    pub assignee_acts_by_link: bool,
    /// Who maintains it.
    pub custodian: Option<Custodian>,
    /// Where it lies.
    pub location: Option<Location>,
    /// What became of the paper original.
    pub paper_original: Option<PaperOriginal>,
    /// The control record, oldest first; entries that were erased are missing.
    pub control: Vec<ControlEntry>,
    /// How many entries the control record has, the erased ones included.
    pub control_length: u64,
    /// Hash of its newest entry.
    pub control_head: Digest,
    /// The state before quarantine ends is always `vaulted`; here: the digest found, when one was.
    pub found_hash: Option<Digest>,
    /// The legal hold in force.
    pub hold: Option<Hold>,
    /// Certificates, oldest first.
    pub certificates: Vec<CertificateRef>,
    /// All transfers ever offered, oldest first.
    pub transfers: Vec<Transfer>,
    /// All releases ever opened, oldest first.
    pub releases: Vec<Release>,
    /// Consents asked of the assignee in force.
    pub consents: Vec<ConsentRecord>,
    /// When an event last changed it; reading changes nothing.
    pub updated_at: Option<Timestamp>,
}

impl Asset {
    /// Nothing vaulted yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How an organization stands to it. Before vault-in everybody is a stranger: ask the envelope then.
    #[must_use]
    pub fn standing(&self, org: &OrgId) -> Standing {
        let offered = self
            .open_transfer()
            .is_some_and(|t| t.to == Party::Organization(org.clone()));
        if self.controller.as_ref() == Some(org) {
            Standing::Controller
        } else if offered {
            Standing::Receiver
        } else if self.former_controllers.contains(org) {
            Standing::Former
        } else {
            Standing::Stranger
        }
    }

    /// The vault state as this organization sees it.
    #[must_use]
    pub fn vault_state_for(&self, org: &OrgId) -> VaultState {
        let foreign = self
            .controller
            .as_ref()
            .is_some_and(|controller| controller != org);
        if foreign && self.former_controllers.contains(org) {
            VaultState::Transferred
        } else {
            self.vault_state
        }
    }

    /// The newest certificate.
    #[must_use]
    pub fn newest_certificate(&self) -> Option<&CertificateRef> {
        self.certificates.last()
    }

    /// The last evaluation's verdict, `false` before the first and after a release.
    #[must_use]
    pub fn is_compliant(&self) -> bool {
        self.vault_state.is_live()
            && self
                .newest_certificate()
                .is_some_and(|certificate| certificate.compliant)
    }

    /// The transfer that is open.
    #[must_use]
    pub fn open_transfer(&self) -> Option<&Transfer> {
        self.transfers
            .iter()
            .rev()
            .find(|transfer| transfer.state.is_open())
    }

    /// The transfer with this id.
    #[must_use]
    pub fn transfer(&self, id: &TransferId) -> Option<&Transfer> {
        self.transfers
            .iter()
            .find(|transfer| transfer.transfer_id == *id)
    }

    /// The release that is in escrow.
    #[must_use]
    pub fn open_release(&self) -> Option<&Release> {
        self.releases
            .iter()
            .rev()
            .find(|release| release.state == ReleaseState::Escrow)
    }

    /// The release with this id.
    #[must_use]
    pub fn release(&self, id: &ReleaseId) -> Option<&Release> {
        self.releases
            .iter()
            .find(|release| release.release_id == *id)
    }

    /// The release that took effect.
    #[must_use]
    pub fn effective_release(&self) -> Option<&Release> {
        self.releases
            .iter()
            .find(|release| release.state == ReleaseState::Released)
    }

    /// The transfers that took effect.
    pub fn confirmed_transfers(&self) -> impl Iterator<Item = &Transfer> {
        self.transfers
            .iter()
            .filter(|transfer| transfer.state == TransferState::Confirmed)
    }

    /// The newest consent that covers exactly this command.
    #[must_use]
    pub fn consent(&self, scope: &Digest) -> Option<&ConsentRecord> {
        self.consents
            .iter()
            .rev()
            .find(|consent| consent.scope == *scope)
    }

    /// Whether a legal hold is in force.
    #[must_use]
    pub const fn is_held(&self) -> bool {
        self.hold.is_some()
    }
}
