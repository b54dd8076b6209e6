//! Where everything goes: text and lines on pages, measured with this crate's fonts.

use super::{Check, Column, Fact, Report, Section};
use crate::{
    font::{Face, clean},
    pen::{Colour, ink},
};

pub(super) const PAPER: (f64, f64) = (595.28, 841.89);
const MARGIN: f64 = 52.0;
const BOTTOM: f64 = PAPER.1 - 64.0;
const WIDTH: f64 = PAPER.0 - 2.0 * MARGIN;
/// Lines between rows.
const ROW: Colour = [0.886, 0.902, 0.922];
const GOOD: Colour = [0.0, 0.443, 0.243];
const OPEN: Colour = [0.541, 0.337, 0.0];

/// Something on a page; y runs down from the top.
pub(super) enum Mark {
    Text {
        face: Face,
        size: f64,
        x: f64,
        y: f64,
        colour: Colour,
        text: String,
    },
    Box {
        x: f64,
        y: f64,
        w: f64,
        h: f64,
        radius: f64,
        colour: Colour,
    },
    Line {
        x0: f64,
        x1: f64,
        y: f64,
        colour: Colour,
    },
    Stroke {
        points: Vec<(f64, f64)>,
        width: f64,
        colour: Colour,
    },
}

pub(super) type Page = Vec<Mark>;

/// Lays a report out on pages.
pub(super) fn lay_out(report: &Report) -> Vec<Page> {
    let mut flow = Flow {
        pages: vec![Vec::new()],
        y: MARGIN,
    };
    flow.head(report);
    for section in &report.sections {
        flow.section(section);
    }
    flow.feet(report);
    flow.pages
}

/// Text as it can be drawn: what the font lacks becomes a question mark.
fn drawable(face: Face, text: &str) -> String {
    let shaper = face.shaper();
    clean(text)
        .chars()
        .map(|c| {
            if shaper.glyph_index(c).is_some() {
                c
            } else {
                '?'
            }
        })
        .collect()
}

struct Flow {
    pages: Vec<Page>,
    y: f64,
}

impl Flow {
    fn mark(&mut self, mark: Mark) {
        self.pages
            .last_mut()
            .expect("there is always a page")
            .push(mark);
    }

    fn text(&mut self, face: Face, size: f64, x: f64, text: &str, colour: Colour) {
        let (text, y) = (drawable(face, text), self.y);
        self.mark(Mark::Text {
            face,
            size,
            x,
            y,
            colour,
            text,
        });
    }

    /// Starts a new page when less than `height` is left; answers whether it did.
    fn need(&mut self, height: f64) -> bool {
        let full = self.y + height > BOTTOM;
        if full {
            self.pages.push(Vec::new());
            self.y = MARGIN + 8.0;
        }
        full
    }

    fn rule(&mut self, colour: Colour) {
        let y = self.y;
        self.mark(Mark::Line {
            x0: MARGIN,
            x1: PAPER.0 - MARGIN,
            y,
            colour,
        });
    }

    fn head(&mut self, report: &Report) {
        let y = self.y;
        self.mark(Mark::Box {
            x: MARGIN,
            y,
            w: 28.0,
            h: 3.0,
            radius: 0.0,
            colour: ink::BRAND,
        });
        self.y += 25.0;
        self.text(Face::Strong, 9.0, MARGIN, &report.kicker, ink::MUTED);
        self.y += 4.0;
        for line in wrap(Face::Strong, &report.title, 22.0, WIDTH) {
            self.y += 26.0;
            self.text(Face::Strong, 22.0, MARGIN, &line, ink::TEXT);
        }
        self.y += 7.0;
        for line in wrap(Face::Regular, &report.summary, 10.0, WIDTH * 0.88) {
            self.y += 15.0;
            self.text(Face::Regular, 10.0, MARGIN, &line, ink::MUTED);
        }
        self.y += 18.0;
        self.rule(ink::HAIR);
    }

    fn section(&mut self, section: &Section) {
        match section {
            Section::Facts { title, rows } => self.facts(title, rows),
            Section::Table {
                title,
                columns,
                rows,
            } => self.table(title, columns, rows),
            Section::Checks { title, items } => self.checks(title, items),
            Section::Text { title, paragraphs } => self.paragraphs(title, paragraphs),
        }
    }

    fn heading(&mut self, title: &str, room: f64) {
        if title.is_empty() {
            self.y += 10.0;
            return;
        }
        self.need(34.0 + room);
        self.y += 29.0;
        self.text(Face::Strong, 12.0, MARGIN, title, ink::TEXT);
        self.y += 9.0;
    }

    fn facts(&mut self, title: &str, rows: &[Fact]) {
        self.heading(title, 24.0);
        let label_width = WIDTH * 0.27;
        for fact in rows {
            let size = if looks_like_digest(&fact.value) {
                8.4
            } else {
                9.4
            };
            let lines = wrap(Face::Regular, &fact.value, size, WIDTH - label_width);
            let height = rows_height(lines.len(), 13.0) + 6.0;
            self.need(height);
            self.y += 13.0;
            self.text(Face::Regular, 8.8, MARGIN, &fact.label, ink::MUTED);
            for (index, line) in lines.iter().enumerate() {
                if index > 0 {
                    self.y += 13.0;
                }
                self.text(Face::Regular, size, MARGIN + label_width, line, ink::TEXT);
            }
            self.y += 6.0;
            self.rule(ROW);
        }
    }

