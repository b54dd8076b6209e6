//! What the app observed of the outside for an evaluation: stored objects, seals, registers, log. Everything is
//! looked at now; nothing is read from a flag.

use crate::asset::state::Assignee;
use crate::digest::Digest;
use crate::evidence::chain::{Chain, ChainFault};
use crate::evidence::control::{ControlEntry, ControlFault, ControlHead};

/// Whose PDF signature it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealOwner {
    /// A signer of this envelope.
    Signer,
    /// The instance's seal after the last signature.
    Instance,
    /// The vault seal.
    Vault,
    /// A document timestamp (ISO 32000-2 §12.8.5).
    Timestamp,
    /// Somebody who signed the file before it was uploaded.
    Uploaded,
}

/// A PDF signature found in the authoritative bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfSeal {
    /// Whose it is.
    pub owner: SealOwner,
    /// Digest of the revision that it closes.
    pub sha256: Digest,
    /// Whether the bytes it covers are as they were signed.
    pub valid: bool,
    /// Whether it carries a verified RFC 3161 time.
    pub timestamped: bool,
}

/// A registered copy, looked at now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyFact {
    /// Where it is stored.
    pub path: String,
    /// The registered digest.
    pub registered: Digest,
    /// The digest found; none when the object is missing.
    pub found: Option<Digest>,
    /// Whether every page carries the mark.
    pub marked_on_every_page: bool,
    /// Whether the metadata carry it.
    pub marked_in_metadata: bool,
}

/// Where a leaf stands in the evidence log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogFact {
    /// Written with this transaction or since the last checkpoint: the next checkpoint covers it.
    Pending,
    /// Its inclusion and the checkpoint verify.
    Included {
        /// Root hash of the checkpoint.
        root: Digest,
    },
    /// Inclusion or checkpoint do not verify, or the leaf is missing.
    Failed {
        /// What is wrong.
        detail: String,
    },
}

/// The newest certificate, looked at now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateFact {
    /// There is none.
    Missing,
    /// It is being issued from this very report.
    BeingIssued,
    /// It is stored.
    Stored {
        /// Its digest as found.
        sha256: Digest,
        /// Whether its signature verifies.
        signed: bool,
        /// Where it stands in the log.
        log: LogFact,
    },
}

/// All observations of one evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// This vault's id.
    pub vault_id: String,
    /// How many live authoritative objects the register has for this record.
    pub live_copies: u32,
    /// How many other live records on this server come from the same source bytes.
    pub live_elsewhere: u32,
    /// Digest of the stored authoritative bytes, hashed now; none when the object is missing.
    pub object: Option<Digest>,
    /// The PDF signatures found in it.
    pub seals: Vec<PdfSeal>,
    /// Digests of the revisions found in it (every prefix that ends in an end-of-file mark), in order.
    pub revisions: Vec<Digest>,
    /// Revisions that are flagged as unauthorized.
    pub flagged: Vec<Digest>,
    /// The registered copies.
    pub copies: Vec<CopyFact>,
    /// The control record as stored.
    pub control: Vec<ControlEntry>,
    /// What its replay with verified signatures says.
    pub replay: Result<ControlHead, ControlFault>,
    /// What verification of the whole trail says.
    pub trail: Result<Chain, ChainFault>,
    /// The newest certificate.
    pub certificate: CertificateFact,
    /// Where the record's newest leaf stands in the log.
    pub log: LogFact,
}

impl Facts {
    /// What is known of a record that was never vaulted: its trail and nothing else.
    #[must_use]
    pub fn unvaulted(vault_id: impl Into<String>, trail: Result<Chain, ChainFault>) -> Self {
        Self {
            vault_id: vault_id.into(),
            live_copies: 0,
            live_elsewhere: 0,
            object: None,
            seals: Vec::new(),
            revisions: Vec::new(),
            flagged: Vec::new(),
            copies: Vec::new(),
            control: Vec::new(),
            replay: Err(ControlFault::Empty),
            trail,
            certificate: CertificateFact::Missing,
            log: LogFact::Pending,
        }
    }

    /// The assignee that the newest control entry names, and whether that entry is what its hash says.
    pub(super) fn control_head(&self) -> Option<(&Assignee, &ControlEntry)> {
        let newest = self.control.last()?;
        let sound = newest.hash == Digest::of(&newest.draft.signing_bytes());
        sound.then_some((&newest.draft.assignee, newest))
    }
}
