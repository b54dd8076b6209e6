//! What is known of an envelope.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::context::Actor;
use crate::digest::Digest;
use crate::envelope::command::TemplateVersion;
use crate::envelope::signer::{Person, Signer};
use crate::ids::{CustomerId, DocumentId, EnvelopeId, OrgId, SignerId};
use crate::names::names;
use crate::time::Timestamp;

names! {
    /// What kind of envelope it is.
    Kind {
        /// Signed here, on the signing page.
        Esign = "esign",
        /// Signed on paper; a scan is uploaded.
        Paper = "paper",
    }
}

names! {
    /// Where an envelope stands (partner API §4.1).
    Status {
        /// Created, not prepared.
        Pending = "pending",
        /// A paper envelope's file is here.
        Uploaded = "uploaded",
        /// The document is being prepared.
        Preparing = "preparing",
        /// With the signers.
        Sent = "sent",
        /// At least one signer opened it.
        Viewed = "viewed",
        /// All signed.
        Completed = "completed",
        /// The authoritative copy is in the vault.
        Vaulted = "vaulted",
        /// A signer declined, or failed finally.
        Declined = "declined",
        /// Withdrawn by the sender.
        Voided = "voided",
        /// Its time ran out.
        Expired = "expired",
        /// The authoritative copy left this vault.
        Released = "released",
    }
}

impl Status {
    /// Declined, voided, expired: nothing happens to it any more.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Declined | Self::Voided | Self::Expired)
    }

    /// With the signers: `sent` or `viewed`.
    #[must_use]
    pub const fn is_out(self) -> bool {
        matches!(self, Self::Sent | Self::Viewed)
    }

    /// Whether the evidence bundle of this status is final (P11).
    #[must_use]
    pub const fn is_final(self) -> bool {
        self.is_closed() || matches!(self, Self::Completed | Self::Vaulted | Self::Released)
    }
}

names! {
    /// In which order signers are invited.
    SigningOrder {
        /// All at once.
        Parallel = "parallel",
        /// One order number after the other.
        Sequential = "sequential",
    }
}

names! {
    /// What a signer's final failure does to the envelope (M2M `flowPolicy.onParticipantFail`).
    OnFail {
        /// It ends the envelope.
        CancelFlow = "cancel_flow",
        /// The others go on.
        Continue = "continue",
    }
}

names! {
    /// The door an envelope was born in.
    Origin {
        /// The partner API.
        Partner = "partner",
        /// The M2M API.
        M2m = "m2m",
        /// The console.
        Console = "console",
    }
}

names! {
    /// Why a signer is out of the flow (event `envelope.declined`).
    ReasonCode {
        /// The signer declined.
        Declined = "declined",
        /// Its tries are used up.
        AttemptsExhausted = "attempts_exhausted",
        /// Its biometric check was rejected finally.
        BiometricRejected = "biometric_rejected",
    }
}

names! {
    /// What a revision of the document is.
    RevisionKind {
        /// The upload as it came.
        Original = "original",
        /// The upload after one full save that repaired its structure.
        Normalised = "normalised",
        /// Form fields and fixed drawing added, before anyone signed.
        Prepared = "prepared",
        /// One signer's fill and signature.
        Signature = "signature",
        /// The instance's seal after the last signature.
        Seal = "seal",
        /// Validation material or an archive timestamp added after the seal.
        Augmentation = "augmentation",
        /// The vault seal: the last revision of an authoritative copy.
        VaultSeal = "vault_seal",
    }
}

names! {
    /// What became of a signed paper original (UCC §9-105 Official Comment 3; §9-314A).
    Disposition {
        /// It was destroyed.
        Destroyed = "destroyed",
        /// It was marked as no longer authoritative.
        MarkedNonAuthoritative = "marked_non_authoritative",
        /// The secured party or its custodian holds it.
        InPossession = "in_possession",
    }
}

/// One revision of the document: a segment appended to those before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Its number, from 0.
    pub n: u32,
    /// What it is.
    pub kind: RevisionKind,
    /// SHA-256 of the whole file up to and including this revision.
    pub sha256: Digest,
    /// Where its segment begins in the file.
    pub offset: u64,
    /// How many bytes its segment has.
    pub length: u64,
}

impl Revision {
    /// Length of the whole file up to and including this revision.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.offset.saturating_add(self.length)
    }
}

/// The party for whom the record is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecuredParty {
    /// Its legal name.
    pub name: String,
    /// Its registration number.
    #[serde(default)]
    pub registration_id: Option<String>,
}

/// Who says what became of the paper original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// The person's name, 1–200 characters.
    pub name: String,
    /// The person's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The statement, 1–1000 characters.
    pub statement: String,
}

impl Attestation {
    /// Checks the lengths; paths begin with `attestation`.
    ///
    /// # Errors
    /// One fault per value that is too short or too long.
    pub fn check(&self) -> Result<(), Vec<crate::invalid::FieldError>> {
        let mut faults = crate::invalid::Faults::new();
        faults.length(&self.name, 1, 200, "attestation.name");
        faults.length(
            self.title.as_deref().unwrap_or(""),
            0,
            200,
            "attestation.title",
        );
        faults.length(&self.statement, 1, 1000, "attestation.statement");
        faults.into_result(())
    }
}

/// What became of the paper original, and who says so. The attestation is personal and may be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperOriginal {
    /// What became of it.
    pub disposition: Disposition,
    /// Who says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation: Option<Attestation>,
}

