//! Announcements: the events that organizations are told of by webhook and feed (partner API §10.2). Another
//! vocabulary than the trail's: shapes here are a promise to partners, shapes there are evidence.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::asset::release::{Mode, Reason, Recipient};
use crate::asset::state::TamperSource;
use crate::asset::transfer::TransferState;
use crate::digest::Digest;
use crate::email::EmailAddress;
use crate::envelope::state::{Kind, ReasonCode, SigningOrder, Status};
use crate::ids::{
    AssetId, CertificateId, CustomerId, EnvelopeId, EventId, OrgId, ReleaseId, SignerId,
    TemplateId, TransferId,
};
use crate::time::Timestamp;

/// An announcement as it is stored and delivered.
#[derive(Debug, Clone, PartialEq)]
pub struct Announcement {
    /// Its id, the same in feed and every delivery.
    pub event_id: EventId,
    /// The organization told.
    pub org_id: OrgId,
    /// The record; none for `webhook.test`.
    pub envelope_id: Option<EnvelopeId>,
    /// When it happened.
    pub timestamp: Timestamp,
    /// What happened.
    pub body: Body,
}

impl Announcement {
    /// The JSON body of 10.1.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let body = serde_json::to_value(&self.body).unwrap_or_default();
        serde_json::json!({
            "event_type": self.body.event_type(),
            "event_id": self.event_id,
            "org_id": self.org_id,
            "envelope_id": self.envelope_id,
            "timestamp": self.timestamp,
            "data": body["data"],
        })
    }
}

/// An announcement wanted by a decision; it gets its id when the decision is recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// The organization to tell.
    pub org_id: OrgId,
    /// What happened.
    pub body: Body,
}

/// A signer, as announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentSigner {
    /// Its id.
    pub signer_id: SignerId,
    /// Its address; null if it has none.
    pub email: Option<EmailAddress>,
    /// Its name.
    pub name: Option<String>,
    /// Its role.
    pub role: String,
    /// Its order.
    pub order: u32,
}

/// A signer who signed, as announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletedSigner {
    /// Its id.
    pub signer_id: SignerId,
    /// Its address.
    pub email: Option<EmailAddress>,
    /// Its role.
    pub role: String,
    /// When it signed.
    pub signed_at: Option<Timestamp>,
}

/// The offering side of a transfer, as announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromParty {
    /// Its name.
    pub name: Option<String>,
    /// Its id.
    pub organization_id: OrgId,
}

/// The receiving side of a transfer, as announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToParty {
    /// Its name.
    pub name: Option<String>,
    /// Its id, if it is an organization here.
    pub organization_id: Option<OrgId>,
    /// Its address, if it was named by one.
    pub email: Option<EmailAddress>,
}

/// A step of a transfer, as announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferStep {
    /// Which transfer.
    pub transfer_id: TransferId,
    /// The asset.
    pub asset_id: Option<AssetId>,
    /// Where it stands now.
    pub state: TransferState,
    /// The offering side.
    pub from: FromParty,
    /// The receiving side.
    pub to: ToParty,
    /// When.
    pub at: Timestamp,
    /// When the transfer lapses.
    pub expires_at: Timestamp,
}

/// The verdict of the eight checks, as announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether all are satisfied.
    pub compliant: bool,
    /// The score.
    pub score: u32,
    /// Unsatisfied requirements.
    pub missing_requirements: Vec<String>,
    /// When they were evaluated.
    pub evaluated_at: Timestamp,
    /// The certificate that says so.
    pub certificate_id: CertificateId,
}

