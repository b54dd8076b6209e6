//! The chain of cross-reference sections, read with bounds before a parser is let loose on the file.

use crate::{
    syntax::{dictionary, expect, indirect, integer, integers, skip_blank},
    tail::{XrefKind, at, last_startxref},
};

/// Sections (revisions) of one file that are followed.
const MAX_SECTIONS: usize = 2048;
/// Cross-reference entries of all sections together. ISO 32000-1 Annex C names 8,388,607 objects as
/// an architectural limit; a tenth of it is already far beyond real files of the size served here.
const MAX_ENTRIES: u64 = 1_000_000;

/// One cross-reference section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section {
    pub offset: u64,
    pub kind: XrefKind,
    /// It names a second section for old readers (`/XRefStm`).
    pub hybrid: bool,
    /// Just after its dictionary; `startxref` comes soon after.
    pub after: usize,
}

/// Why the chain could not be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    NoStartXref,
    /// An offset does not lead to a section, or a section is not well-formed.
    Damaged,
    TooMuch,
}

/// The sections, newest first.
pub(crate) fn sections(pdf: &[u8]) -> Result<Vec<Section>, Broken> {
    let mut next = Some(last_startxref(pdf).ok_or(Broken::NoStartXref)?);
    let mut sections: Vec<Section> = Vec::new();
    let mut entries = 0_u64;
    while let Some(offset) = next {
        if sections.iter().any(|section| section.offset == offset) {
            return Err(Broken::Damaged);
        }
        let read = section(pdf, offset).ok_or(Broken::Damaged)?;
        entries = entries.saturating_add(read.entries);
        if entries > MAX_ENTRIES || sections.len() == MAX_SECTIONS {
            return Err(Broken::TooMuch);
        }
        sections.push(read.section);
        if let Some(hidden) = read.hidden {
            let hidden = stream_section(pdf, at(hidden)).ok_or(Broken::Damaged)?;
            entries = entries.saturating_add(hidden.entries);
        }
        next = read.previous;
    }
    if entries > MAX_ENTRIES {
        Err(Broken::TooMuch)
    } else {
        Ok(sections)
    }
}

struct Read {
    section: Section,
    entries: u64,
    previous: Option<u64>,
    hidden: Option<u64>,
}

fn section(pdf: &[u8], offset: u64) -> Option<Read> {
    let start = at(offset);
    match expect(pdf, start, b"xref") {
        Some(after) => table_section(pdf, offset, after),
        None => stream_section(pdf, start),
    }
}

fn table_section(pdf: &[u8], offset: u64, after: usize) -> Option<Read> {
    let mut position = skip_blank(pdf, after);
    let mut entries = 0_u64;
    let trailer = loop {
        if let Some(trailer) = expect(pdf, position, b"trailer") {
            break dictionary(pdf, trailer)?;
        }
        let (_, next) = integer(pdf, position)?;
        let (count, next) = integer(pdf, skip_blank(pdf, next))?;
        entries = entries.saturating_add(count);
        let body = skip_blank(pdf, next);
        // An entry has twenty bytes; some writers leave one out at the end of the line.
        let length = usize::try_from(count).ok()?.checked_mul(20)?;
        position = after_entries(pdf, body, length, count)?;
    };
    let number = |key| {
        trailer
            .only(key)
            .and_then(|value| integer(pdf, value.start))
            .map(|n| n.0)
    };
    Some(Read {
        section: Section {
            offset,
            kind: XrefKind::Table,
            hybrid: trailer.has(b"XRefStm"),
            after: trailer.end,
        },
        entries,
        previous: number(b"Prev"),
        hidden: number(b"XRefStm"),
    })
}

fn after_entries(pdf: &[u8], body: usize, length: usize, count: u64) -> Option<usize> {
    let wide = skip_blank(pdf, body.checked_add(length)?);
    if starts_section_or_trailer(pdf, wide) {
        return Some(wide);
    }
    let narrow = skip_blank(
        pdf,
        body.checked_add(length - usize::try_from(count).ok()?)?,
    );
    starts_section_or_trailer(pdf, narrow).then_some(narrow)
}

fn starts_section_or_trailer(pdf: &[u8], position: usize) -> bool {
    expect(pdf, position, b"trailer").is_some() || integer(pdf, position).is_some()
}

fn stream_section(pdf: &[u8], start: usize) -> Option<Read> {
    let (_, _, body) = indirect(pdf, start)?;
    let stream = dictionary(pdf, body)?;
    let number = |key| {
        stream
            .only(key)
            .and_then(|value| integer(pdf, value.start))
            .map(|n| n.0)
    };
    let entries = match stream.only(b"Index") {
        Some(index) => integers(pdf, index)
            .chunks(2)
            .filter_map(|pair| pair.get(1))
            .sum(),
        None => number(b"Size")?,
    };
    let section = Section {
        offset: start as u64,
        kind: XrefKind::Stream,
        hybrid: false,
        after: stream.end,
    };
    Some(Read {
        section,
        entries,
        previous: number(b"Prev"),
        hidden: None,
    })
}
