//! Verification of files from strangers.
//!
//! The order matters: bounds first, then structure, then each signature's bytes, then trust, and
//! last what happened between the signatures.

pub(crate) mod algorithm;
mod chain;
mod change;
mod changes;
mod check;
mod embedded;
mod form;
mod history;
mod material;
mod problem;
mod raw;
mod report;
mod revisions;
mod subject;
pub(crate) mod token;
mod trust;
mod usage;

use lopdf::Document;

#[cfg(test)]
pub(crate) use self::subject::subject;
use self::{
    chain::Pool,
    check::{Checked, check},
    embedded::Embedded,
    revisions::{Digests, End},
};
pub use self::{
    change::Change,
    problem::Problem,
    report::{
        Chain, Level, Report, Revision, Revocation, SignatureReport, Subject, TimestampReport,
        Trust, Verdict,
    },
};
use crate::{
    dictionary::Kind,
    structure::{Broken, Section, sections},
    tail::{at, load},
};

/// Bytes hashed beyond the one pass over the file.
const MAX_HASHED: u64 = 512 * 1024 * 1024;

/// Verifies every signature of a file: bytes, signer, time, level, and what was changed after it.
///
/// The input may be hostile: sizes, counts, depth and the work done are bounded, and nothing panics.
/// Memory is a small multiple of the file; a service that takes files from strangers should still
/// run this in a process with limits.
#[must_use]
pub fn verify(pdf: &[u8], trust: &Trust) -> Report {
    let mut report = Report {
        length: pdf.len() as u64,
        sha256: String::new(),
        revisions: Vec::new(),
        signatures: Vec::new(),
        unsigned_fields: Vec::new(),
        problems: Vec::new(),
        trailing_bytes_unaccounted: pdf.len() as u64,
    };
    if let Err(problem) = run(pdf, trust, &mut report) {
        report.problems.push(problem);
    }
    if report.sha256.is_empty() {
        report.sha256 = Digests::new(pdf, []).hex(pdf.len());
    }
    report
}

fn run(pdf: &[u8], trust: &Trust, report: &mut Report) -> Result<(), Problem> {
    let sections = chain_of(pdf)?;
    let doc = open(pdf)?;
    let nodes = form::nodes(&doc)?;
    let found = embedded::signatures(pdf, &doc, &nodes)?;
    bounded(&found)?;
    let ends = revisions::ends(pdf, &sections);
    let places = found.iter().map(|one| at(one.byte_range[1]));
    let digests = Digests::new(pdf, places.chain(ends.iter().map(|end| end.line)));
    report.sha256 = digests.hex(pdf.len());
    report.revisions = revisions::revisions(&ends, &digests);
    report.unsigned_fields = embedded::unsigned(&nodes);
    let orphans = embedded::orphans(&doc, &found);
    report
        .problems
        .extend(orphans.into_iter().map(Problem::OrphanSignature));

    let mut checked: Vec<Checked> = found
        .iter()
        .map(|embedded| check(pdf, &doc, &digests, embedded))
        .collect();
    checked.sort_by_key(|one| one.report.covered_until);
    let pool = pool(&doc, &checked, trust);
    trust::judge(&mut checked, &pool, trust);

    let outcome = past(pdf, &doc, &ends, &mut checked);
    report.trailing_bytes_unaccounted = trailing(pdf, &ends, &checked);
    report.signatures = checked.into_iter().map(|one| one.report).collect();
    outcome
}

fn chain_of(pdf: &[u8]) -> Result<Vec<Section>, Problem> {
    if !pdf.starts_with(b"%PDF-") {
        return Err(Problem::Unreadable(
            "it does not start with %PDF".to_owned(),
        ));
    }
    sections(pdf).map_err(|broken| match broken {
        Broken::NoStartXref | Broken::Damaged => Problem::DamagedXref,
        Broken::TooMuch => Problem::TooMuch("objects".to_owned()),
    })
}

fn open(pdf: &[u8]) -> Result<Document, Problem> {
    let doc = load(pdf).map_err(Problem::Unreadable)?;
    if doc.is_encrypted() || doc.was_encrypted() {
        return Err(Problem::Encrypted);
    }
    if doc.xref_recovery.is_some() {
        return Err(Problem::DamagedXref);
    }
    Ok(doc)
}

/// Each signature hashes what follows its gap; hundreds of large ones would be quadratic.
fn bounded(found: &[Embedded<'_>]) -> Result<(), Problem> {
    let work = found
        .iter()
        .fold(0_u64, |sum, one| sum.saturating_add(one.byte_range[3]));
    if work > MAX_HASHED {
        return Err(Problem::TooMuch("signed bytes".to_owned()));
    }
    Ok(())
}

fn pool(doc: &Document, checked: &[Checked], trust: &Trust) -> Pool {
    let mut pool = Pool::new(&trust.roots);
    for one in checked {
        pool.add(&one.certificates);
        pool.add_lists(one.crls.iter().cloned());
    }
    material::gather(doc, &mut pool);
    pool.settle();
    pool
}

/// Changes between the revisions, and the levels that depend on what later ones brought.
fn past(pdf: &[u8], doc: &Document, ends: &[End], checked: &mut [Checked]) -> Result<(), Problem> {
    let dss = material::present(doc);
    let with_material = history::walk(pdf, doc, ends, checked)?;
    let archives: Vec<u64> = checked
        .iter()
        .map(|one| &one.report)
        .filter(|report| report.kind == Kind::DocTimestamp && report.intact())
        .filter(|report| {
            report
                .timestamp
                .as_ref()
                .is_some_and(|timestamp| timestamp.ok)
        })
        .map(|report| report.covered_until)
        .filter(|until| with_material.contains(until))
        .collect();
    trust::levels(checked, dss, |until| {
        archives.iter().any(|&archive| archive > until)
    });
    Ok(())
}

/// Bytes behind the last signature that are not plain validation material.
fn trailing(pdf: &[u8], ends: &[End], checked: &[Checked]) -> u64 {
    let Some(last) = checked.last().map(|one| &one.report) else {
        return pdf.len() as u64;
    };
    let behind_last_revision = ends.last().is_none_or(|end| end.line != pdf.len());
    // Filling fields is permitted, but nobody signed for what stands there now.
    let only_material = last
        .changes
        .iter()
        .all(|change| matches!(change, Change::ValidationMaterial));
    if last.covers_whole_file || (only_material && !behind_last_revision) {
        0
    } else {
        pdf.len() as u64 - last.covered_until
    }
}
