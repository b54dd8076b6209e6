//! Compliance: eight checks on a record, computed when asked (partner API §8). A check says what was proved, what a
//! person attested, and what was not established; it draws no legal conclusion.

pub mod certificate;
mod checks;
pub mod facts;
pub mod receipt;
pub mod report;

pub use certificate::{CertificateTerms, Software, certificate};
pub use facts::{CertificateFact, CopyFact, Facts, LogFact, PdfSeal, SealOwner};
pub use receipt::{ReceiptTerms, release_receipt};
pub use report::{
    Check, CheckOutcome, CheckResult, EvidenceItem, EvidenceKind, Profile, Report, evaluate,
};
