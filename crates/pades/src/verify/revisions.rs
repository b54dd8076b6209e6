//! Where each revision ends, and the digests up to there.

use std::collections::BTreeMap;

use super::report::Revision;
use crate::{
    midstate::Sha256State,
    structure::Section,
    syntax::{expect, integer, is_blank},
};

/// An end-of-file marker that closes a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct End {
    /// After `%%EOF`.
    pub marker: usize,
    /// After the end-of-line behind it, if there is one.
    pub line: usize,
}

/// The ends of all revisions, in the order of the file.
pub(crate) fn ends(pdf: &[u8], sections: &[Section]) -> Vec<End> {
    let keywords: Vec<usize> = memchr::memmem::find_iter(pdf, b"startxref").collect();
    let mut ends: Vec<End> = sections
        .iter()
        .filter_map(|section| {
            let next = keywords.partition_point(|&keyword| keyword < section.after);
            end_at(pdf, *keywords.get(next)?, sections)
        })
        .collect();
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// The marker of the `startxref` at `keyword`, when that leads to one of the sections. (The first
/// half of a linearized file has a marker that leads nowhere.)
fn end_at(pdf: &[u8], keyword: usize, sections: &[Section]) -> Option<End> {
    let (offset, at) = integer(pdf, blank(pdf, keyword + b"startxref".len()))?;
    if !sections.iter().any(|section| section.offset == offset) {
        return None;
    }
    let marker = expect(pdf, blank(pdf, at), b"%%EOF")?;
    let line = match pdf.get(marker..) {
        Some([b'\r', b'\n', ..]) => marker + 2,
        Some([b'\r' | b'\n', ..]) => marker + 1,
        _ => marker,
    };
    Some(End { marker, line })
}

/// White space only: `%%EOF` is a comment to `skip_blank`.
fn blank(pdf: &[u8], at: usize) -> usize {
    let rest = pdf.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|&&byte| is_blank(byte)).count()
}

/// SHA-256 states of one file at many places, from one pass over it.
pub(crate) struct Digests(BTreeMap<usize, Sha256State>);

impl Digests {
    /// Hashes `pdf` once, keeping the state at each of `places` and at the end.
    pub fn new(pdf: &[u8], places: impl IntoIterator<Item = usize>) -> Self {
        let mut states: BTreeMap<usize, Sha256State> = places
            .into_iter()
            .filter(|&place| place <= pdf.len())
            .chain([pdf.len()])
            .map(|place| (place, Sha256State::new()))
            .collect();
        let mut state = Sha256State::new();
        let mut done = 0;
        for (&place, kept) in &mut states {
            state.update(&pdf[done..place]);
            *kept = state.clone();
            done = place;
        }
        Self(states)
    }

    /// The state at a place that was given to [`Digests::new`].
    pub fn at(&self, place: usize) -> Option<&Sha256State> {
        self.0.get(&place)
    }

    /// The digest up to a place, in hexadecimal.
    pub fn hex(&self, place: usize) -> String {
        self.at(place)
            .map(|state| hex::encode(state.sha256()))
            .unwrap_or_default()
    }
}

/// The revisions for the report.
pub(crate) fn revisions(ends: &[End], digests: &Digests) -> Vec<Revision> {
    let starts = std::iter::once(0).chain(ends.iter().map(|end| end.line));
    ends.iter()
        .zip(starts)
        .enumerate()
        .map(|(index, (end, start))| Revision {
            number: index + 1,
            start: start as u64,
            end: end.line as u64,
            sha256: digests.hex(end.line),
        })
        .collect()
}
