//! Drawing into content streams, in displayed points, origin bottom left.

use std::fmt::Write as _;

use crate::{
    embed::Subset,
    font::{Face, Glyph, Undrawable},
    object::{Numbers, Object},
    outline,
    syntax::{self, real, reals},
};

/// An RGB colour, 0–1.
pub(crate) type Colour = [f64; 3];

/// How far the handles of a Bézier reach that stands for a quarter of a circle.
pub(crate) const ARC: f64 = 0.552_284_75;

/// Colours of the product's visual language, as they look on paper.
pub(crate) mod ink {
    use super::Colour;

    pub(crate) const TEXT: Colour = [0.086, 0.106, 0.141];
    pub(crate) const MUTED: Colour = [0.333, 0.357, 0.4];
    pub(crate) const HAIR: Colour = [0.80, 0.82, 0.85];
    pub(crate) const WASH: Colour = [0.976, 0.98, 0.988];
    pub(crate) const PEN: Colour = [0.063, 0.125, 0.333];
    pub(crate) const BRAND: Colour = [0.204, 0.32, 0.792];
    pub(crate) const SEAL: Colour = [0.0, 0.38, 0.4];
    pub(crate) const SEAL_WASH: Colour = [0.925, 0.973, 0.973];
    pub(crate) const WHITE: Colour = [1.0, 1.0, 1.0];
}

/// The subsets that the drawings of one revision share.
#[derive(Debug, Default)]
pub(crate) struct Fonts {
    regular: Option<Subset>,
    strong: Option<Subset>,
}

impl Fonts {
    fn subset(&mut self, face: Face, numbers: &mut Numbers) -> (&'static str, &mut Subset) {
        let (name, slot) = match face {
            Face::Strong => ("DbS", &mut self.strong),
            _ => ("DbR", &mut self.regular),
        };
        (name, slot.get_or_insert_with(|| Subset::new(face, numbers)))
    }

    /// Object number of the regular font, which the form's default appearance names.
    pub(crate) fn regular(&mut self, numbers: &mut Numbers) -> u32 {
        self.subset(Face::Regular, numbers).1.number()
    }

    /// The objects of all subsets.
    pub(crate) fn finish(self, numbers: &mut Numbers) -> Vec<Object> {
        let subsets = [self.regular, self.strong];
        subsets
            .into_iter()
            .flatten()
            .flat_map(|s| s.finish(numbers))
            .collect()
    }
}

/// Writes one content stream.
pub(crate) struct Pen<'a> {
    ops: String,
    fonts: &'a mut Fonts,
    numbers: &'a mut Numbers,
    used: Vec<(&'static str, u32)>,
    images: Vec<(String, u32)>,
    opacity: Option<f64>,
}

impl<'a> Pen<'a> {
    pub(crate) fn new(fonts: &'a mut Fonts, numbers: &'a mut Numbers) -> Self {
        Self {
            ops: String::new(),
            fonts,
            numbers,
            used: Vec::new(),
            images: Vec::new(),
            opacity: None,
        }
    }

    pub(crate) fn numbers(&mut self) -> &mut Numbers {
        self.numbers
    }

    pub(crate) fn raw(&mut self, ops: &str) {
        self.ops.push_str(ops);
    }

    pub(crate) fn fill_colour(&mut self, colour: Colour) {
        let _ = writeln!(self.ops, "{} rg", reals(&colour));
    }

    pub(crate) fn stroke(&mut self, colour: Colour, width: f64) {
        let _ = writeln!(self.ops, "{} RG {} w", reals(&colour), real(width));
    }

    /// Makes what is filled from here on translucent; once in a stream.
    pub(crate) fn translucent(&mut self, opacity: f64) {
        self.opacity = Some(opacity);
        self.ops.push_str("/DbG gs\n");
    }

