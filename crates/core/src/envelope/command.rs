//! What can be asked of an envelope.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::digest::Digest;
use crate::email::EmailAddress;
use crate::envelope::signer::{AuthKind, Person, Proof};
use crate::envelope::state::{
    Kind, OnFail, Origin, PaperOriginal, Revision, SecuredParty, SigningOrder,
};
use crate::ids::{CustomerId, DocumentId, EnvelopeId, FieldId, OrgId, SignerId, TemplateId};
use crate::template::{FieldKind, FieldValue};
use crate::time::Timestamp;

/// The version of a template that is frozen into an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateVersion {
    /// The template.
    pub template_id: TemplateId,
    /// Its version, from 1.
    pub version: u32,
}

/// A signer to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSigner {
    /// Its id, derived by the app.
    pub signer_id: SignerId,
    /// Who it is.
    pub person: Person,
    /// Its role, after [`assign`](crate::template::assign()).
    pub role: String,
    /// Its order, 1–20.
    pub order: u32,
    /// Authentication steps, in order, distinct.
    pub auth: Vec<AuthKind>,
    /// Tries before it fails finally (M2M); none: steps lock.
    pub attempts_max: Option<u32>,
    /// Seconds between codes and between resent invitations (M2M); none: the policy's.
    pub cooldown_s: Option<u32>,
}

/// The document as it goes to the signers: base and prepared revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The base (original, and normalised if its structure had to be repaired) and the prepared revision.
    pub revisions: Vec<Revision>,
    /// Pages, the signature sheet included.
    pub pages: u32,
    /// Fields on it.
    pub fields: u32,
    /// Whether a signature sheet was appended.
    pub signature_sheet: bool,
}

/// A new envelope. The input of every door ends up here.
#[derive(Debug, Clone)]
pub struct Create {
    /// Its id.
    pub envelope_id: EnvelopeId,
    /// Its second name.
    pub document_id: DocumentId,
    /// The organization.
    pub org_id: OrgId,
    /// The door.
    pub origin: Origin,
    /// E-sign or paper.
    pub kind: Kind,
    /// Its name, 1–255.
    pub name: String,
    /// The customer, found or made.
    pub customer_id: Option<CustomerId>,
    /// The customer's name and address.
    pub customer: Person,
    /// The frozen template version.
    pub template: Option<TemplateVersion>,
    /// The partner's own name for it, 1–255.
    pub external_id: Option<String>,
    /// The partner's data, ≤16 KiB; keys beginning with `_` are dropped.
    pub metadata: Map<String, Value>,
    /// In which order signers are invited.
    pub signing_order: SigningOrder,
    /// What a final failure does.
    pub on_fail: OnFail,
    /// When it expires; none: policy default. Ignored for paper.
    pub expires_at: Option<Timestamp>,
    /// The message in the invitation, ≤2000.
    pub message: Option<String>,
    /// `en` or `es`.
    pub locale: String,
    /// The party for whom the record is held.
    pub secured_party: SecuredParty,
    /// 1–20 for e-sign; for paper those named in the document, for information.
    pub signers: Vec<NewSigner>,
    /// With it an e-sign envelope is prepared and sent in the same decision; without, it stays `pending`.
    pub document: Option<Prepared>,
}

/// A file for a paper envelope (P5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its name.
    pub filename: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its digest.
    pub sha256: Digest,
    /// Its pages.
    pub pages: u32,
    /// PDF signatures found inside.
    pub signatures: u32,
    /// What became of the paper, if it is said now.
    pub paper_original: Option<PaperOriginal>,
}

/// A field that a signer filled.
#[derive(Debug, Clone, PartialEq)]
pub struct FilledField {
    /// The field.
    pub field_id: FieldId,
    /// Its name.
    pub name: String,
    /// What it is filled with.
    pub kind: FieldKind,
    /// The page it stands on.
    pub page: u32,
    /// The value. The trail keeps texts and choices; of marks only the digest.
    pub value: FieldValue,
}

