//! What happened between one signature and the next.

use std::collections::BTreeMap;

use lopdf::Document;

use super::{
    Change, Problem,
    changes::{self, Rules, State},
    check::Checked,
    material,
    revisions::End,
};
use crate::tail::{at, load};

/// Bytes parsed for all revisions together.
const MAX_PARSED: usize = 1024 * 1024 * 1024;

/// The document as it was at the end of each signed revision.
pub(crate) struct History<'a> {
    pdf: &'a [u8],
    states: BTreeMap<usize, Document>,
}

impl<'a> History<'a> {
    /// Parses every signed revision, oldest first. `checked` is in the order of what it covers.
    pub fn read(
        pdf: &'a [u8],
        current: Document,
        ends: &[End],
        checked: &mut [Checked],
    ) -> Result<Self, Problem> {
        let mut states = BTreeMap::new();
        let mut parsed = 0_usize;
        for one in checked.iter_mut().filter(|one| one.report.byte_range_sane) {
            let end = at(one.report.covered_until);
            if end == pdf.len() {
                continue;
            }
            parsed += end;
            if parsed > MAX_PARSED {
                return Err(Problem::TooMuch("signed revisions".to_owned()));
            }
            match revision(pdf, end, ends) {
                Ok(document) => drop(states.insert(end, document)),
                Err(problem) => one.refuse_range(problem),
            }
        }
        if !ends.iter().any(|found| found.line == pdf.len()) {
            let whole = |one: &&mut Checked| at(one.report.covered_until) == pdf.len();
            for one in checked.iter_mut().filter(whole) {
                one.refuse_range("it ends in the middle of a revision".to_owned());
            }
        }
        states.insert(pdf.len(), current);
        Ok(Self { pdf, states })
    }

    /// Attaches to each signature what changed until the next one, or until the end.
    pub fn attach_changes(&self, checked: &mut [Checked]) -> Result<(), Problem> {
        let mut rules = Rules::default();
        for index in 0..checked.len() {
            let report = &checked[index].report;
            rules.permission = rules
                .permission
                .into_iter()
                .chain(report.certification)
                .min();
            rules.locks.extend(report.lock.clone());
            let from = at(report.covered_until);
            let to = checked
                .get(index + 1)
                .map_or(self.pdf.len(), |next| at(next.report.covered_until));
            checked[index].report.changes = self.between(from, to, &rules)?;
        }
        Ok(())
    }

    fn between(&self, from: usize, to: usize, rules: &Rules) -> Result<Vec<Change>, Problem> {
        if from == to {
            return Ok(Vec::new());
        }
        match (self.state(from), self.state(to)) {
            (Some(old), Some(new)) => changes::between(old, new, rules),
            // The byte range was refused; there is no telling what came after.
            _ => Ok(vec![Change::NotPermitted {
                reason: "what a signature covers is not a document of its own".to_owned(),
            }]),
        }
    }

    fn state(&self, end: usize) -> Option<State<'_>> {
        let doc = self.states.get(&end)?;
        Some(State {
            doc,
            pdf: &self.pdf[..end],
        })
    }

    /// Whether the revision that ends here has validation material.
    pub fn has_material(&self, end: u64) -> bool {
        self.states.get(&at(end)).is_some_and(material::present)
    }
}

fn revision(pdf: &[u8], end: usize, ends: &[End]) -> Result<Document, String> {
    if !ends
        .iter()
        .any(|found| found.marker == end || found.line == end)
    {
        return Err("it ends in the middle of a revision".to_owned());
    }
    let document = load(&pdf[..end])?;
    if document.xref_recovery.is_some() {
        return Err("what it covers is damaged".to_owned());
    }
    Ok(document)
}

impl Checked {
    fn refuse_range(&mut self, reason: String) {
        self.report.byte_range_sane = false;
        self.report.problems.push(Problem::ByteRange(reason));
    }
}
