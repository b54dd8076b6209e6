//! How plain values look.

use super::{DrawError, into_form};
use crate::{
    font::Face,
    object::{Numbers, Object},
    pen::{Fonts, Pen, ink},
    plan::Place,
};

const LEAST: f64 = 4.0;
/// Room a line takes, relative to its size.
const LEADING: f64 = 1.25;
/// Height of Inter's capitals, relative to the size.
const CAPITALS: f64 = 0.727;

/// A text value: one line in the middle of a low field, wrapped from the top in a high one.
pub(super) fn text(pen: &mut Pen<'_>, value: &str, w: f64, h: f64) -> Result<(), DrawError> {
    pen.raw("/Tx BMC\nq\n");
    pen.rect(0.0, 0.0, w, h, "W n");
    pen.fill_colour(ink::TEXT);
    if h >= crate::prepare::MULTILINE_FROM {
        lines(pen, value, w, h)?;
    } else {
        let line = value.replace('\n', " ");
        let size = crate::prepare::text_size(h);
        let size = Face::Regular.size_that_fits(&line, size, LEAST, w - 4.0);
        pen.text(Face::Regular, size, 2.0, (h - size * CAPITALS) / 2.0, &line)?;
    }
    pen.raw("Q\nEMC\n");
    Ok(())
}

fn lines(pen: &mut Pen<'_>, value: &str, w: f64, h: f64) -> Result<(), DrawError> {
    let mut size = 10.0;
    let mut wrapped = Face::Regular.wrap(value, size, w - 6.0);
    #[expect(clippy::cast_precision_loss, reason = "a field has few lines")]
    let height = |count: usize, size: f64| count as f64 * size * LEADING + 4.0;
    while height(wrapped.len(), size) > h && size > LEAST {
        size -= 0.5;
        wrapped = Face::Regular.wrap(value, size, w - 6.0);
    }
    let mut y = h - 3.0 - size * 0.95;
    if wrapped.len() == 1 {
        y = (h - size * CAPITALS) / 2.0;
    }
    for line in wrapped {
        pen.text(Face::Regular, size, 3.0, y, &line)?;
        y -= size * LEADING;
    }
    Ok(())
}

/// A choice, as a list of options with the chosen one marked, or as its text in a low field.
pub(super) fn radio(
    pen: &mut Pen<'_>,
    options: &[String],
    choice: &str,
    w: f64,
    h: f64,
) -> Result<(), DrawError> {
    #[expect(clippy::cast_precision_loss, reason = "a field has few options")]
    let row = h / options.len() as f64;
    if row < 9.0 {
        return text(pen, choice, w, h);
    }
    let size = (row * 0.6).min(10.0);
    let radius = size * 0.4;
    for (index, option) in (0u16..).zip(options) {
        let middle = h - row * (f64::from(index) + 0.5);
        pen.stroke(ink::MUTED, 0.7);
        pen.circle(radius + 2.0, middle, radius, "S");
        if option == choice {
            pen.fill_colour(ink::PEN);
            pen.circle(radius + 2.0, middle, radius * 0.55, "f");
        }
        pen.fill_colour(ink::TEXT);
        let left = radius * 2.0 + 7.0;
        let fitting = Face::Regular.size_that_fits(option, size, LEAST, w - left);
        pen.text(
            Face::Regular,
            fitting,
            left,
            middle - fitting * CAPITALS / 2.0,
            option,
        )?;
    }
    Ok(())
}

/// A checkbox has an appearance for each state (ISO 32000-2 12.7.5.2.3).
pub(super) fn checkbox(
    place: &Place,
    on: bool,
    fonts: &mut Fonts,
    numbers: &mut Numbers,
) -> Vec<Object> {
    let (yes, off) = (numbers.take(), numbers.take());
    let mut objects = Vec::new();
    for (number, ticked) in [(yes, true), (off, false)] {
        let mut pen = Pen::new(fonts, numbers);
        tick_box(&mut pen, place.width, place.height, ticked);
        objects.push(into_form(pen, number, place));
    }
    let state = if on { "Yes" } else { "Off" };
    let dict = format!(
        "{}/V/{state}/AS/{state}/AP<</N<</Yes {yes} 0 R/Off {off} 0 R>>>>>>",
        place.head
    );
    objects.push(Object::new(place.object, dict.into_bytes()));
    objects
}

fn tick_box(pen: &mut Pen<'_>, w: f64, h: f64, ticked: bool) {
    let side = w.min(h) - 1.5;
    let (x, y) = (
        ((w - side) / 2.0).min(2.0 + (w - side) / 4.0),
        (h - side) / 2.0,
    );
    pen.stroke(
        if ticked { ink::PEN } else { ink::MUTED },
        (side * 0.06).clamp(0.5, 1.0),
    );
    pen.rounded(x, y, side, side, side * 0.16, "S");
    if ticked {
        pen.raw("1 J 1 j\n");
        pen.stroke(ink::PEN, (side * 0.13).max(0.8));
        let at = |fx: f64, fy: f64| (x + side * fx, y + side * fy);
        pen.polyline(&[at(0.24, 0.50), at(0.43, 0.29), at(0.77, 0.72)]);
    }
}