    fn table(&mut self, title: &str, columns: &[Column], rows: &[Vec<String>]) {
        self.heading(title, 44.0);
        let total: f64 = columns.iter().map(|c| c.share.max(0.01)).sum();
        let widths: Vec<f64> = columns
            .iter()
            .map(|c| WIDTH * c.share.max(0.01) / total)
            .collect();
        self.table_head(columns, &widths);
        for row in rows {
            let cells: Vec<Vec<String>> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| wrap(Face::Regular, cell, 8.2, width - 10.0))
                .collect();
            let lines = cells.iter().map(Vec::len).max().unwrap_or(1);
            let height = rows_height(lines, 11.0) + 8.0;
            if self.need(height) {
                self.table_head(columns, &widths);
            }
            self.row(&cells, &widths);
            self.y += height;
            self.rule(ROW);
        }
    }

    fn table_head(&mut self, columns: &[Column], widths: &[f64]) {
        let y = self.y;
        self.mark(Mark::Box {
            x: MARGIN,
            y,
            w: WIDTH,
            h: 19.0,
            radius: 4.0,
            colour: [0.945, 0.953, 0.969],
        });
        self.y += 12.6;
        let mut x = MARGIN;
        for (column, width) in columns.iter().zip(widths) {
            self.text(Face::Strong, 7.8, x + 5.0, &column.title, ink::MUTED);
            x += width;
        }
        self.y += 8.0;
    }

    fn row(&mut self, cells: &[Vec<String>], widths: &[f64]) {
        let top = self.y;
        let mut x = MARGIN;
        for (lines, width) in cells.iter().zip(widths) {
            self.y = top + 3.0;
            for line in lines {
                self.y += 11.0;
                self.text(Face::Regular, 8.2, x + 5.0, line, ink::TEXT);
            }
            x += width;
        }
        self.y = top;
    }

    fn checks(&mut self, title: &str, items: &[Check]) {
        self.heading(title, 30.0);
        for item in items {
            let detail = wrap(Face::Regular, &item.detail, 8.6, WIDTH - 26.0);
            self.need(18.0 + rows_height(detail.len(), 12.0) + 6.0);
            self.y += 14.0;
            self.badge(item.satisfied);
            self.text(Face::Strong, 9.4, MARGIN + 24.0, &item.title, ink::TEXT);
            let colour = if item.satisfied { GOOD } else { OPEN };
            let x =
                PAPER.0 - MARGIN - Face::Regular.width(&drawable(Face::Regular, &item.result), 8.6);
            self.text(Face::Regular, 8.6, x, &item.result, colour);
            for line in detail {
                self.y += 12.0;
                self.text(Face::Regular, 8.6, MARGIN + 24.0, &line, ink::MUTED);
            }
            self.y += 6.0;
            self.rule(ROW);
        }
    }

    /// A round tick, or a dash: the state is never told by colour alone.
    fn badge(&mut self, satisfied: bool) {
        let (cx, cy) = (MARGIN + 7.0, self.y - 3.4);
        let colour = if satisfied { GOOD } else { OPEN };
        self.mark(Mark::Box {
            x: cx - 7.0,
            y: cy - 7.0,
            w: 14.0,
            h: 14.0,
            radius: 7.0,
            colour,
        });
        let points = if satisfied {
            vec![
                (cx - 3.2, cy + 0.2),
                (cx - 1.0, cy + 2.5),
                (cx + 3.3, cy - 2.4),
            ]
        } else {
            vec![(cx - 3.0, cy), (cx + 3.0, cy)]
        };
        self.mark(Mark::Stroke {
            points,
            width: 1.4,
            colour: ink::WHITE,
        });
    }

    fn paragraphs(&mut self, title: &str, paragraphs: &[String]) {
        self.heading(title, 20.0);
        for paragraph in paragraphs {
            for line in wrap(Face::Regular, paragraph, 9.0, WIDTH * 0.92) {
                self.need(14.0);
                self.y += 13.6;
                self.text(Face::Regular, 9.0, MARGIN, &line, ink::MUTED);
            }
            self.y += 5.0;
        }
    }

    /// Footers, once the number of pages is known.
    fn feet(&mut self, report: &Report) {
        let count = self.pages.len();
        let footer = drawable(Face::Regular, &report.footer);
        let footer = Face::Regular.shorten(&footer, 7.4, WIDTH - 80.0);
        for (index, page) in self.pages.iter_mut().enumerate() {
            let y = PAPER.1 - 36.0;
            page.push(Mark::Line {
                x0: MARGIN,
                x1: PAPER.0 - MARGIN,
                y: y - 14.0,
                colour: ink::HAIR,
            });
            let of = report.locale.pick("Page {} of {}", "Página {} de {}");
            let number = of.replacen("{}", &(index + 1).to_string(), 1).replacen(
                "{}",
                &count.to_string(),
                1,
            );
            let x = PAPER.0 - MARGIN - Face::Regular.width(&number, 7.4);
            for (x, text) in [(MARGIN, footer.clone()), (x, number)] {
                page.push(Mark::Text {
                    face: Face::Regular,
                    size: 7.4,
                    x,
                    y,
                    colour: ink::MUTED,
                    text,
                });
            }
        }
    }
}

fn wrap(face: Face, text: &str, size: f64, width: f64) -> Vec<String> {
    let lines = text
        .split('\n')
        .map(|part| drawable(face, part))
        .collect::<Vec<_>>();
    lines
        .iter()
        .flat_map(|line| face.wrap(line, size, width))
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
fn rows_height(lines: usize, leading: f64) -> f64 {
    lines.max(1) as f64 * leading
}

/// Digests are set a little smaller, so that a SHA-256 stays on one line.
fn looks_like_digest(value: &str) -> bool {
    value.len() >= 40 && value.bytes().all(|b| b.is_ascii_hexdigit())
}
