//! The report of an evaluation: eight checks in fixed order, score and verdict.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::compliance::checks;
use crate::compliance::facts::Facts;
use crate::digest::Digest;
use crate::names::names;
use crate::record::Record;
use crate::time::Timestamp;

names! {
    /// Under which text of the statute the checks are read.
    Profile {
        /// UCC §9-105 as of 2010.
        Ucc2010 = "ucc_2010",
        /// UCC §9-105(b) as amended 2022: the safe harbour.
        Ucc2022B = "ucc_2022_b",
        /// UCC §9-105(c) as amended 2022: the general test.
        Ucc2022C = "ucc_2022_c",
    }
}

names! {
    /// What came of a check.
    CheckResult {
        /// The software proved it now.
        Verified = "verified",
        /// A named person said so.
        Attested = "attested",
        /// It was neither proved nor refuted.
        NotEstablished = "not_established",
        /// It was refuted.
        Failed = "failed",
    }
}

impl CheckResult {
    /// Whether the check is satisfied: proved, or attested.
    #[must_use]
    pub const fn satisfies(self) -> bool {
        matches!(self, Self::Verified | Self::Attested)
    }
}

names! {
    /// What a piece of evidence is.
    EvidenceKind {
        /// A stored object.
        Object = "object",
        /// A PDF signature.
        Seal = "seal",
        /// An RFC 3161 time.
        Timestamp = "timestamp",
        /// A log checkpoint.
        Log = "log",
        /// The head of the control record.
        ControlHead = "control_head",
        /// The head of the trail.
        TrailHead = "trail_head",
        /// A registered copy.
        Copy = "copy",
        /// What a person said.
        Attestation = "attestation",
        /// A certificate.
        Certificate = "certificate",
    }
}

/// A piece of evidence that a check rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceItem {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: EvidenceKind,
    /// Its digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// Where to find it, or who said so.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

names! {
    /// The eight checks, by id, in the order of §8.1.
    Check {
        /// Single authoritative copy.
        Single = "ac.single",
        /// Tamper-evident record.
        Integrity = "ac.integrity",
        /// Controlling party identified.
        Assignee = "assignee.identified",
        /// All required signatures collected.
        Signatures = "signatures.complete",
        /// Copies identifiable as non-authoritative.
        Copies = "copies.marked",
        /// Revisions identifiable as authorized or unauthorized.
        Revisions = "amend.authorized",
        /// Assignee changes require consent.
        Consent = "assignee.consent",
        /// Certificate and intact audit trail.
        Certificate = "certificate.trail",
    }
}

impl Check {
    /// The requirement's printed name.
    #[must_use]
    pub const fn requirement(self) -> &'static str {
        match self {
            Self::Single => "Single authoritative copy",
            Self::Integrity => "Tamper-evident record",
            Self::Assignee => "Controlling party identified",
            Self::Signatures => "All required signatures collected",
            Self::Copies => "Copies identifiable as non-authoritative",
            Self::Revisions => "Revisions identifiable as authorized or unauthorized",
            Self::Consent => "Assignee changes require consent",
            Self::Certificate => "Certificate and intact audit trail",
        }
    }

    /// The statute's own numbering (2010 and 2022 texts).
    #[must_use]
    pub const fn ucc_reference(self) -> &'static str {
        match self {
            Self::Single | Self::Integrity => "UCC §9-105(b)(1)",
            Self::Assignee => "UCC §9-105(b)(2)-(3)",
            Self::Signatures => "UCC §9-102(a)(11)",
            Self::Copies => "UCC §9-105(b)(5)",
            Self::Revisions => "UCC §9-105(b)(6)",
            Self::Consent => "UCC §9-105(b)(4)",
            Self::Certificate => "UCC §9-105(a)",
        }
    }

    /// How it is computed, for the certificate.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self {
            Self::Single => {
                "count live authoritative objects; look for the same source bytes elsewhere; read the disposition of a paper original"
            }
            Self::Integrity => {
                "hash the stored bytes; verify the seals in them and their place in the evidence log"
            }
            Self::Assignee => {
                "compare the named assignee and custodian with the head of the control record; compare the location with this vault"
            }
            Self::Signatures => {
                "bind every signature event to its revision of the sealed document; check that all steps were passed"
            }
            Self::Copies => {
                "hash every registered copy; look for the mark on every page and in the metadata"
            }
            Self::Revisions => "compare every revision found in the bytes with the recorded ones",
            Self::Consent => {
                "replay the control record from its first entry and verify every signature"
            }
            Self::Certificate => {
                "verify the certificate's signature, the trail's hash chain, and the evidence log"
            }
        }
    }
}

