//! May it be done? The cells of table 4.1 that the app asks for before it makes bytes, and `decide` asks for again.

use crate::digest::Digest;
use crate::envelope::refusal::Refusal;
use crate::envelope::signer::{Signer, SignerStatus, StepKind};
use crate::envelope::state::{Envelope, Kind, Status};
use crate::ids::SignerId;
use crate::time::Timestamp;

/// The answer to a question of admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Go on.
    Proceed,
    /// It was done before: the same answer again, and nothing changes.
    Already,
}

/// Where the bytes to vault come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultSource {
    /// The sealed document of an e-sign envelope (P12).
    Signed,
    /// The uploaded file of a paper envelope, or the file given in the same call (P13).
    Upload {
        /// Digest of the file given in the call.
        file: Option<Digest>,
    },
}

impl Envelope {
    /// Whether this source fits the kind of envelope.
    #[must_use]
    pub const fn fits(&self, source: VaultSource) -> bool {
        matches!(
            (self.kind, source),
            (Kind::Esign, VaultSource::Signed) | (Kind::Paper, VaultSource::Upload { .. })
        )
    }

    /// Refuses an operation of the other kind.
    pub(crate) fn require_kind(&self, kind: Kind) -> Result<(), Refusal> {
        if self.kind == kind {
            Ok(())
        } else {
            Err(Refusal::KindMismatch { kind: self.kind })
        }
    }

    /// The refusal `S`.
    pub(crate) const fn wrong_status(&self) -> Refusal {
        Refusal::StatusDoesNotAllow {
            current: self.status,
        }
    }

    /// Whether a file may be uploaded (P5).
    ///
    /// # Errors
    /// The cell of table 4.1.
    pub fn admit_upload(&self) -> Result<(), Refusal> {
        self.require_kind(Kind::Paper)?;
        if self.status == Status::Pending {
            Ok(())
        } else {
            Err(self.wrong_status())
        }
    }

    /// Whether it may be vaulted, as far as the envelope knows; see [`Record::admit_vault_in`](crate::record::Record::admit_vault_in).
    ///
    /// # Errors
    /// The cell of table 4.1.
    pub fn admit_vault_in(&self, source: VaultSource) -> Result<Admission, Refusal> {
        if !self.fits(source) {
            return Err(Refusal::KindMismatch { kind: self.kind });
        }
        let file = match source {
            VaultSource::Upload { file } => file,
            VaultSource::Signed => None,
        };
        let another = file.is_some() && file != self.upload.as_ref().map(|upload| upload.sha256);
        match self.status {
            Status::Uploaded | Status::Vaulted if another => Err(Refusal::FileAlreadyUploaded),
            Status::Vaulted => Ok(Admission::Already),
            Status::Completed | Status::Uploaded => Ok(Admission::Proceed),
            Status::Pending if self.kind == Kind::Paper && file.is_some() => Ok(Admission::Proceed),
            Status::Pending if self.kind == Kind::Paper => Err(Refusal::NothingUploaded),
            _ => Err(self.wrong_status()),
        }
    }

    /// The signer, if it may open the document now.
    ///
    /// # Errors
    /// [`Refusal::UnknownSigner`], [`Refusal::EnvelopeClosed`], [`Refusal::NotYourTurn`].
    pub fn admit_open(&self, signer_id: &SignerId, now: Timestamp) -> Result<&Signer, Refusal> {
        let signer = self.signer(signer_id).ok_or(Refusal::UnknownSigner)?;
        let closed = Err(Refusal::EnvelopeClosed {
            status: self.status,
        });
        match self.status {
            Status::Pending | Status::Preparing | Status::Uploaded => Err(self.wrong_status()),
            Status::Sent | Status::Viewed if self.is_past_expiry(now) => closed,
            Status::Sent | Status::Viewed => match signer.status {
                SignerStatus::Waiting => Err(Refusal::NotYourTurn),
                SignerStatus::Sent | SignerStatus::Viewed => Ok(signer),
                SignerStatus::Signed | SignerStatus::Declined => closed,
            },
            _ => closed,
        }
    }

    /// The signer, if it may act on the signing page now: invited, opened, not done.
    ///
    /// # Errors
    /// As [`Envelope::admit_open`], and [`Refusal::NotOpened`].
    pub fn admit_act(&self, signer_id: &SignerId, now: Timestamp) -> Result<&Signer, Refusal> {
        let signer = self.admit_open(signer_id, now)?;
        if signer.status == SignerStatus::Viewed {
            Ok(signer)
        } else {
            Err(Refusal::NotOpened)
        }
    }

    /// The signer, if this step is the one that comes next.
    ///
    /// # Errors
    /// As [`Envelope::admit_act`], and [`Refusal::WrongStep`].
    pub fn admit_step(
        &self,
        signer_id: &SignerId,
        step: StepKind,
        now: Timestamp,
    ) -> Result<&Signer, Refusal> {
        let signer = self.admit_act(signer_id, now)?;
        let current = signer.current_step();
        if current == step {
            Ok(signer)
        } else {
            Err(Refusal::WrongStep { current })
        }
    }

    /// Whether a signer who confirms this digest may sign now: asked before the revision is built.
    /// [`Admission::Already`] when exactly this was signed before.
    ///
    /// # Errors
    /// As [`Envelope::admit_step`], and [`Refusal::DocumentChanged`] for a digest that was never shown.
    pub fn admit_sign(
        &self,
        signer_id: &SignerId,
        shown: &Digest,
        now: Timestamp,
    ) -> Result<Admission, Refusal> {
        let signature = self
            .signer(signer_id)
            .and_then(|signer| signer.signature.as_ref());
        if signature.is_some_and(|done| done.shown_sha256 == *shown) {
            return Ok(Admission::Already);
        }
        self.admit_step(signer_id, StepKind::Sign, now)?;
        if self.was_shown(shown) {
            Ok(Admission::Proceed)
        } else {
            Err(Refusal::DocumentChanged)
        }
    }

    /// Whether this signer's signature completes the envelope, so that the seal must come with it.
    #[must_use]
    pub fn is_last(&self, signer_id: &SignerId) -> bool {
        let others = self
            .signers
            .iter()
            .filter(|other| other.signer_id != *signer_id);
        others
            .into_iter()
            .all(|other| other.status == SignerStatus::Signed)
    }

    /// Whether the envelope can still come to a good end without this signer.
    pub(crate) fn others_can_act(&self, signer_id: &SignerId) -> bool {
        let mut others = self
            .signers
            .iter()
            .filter(|other| other.signer_id != *signer_id);
        others.any(|other| {
            other.is_pending() || other.status == SignerStatus::Waiting || other.is_reopenable()
        })
    }

    /// Who is invited next when this signer's part ends. Parallel: everybody already was.
    pub(crate) fn next_invited(&self, done: Option<&SignerId>) -> Vec<SignerId> {
        let pending = self
            .signers
            .iter()
            .any(|s| s.is_pending() && Some(&s.signer_id) != done);
        let waiting = || {
            self.signers
                .iter()
                .filter(|s| s.status == SignerStatus::Waiting)
        };
        let first = match self.signing_order {
            crate::envelope::SigningOrder::Parallel => u32::MAX,
            crate::envelope::SigningOrder::Sequential if pending => return Vec::new(),
            crate::envelope::SigningOrder::Sequential => {
                waiting().map(|s| s.order).min().unwrap_or(0)
            }
        };
        waiting()
            .filter(|s| s.order <= first)
            .map(|s| s.signer_id.clone())
            .collect()
    }
}
