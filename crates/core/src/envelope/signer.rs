//! A signer of an envelope: who it is, which steps stand before its signature, how far it got.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::email::EmailAddress;
use crate::envelope::state::ReasonCode;
use crate::ids::SignerId;
use crate::names::names;
use crate::time::Timestamp;

names! {
    /// A signer's status (partner API §3).
    SignerStatus {
        /// Not yet invited (sequential).
        Waiting = "waiting",
        /// Invited.
        Sent = "sent",
        /// Opened the document.
        Viewed = "viewed",
        /// Signed.
        Signed = "signed",
        /// Declined, or failed finally.
        Declined = "declined",
    }
}

names! {
    /// A way to authenticate a signer, in the words of the partner API.
    AuthKind {
        /// One-time code by e-mail.
        EmailOtp = "email_otp",
        /// One-time code by SMS.
        SmsOtp = "sms_otp",
        /// One-time code by `WhatsApp`.
        WhatsappOtp = "whatsapp_otp",
        /// Document and face, decided by a reviewer or a provider.
        Biometric = "biometric",
    }
}

impl AuthKind {
    /// The step of the signing page.
    #[must_use]
    pub const fn step(self) -> StepKind {
        match self {
            Self::EmailOtp => StepKind::OtpEmail,
            Self::SmsOtp => StepKind::OtpSms,
            Self::WhatsappOtp => StepKind::OtpWhatsapp,
            Self::Biometric => StepKind::Biometric,
        }
    }

    /// Whether the code goes to a telephone.
    #[must_use]
    pub const fn needs_phone(self) -> bool {
        matches!(self, Self::SmsOtp | Self::WhatsappOtp)
    }
}

names! {
    /// A step on the signing page, in its words.
    StepKind {
        /// Agreeing to electronic records.
        Consent = "consent",
        /// One-time code by e-mail.
        OtpEmail = "otp_email",
        /// One-time code by SMS.
        OtpSms = "otp_sms",
        /// One-time code by `WhatsApp`.
        OtpWhatsapp = "otp_whatsapp",
        /// Document and face.
        Biometric = "biometric",
        /// Filling fields and signing.
        Sign = "sign",
    }
}

names! {
    /// How far a step is.
    StepStatus {
        /// A step before it is open.
        Waiting = "waiting",
        /// The signer's next act.
        Open = "open",
        /// A person must decide (biometric).
        PendingReview = "pending_review",
        /// Passed.
        Done = "done",
    }
}

/// A step with its status, as the signing page lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which step.
    #[serde(rename = "type")]
    pub kind: StepKind,
    /// How far.
    pub status: StepStatus,
}

/// What is personal about a signer or customer. Everything may be erased.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Telephone number, E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Kind of identity document (M2M door): `CC`, `CE`, `PA`, `TI`, `NIT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_type: Option<String>,
    /// Number of the identity document (M2M door).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
}

/// A signer's agreement to electronic records (15 USC 7001(c); Ley 527 de 1999).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Which text.
    pub disclosure_id: String,
    /// Its version.
    pub version: u32,
    /// Its language.
    pub locale: String,
    /// Digest of the text that was shown.
    pub sha256: Digest,
    /// When.
    pub at: Timestamp,
}

/// How far one authentication step is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthStep {
    /// Which.
    pub kind: AuthKind,
    /// When it was passed.
    pub passed_at: Option<Timestamp>,
    /// The code that is out, if one is.
    pub code: Option<Code>,
    /// Codes sent so far.
    pub codes_sent: u32,
    /// Wrong codes, or rejected captures, since the last success or lock.
    pub failures: u32,
    /// Until when the step is locked after too many wrong codes.
    pub locked_until: Option<Timestamp>,
    /// Captured images wait for a decision (biometric).
    pub pending_review: bool,
    /// Captures so far (biometric).
    pub captures: u32,
    /// What the passing rests on: provider and its transaction (biometric).
    pub proof: Option<Proof>,
}

impl AuthStep {
    /// A step not yet begun.
    #[must_use]
    pub const fn new(kind: AuthKind) -> Self {
        Self {
            kind,
            passed_at: None,
            code: None,
            codes_sent: 0,
            failures: 0,
            locked_until: None,
            pending_review: false,
            captures: 0,
            proof: None,
        }
    }
}

/// A one-time code that is out. The code itself is never here: the app keeps its salted digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// When it was handed to the channel.
    pub sent_at: Timestamp,
    /// When it dies.
    pub expires_at: Timestamp,
    /// The digest of the document shown, to which it is bound.
    pub document_sha256: Digest,
}

