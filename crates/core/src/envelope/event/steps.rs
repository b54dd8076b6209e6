//! What happened on a signer's way to the signature.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::envelope::event::ReasonPerson;
use crate::envelope::signer::{AuthKind, Proof};
use crate::envelope::state::ReasonCode;
use crate::ids::{FieldId, SignerId};
use crate::template::{FieldKind, FieldValue};
use crate::time::Timestamp;

/// Data of `document.opened`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Who.
    pub signer_id: SignerId,
    /// What was shown.
    pub document_sha256: Digest,
    /// When.
    pub opened_at: Timestamp,
}

/// Data of `envelope.viewed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewed {
    /// Who.
    pub signer_id: SignerId,
    /// Its role.
    pub role: String,
    /// When.
    pub viewed_at: Timestamp,
}

/// Data of `signer.consented`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consented {
    /// Who.
    pub signer_id: SignerId,
    /// Which text.
    pub disclosure_id: String,
    /// Its version.
    pub version: u32,
    /// Its language.
    pub locale: String,
    /// Its digest.
    pub sha256: Digest,
    /// When.
    pub accepted_at: Timestamp,
}

/// Data of `signer.otp_sent`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtpSent {
    /// For whom.
    pub signer_id: SignerId,
    /// Which step.
    pub channel: AuthKind,
    /// The digest to which the code is bound.
    pub document_sha256: Digest,
    /// When.
    pub sent_at: Timestamp,
    /// When the code dies.
    pub expires_at: Timestamp,
    /// Tries left.
    pub attempts_left: u32,
    /// Whether an earlier code went out for this step.
    pub resent: bool,
    /// What is personal.
    #[serde(default)]
    pub person: OtpSentPerson,
}

/// What is personal in `signer.otp_sent`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OtpSentPerson {
    /// Where it went, masked.
    pub to_masked: Option<String>,
}

/// Data of `signer.otp_verified`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtpVerified {
    /// From whom.
    pub signer_id: SignerId,
    /// Which step.
    pub channel: AuthKind,
    /// The digest shown.
    pub document_sha256: Digest,
    /// When.
    pub verified_at: Timestamp,
}

/// Why a one-time code did not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtpFault {
    /// Wrong digits.
    WrongCode,
    /// The channel refused the message.
    DeliveryFailed,
}

/// Data of `signer.otp_failed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtpFailed {
    /// From whom.
    pub signer_id: SignerId,
    /// Which step.
    pub channel: AuthKind,
    /// Why.
    pub reason: OtpFault,
    /// Tries left.
    pub attempts_left: u32,
    /// Until when the step is locked, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_until: Option<Timestamp>,
    /// When.
    pub failed_at: Timestamp,
}

/// Data of `signer.biometric_captured`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BiometricCaptured {
    /// Whose.
    pub signer_id: SignerId,
    /// Which capture, from 1.
    pub capture_number: u32,
    /// Which images.
    pub images: Vec<String>,
    /// The authorization given.
    pub release_id: String,
    /// Digest of its text.
    pub release_sha256: Digest,
    /// When.
    pub captured_at: Timestamp,
    /// What is personal.
    #[serde(default)]
    pub person: CapturedPerson,
}

/// What is personal in `signer.biometric_captured`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CapturedPerson {
    /// The digests of the images, by name.
    pub digests: BTreeMap<String, Digest>,
    /// The number of the identity document.
    pub document_number: Option<String>,
}

/// What came of a biometric step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BiometricOutcome {
    /// Passed.
    Approved,
    /// Not passed: a failed try.
    Rejected,
    /// The authorization was refused: no try.
    ConsentRefused,
}

/// Data of `signer.biometric_decided`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BiometricDecided {
    /// Whose.
    pub signer_id: SignerId,
    /// What came of it.
    pub outcome: BiometricOutcome,
    /// `no_match`, `unreadable`, `other`, when rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// Tries left, where tries are limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts_left: Option<u32>,
    /// When.
    pub decided_at: Timestamp,
}

/// Data of `signer.failed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignerFailed {
    /// Who.
    pub signer_id: SignerId,
    /// Why.
    pub reason_code: ReasonCode,
    /// When.
    pub failed_at: Timestamp,
    /// Who is invited next.
    #[serde(default)]
    pub invited: Vec<SignerId>,
    /// What is personal.
    #[serde(default)]
    pub person: ReasonPerson,
}

/// Data of `signer.reinvited`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reinvited {
    /// Whom.
    pub signer_id: SignerId,
    /// Whether a failed signer was opened again.
    pub reopened: bool,
    /// When.
    pub invited_at: Timestamp,
}

/// Data of `field.signed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldSigned {
    /// By whom.
    pub signer_id: SignerId,
    /// The field.
    pub field_id: FieldId,
    /// Its name.
    pub name: String,
    /// What it is filled with.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// The page it stands on.
    pub page: u32,
    /// What is personal.
    #[serde(default)]
    pub person: FieldPerson,
}

/// What is personal in `field.signed`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldPerson {
    /// The value of a written, chosen or ticked field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<FieldValue>,
    /// The digest of the value's canonical JSON.
    pub value_sha256: Option<Digest>,
}
