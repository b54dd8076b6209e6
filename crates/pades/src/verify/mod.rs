//! Verification of files from strangers.

mod report;
pub(crate) mod token;

pub use report::{
    Chain, Change, Level, Problem, Report, Revision, Revocation, SignatureReport, Subject,
    TimestampReport, Trust, Verdict,
};

/// Verifies every signature of a file.
#[must_use]
pub fn verify(_pdf: &[u8], _trust: &Trust) -> Report {
    todo!()
}
