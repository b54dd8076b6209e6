//! What happened to an envelope. The shapes here are stored for ever: a change is a new version beside the old one.

mod steps;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::context::Actor;
use crate::digest::Digest;
use crate::envelope::command::TemplateVersion;
use crate::envelope::signer::{AuthKind, Person};
use crate::envelope::state::{
    Attestation, Disposition, Kind, OnFail, Origin, ReasonCode, Revision, SecuredParty,
    SigningOrder,
};
use crate::event::events;
use crate::ids::{CustomerId, DocumentId, EnvelopeId, OrgId, SignerId};
use crate::time::Timestamp;

pub use steps::{
    BiometricCaptured, BiometricDecided, BiometricOutcome, CapturedPerson, Consented, FieldPerson,
    FieldSigned, Opened, OtpFailed, OtpFault, OtpSent, OtpSentPerson, OtpVerified, Reinvited,
    SignerFailed, Viewed,
};

events! {
    /// An event of the envelope; the type names are those of the trail (P10).
    EnvelopeEvent {
        /// It was created.
        Created(Box<Created>) = "envelope.created" v 1,
        /// Its document was prepared.
        Prepared(Prepared) = "envelope.prepared" v 1,
        /// Invitations were queued.
        Sent(Sent) = "envelope.sent" v 1,
        /// A paper envelope's file came.
        Uploaded(Uploaded) = "envelope.uploaded" v 1,
        /// A signer was shown the document for the first time.
        Opened(Opened) = "document.opened" v 1,
        /// A signer's first open.
        Viewed(Viewed) = "envelope.viewed" v 1,
        /// A signer agreed to electronic records.
        Consented(Consented) = "signer.consented" v 1,
        /// A one-time code went out.
        OtpSent(OtpSent) = "signer.otp_sent" v 1,
        /// The right code came.
        OtpVerified(OtpVerified) = "signer.otp_verified" v 1,
        /// A wrong code came, or the channel refused.
        OtpFailed(OtpFailed) = "signer.otp_failed" v 1,
        /// Images came.
        BiometricCaptured(BiometricCaptured) = "signer.biometric_captured" v 1,
        /// A biometric step was decided.
        BiometricDecided(BiometricDecided) = "signer.biometric_decided" v 1,
        /// A signer's part ended without signature while the others go on (M2M `CONTINUE`).
        SignerFailed(SignerFailed) = "signer.failed" v 1,
        /// A failed signer was invited again, or an invited one once more (M21).
        Reinvited(Reinvited) = "signer.reinvited" v 1,
        /// A field was filled with a signature.
        FieldSigned(FieldSigned) = "field.signed" v 1,
        /// A signer signed.
        Signed(Signed) = "envelope.signed" v 1,
        /// All signed; the document is sealed.
        Completed(Completed) = "envelope.completed" v 1,
        /// Something was appended after the seal that makes it verifiable for longer.
        Augmented(Augmented) = "envelope.augmented" v 1,
        /// A signer declined or failed finally, and with it the envelope.
        Declined(Declined) = "envelope.declined" v 1,
        /// The sender withdrew it.
        Voided(Voided) = "envelope.voided" v 1,
        /// Its time ran out.
        Expired(Expired) = "envelope.expired" v 1,
        /// Signers were reminded.
        Reminded(Reminded) = "envelope.reminded" v 1,
        /// Its deadline was moved.
        Extended(Extended) = "envelope.extended" v 1,
    }
}

/// A signer at creation, without what is personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedSigner {
    /// Its id.
    pub signer_id: SignerId,
    /// Its role.
    pub role: String,
    /// Its order.
    pub order: u32,
    /// Its authentication steps.
    #[serde(default)]
    pub auth: Vec<AuthKind>,
    /// Tries before it fails finally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts_max: Option<u32>,
    /// Seconds between codes and resent invitations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooldown_s: Option<u32>,
}

/// Data of `envelope.created`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Created {
    /// Its id.
    pub envelope_id: EnvelopeId,
    /// Its second name.
    pub document_id: DocumentId,
    /// The organization.
    pub org_id: OrgId,
    /// The door.
    pub origin: Origin,
    /// E-sign or paper.
    pub envelope_kind: Kind,
    /// The customer.
    pub customer_id: Option<CustomerId>,
    /// The frozen template version.
    pub template: Option<TemplateVersion>,
    /// The partner's own name for it.
    pub external_id: Option<String>,
    /// In which order signers are invited.
    pub signing_order: SigningOrder,
    /// What a final failure does.
    pub on_fail: OnFail,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
    /// The language.
    pub locale: String,
    /// The signers.
    pub signers: Vec<CreatedSigner>,
    /// Who created it, without the name.
    pub created_by: Actor,
    /// What is personal.
    #[serde(default)]
    pub person: CreatedPerson,
}