    pub(crate) fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, paint: &str) {
        let _ = writeln!(self.ops, "{} re {paint}", reals(&[x, y, w, h]));
    }

    pub(crate) fn line(&mut self, x0: f64, y0: f64, x1: f64, y1: f64) {
        let _ = writeln!(self.ops, "{} m {} l S", reals(&[x0, y0]), reals(&[x1, y1]));
    }

    /// A rectangle with round corners, painted with `paint` (`f`, `S`, `B`).
    pub(crate) fn rounded(
        &mut self,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        radius: f64,
        paint: &str,
    ) {
        let r = radius.min(width / 2.0).min(height / 2.0);
        let k = r * (1.0 - ARC);
        let (x1, y1) = (x + width, y + height);
        let curve = |way: [f64; 6]| format!("{} c\n", reals(&way));
        let _ = writeln!(
            self.ops,
            "{} m {} l",
            reals(&[x + r, y]),
            reals(&[x1 - r, y])
        );
        self.ops += &curve([x1 - k, y, x1, y + k, x1, y + r]);
        let _ = writeln!(self.ops, "{} l", reals(&[x1, y1 - r]));
        self.ops += &curve([x1, y1 - k, x1 - k, y1, x1 - r, y1]);
        let _ = writeln!(self.ops, "{} l", reals(&[x + r, y1]));
        self.ops += &curve([x + k, y1, x, y1 - k, x, y1 - r]);
        let _ = writeln!(self.ops, "{} l", reals(&[x, y + r]));
        self.ops += &curve([x, y + k, x + k, y, x + r, y]);
        let _ = writeln!(self.ops, "h {paint}");
    }

    pub(crate) fn circle(&mut self, cx: f64, cy: f64, radius: f64, paint: &str) {
        self.rounded(
            cx - radius,
            cy - radius,
            radius * 2.0,
            radius * 2.0,
            radius,
            paint,
        );
    }

    /// Lines joined through the points.
    pub(crate) fn polyline(&mut self, points: &[(f64, f64)]) {
        for (i, (x, y)) in points.iter().enumerate() {
            let _ = writeln!(
                self.ops,
                "{} {}",
                reals(&[*x, *y]),
                if i == 0 { "m" } else { "l" }
            );
        }
        self.ops.push_str("S\n");
    }

    /// One line of text in the fill colour.
    pub(crate) fn text(
        &mut self,
        face: Face,
        size: f64,
        x: f64,
        y: f64,
        text: &str,
    ) -> Result<(), Undrawable> {
        let glyphs = face.shape(text)?;
        self.glyphs(face, &glyphs, size, x, y);
        Ok(())
    }

    /// One line in a colour that keeps within `width`: a little smaller, else cut.
    pub(crate) fn line_within(
        &mut self,
        face: Face,
        size: f64,
        at: (f64, f64),
        width: f64,
        text: &str,
        colour: Colour,
    ) -> Result<(), Undrawable> {
        let (glyphs, size) = face.fit(text, size, 0.74, width)?;
        self.fill_colour(colour);
        self.glyphs(face, &glyphs, size, at.0, at.1);
        Ok(())
    }

    fn glyphs(&mut self, face: Face, glyphs: &[Glyph], size: f64, x: f64, y: f64) {
        let (name, subset) = self.fonts.subset(face, self.numbers);
        let shown = subset.show(glyphs);
        let number = subset.number();
        if !self.used.iter().any(|(n, _)| *n == name) {
            self.used.push((name, number));
        }
        let (size, at) = (real(size), reals(&[x, y]));
        let _ = writeln!(self.ops, "BT /{name} {size} Tf {at} Td {shown}ET");
    }

    /// Glyphs as a filled drawing rather than as text.
    pub(crate) fn outline(&mut self, face: Face, glyphs: &[Glyph], size: f64, x: f64, y: f64) {
        self.ops += &outline::filled(face, glyphs, size, x, y);
    }

    /// An image object stretched over a rectangle.
    pub(crate) fn image(&mut self, number: u32, x: f64, y: f64, w: f64, h: f64) {
        let name = format!("DbI{}", self.images.len());
        let _ = writeln!(
            self.ops,
            "q {} cm /{name} Do Q",
            reals(&[w, 0.0, 0.0, h, x, y])
        );
        self.images.push((name, number));
    }

    /// The resources the stream needs, as a dictionary.
    pub(crate) fn resources(&self) -> String {
        let mut out = String::from("<<");
        let entry = |(name, number): (&str, u32)| format!("/{name} {number} 0 R");
        if !self.used.is_empty() {
            let fonts: String = self.used.iter().map(|(n, o)| entry((n, *o))).collect();
            let _ = write!(out, "/Font<<{fonts}>>");
        }
        if !self.images.is_empty() {
            let images: String = self.images.iter().map(|(n, o)| entry((n, *o))).collect();
            let _ = write!(out, "/XObject<<{images}>>");
        }
        if let Some(opacity) = self.opacity {
            let _ = write!(out, "/ExtGState<</DbG<</ca {}>>>>", real(opacity));
        }
        out.push_str(">>");
        out
    }

    /// The operators written so far.
    pub(crate) fn operators(&self) -> &str {
        &self.ops
    }

    /// The drawing as a form `XObject` of size `w`×`h` with a form matrix.
    pub(crate) fn into_form(self, number: u32, w: f64, h: f64, matrix: [f64; 6]) -> Object {
        self.into_named_form(number, w, h, matrix, "")
    }

    /// The same with further entries in the stream's dictionary.
    pub(crate) fn into_named_form(
        self,
        number: u32,
        w: f64,
        h: f64,
        matrix: [f64; 6],
        entries: &str,
    ) -> Object {
        let entries = format!(
            "/Type/XObject/Subtype/Form{entries}/BBox[0 0 {}]/Matrix[{}]/Resources{}",
            reals(&[w, h]),
            reals(&matrix),
            self.resources()
        );
        Object::new(number, syntax::stream(&entries, self.ops.as_bytes()))
    }
}
