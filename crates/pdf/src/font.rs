//! The fonts this crate draws with, and how text becomes glyphs.

use std::sync::OnceLock;

use rustybuzz::{
    Direction, Face as Shaper, GlyphBuffer, ShapePlan, UnicodeBuffer, script, ttf_parser,
};
use unicode_normalization::UnicodeNormalization;

use crate::look::Script;

/// Number of faces.
const FACES: usize = 6;
/// Scripts whose shaping is worked out once for each face.
const SCRIPTS: [rustybuzz::Script; 4] = [
    script::LATIN,
    script::GREEK,
    script::CYRILLIC,
    script::UNKNOWN,
];

/// A face of this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Regular,
    Strong,
    Script(Script),
}

/// A character that a face has no glyph for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Undrawable(pub(crate) char);

/// A glyph at its place; lengths in em.
#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    pub(crate) id: u16,
    /// The text it stands for; empty for the later glyphs of a cluster.
    pub(crate) text: String,
    pub(crate) advance: f64,
    pub(crate) dx: f64,
    pub(crate) dy: f64,
}

static REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");
static STRONG: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");
static DANCING: &[u8] = include_bytes!("../fonts/DeedboxDancing.ttf");
static SACRAMENTO: &[u8] = include_bytes!("../fonts/DeedboxSacra.ttf");
static GREAT_VIBES: &[u8] = include_bytes!("../fonts/GreatVibes.ttf");
static CAVEAT: &[u8] = include_bytes!("../fonts/Caveat.ttf");

impl Face {
    pub(crate) fn data(self) -> &'static [u8] {
        match self {
            Self::Regular => REGULAR,
            Self::Strong => STRONG,
            Self::Script(Script::DancingScript) => DANCING,
            Self::Script(Script::Sacramento) => SACRAMENTO,
            Self::Script(Script::GreatVibes) => GREAT_VIBES,
            Self::Script(Script::Caveat) => CAVEAT,
        }
    }

    /// The name written into the document's font dictionary.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Regular => "Inter-Regular",
            Self::Strong => "Inter-SemiBold",
            Self::Script(_) => "DeedboxScript",
        }
    }

    pub(crate) fn shaper(self) -> &'static Shaper<'static> {
        static LOADED: [OnceLock<Shaper<'static>>; FACES] = [const { OnceLock::new() }; FACES];
        LOADED[self.slot()].get_or_init(|| {
            Shaper::from_slice(self.data(), 0).expect("the fonts in this crate are well formed")
        })
    }

    /// Number of the face, below [`FACES`].
    pub(crate) fn slot(self) -> usize {
        match self {
            Self::Regular => 0,
            Self::Strong => 1,
            Self::Script(Script::DancingScript) => 2,
            Self::Script(Script::Sacramento) => 3,
            Self::Script(Script::GreatVibes) => 4,
            Self::Script(Script::Caveat) => 5,
        }
    }

    /// Shapes a buffer; what a face needs to know for a script is worked out once.
    fn shape_buffer(self, buffer: UnicodeBuffer) -> GlyphBuffer {
        static PLANS: [[OnceLock<ShapePlan>; SCRIPTS.len()]; FACES] =
            [const { [const { OnceLock::new() }; SCRIPTS.len()] }; FACES];
        let script = buffer.script();
        let known = SCRIPTS.iter().position(|s| *s == script);
        let (Some(index), Direction::LeftToRight) = (known, buffer.direction()) else {
            return rustybuzz::shape(self.shaper(), &[], buffer);
        };
        let plan = PLANS[self.slot()][index].get_or_init(|| {
            ShapePlan::new(
                self.shaper(),
                Direction::LeftToRight,
                Some(script),
                None,
                &[],
            )
        });
        rustybuzz::shape_with_plan(self.shaper(), plan, buffer)
    }

    fn em(self) -> f64 {
        f64::from(self.shaper().units_per_em())
    }

    /// Advance of a glyph as the font file has it, in em.
    pub(crate) fn nominal_advance(self, glyph: u16) -> f64 {
        let advance = self
            .shaper()
            .glyph_hor_advance(ttf_parser::GlyphId(glyph))
            .unwrap_or(0);
        f64::from(advance) / self.em()
    }

    /// The first character that this face cannot draw.
    pub(crate) fn missing(self, text: &str) -> Option<char> {
        let shaper = self.shaper();
        clean(text)
            .chars()
            .find(|c| shaper.glyph_index(*c).is_none())
    }

    /// Glyphs of one line of text.
    pub(crate) fn shape(self, text: &str) -> Result<Vec<Glyph>, Undrawable> {
        let text = clean(text);
        if let Some(c) = text
            .chars()
            .find(|c| self.shaper().glyph_index(*c).is_none())
        {
            return Err(Undrawable(c));
        }
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        let shaped = self.shape_buffer(buffer);
        let em = self.em();
        let infos = shaped.glyph_infos();
        let glyphs = infos.iter().zip(shaped.glyph_positions()).enumerate();
        Ok(glyphs
            .map(|(i, (info, position))| Glyph {
                id: u16::try_from(info.glyph_id).unwrap_or(0),
                text: cluster(&text, infos, i),
                advance: f64::from(position.x_advance) / em,
                dx: f64::from(position.x_offset) / em,
                dy: f64::from(position.y_offset) / em,
            })
            .collect())
    }

    /// Glyphs of one line that fits `width`: smaller by up to `least` of the size, then cut with
    /// an ellipsis; answers the size too.
    pub(crate) fn fit(
        self,
        text: &str,
        size: f64,
        least: f64,
        width: f64,
    ) -> Result<(Vec<Glyph>, f64), Undrawable> {
        let glyphs = self.shape(text)?;
        let natural = advance(&glyphs) * size;
        if natural <= width {
            return Ok((glyphs, size));
        }
        let smaller = size * (width / natural).max(least);
        if natural * smaller / size <= width * 1.000_001 {
            return Ok((glyphs, smaller));
        }
        Ok((self.shape(&self.shorten(text, smaller, width))?, smaller))
    }

    /// Width of one line at a size, in points; characters that cannot be drawn count nothing.
    pub(crate) fn width(self, text: &str, size: f64) -> f64 {
        self.shape(text)
            .map_or(0.0, |g| g.iter().map(|g| g.advance).sum::<f64>() * size)
    }

    /// The largest size up to `size`, not below `least`, at which the line fits `width`.
    pub(crate) fn size_that_fits(self, text: &str, size: f64, least: f64, width: f64) -> f64 {
        let natural = self.width(text, size);
        if natural <= width {
            size
        } else {
            (size * width / natural).max(least)
        }
    }

    /// The line, cut with an ellipsis where it does not fit.
    pub(crate) fn shorten(self, text: &str, size: f64, width: f64) -> String {
        if self.width(text, size) <= width {
            return text.to_owned();
        }
        let mut kept: Vec<char> = text.chars().collect();
        while kept.pop().is_some() {
            let candidate = format!("{}…", kept.iter().collect::<String>().trim_end());
            if self.width(&candidate, size) <= width {
                return candidate;
            }
        }
        String::new()
    }

    /// Breaks text into lines of at most `width`; a word that is too long is broken inside.
    pub(crate) fn wrap(self, text: &str, size: f64, width: f64) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let mut line = String::new();
            for word in paragraph.split_whitespace() {
                let joined = if line.is_empty() {
                    word.to_owned()
                } else {
                    format!("{line} {word}")
                };
                if self.width(&joined, size) <= width {
                    line = joined;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line = self.break_word(word, size, width, &mut lines);
            }
            lines.push(line);
        }
        lines
    }

    fn break_word(self, word: &str, size: f64, width: f64, lines: &mut Vec<String>) -> String {
        let mut piece = String::new();
        for c in word.chars() {
            let mut longer = piece.clone();
            longer.push(c);
            if !piece.is_empty() && self.width(&longer, size) > width {
                lines.push(std::mem::take(&mut piece));
                piece.push(c);
            } else {
                piece = longer;
            }
        }
        piece
    }
}

