//! The appended pages: signatures, seal and custody.

use super::{PrepareError, ReserveSpec, pages::Drawing, sheet_box};
use crate::{
    font::{Face, Undrawable},
    geometry::{Fraction, PageBox, Rect},
    object::Numbers,
    pen::{Fonts, Pen, ink},
    spec::{FieldKind, Locale, PrepareSpec, SignerSpec},
};

const A4: (f64, f64) = (595.28, 841.89);
const LETTER: (f64, f64) = (612.0, 792.0);
const MARGIN: f64 = 54.0;
const LEGEND_HEIGHT: f64 = 92.0;
const SEAL_HEIGHT: f64 = 52.0;
const FOOT: f64 = 58.0;
/// Nothing else is drawn below this height: seal and legend live there.
const FLOOR: f64 = FOOT + LEGEND_HEIGHT + 10.0 + SEAL_HEIGHT + 22.0;
const CARD_HEIGHT: f64 = 108.0;
const GUTTER: f64 = 14.0;
const ROW_HEIGHT: f64 = 25.0;

/// A place on an appended page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) page: u32,
    pub(super) area: Fraction,
}

/// The appended pages, placed in the document.
pub(super) struct Sheet {
    pub(super) first_page: u32,
    pub(super) seal: Spot,
    pub(super) legend: Spot,
    cards: Vec<(String, Spot)>,
}

/// The pages as drawn; card places count pages from 0.
pub(super) struct Drawn {
    pub(super) pages: Vec<Drawing>,
    pub(super) cards: Vec<(String, u32, Rect)>,
    pub(super) size: (f64, f64),
}

impl Sheet {
    pub(super) fn placed(
        first: u32,
        last: u32,
        cards: Vec<(String, u32, Rect)>,
        size: (f64, f64),
    ) -> Self {
        let shape = sheet_box(size);
        let spot = |page, rect: &Rect| Spot {
            page,
            area: shape.to_fraction(rect),
        };
        let right = size.0 - MARGIN;
        let legend = Rect::new(MARGIN, FOOT, right, FOOT + LEGEND_HEIGHT);
        let low = legend.y1 + 10.0;
        let seal = Rect::new(MARGIN, low, right, low + SEAL_HEIGHT);
        let cards = cards
            .into_iter()
            .map(|(key, page, rect)| (key, spot(first + page, &rect)));
        Self {
            first_page: first,
            seal: spot(last, &seal),
            legend: spot(last, &legend),
            cards: cards.collect(),
        }
    }

    /// Where this signer signs on the sheet.
    pub(super) fn card(&self, signer: &str) -> Option<Spot> {
        self.cards
            .iter()
            .find(|(key, _)| key == signer)
            .map(|(_, spot)| *spot)
    }
}

/// The paper that suits the document: letter for letter, A4 for everything else.
pub(super) fn paper_for(first: &PageBox) -> (f64, f64) {
    let narrow = first.width().min(first.height());
    let wide = first.width().max(first.height());
    let letter = (narrow - LETTER.0).abs() < 2.0 && (wide - LETTER.1).abs() < 300.0;
    if letter { LETTER } else { A4 }
}

/// Draws the signature sheet.
pub(super) fn signatures(
    spec: &PrepareSpec,
    size: (f64, f64),
    fonts: &mut Fonts,
    numbers: &mut Numbers,
) -> Result<Drawn, PrepareError> {
    let (signing_here, signing_inside): (Vec<_>, Vec<_>) = spec
        .signers
        .iter()
        .partition(|s| page_of_signature(spec, s).is_none());
    let mut drawn = Drawn {
        pages: Vec::new(),
        cards: Vec::new(),
        size,
    };
    let mut rows = signing_inside.as_slice();
    let mut cards = signing_here.as_slice();
    loop {
        let mut page = Page::new(size, spec.locale, fonts, numbers);
        if drawn.pages.is_empty() {
            page.title(&spec.envelope_name, &spec.envelope_id, Some(&spec.sender))?;
        }
        rows = page.rows(spec, rows)?;
        if rows.is_empty() {
            let index = u32::try_from(drawn.pages.len()).unwrap_or(0);
            cards = page.cards(cards, index, &mut drawn.cards)?;
        }
        page.foot(&spec.envelope_id)?;
        drawn.pages.push(page.finish());
        if rows.is_empty() && cards.is_empty() {
            return Ok(drawn);
        }
    }
}

