//! Letters joined to lines, in whatever order and pieces the file draws them.

use std::{collections::HashMap, ops::Range};

use super::glyphs::{Letter, Letters};
use crate::geometry::Fraction;

/// A gap of this many letter sizes is a blank between words.
const BLANK: f64 = 0.18;
/// A gap of this many letter sizes separates runs (columns, cells).
const BREAK: f64 = 1.3;

/// Letters on one baseline, in the order they are read.
pub(super) struct Line {
    letters: Vec<Letter>,
    width: f64,
    height: f64,
}

/// The lines of a page in the order in which the file begins them.
pub(super) fn of(page: Letters) -> Vec<Line> {
    let mut places: HashMap<(i64, i64), usize> = HashMap::new();
    let mut lines: Vec<Vec<Letter>> = Vec::new();
    for letter in page.all {
        let turn = (letter.along.1.atan2(letter.along.0).to_degrees() / 3.0).round();
        let step = (baseline(&letter) / 2.0).round();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "rounded and bounded by the page"
        )]
        let (turn, step) = (turn as i64, step as i64);
        let near = [0, -1, 1].map(|d| (turn, step + d));
        let known = near.iter().find_map(|key| places.get(key).copied());
        let index = known
            .filter(|i| belongs(&lines[*i][0], &letter))
            .unwrap_or_else(|| {
                lines.push(Vec::new());
                lines.len() - 1
            });
        places.insert((turn, step), index);
        lines[index].push(letter);
    }
    let finish = |letters| Line {
        letters: in_order(letters),
        width: page.width,
        height: page.height,
    };
    lines.into_iter().map(finish).collect()
}

/// Distance of the baseline from the origin, across the direction of writing.
fn baseline(letter: &Letter) -> f64 {
    letter.y * letter.along.0 - letter.x * letter.along.1
}

fn along(letter: &Letter) -> f64 {
    letter.x * letter.along.0 + letter.y * letter.along.1
}

fn belongs(line: &Letter, letter: &Letter) -> bool {
    (baseline(line) - baseline(letter)).abs() < 0.35 * line.size.min(letter.size).max(2.0)
}

/// Sorted along the line; a letter drawn twice in one place (false bold) is kept once.
fn in_order(mut letters: Vec<Letter>) -> Vec<Letter> {
    letters.sort_by(|a, b| along(a).total_cmp(&along(b)));
    letters.dedup_by(|later, kept| {
        later.text == kept.text && along(later) - along(kept) < kept.advance.min(kept.size) * 0.25
    });
    for i in 1..letters.len() {
        // Widths of substituted fonts may be too large; the next letter's place is certain.
        let distance = along(&letters[i]) - along(&letters[i - 1]);
        let before = &mut letters[i - 1];
        if distance > before.size * 0.15 {
            before.advance = before.advance.min(distance);
        }
    }
    letters
}

impl Line {
    fn gap_before(&self, at: usize) -> f64 {
        let (before, letter) = (&self.letters[at - 1], &self.letters[at]);
        (along(letter) - along(before) - before.advance) / letter.size.min(before.size).max(1e-6)
    }

    fn is_blank(&self, at: usize) -> bool {
        self.letters[at].text.chars().all(char::is_whitespace)
    }

    /// Whether a blank must be read before this letter.
    fn blank_before(&self, at: usize) -> bool {
        at > 0 && self.gap_before(at) > BLANK && !self.is_blank(at) && !self.is_blank(at - 1)
    }

    /// The letters in runs that belong together.
    pub(super) fn runs(&self) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let mut start = 0;
        for at in 1..self.letters.len() {
            if self.gap_before(at) > BREAK {
                runs.push(start..at);
                start = at;
            }
        }
        runs.push(start..self.letters.len());
        runs
    }

    /// The whole line as text, and for each character of it the letter it belongs to.
    pub(super) fn text(&self) -> (String, Vec<usize>) {
        let mut text = String::new();
        let mut owners = Vec::new();
        for (at, letter) in self.letters.iter().enumerate() {
            let blank = if self.blank_before(at) { " " } else { "" };
            for c in blank.chars().chain(letter.text.chars()) {
                text.push(c);
                owners.push(at);
            }
        }
        (text, owners)
    }

    /// The words of some of the letters.
    pub(super) fn text_of(&self, letters: &[usize]) -> String {
        let mut text = String::new();
        for at in letters {
            if self.blank_before(*at) && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&self.letters[*at].text);
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The box around some of the letters, blanks at its ends left out.
    pub(super) fn area_of(&self, letters: &[usize]) -> Option<Fraction> {
        let solid: Vec<usize> = letters
            .iter()
            .copied()
            .filter(|at| !self.is_blank(*at))
            .collect();
        let corners = || solid.iter().flat_map(|at| self.corners(*at));
        let low =
            |f: fn(&(f64, f64)) -> f64| corners().map(|c| f(&c)).fold(f64::INFINITY, f64::min);
        let high =
            |f: fn(&(f64, f64)) -> f64| corners().map(|c| f(&c)).fold(f64::NEG_INFINITY, f64::max);
        solid.first()?;
        let (x, y) = (low(|c| c.0) / self.width, low(|c| c.1) / self.height);
        let (right, bottom) = (high(|c| c.0) / self.width, high(|c| c.1) / self.height);
        Some(Fraction::new(x, y, right - x, bottom - y))
    }

    /// Corners of a letter's box: from a little below the baseline to the top of the capitals.
    fn corners(&self, at: usize) -> [(f64, f64); 4] {
        let l = &self.letters[at];
        let point = |s: f64, t: f64| {
            (
                l.x + l.along.0 * s + l.up.0 * t,
                l.y + l.along.1 * s + l.up.1 * t,
            )
        };
        let (low, high) = (-0.22 * l.size, 0.8 * l.size);
        [
            point(0.0, low),
            point(l.advance, low),
            point(0.0, high),
            point(l.advance, high),
        ]
    }

    /// Where a text without blanks stands on this line.
    pub(super) fn find(&self, needle: &str) -> Vec<Fraction> {
        let (text, owners) = self.text();
        let solid: Vec<(char, usize)> = text
            .chars()
            .zip(owners)
            .filter(|(c, _)| !c.is_whitespace())
            .collect();
        let needle: Vec<char> = needle.chars().collect();
        let mut hits = Vec::new();
        let mut at = 0;
        while at + needle.len() <= solid.len() {
            let window = &solid[at..at + needle.len()];
            if window.iter().zip(&needle).all(|((c, _), n)| c == n) {
                let letters: Vec<usize> = (window[0].1..=window[needle.len() - 1].1).collect();
                hits.extend(self.area_of(&letters));
                at += needle.len();
            } else {
                at += 1;
            }
        }
        hits
    }
}
