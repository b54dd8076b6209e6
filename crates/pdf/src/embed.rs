//! Subsets of this crate's fonts inside a document (ISO 32000-2 9.7, Type 0 with Identity-H).

use std::{collections::BTreeMap, fmt::Write as _};

use subsetter::GlyphRemapper;

use crate::{
    font::{Face, Glyph},
    object::{Numbers, Object},
    syntax,
};

/// A subset in the making: every glyph that was shown once is in it.
#[derive(Debug)]
pub(crate) struct Subset {
    face: Face,
    number: u32,
    glyphs: GlyphRemapper,
    texts: BTreeMap<u16, String>,
}

impl Subset {
    pub(crate) fn new(face: Face, numbers: &mut Numbers) -> Self {
        let number = numbers.take();
        Self {
            face,
            number,
            glyphs: GlyphRemapper::new(),
            texts: BTreeMap::new(),
        }
    }

    /// Object number of the font dictionary.
    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// The operand and operator that show the glyphs, starting at the current text position.
    pub(crate) fn show(&mut self, glyphs: &[Glyph]) -> String {
        let mut out = String::from("[");
        let mut open = false;
        for glyph in glyphs {
            let id = self.glyphs.remap(glyph.id);
            self.texts.entry(id).or_insert_with(|| glyph.text.clone());
            nudge(&mut out, &mut open, -glyph.dx);
            if !open {
                out.push('<');
                open = true;
            }
            let _ = write!(out, "{id:04X}");
            let kern = self.face.nominal_advance(glyph.id) - glyph.advance + glyph.dx;
            nudge(&mut out, &mut open, kern);
        }
        if open {
            out.push('>');
        }
        out.push_str("] TJ\n");
        out
    }

    /// The objects of the finished subset.
    pub(crate) fn finish(self, numbers: &mut Numbers) -> Vec<Object> {
        let program = subsetter::subset(self.face.data(), 0, &self.glyphs)
            .expect("the fonts in this crate can be subset");
        let (cid_font, descriptor, file, unicode) = (
            numbers.take(),
            numbers.take(),
            numbers.take(),
            numbers.take(),
        );
        let name = format!("{}+{}", self.tag(), self.face.name());
        let font = format!(
            "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H\
             /DescendantFonts[{cid_font} 0 R]/ToUnicode {unicode} 0 R>>"
        );
        let cid = format!(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDToGIDMap/Identity\
             /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
             /FontDescriptor {descriptor} 0 R/DW 0/W[0[{}]]>>",
            self.widths()
        );
        let length = format!("/Length1 {}", program.len());
        vec![
            Object::new(self.number, font.into_bytes()),
            Object::new(cid_font, cid.into_bytes()),
            Object::new(descriptor, self.descriptor(&name, file).into_bytes()),
            Object::new(file, syntax::stream(&length, &program)),
            Object::new(unicode, syntax::stream("", self.to_unicode().as_bytes())),
        ]
    }

    /// Six letters that depend on the glyphs, as ISO 32000-2 9.9.2 asks for.
    fn tag(&self) -> String {
        let glyphs = self.glyphs.remapped_gids();
        let mut hash = glyphs.fold(0xcbf2_9ce4_8422_2325_u64, |hash, glyph| {
            (hash ^ u64::from(glyph)).wrapping_mul(0x0100_0000_01b3)
        });
        (0..6)
            .map(|_| {
                let letter = u8::try_from(hash % 26).unwrap_or(0);
                hash /= 26;
                char::from(b'A' + letter)
            })
            .collect()
    }

    fn widths(&self) -> String {
        let widths = self
            .glyphs
            .remapped_gids()
            .map(|g| self.face.nominal_advance(g) * 1000.0);
        widths.map(syntax::real).collect::<Vec<_>>().join(" ")
    }

    fn descriptor(&self, name: &str, file: u32) -> String {
        let face = self.face.shaper();
        let k = 1000.0 / f64::from(face.units_per_em());
        let bbox = face.global_bounding_box();
        let n = |v: i16| syntax::real(f64::from(v) * k);
        format!(
            "<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{} {} {} {}]/ItalicAngle 0\
             /Ascent {}/Descent {}/CapHeight {}/StemV 80/FontFile2 {file} 0 R>>",
            n(bbox.x_min),
            n(bbox.y_min),
            n(bbox.x_max),
            n(bbox.y_max),
            n(face.ascender()),
            n(face.descender()),
            n(face.capital_height().unwrap_or(face.ascender())),
        )
    }

    fn to_unicode(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
             /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let known: Vec<_> = self
            .texts
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .collect();
        for block in known.chunks(100) {
            let _ = writeln!(map, "{} beginbfchar", block.len());
            for (glyph, text) in block {
                let _ = writeln!(map, "<{glyph:04X}> <{}>", syntax::utf16_hex(text));
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        map
    }
}

/// Moves the text position back by `em`, in thousandths as `TJ` takes it.
fn nudge(out: &mut String, open: &mut bool, em: f64) {
    let thousandths = (em * 1000.0).round();
    if thousandths == 0.0 {
        return;
    }
    if *open {
        out.push('>');
        *open = false;
    }
    out.push_str(&syntax::real(thousandths));
}
