//! What happened between one signature and the next.

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
/// Objects parsed for all revisions together.
const MAX_OBJECTS: usize = 5_000_000;

/// Goes through the signed revisions, oldest first, and attaches to each signature what changed
/// until the next one, or until the end. `checked` is in the order of what it covers; only two
/// revisions are in memory beside the current one. Answers the ends of the revisions that have
/// validation material.
pub(crate) fn walk(
    pdf: &[u8],
    current: &Document,
    ends: &[End],
    checked: &mut [Checked],
) -> Result<Vec<u64>, Problem> {
    let mut walk = Walk {
        pdf,
        current,
        ends,
        bytes: 0,
        objects: 0,
    };
    let mut rules = Rules::default();
    let mut with_material = Vec::new();
    let mut before: Option<(usize, Revision)> = None;
    for index in 0..checked.len() {
        let end = at(checked[index].report.covered_until);
        let now = (end, walk.revision(&mut checked[index])?);
        if let Some(before) = before {
            checked[index - 1].report.changes = walk.between(&before, &now, &rules)?;
        }
        let report = &checked[index].report;
        rules.permission = rules
            .permission
            .into_iter()
            .chain(report.certification)
            .min();
        rules.locks.extend(report.lock.clone());
        if walk.document(&now.1).is_some_and(material::present) {
            with_material.push(report.covered_until);
        }
        before = Some(now);
    }
    if let (Some(before), Some(last)) = (before, checked.last_mut()) {
        let end = (pdf.len(), Revision::Current);
        last.report.changes = walk.between(&before, &end, &rules)?;
    }
    Ok(with_material)
}

/// The document as it was at the end of a signed revision.
enum Revision {
    Current,
    Earlier(Box<Document>),
    /// The byte range was refused; there is no telling what came after.
    Unknown,
}

struct Walk<'a> {
    pdf: &'a [u8],
    current: &'a Document,
    ends: &'a [End],
    bytes: usize,
    objects: usize,
}

impl Walk<'_> {
    fn revision(&mut self, one: &mut Checked) -> Result<Revision, Problem> {
        if !one.report.byte_range_sane {
            return Ok(Revision::Unknown);
        }
        let end = at(one.report.covered_until);
        if !self
            .ends
            .iter()
            .any(|found| found.marker == end || found.line == end)
        {
            one.refuse_range("it ends in the middle of a revision".to_owned());
            return Ok(Revision::Unknown);
        }
        if end == self.pdf.len() {
            return Ok(Revision::Current);
        }
        self.bytes += end;
        if self.bytes > MAX_PARSED || self.objects > MAX_OBJECTS {
            return Err(Problem::TooMuch("signed revisions".to_owned()));
        }
        match load(&self.pdf[..end]) {
            Ok(document) if document.xref_recovery.is_none() => {
                self.objects += document.objects.len();
                Ok(Revision::Earlier(Box::new(document)))
            }
            _ => {
                one.refuse_range("what it covers is no document of its own".to_owned());
                Ok(Revision::Unknown)
            }
        }
    }

    fn document<'r>(&'r self, revision: &'r Revision) -> Option<&'r Document> {
        match revision {
            Revision::Current => Some(self.current),
            Revision::Earlier(document) => Some(document),
            Revision::Unknown => None,
        }
    }

    fn between(
        &self,
        (from, old): &(usize, Revision),
        (to, new): &(usize, Revision),
        rules: &Rules,
    ) -> Result<Vec<Change>, Problem> {
        if from == to {
            return Ok(Vec::new());
        }
        match (self.document(old), self.document(new)) {
            (Some(old), Some(new)) => changes::between(
                State {
                    doc: old,
                    pdf: &self.pdf[..*from],
                },
                State {
                    doc: new,
                    pdf: &self.pdf[..*to],
                },
                rules,
            ),
            _ => Ok(vec![Change::NotPermitted {
                reason: "what a signature covers is no document of its own".to_owned(),
            }]),
        }
    }
}

impl Checked {
    fn refuse_range(&mut self, reason: String) {
        self.report.byte_range_sane = false;
        self.report.problems.push(Problem::ByteRange(reason));
    }
}