/// What is personal in `envelope.created`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreatedPerson {
    /// The envelope's name.
    pub envelope_name: Option<String>,
    /// The customer.
    pub customer: Person,
    /// The message in the invitation.
    pub message: Option<String>,
    /// The partner's data.
    pub metadata: Map<String, Value>,
    /// The party for whom the record is held.
    pub secured_party: Option<SecuredParty>,
    /// Who the signers are.
    pub signer_details: BTreeMap<SignerId, Person>,
    /// The creator's name.
    pub created_by_name: Option<String>,
}

/// Data of `envelope.prepared`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// Base and prepared revision.
    pub revisions: Vec<Revision>,
    /// Pages.
    pub pages: u32,
    /// Fields.
    pub fields: u32,
    /// Whether a signature sheet was appended.
    pub signature_sheet: bool,
}

/// Data of `envelope.sent`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// When.
    pub sent_at: Timestamp,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
    /// The order of signing.
    pub signing_order: SigningOrder,
    /// Who is invited now.
    pub invited: Vec<SignerId>,
}

/// Data of `envelope.uploaded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// Size in bytes.
    pub size: u64,
    /// Digest.
    pub sha256: Digest,
    /// Pages.
    pub pages: u32,
    /// PDF signatures found inside.
    pub signatures: u32,
    /// What became of the paper.
    #[serde(default)]
    pub paper_original: Option<Disposition>,
    /// What is personal.
    #[serde(default)]
    pub person: UploadedPerson,
}

/// What is personal in `envelope.uploaded`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadedPerson {
    /// The file's name.
    pub filename: Option<String>,
    /// Who says what became of the paper.
    pub attestation: Option<Attestation>,
}

/// A reason given by a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReasonPerson {
    /// The reason.
    pub reason: Option<String>,
}

/// Data of `envelope.signed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Who.
    pub signer_id: SignerId,
    /// Its role.
    pub role: String,
    /// When.
    pub signed_at: Timestamp,
    /// The digest confirmed.
    pub shown_sha256: Digest,
    /// The digest of the file before this revision.
    pub signed_over_sha256: Digest,
    /// The revision that holds the signature.
    pub revision: Revision,
    /// Fields filled with it.
    pub fields: u32,
    /// Signers who still have to sign.
    pub remaining: u32,
    /// Who is invited next.
    #[serde(default)]
    pub invited: Vec<SignerId>,
}

/// Data of `envelope.completed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completed {
    /// When.
    pub completed_at: Timestamp,
    /// The seal's revision.
    pub seal: Revision,
    /// The `PAdES` level achieved.
    pub level: String,
}

/// Data of `envelope.augmented`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Augmented {
    /// When.
    pub augmented_at: Timestamp,
    /// The revision appended.
    pub revision: Revision,
    /// The `PAdES` level now achieved.
    pub level: String,
}

/// Data of `envelope.declined`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// By whom.
    pub signer_id: SignerId,
    /// Its role.
    pub role: String,
    /// When.
    pub declined_at: Timestamp,
    /// Why.
    pub reason_code: ReasonCode,
    /// What is personal.
    #[serde(default)]
    pub person: ReasonPerson,
}

/// Data of `envelope.voided`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voided {
    /// When.
    pub voided_at: Timestamp,
    /// By whom, without the name.
    pub voided_by: String,
    /// What is personal.
    #[serde(default)]
    pub person: ReasonPerson,
}

/// Data of `envelope.expired`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expired {
    /// When the timer acted.
    pub expired_at: Timestamp,
    /// Who had not signed.
    pub pending: Vec<SignerId>,
}

/// Data of `envelope.reminded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// Who was reminded.
    pub signers: Vec<SignerId>,
    /// When.
    pub reminded_at: Timestamp,
}

/// Data of `envelope.extended`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extended {
    /// The deadline before.
    pub from: Option<Timestamp>,
    /// The deadline now.
    pub expires_at: Timestamp,
}