/// What happened: type and data of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event_type", content = "data")]
#[expect(
    missing_docs,
    reason = "the names are the contract's; the catalogue of partner API §10.2 explains them"
)]
pub enum Body {
    #[serde(rename = "envelope.created")]
    EnvelopeCreated {
        envelope_name: String,
        envelope_kind: Kind,
        status: Status,
        customer_id: Option<CustomerId>,
        external_id: Option<String>,
        template_id: Option<TemplateId>,
    },
    #[serde(rename = "envelope.sent")]
    EnvelopeSent {
        sent_at: Timestamp,
        expires_at: Option<Timestamp>,
        signing_order: SigningOrder,
        signers: Vec<SentSigner>,
    },
    #[serde(rename = "envelope.viewed")]
    EnvelopeViewed {
        signer_id: SignerId,
        email: Option<EmailAddress>,
        role: String,
        viewed_at: Timestamp,
    },
    #[serde(rename = "envelope.signed")]
    EnvelopeSigned {
        signer_id: SignerId,
        email: Option<EmailAddress>,
        role: String,
        signed_at: Timestamp,
        remaining: u32,
    },
    #[serde(rename = "envelope.completed")]
    EnvelopeCompleted {
        completed_at: Timestamp,
        sealed_hash: Digest,
        signers: Vec<CompletedSigner>,
    },
    #[serde(rename = "envelope.declined")]
    EnvelopeDeclined {
        signer_id: SignerId,
        email: Option<EmailAddress>,
        role: String,
        declined_at: Timestamp,
        reason: Option<String>,
        reason_code: ReasonCode,
    },
    #[serde(rename = "envelope.voided")]
    EnvelopeVoided {
        voided_at: Timestamp,
        reason: Option<String>,
        voided_by: String,
    },
    #[serde(rename = "envelope.expired")]
    EnvelopeExpired {
        expired_at: Timestamp,
        pending: Vec<String>,
    },
    #[serde(rename = "vault.stored")]
    VaultStored { path: String, hash: Digest },
    #[serde(rename = "vault.compliance.passed")]
    CompliancePassed(Verdict),
    #[serde(rename = "vault.compliance.failed")]
    ComplianceFailed(Verdict),
    #[serde(rename = "vault.released")]
    VaultReleased {
        release_id: ReleaseId,
        mode: Mode,
        reason: Reason,
        recipient: Option<Recipient>,
        released_at: Timestamp,
        document_hash: Digest,
    },
    #[serde(rename = "vault.tamper_detected")]
    TamperDetected {
        expected_hash: Digest,
        actual_hash: Option<Digest>,
        detected_at: Timestamp,
        source: TamperSource,
    },
    #[serde(rename = "transfer.offered")]
    TransferOffered(TransferStep),
    #[serde(rename = "transfer.accepted")]
    TransferAccepted(TransferStep),
    #[serde(rename = "transfer.rejected")]
    TransferRejected(TransferStep),
    #[serde(rename = "transfer.cancelled")]
    TransferCancelled(TransferStep),
    #[serde(rename = "transfer.expired")]
    TransferExpired(TransferStep),
    #[serde(rename = "custody.transferred")]
    CustodyTransferred {
        transfer_id: TransferId,
        asset_id: Option<AssetId>,
        from: FromParty,
        to: ToParty,
        transferred_at: Timestamp,
        certificate_id: Option<CertificateId>,
    },
    #[serde(rename = "webhook.test")]
    WebhookTest { message: String },
}

impl Body {
    /// The name of the catalogue.
    #[must_use]
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::EnvelopeCreated { .. } => "envelope.created",
            Self::EnvelopeSent { .. } => "envelope.sent",
            Self::EnvelopeViewed { .. } => "envelope.viewed",
            Self::EnvelopeSigned { .. } => "envelope.signed",
            Self::EnvelopeCompleted { .. } => "envelope.completed",
            Self::EnvelopeDeclined { .. } => "envelope.declined",
            Self::EnvelopeVoided { .. } => "envelope.voided",
            Self::EnvelopeExpired { .. } => "envelope.expired",
            Self::VaultStored { .. } => "vault.stored",
            Self::CompliancePassed(_) => "vault.compliance.passed",
            Self::ComplianceFailed(_) => "vault.compliance.failed",
            Self::VaultReleased { .. } => "vault.released",
            Self::TamperDetected { .. } => "vault.tamper_detected",
            Self::TransferOffered(_) => "transfer.offered",
            Self::TransferAccepted(_) => "transfer.accepted",
            Self::TransferRejected(_) => "transfer.rejected",
            Self::TransferCancelled(_) => "transfer.cancelled",
            Self::TransferExpired(_) => "transfer.expired",
            Self::CustodyTransferred { .. } => "custody.transferred",
            Self::WebhookTest { .. } => "webhook.test",
        }
    }
}
