//! What happened when control passed on.

use serde::{Deserialize, Serialize};

use crate::asset::event::Control;
use crate::asset::state::Assignee;
use crate::context::ActorKind;
use crate::digest::Digest;
use crate::email::EmailAddress;
use crate::ids::{CertificateId, ConsentId, OrgId, TransferId};
use crate::time::Timestamp;

/// Data of `transfer.offered`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferOffered {
    /// Its id.
    pub transfer_id: TransferId,
    /// The organization that offers.
    pub from: OrgId,
    /// The receiving organization; none when named by e-mail.
    pub to: Option<OrgId>,
    /// When.
    pub offered_at: Timestamp,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// Hash of the control entry.
    pub control_hash: Digest,
    /// What is personal.
    #[serde(default)]
    pub person: OfferPerson,
}

/// What is personal in `transfer.offered`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfferPerson {
    /// The offerer's name.
    pub from_name: Option<String>,
    /// The receiver's name.
    pub to_name: Option<String>,
    /// The receiver's address.
    pub to_email: Option<EmailAddress>,
    /// A note.
    pub note: Option<String>,
    /// The control entry.
    pub control: Control,
}

/// Data of `transfer.accepted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferAccepted {
    /// Which.
    pub transfer_id: TransferId,
    /// When.
    pub accepted_at: Timestamp,
    /// Hash of the control entry.
    pub control_hash: Digest,
    /// What is personal.
    #[serde(default)]
    pub person: AcceptPerson,
}

/// What is personal in `transfer.accepted`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AcceptPerson {
    /// The assignee to be.
    pub assignee: Option<Assignee>,
    /// The control entry.
    pub control: Control,
}

/// Data of `transfer.rejected`, `transfer.cancelled`, `transfer.expired`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferClosed {
    /// Which.
    pub transfer_id: TransferId,
    /// When.
    pub closed_at: Timestamp,
    /// `by_receiver`, `by_offerer`, `integrity`, `lapsed`.
    pub cause: String,
}

/// Data of `custody.transferred`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustodyTransferred {
    /// Which transfer.
    pub transfer_id: TransferId,
    /// When.
    pub transferred_at: Timestamp,
    /// The controlling organization from now on.
    pub controller: OrgId,
    /// The custodian's kind.
    pub custodian_kind: ActorKind,
    /// The custodian's id.
    pub custodian_id: String,
    /// The control entry that designates it.
    pub designation_id: String,
    /// Since when it is custodian.
    pub custodian_since: Timestamp,
    /// Whether the new assignee was named by e-mail.
    pub assignee_acts_by_link: bool,
    /// The certificate issued with it.
    pub certificate_id: CertificateId,
    /// Hash of the control entry.
    pub control_hash: Digest,
    /// What is personal.
    #[serde(default)]
    pub person: CustodyPerson,
}

/// What is personal in `custody.transferred`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustodyPerson {
    /// The new assignee.
    pub assignee: Option<Assignee>,
    /// The custodian's name.
    pub custodian_name: Option<String>,
    /// The control entry.
    pub control: Control,
}

/// Data of `consent.requested`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRequested {
    /// Its id.
    pub consent_id: ConsentId,
    /// Digest of the command.
    pub scope: Digest,
    /// When.
    pub requested_at: Timestamp,
    /// Until when it may be given.
    pub expires_at: Timestamp,
    /// What is personal.
    #[serde(default)]
    pub person: ConsentPerson,
}

/// What is personal in `consent.requested`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsentPerson {
    /// The command in words.
    pub summary: Option<String>,
}

/// Data of `consent.given`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentGiven {
    /// Which.
    pub consent_id: ConsentId,
    /// Digest of the command.
    pub scope: Digest,
    /// When.
    pub given_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}