/// Who approved a biometric step, and under what number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The provider, or `manual_review`.
    pub provider: String,
    /// The provider's number for the check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// Whether it tested that the person was alive (never true of a manual review).
    #[serde(default)]
    pub liveness: bool,
}

/// A finished signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// When.
    pub at: Timestamp,
    /// The digest the signer confirmed.
    pub shown_sha256: Digest,
    /// The digest of the bytes before this signature's revision.
    pub signed_over_sha256: Digest,
    /// The number of the revision that holds it.
    pub revision: u32,
    /// Fields filled with it.
    pub fields: u32,
}

/// A signer's final failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason_code: ReasonCode,
    /// The reason given; personal, may be erased.
    pub reason: Option<String>,
}

/// A signer as the events tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Its id.
    pub signer_id: SignerId,
    /// Who it is; may be erased.
    pub person: Person,
    /// Its role in the document.
    pub role: String,
    /// Its place when signing is sequential; equal numbers sign in parallel.
    pub order: u32,
    /// The authentication steps, in order.
    pub auth: Vec<AuthStep>,
    /// Failed tries that end its part (M2M); none: the step locks instead (partner door).
    pub attempts_max: Option<u32>,
    /// Seconds between two codes, and between two resent invitations (M2M).
    pub cooldown_s: Option<u32>,
    /// Where it stands.
    pub status: SignerStatus,
    /// When it was invited.
    pub invited_at: Option<Timestamp>,
    /// When it was last reminded.
    pub reminded_at: Option<Timestamp>,
    /// When it first opened the document.
    pub viewed_at: Option<Timestamp>,
    /// Its agreement to electronic records.
    pub consent: Option<Consent>,
    /// Its signature.
    pub signature: Option<Signature>,
    /// Its failure.
    pub failure: Option<Failure>,
}

impl Signer {
    /// Its name, or an empty text when it was erased.
    #[must_use]
    pub fn name(&self) -> &str {
        self.person.name.as_deref().unwrap_or("")
    }

    /// Its address as text, or an empty one.
    #[must_use]
    pub fn email(&self) -> &str {
        self.person.email.as_ref().map_or("", EmailAddress::as_str)
    }

    /// When it signed.
    #[must_use]
    pub fn signed_at(&self) -> Option<Timestamp> {
        self.signature.as_ref().map(|signature| signature.at)
    }

    /// Invited and not done: it is this signer's turn.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        matches!(self.status, SignerStatus::Sent | SignerStatus::Viewed)
    }

    /// Failed, but may be asked again (M2M under `CONTINUE`): tries used up, not a refusal.
    #[must_use]
    pub fn is_reopenable(&self) -> bool {
        let code = self.failure.as_ref().map(|failure| failure.reason_code);
        self.status == SignerStatus::Declined && code != Some(ReasonCode::Declined)
    }

    /// The authentication step of this kind.
    #[must_use]
    pub fn auth_step(&self, kind: AuthKind) -> Option<&AuthStep> {
        self.auth.iter().find(|step| step.kind == kind)
    }

    /// Whether every authentication step was passed.
    #[must_use]
    pub fn is_authenticated(&self) -> bool {
        self.auth.iter().all(|step| step.passed_at.is_some())
    }

    /// The step that comes next.
    #[must_use]
    pub fn current_step(&self) -> StepKind {
        if self.consent.is_none() {
            return StepKind::Consent;
        }
        let open = self.auth.iter().find(|step| step.passed_at.is_none());
        open.map_or(StepKind::Sign, |step| step.kind.step())
    }

    /// All steps with their status, as the signing page lists them.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let kinds = std::iter::once(StepKind::Consent)
            .chain(self.auth.iter().map(|step| step.kind.step()))
            .chain([StepKind::Sign]);
        kinds
            .map(|kind| Step {
                kind,
                status: self.step_status(kind),
            })
            .collect()
    }

    fn step_status(&self, kind: StepKind) -> StepStatus {
        let auth = self.auth.iter().find(|step| step.kind.step() == kind);
        let done = match kind {
            StepKind::Consent => self.consent.is_some(),
            StepKind::Sign => self.signature.is_some(),
            _ => auth.is_some_and(|step| step.passed_at.is_some()),
        };
        if done {
            StepStatus::Done
        } else if auth.is_some_and(|step| step.pending_review) {
            StepStatus::PendingReview
        } else if self.current_step() == kind {
            StepStatus::Open
        } else {
            StepStatus::Waiting
        }
    }
}