/// One check with its outcome, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckOutcome {
    /// The requirement's name.
    pub requirement: String,
    /// Where the statute says so.
    pub ucc_reference: String,
    /// Whether it is satisfied.
    pub satisfied: bool,
    /// What was found, for this record.
    pub detail: String,
    /// The check's id.
    pub id: String,
    /// What came of it.
    pub result: CheckResult,
    /// How it was computed.
    pub method: String,
    /// What it rests on.
    pub evidence: Vec<EvidenceItem>,
    /// When it was evaluated.
    pub evaluated_at: Timestamp,
}

/// The report of an evaluation: the object `compliance` of P17 and of the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whether all eight are satisfied.
    pub compliant: bool,
    /// Share of satisfied checks, rounded: 0 13 25 38 50 63 75 88 100.
    pub score: u32,
    /// When they were evaluated.
    pub evaluated_at: Timestamp,
    /// The unsatisfied requirements, in order.
    pub missing_requirements: Vec<String>,
    /// Under which text.
    pub profile: Profile,
    /// The eight checks.
    pub checks: Vec<CheckOutcome>,
}

impl Report {
    /// The result of each check by id, as kept with a certificate.
    #[must_use]
    pub fn results(&self) -> BTreeMap<String, String> {
        self.checks
            .iter()
            .map(|check| (check.id.clone(), check.result.as_str().to_owned()))
            .collect()
    }

    /// The outcome of one check.
    #[must_use]
    pub fn outcome(&self, check: Check) -> Option<&CheckOutcome> {
        self.checks
            .iter()
            .find(|outcome| outcome.id == check.as_str())
    }
}

/// Evaluates all eight checks on a record with what was observed, whatever its status.
#[must_use]
pub fn evaluate(record: &Record, facts: &Facts, profile: Profile, now: Timestamp) -> Report {
    let now = now.whole_millis();
    let outcome = |check: &Check| {
        let found = checks::find(*check, record, facts);
        CheckOutcome {
            requirement: check.requirement().to_owned(),
            ucc_reference: check.ucc_reference().to_owned(),
            satisfied: found.result.satisfies(),
            detail: found.detail,
            id: check.as_str().to_owned(),
            result: found.result,
            method: check.method().to_owned(),
            evidence: found.evidence,
            evaluated_at: now,
        }
    };
    let checks: Vec<CheckOutcome> = Check::ALL.iter().map(outcome).collect();
    let satisfied = checks.iter().filter(|check| check.satisfied).count();
    let missing = checks.iter().filter(|check| !check.satisfied);
    Report {
        compliant: satisfied == Check::ALL.len(),
        score: score(satisfied),
        evaluated_at: now,
        missing_requirements: missing.map(|check| check.requirement.clone()).collect(),
        profile,
        checks,
    }
}

/// `round(100 × satisfied / 8)`, halves up.
fn score(satisfied: usize) -> u32 {
    let eighths = u32::try_from(satisfied.min(8)).unwrap_or(0);
    (200 * eighths + 8) / 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_is_rounded_half_up() {
        let scores: Vec<u32> = (0..=8).map(score).collect();
        assert_eq!(scores, [0, 13, 25, 38, 50, 63, 75, 88, 100]);
    }
}
