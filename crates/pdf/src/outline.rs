//! Glyphs as drawings, for text that is a signature.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use rustybuzz::ttf_parser::{self, GlyphId};

use crate::{
    font::{Face, Glyph},
    syntax::reals,
};

/// Paths by face and glyph.
type Outlines = HashMap<(usize, u16), Arc<str>>;

/// Outlines made so far. It holds no more than the script faces have glyphs.
static MADE: LazyLock<Mutex<Outlines>> = LazyLock::new(Mutex::default);

/// Operators that fill the glyphs of a line at `size` points with the origin at (`x`, `y`).
pub(crate) fn filled(face: Face, glyphs: &[Glyph], size: f64, x: f64, y: f64) -> String {
    let unit = size / f64::from(face.shaper().units_per_em());
    let mut ops = String::new();
    let mut left = x;
    for glyph in glyphs {
        let path = outline(face, glyph.id);
        if !path.is_empty() {
            let at = reals(&[left + glyph.dx * size, y + glyph.dy * size]);
            // A font unit is far smaller than a thousandth of a point.
            let _ = writeln!(ops, "q {unit:.6} 0 0 {unit:.6} {at} cm\n{path}f Q");
        }
        left += glyph.advance * size;
    }
    ops
}

/// The path of a glyph in whole font units.
fn outline(face: Face, glyph: u16) -> Arc<str> {
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let path = made.entry((face.slot(), glyph)).or_insert_with(|| {
        let mut path = Path {
            ops: String::new(),
            last: (0.0, 0.0),
        };
        face.shaper().outline_glyph(GlyphId(glyph), &mut path);
        path.ops.into()
    });
    Arc::clone(path)
}

struct Path {
    ops: String,
    last: (f32, f32),
}

impl Path {
    fn put(&mut self, points: &[(f32, f32)], operator: &str) {
        for (x, y) in points {
            let _ = write!(self.ops, "{} {} ", x.round(), y.round());
            self.last = (*x, *y);
        }
        self.ops.push_str(operator);
        self.ops.push('\n');
    }
}

impl ttf_parser::OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.put(&[(x, y)], "m");
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.put(&[(x, y)], "l");
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let toward = |a: (f32, f32)| (a.0 + (x1 - a.0) * 2.0 / 3.0, a.1 + (y1 - a.1) * 2.0 / 3.0);
        let points = [toward(self.last), toward((x, y)), (x, y)];
        self.put(&points, "c");
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.put(&[(x1, y1), (x2, y2), (x, y)], "c");
    }

    fn close(&mut self) {
        self.ops.push_str("h\n");
    }
}