/// A paper envelope's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// Its name as uploaded; personal, may be erased.
    pub filename: Option<String>,
    /// Its size in bytes.
    pub size: u64,
    /// Its digest.
    pub sha256: Digest,
    /// How many pages it has.
    pub pages: u32,
    /// How many PDF signatures were found inside.
    pub signatures: u32,
    /// When it came.
    pub uploaded_at: Timestamp,
}

/// How an envelope ended without success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// When.
    pub at: Timestamp,
    /// The reason given; personal, may be erased.
    pub reason: Option<String>,
    /// For a declined envelope: why.
    pub reason_code: Option<ReasonCode>,
    /// For a declined envelope: by whom.
    pub signer_id: Option<SignerId>,
}

/// An envelope as its events tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// Its id.
    pub envelope_id: EnvelopeId,
    /// Its second name, used by the M2M door.
    pub document_id: DocumentId,
    /// The organization that made it.
    pub org_id: OrgId,
    /// The door it was born in.
    pub origin: Origin,
    /// E-sign or paper.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// Its name; personal (it holds the customer's name by default), may be erased.
    pub name: Option<String>,
    /// The customer.
    pub customer_id: Option<CustomerId>,
    /// The customer's name and address; may be erased.
    pub customer: Person,
    /// The template version frozen into it.
    pub template: Option<TemplateVersion>,
    /// The partner's own name for it.
    pub external_id: Option<String>,
    /// The partner's data, without keys that begin with `_`; may be erased.
    pub metadata: Map<String, Value>,
    /// In which order signers are invited.
    pub signing_order: SigningOrder,
    /// What a signer's final failure does.
    pub on_fail: OnFail,
    /// The language of messages and pages.
    pub locale: String,
    /// The sender's message in the invitation; may be erased.
    pub message: Option<String>,
    /// The party for whom the record is held; may be erased.
    pub secured_party: Option<SecuredParty>,
    /// Who created it. Auto-vault acts as this identity.
    pub created_by: Actor,
    /// When it was created.
    pub created_at: Timestamp,
    /// When an event last changed it.
    pub updated_at: Timestamp,
    /// When it expires; never for paper.
    pub expires_at: Option<Timestamp>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When the last signer signed.
    pub completed_at: Option<Timestamp>,
    /// When the authoritative copy came into the vault.
    pub vaulted_at: Option<Timestamp>,
    /// When the authoritative copy left the vault.
    pub released_at: Option<Timestamp>,
    /// The signers, in the order given.
    pub signers: Vec<Signer>,
    /// The document's revisions, in order.
    pub revisions: Vec<Revision>,
    /// Pages of the document, once known.
    pub pages: Option<u32>,
    /// A paper envelope's file.
    pub upload: Option<UploadedFile>,
    /// What became of the paper original.
    pub paper_original: Option<PaperOriginal>,
    /// How it ended, when it ended without success.
    pub closing: Option<Closing>,
}

impl Envelope {
    /// The signer with this id.
    #[must_use]
    pub fn signer(&self, id: &SignerId) -> Option<&Signer> {
        self.signers.iter().find(|signer| signer.signer_id == *id)
    }

    /// The signer with this address, without regard to case.
    #[must_use]
    pub fn signer_by_email(&self, email: &crate::email::EmailAddress) -> Option<&Signer> {
        self.signers
            .iter()
            .find(|signer| signer.person.email.as_ref() == Some(email))
    }

    /// The newest revision.
    #[must_use]
    pub fn latest_revision(&self) -> Option<&Revision> {
        self.revisions.last()
    }

    /// The number, offset that the next revision must have.
    #[must_use]
    pub fn next_revision(&self) -> (u32, u64) {
        self.revisions
            .last()
            .map_or((0, 0), |last| (last.n.saturating_add(1), last.end()))
    }

    /// The digest of the bytes that vault-in starts from: the sealed PDF, or the uploaded file.
    #[must_use]
    pub fn source_digest(&self) -> Option<Digest> {
        match self.kind {
            Kind::Esign => self.before_vault().last().map(|revision| revision.sha256),
            Kind::Paper => self.upload.as_ref().map(|upload| upload.sha256),
        }
    }

    /// The digest of the document as first given, before anything was added.
    #[must_use]
    pub fn original_digest(&self) -> Option<Digest> {
        self.revisions.first().map(|revision| revision.sha256)
    }

    /// The digest of the sealed document, once completed.
    #[must_use]
    pub fn sealed_digest(&self) -> Option<Digest> {
        self.completed_at
            .and_then(|_| self.before_vault().last().map(|revision| revision.sha256))
    }

    /// Whether this digest was shown to signers: any revision since it was prepared.
    #[must_use]
    pub fn was_shown(&self, digest: &Digest) -> bool {
        let shown = |kind| matches!(kind, RevisionKind::Prepared | RevisionKind::Signature);
        self.revisions
            .iter()
            .any(|revision| shown(revision.kind) && revision.sha256 == *digest)
    }

    /// Whether its time has run out, told by the clock and not by the timer that will say so.
    #[must_use]
    pub fn is_past_expiry(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| now >= at)
    }

    fn before_vault(&self) -> impl DoubleEndedIterator<Item = &Revision> {
        self.revisions
            .iter()
            .filter(|revision| revision.kind != RevisionKind::VaultSeal)
    }
}
