//! What verification found.

use serde::Serialize;
use time::OffsetDateTime;

use super::{Change, Problem};
use crate::dictionary::{Kind, Lock, Permission};

/// The certificates that are trusted, and the time to judge at.
#[derive(Clone, Debug)]
pub struct Trust {
    /// Trust anchors, DER.
    pub roots: Vec<Vec<u8>>,
    /// The time to judge at when a signature proves none.
    pub now: OffsetDateTime,
}

/// The outcome of [`crate::verify`], for machines and people.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Length of the file.
    pub length: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// The revisions of the file, oldest first.
    pub revisions: Vec<Revision>,
    /// The signatures and document timestamps, in the order of what they cover.
    pub signatures: Vec<SignatureReport>,
    /// Fields that are made for a signature and hold none.
    pub unsigned_fields: Vec<String>,
    /// What is wrong with the file as a whole. Empty when it could be read to the end.
    pub problems: Vec<Problem>,
    /// Bytes after the last signed revision that are anything else than validation material. Filling
    /// a field there is permitted, but no signature covers it.
    pub trailing_bytes_unaccounted: u64,
}

/// One revision: the file up to an end-of-file marker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// 1 for the original.
    pub number: usize,
    /// Where its own bytes start.
    pub start: u64,
    /// Where they end.
    pub end: u64,
    /// SHA-256 of the file up to `end`, in hexadecimal.
    pub sha256: String,
}

/// PAdES baseline levels (EN 319 142-1 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Level {
    /// Signature with its certificate.
    #[serde(rename = "B-B")]
    Basic,
    /// And trusted time.
    #[serde(rename = "B-T")]
    Timestamped,
    /// And validation material in the file.
    #[serde(rename = "B-LT")]
    LongTerm,
    /// And a document timestamp over it.
    #[serde(rename = "B-LTA")]
    Archival,
}

/// One signature or document timestamp.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a finding of its own"
)]
#[derive(Clone, Debug, Serialize)]
pub struct SignatureReport {
    /// Fully qualified name of the field.
    pub field: String,
    /// Object number of the signature dictionary.
    pub object: u32,
    /// Signature or document timestamp.
    pub kind: Kind,
    /// `/SubFilter`.
    pub sub_filter: String,
    /// `/Name` as claimed.
    pub name: Option<String>,
    /// `/Reason` as claimed.
    pub reason: Option<String>,
    /// `/Location` as claimed.
    pub location: Option<String>,
    /// `/M` as claimed (RFC 3339 in JSON).
    #[serde(with = "time::serde::rfc3339::option")]
    pub claimed_time: Option<OffsetDateTime>,
    /// `/ByteRange`.
    pub byte_range: [u64; 4],
    /// The byte range starts at 0 and leaves out exactly the `/Contents` of this dictionary.
    pub byte_range_sane: bool,
    /// The digest of the byte range is the signed one.
    pub digest_ok: bool,
    /// The signature over the signed attributes holds, and they name the signer's certificate.
    pub signature_ok: bool,
    /// End of the revision it covers.
    pub covered_until: u64,
    /// Nothing follows the covered revision.
    pub covers_whole_file: bool,
    /// The signer's certificate (the authority's for a document timestamp).
    pub signer: Option<Subject>,
    /// Whether a trusted root was reached.
    pub chain: Chain,
    /// The signature timestamp, or the document timestamp itself.
    pub timestamp: Option<TimestampReport>,
    /// The earliest time at which this signature is proven to have existed.
    #[serde(with = "time::serde::rfc3339::option")]
    pub proven_time: Option<OffsetDateTime>,
    /// Level achieved; `None` for document timestamps and for signatures that do not hold.
    pub level: Option<Level>,
    /// What the signature permits later, when it certifies.
    pub certification: Option<Permission>,
    /// The fields it locks.
    pub lock: Option<Lock>,
    /// What changed between this signature's revision and the next signed one (or the end).
    pub changes: Vec<Change>,
    /// Everything wrong with this signature, in words.
    pub problems: Vec<Problem>,
}