/// Draws the custody page of an uploaded record.
pub(super) fn custody(
    spec: &ReserveSpec,
    size: (f64, f64),
    fonts: &mut Fonts,
    numbers: &mut Numbers,
) -> Result<Drawn, PrepareError> {
    let mut page = Page::new(size, spec.locale, fonts, numbers);
    page.title(&spec.envelope_name, &spec.envelope_id, None)?;
    page.note(spec.locale.pick(
        "This page was added when the record was taken into the vault. The pages before it are \
         the record as it was uploaded. The legend below names the authoritative copy.",
        "Esta página se añadió al ingresar el registro en la bóveda. Las páginas anteriores son \
         el registro tal como se cargó. La leyenda de abajo identifica la copia autoritativa.",
    ))?;
    page.foot(&spec.envelope_id)?;
    Ok(Drawn {
        pages: vec![page.finish()],
        cards: Vec::new(),
        size,
    })
}

fn page_of_signature(spec: &PrepareSpec, signer: &SignerSpec) -> Option<u32> {
    let own =
        |f: &&crate::spec::FieldSpec| f.signer == signer.key && f.kind == FieldKind::Signature;
    spec.fields.iter().find(own).map(|f| f.page)
}

/// One page in the making, filled from the top.
struct Page<'a> {
    pen: Pen<'a>,
    size: (f64, f64),
    locale: Locale,
    y: f64,
}

impl<'a> Page<'a> {
    fn new(
        size: (f64, f64),
        locale: Locale,
        fonts: &'a mut Fonts,
        numbers: &'a mut Numbers,
    ) -> Self {
        Self {
            pen: Pen::new(fonts, numbers),
            size,
            locale,
            y: size.1 - MARGIN,
        }
    }

    fn width(&self) -> f64 {
        self.size.0 - 2.0 * MARGIN
    }

    fn title(&mut self, name: &str, id: &str, sender: Option<&str>) -> Result<(), PrepareError> {
        let width = self.width();
        self.pen.fill_colour(ink::BRAND);
        self.pen.rect(MARGIN, self.y, 28.0, 3.0, "f");
        self.y -= 26.0;
        let kicker = if sender.is_some() {
            self.locale
                .pick("Signatures and custody", "Firmas y custodia")
        } else {
            self.locale.pick("Custody", "Custodia")
        };
        self.pen.fill_colour(ink::MUTED);
        self.put(Face::Strong, 9.0, MARGIN, kicker, "sheet")?;
        self.pen.fill_colour(ink::TEXT);
        let size = Face::Strong.size_that_fits(name, 21.0, 15.0, width);
        let mut lines = Face::Strong.wrap(name, size, width);
        lines.truncate(3);
        for line in lines {
            self.y -= size * 1.28;
            self.put(Face::Strong, size, MARGIN, &line, "envelope name")?;
        }
        self.y -= 19.0;
        self.pen.fill_colour(ink::MUTED);
        let asked = self.locale.pick("Requested by", "Solicitado por");
        let line = sender.map_or_else(|| id.to_owned(), |s| format!("{asked} {s}  ·  {id}"));
        let line = Face::Regular.shorten(&line, 9.0, width);
        self.put(Face::Regular, 9.0, MARGIN, &line, "sender")?;
        self.y -= 20.0;
        self.hairline();
        Ok(())
    }

    fn hairline(&mut self) {
        self.pen.stroke(ink::HAIR, 0.6);
        self.pen.line(MARGIN, self.y, self.size.0 - MARGIN, self.y);
    }

    fn put(
        &mut self,
        face: Face,
        size: f64,
        x: f64,
        text: &str,
        what: &str,
    ) -> Result<(), PrepareError> {
        let shown = self.pen.text(face, size, x, self.y, text);
        shown
            .map(drop)
            .map_err(|Undrawable(char)| PrepareError::CannotDraw {
                what: what.to_owned(),
                char,
            })
    }

    fn note(&mut self, text: &str) -> Result<(), PrepareError> {
        self.y -= 12.0;
        self.pen.fill_colour(ink::MUTED);
        for line in Face::Regular.wrap(text, 9.5, self.width().min(400.0)) {
            self.y -= 14.5;
            self.put(Face::Regular, 9.5, MARGIN, &line, "sheet")?;
        }
        Ok(())
    }