/// Width of a line in em.
pub(crate) fn advance(glyphs: &[Glyph]) -> f64 {
    glyphs.iter().map(|g| g.advance).sum()
}

/// Composes accents and turns every kind of blank and control into a plain space, so that what
/// is typed on one system looks as on another.
pub(crate) fn clean(text: &str) -> String {
    text.nfc()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}'))
        .map(|c| {
            if c.is_whitespace() || c.is_control() {
                ' '
            } else {
                c
            }
        })
        .collect()
}

fn cluster(text: &str, infos: &[rustybuzz::GlyphInfo], at: usize) -> String {
    let start = infos[at].cluster as usize;
    if at > 0 && infos[at - 1].cluster as usize == start {
        return String::new();
    }
    let next = infos
        .iter()
        .map(|i| i.cluster as usize)
        .filter(|c| *c > start)
        .min();
    text[start..next.unwrap_or(text.len())].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_in_two_pieces_are_drawn_as_one() {
        let glyphs = Face::Regular.shape("n\u{303}o").unwrap();
        assert_eq!(glyphs.len(), 2);
        assert_eq!(glyphs[0].text, "ñ");
    }

    #[test]
    fn latin_greek_and_cyrillic_can_be_drawn_and_emoji_cannot() {
        assert_eq!(
            Face::Regular.missing("Ana Núñez, Łódź, Ελλάδα, Дмитрий €"),
            None
        );
        assert_eq!(Face::Regular.missing("ok 👍"), Some('👍'));
    }

    #[test]
    fn a_long_word_is_broken_rather_than_lost() {
        let lines = Face::Regular.wrap(&"x".repeat(100), 10.0, 60.0);
        assert_eq!(lines.concat(), "x".repeat(100));
        assert!(lines.iter().all(|l| Face::Regular.width(l, 10.0) <= 60.0));
    }
}