impl SignatureReport {
    /// The bytes it covers are what was signed. Says nothing about who signed.
    #[must_use]
    pub fn intact(&self) -> bool {
        self.byte_range_sane && self.digest_ok && self.signature_ok
    }

    /// The signer, and the timestamp if there is one, lead to a trusted root.
    #[must_use]
    pub fn trusted(&self) -> bool {
        self.chain.trusted && self.timestamp.as_ref().is_none_or(|timestamp| timestamp.ok)
    }

    /// Every later change is one that a signed document allows.
    #[must_use]
    pub fn changes_permitted(&self) -> bool {
        self.changes.iter().all(Change::permitted)
    }
}

/// A certificate holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// Common name.
    pub common_name: Option<String>,
    /// Organization.
    pub organization: Option<String>,
    /// Subject serialNumber.
    pub serial_number: Option<String>,
    /// Subject alternative name of the e-mail kind.
    pub email: Option<String>,
    /// Common name of the issuer.
    pub issuer: Option<String>,
    /// Serial number of the certificate, in hexadecimal.
    pub certificate_serial: String,
    /// SHA-256 of the certificate, in hexadecimal.
    pub certificate_sha256: String,
    /// Start of validity.
    #[serde(with = "time::serde::rfc3339")]
    pub valid_from: OffsetDateTime,
    /// End of validity.
    #[serde(with = "time::serde::rfc3339")]
    pub valid_until: OffsetDateTime,
}

/// What is known about revocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// No list in the file says anything about the certificates.
    #[default]
    Unknown,
    /// Lists in the file cover the chain and name none of it.
    Good,
    /// A list names a certificate of the chain, before the time that counts.
    Revoked,
}

/// The way from a certificate to a root.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Chain {
    /// A trusted root was reached, and every certificate held at `at`.
    pub trusted: bool,
    /// The time it was judged at.
    #[serde(with = "time::serde::rfc3339::option")]
    pub at: Option<OffsetDateTime>,
    /// Common names from the signer up.
    pub path: Vec<String>,
    /// Revocation, from lists inside the file.
    pub revocation: Revocation,
    /// Why it is not trusted.
    pub problem: Option<String>,
}

/// A timestamp token.
#[derive(Clone, Debug, Serialize)]
pub struct TimestampReport {
    /// The time it proves.
    #[serde(with = "time::serde::rfc3339")]
    pub time: OffsetDateTime,
    /// The authority.
    pub authority: Option<Subject>,
    /// The token is sound, covers what it should, and its authority is trusted.
    pub ok: bool,
    /// The way to a root.
    pub chain: Chain,
    /// What is wrong with it.
    pub problem: Option<Problem>,
}

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every signature holds, each signer is trusted, every byte is accounted for.
    Genuine,
    /// Every signature holds, but content was added or changed after one of them.
    ContentAdded,
    /// Every signature holds, but a signer is not trusted here.
    UnknownSigner,
    /// A signature does not hold: the bytes are not what was signed.
    Altered,
    /// There is no signature.
    NoSignature,
    /// The file could not be checked to the end.
    CouldNotCheck,
}

impl Report {
    /// The answer in one word, worst finding first.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let each = |test: fn(&SignatureReport) -> bool| self.signatures.iter().all(test);
        if !each(SignatureReport::intact) {
            Verdict::Altered
        } else if !each(SignatureReport::changes_permitted) {
            Verdict::ContentAdded
        } else if !self.problems.is_empty() || !each(|signature| signature.problems.is_empty()) {
            Verdict::CouldNotCheck
        } else if self.signatures.is_empty() {
            Verdict::NoSignature
        } else if !self.every_byte_accounted() {
            Verdict::ContentAdded
        } else if !each(SignatureReport::trusted) {
            Verdict::UnknownSigner
        } else {
            Verdict::Genuine
        }
    }

    /// Every byte is covered by a signature or is validation material added after the last one, and
    /// what was changed between signatures is allowed in a signed document.
    #[must_use]
    pub fn every_byte_accounted(&self) -> bool {
        !self.signatures.is_empty()
            && self.trailing_bytes_unaccounted == 0
            && self
                .signatures
                .iter()
                .all(SignatureReport::changes_permitted)
    }
}
