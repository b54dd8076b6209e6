//! A signature in its field: ink above, a fine line, who and when below it.

use super::{DrawError, ink as strokes, picture, script_for};
use crate::{
    font::Face,
    geometry::Rect,
    look::{Caption, Look},
    object::Object,
    pen::{Pen, ink},
};

/// Draws a signature into a field of `size` points. Objects that the drawing needs beside
/// itself (pictures) are pushed to `made`.
pub(super) fn draw(
    pen: &mut Pen<'_>,
    look: Option<&Look>,
    caption: Option<&Caption>,
    size: (f64, f64),
    made: &mut Vec<Object>,
) -> Result<(), DrawError> {
    let room = match caption {
        Some(caption) => with_caption(pen, caption, size)?,
        None => Rect::new(1.0, 1.0, size.0 - 1.0, size.1 - 1.0),
    };
    match look {
        None => Ok(()),
        Some(Look::Drawn { strokes }) => {
            strokes::draw(pen, strokes, &room, size);
            Ok(())
        }
        Some(Look::Typed { text, font }) => typed(pen, text, script_for(text, *font), &room),
        Some(Look::Uploaded { image }) => uploaded(pen, image, &room, made),
    }
}

/// Draws the caption where the field has room for it; answers what is left for the ink.
fn with_caption(
    pen: &mut Pen<'_>,
    caption: &Caption,
    (w, h): (f64, f64),
) -> Result<Rect, DrawError> {
    let details = [caption.time.as_str(), caption.reference.as_str()];
    let details: Vec<&str> = details.into_iter().filter(|d| !d.is_empty()).collect();
    if h >= 34.0 {
        let size = (h * 0.1).clamp(4.8, 6.6);
        let low = size * 2.75;
        pen.stroke(ink::HAIR, 0.5);
        pen.line(0.5, low, w - 0.5, low);
        pen.line_within(
            Face::Strong,
            size,
            (1.0, size * 1.62),
            w - 2.0,
            &caption.name,
            ink::TEXT,
        )?;
        pen.line_within(
            Face::Regular,
            size * 0.9,
            (1.0, size * 0.42),
            w - 2.0,
            &details.join("  ·  "),
            ink::MUTED,
        )?;
        return Ok(Rect::new(2.0, low + 0.5, w - 2.0, h - 1.0));
    }
    if w >= h * 5.0 && h >= 12.0 {
        return beside(pen, caption, &details, (w, h));
    }
    if h >= 20.0 {
        let size = 4.4;
        let line = std::iter::once(caption.name.as_str())
            .chain(details)
            .collect::<Vec<_>>()
            .join(" · ");
        pen.stroke(ink::HAIR, 0.4);
        pen.line(0.5, size * 1.5, w - 0.5, size * 1.5);
        pen.line_within(Face::Regular, size, (1.0, 1.2), w - 2.0, &line, ink::MUTED)?;
        return Ok(Rect::new(1.0, size * 1.6, w - 1.0, h - 0.5));
    }
    Ok(Rect::new(1.0, 1.0, w - 1.0, h - 1.0))
}

/// In a low, wide field the caption stands to the right of the ink.
fn beside(
    pen: &mut Pen<'_>,
    caption: &Caption,
    details: &[&str],
    (w, h): (f64, f64),
) -> Result<Rect, DrawError> {
    let size = (h / 4.4).clamp(3.0, 5.6);
    let split = w * 0.58;
    pen.stroke(ink::HAIR, 0.5);
    pen.line(split, 1.0, split, h - 1.0);
    let lines = std::iter::once((Face::Strong, caption.name.as_str(), ink::TEXT))
        .chain(details.iter().map(|d| (Face::Regular, *d, ink::MUTED)));
    let lines: Vec<_> = lines.collect();
    #[expect(clippy::cast_precision_loss, reason = "at most three lines")]
    let mut y = f64::midpoint(h, lines.len() as f64 * size * 1.25) - size * 0.95;
    for (face, line, colour) in lines {
        pen.line_within(face, size, (split + 4.0, y), w - split - 5.0, line, colour)?;
        y -= size * 1.25;
    }
    Ok(Rect::new(1.0, 1.0, split - 3.0, h - 1.0))
}

/// A name in a script face, as large as the room allows.
fn typed(pen: &mut Pen<'_>, text: &str, face: Face, room: &Rect) -> Result<(), DrawError> {
    let glyphs = face.shape(text.trim())?;
    let em: f64 = glyphs.iter().map(|g| g.advance).sum();
    if em <= 0.0 {
        return Ok(());
    }
    let shaper = face.shaper();
    let units = f64::from(shaper.units_per_em());
    let (up, down) = (
        f64::from(shaper.ascender()) / units,
        -f64::from(shaper.descender()) / units,
    );
    let size = (room.height() / (up + down)).min(room.width() * 0.94 / em) * 1.06;
    let size = size.min(room.width() * 0.98 / em).min(48.0);
    let baseline = room.y0 + (room.height() - size * (up + down)) / 2.0 + size * down;
    pen.fill_colour(ink::PEN);
    pen.outline(face, &glyphs, size, room.x0 + room.width() * 0.02, baseline);
    Ok(())
}

fn uploaded(
    pen: &mut Pen<'_>,
    bytes: &[u8],
    room: &Rect,
    made: &mut Vec<Object>,
) -> Result<(), DrawError> {
    let picture = picture::decode(bytes).map_err(DrawError::Picture)?;
    let (w, h) = (f64::from(picture.width), f64::from(picture.height));
    let scale = (room.width() / w).min(room.height() / h);
    let (number, objects) = picture.into_objects(pen.numbers());
    made.extend(objects);
    let low = room.y0 + (room.height() - h * scale) / 2.0;
    pen.image(number, room.x0, low, w * scale, h * scale);
    Ok(())
}
