//! Every letter of a page with its place, from the interpreter's drawing calls.

use hayro::{
    hayro_interpret::{
        BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
        InterpreterCache, InterpreterSettings, SoftMask,
        font::{Glyph, GlyphRun},
        hayro_cmap::BfString,
        interpret_page,
        util::TransformExt,
    },
    hayro_syntax::page::Page,
    kurbo::{Affine, BezPath, Rect},
};
use unicode_normalization::UnicodeNormalization;

/// Letters read from one page; a dense page has ten thousand.
const LETTERS_MAX: usize = 300_000;

/// One letter: origin on the baseline, direction of writing, size; lengths in page widths and
/// heights scaled alike (units of the displayed page, y down).
#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub(super) text: String,
    pub(super) x: f64,
    pub(super) y: f64,
    /// Unit vector along the line.
    pub(super) along: (f64, f64),
    /// Unit vector from the baseline to the top of the letters.
    pub(super) up: (f64, f64),
    pub(super) advance: f64,
    pub(super) size: f64,
}

/// The letters of a page and the size of the page in the same units.
pub(super) struct Letters {
    pub(super) all: Vec<Letter>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Size of the shown page in points.
pub(super) fn size_in_points(page: &Page<'_>) -> (f64, f64) {
    let unit = page
        .raw()
        .get::<f32>(b"UserUnit")
        .filter(|u| u.is_finite() && *u > 0.0);
    let unit = f64::from(unit.unwrap_or(1.0));
    let (width, height) = page.render_dimensions();
    (f64::from(width) * unit, f64::from(height) * unit)
}

/// Reads a page.
pub(super) fn letters(page: &Page<'_>) -> Letters {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let cache = InterpreterCache::new();
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        Rect::new(0.0, 0.0, width, height),
        &cache,
        page.xref(),
        InterpreterSettings::default(),
    );
    let mut reading = Reading {
        letters: Vec::new(),
    };
    interpret_page(page, &mut context, &mut reading);
    let mut letters = reading.letters;
    letters.retain(|l| l.x > -width && l.x < width * 2.0 && l.y > -height && l.y < height * 2.0);
    Letters {
        all: letters,
        width,
        height,
    }
}

/// A device that only listens for text.
struct Reading {
    letters: Vec<Letter>,
}

impl<'a> Device<'a> for Reading {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            if self.letters.len() >= LETTERS_MAX {
                return;
            }
            let matrix = props.transform * glyph.transform();
            let advance = match &**glyph {
                Glyph::Outline(glyph) => glyph.advance_width(),
                Glyph::Type3(glyph) => glyph.advance_width(),
            };
            if let Some(letter) = letter(glyph, matrix, advance) {
                self.letters.push(letter);
            }
        }
    }
}

fn letter(glyph: &Glyph<'_>, matrix: Affine, advance: Option<f32>) -> Option<Letter> {
    let text = match glyph.as_unicode()? {
        BfString::Char(c) => c.to_string(),
        BfString::String(s) => s,
    };
    let text: String = text
        .nfkc()
        .filter(|c| !matches!(c, '\u{ad}' | '\0'))
        .collect();
    let [ax, ay, ux, uy, x, y] = matrix.as_coeffs();
    let (across, size) = (ax.hypot(ay), ux.hypot(uy) * 1000.0);
    if text.is_empty() || !(1e-3..1e5).contains(&size) || across < 1e-9 {
        return None;
    }
    Some(Letter {
        text,
        x,
        y,
        along: (ax / across, ay / across),
        up: (ux * 1000.0 / size, uy * 1000.0 / size),
        advance: f64::from(advance.unwrap_or(500.0)).clamp(0.0, 5000.0) * across,
        size,
    })
}