    /// Signers who sign inside the document, one line each; answers those that found no room.
    fn rows<'s>(
        &mut self,
        spec: &PrepareSpec,
        signers: &'s [&'s SignerSpec],
    ) -> Result<&'s [&'s SignerSpec], PrepareError> {
        for (done, signer) in signers.iter().enumerate() {
            if self.y - ROW_HEIGHT < FLOOR {
                return Ok(&signers[done..]);
            }
            self.y -= ROW_HEIGHT - 9.0;
            let half = self.width() * 0.42;
            self.pen.fill_colour(ink::TEXT);
            let name = Face::Strong.shorten(&signer.name, 9.5, half - 10.0);
            self.put(Face::Strong, 9.5, MARGIN, &name, "signer name")?;
            self.pen.fill_colour(ink::MUTED);
            let role = Face::Regular.shorten(&signer.role, 9.0, self.width() * 0.3);
            self.put(Face::Regular, 9.0, MARGIN + half, &role, "signer role")?;
            let page = page_of_signature(spec, signer).unwrap_or(1);
            let signs = self.locale.pick("signs on page", "firma en la página");
            let line = format!("{signs} {page}");
            let x = self.size.0 - MARGIN - Face::Regular.width(&line, 9.0);
            self.put(Face::Regular, 9.0, x, &line, "sheet")?;
            self.y -= 9.0;
            self.hairline();
        }
        Ok(&[])
    }

    /// Boxes for signers who sign here, two in a row; answers those that found no room.
    fn cards<'s>(
        &mut self,
        signers: &'s [&'s SignerSpec],
        page: u32,
        placed: &mut Vec<(String, u32, Rect)>,
    ) -> Result<&'s [&'s SignerSpec], PrepareError> {
        let width = (self.width() - GUTTER) / 2.0;
        for (row, pair) in signers.chunks(2).enumerate() {
            if self.y - GUTTER - CARD_HEIGHT < FLOOR {
                return Ok(&signers[row * 2..]);
            }
            self.y -= GUTTER + CARD_HEIGHT;
            for (column, signer) in (0u8..).zip(pair) {
                let x = MARGIN + f64::from(column) * (width + GUTTER);
                let rect = self.card(signer, x, width)?;
                placed.push((signer.key.clone(), page, rect));
            }
        }
        Ok(&[])
    }

    fn card(&mut self, signer: &SignerSpec, x: f64, width: f64) -> Result<Rect, PrepareError> {
        let bottom = self.y;
        self.pen.fill_colour(ink::WASH);
        self.pen.stroke(ink::HAIR, 0.6);
        self.pen.rounded(x, bottom, width, CARD_HEIGHT, 7.0, "B");
        let inner = width - 24.0;
        self.y = bottom + CARD_HEIGHT - 19.0;
        self.pen.fill_colour(ink::TEXT);
        let name = Face::Strong.shorten(&signer.name, 9.5, inner);
        self.put(Face::Strong, 9.5, x + 12.0, &name, "signer name")?;
        self.y -= 12.0;
        self.pen.fill_colour(ink::MUTED);
        let role = Face::Regular.shorten(&signer.role, 8.0, inner);
        self.put(Face::Regular, 8.0, x + 12.0, &role, "signer role")?;
        self.y = bottom;
        Ok(Rect::new(
            x + 12.0,
            bottom + 9.0,
            x + width - 12.0,
            bottom + CARD_HEIGHT - 38.0,
        ))
    }

    fn foot(&mut self, id: &str) -> Result<(), PrepareError> {
        self.y = 34.0;
        self.pen.fill_colour(ink::MUTED);
        let note = self.locale.pick(
            "This page is part of the document. Signatures, seal and legend on it are applied later.",
            "Esta página forma parte del documento. Las firmas, el sello y la leyenda se aplican después.",
        );
        self.put(Face::Regular, 7.0, MARGIN, note, "sheet")?;
        let x = self.size.0 - MARGIN - Face::Regular.width(id, 7.0);
        self.put(Face::Regular, 7.0, x, id, "envelope id")
    }

    fn finish(self) -> Drawing {
        Drawing {
            content: self.pen.operators().as_bytes().to_vec(),
            resources: self.pen.resources().into_bytes(),
        }
    }
}