/// A signature, with the revision that holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign {
    /// Who signs.
    pub signer_id: SignerId,
    /// The digest that the signer confirmed; any revision shown since the envelope was sent.
    pub shown_sha256: Digest,
    /// The digest of the file that the revision was appended to: must be the latest.
    pub signed_over_sha256: Digest,
    /// The signature revision.
    pub revision: Revision,
    /// The fields filled with it.
    pub fields: Vec<FilledField>,
    /// The final seal; given exactly when this is the last signature.
    pub seal: Option<Seal>,
}

/// The instance's seal after the last signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Its revision.
    pub revision: Revision,
    /// The `PAdES` level achieved, e.g. `B-LTA` (ETSI EN 319 142-1).
    pub level: String,
}

/// Images received for a biometric step. The images themselves never enter the core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// Whose.
    pub signer_id: SignerId,
    /// The separate authorization that was shown and given (Ley 1581 de 2012, art. 6).
    pub release_id: String,
    /// Digest of its text.
    pub release_sha256: Digest,
    /// The digests, by image: `selfie`, `id_front`, `id_back`.
    pub images: Vec<(String, Digest)>,
    /// The number of the identity document.
    pub document_number: Option<String>,
}

/// What a reviewer or provider found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BiometricDecision {
    /// The person is who the document says.
    Approved(Proof),
    /// Not so.
    Rejected {
        /// Who found so.
        proof: Proof,
        /// `no_match`, `unreadable`, `other`.
        reason: String,
    },
    /// The person refused the authorization: no failed try.
    ConsentRefused,
}

/// What can be asked of an envelope that exists. Creation is [`create`](crate::envelope::create()).
#[derive(Debug, Clone)]
pub enum Command {
    /// A file for a paper envelope.
    Upload(Upload),
    /// The document is prepared: `pending` to `preparing`.
    Prepare(Prepared),
    /// Invite: `preparing` to `sent`.
    Send,
    /// A signer opens the document.
    Open {
        /// Who.
        signer_id: SignerId,
        /// The digest of what is shown.
        document_sha256: Digest,
    },
    /// A signer agrees to electronic records.
    Consent {
        /// Who.
        signer_id: SignerId,
        /// Which text.
        disclosure_id: String,
        /// Its version.
        version: u32,
        /// Its language.
        locale: String,
        /// Its digest.
        sha256: Digest,
    },
    /// A one-time code was made and goes to its channel.
    SendOtp {
        /// For whom.
        signer_id: SignerId,
        /// Which step.
        channel: AuthKind,
        /// The digest of the document shown, to which the code is bound.
        document_sha256: Digest,
        /// The code, sealed by the app for the job that sends it; never in an event.
        sealed_code: String,
    },
    /// The right code came (checked by the app).
    PassOtp {
        /// From whom.
        signer_id: SignerId,
        /// Which step.
        channel: AuthKind,
        /// The digest of the document shown now.
        document_sha256: Digest,
    },
    /// A wrong code came.
    FailOtp {
        /// From whom.
        signer_id: SignerId,
        /// Which step.
        channel: AuthKind,
    },
    /// The channel refused a message; no try is counted and the code is void.
    OtpUndelivered {
        /// For whom.
        signer_id: SignerId,
        /// Which step.
        channel: AuthKind,
    },
    /// Images for a biometric step came.
    CaptureBiometric(Captured),
    /// A biometric step was decided.
    DecideBiometric {
        /// Whose.
        signer_id: SignerId,
        /// What was found.
        decision: BiometricDecision,
    },
    /// A signature.
    Sign(Box<Sign>),
    /// Validation material or an archive timestamp was appended after the seal.
    Augment(Seal),
    /// A signer declines.
    Decline {
        /// Who.
        signer_id: SignerId,
        /// Why, ≤1000.
        reason: Option<String>,
    },
    /// The sender withdraws it.
    Void {
        /// Why, ≤1000.
        reason: Option<String>,
    },
    /// Remind pending signers (P7).
    Remind {
        /// One of them; none: all whose turn it is.
        email: Option<EmailAddress>,
    },
    /// Send one signer a new invitation; opens a failed one again (M21).
    Resend {
        /// Whom.
        signer_id: SignerId,
    },
    /// Move the deadline later (M19).
    Extend {
        /// The new one.
        expires_at: Timestamp,
    },
    /// The timer says its time has run out.
    Expire,
}
