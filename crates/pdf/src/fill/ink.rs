//! Strokes of a pen as vector lines whose width follows the hand.

use std::fmt::Write as _;

use crate::{
    geometry::Rect,
    look::Point,
    pen::{Pen, ink},
    syntax::{points, real},
};

/// Points kept of one signature; a real one has a few hundred.
const POINTS_MAX: usize = 6_000;

/// A point in the field, in points, with the width of the line there.
#[derive(Clone, Copy)]
struct Dot {
    x: f64,
    y: f64,
    width: f64,
}

/// Draws the strokes into the room, keeping their shape.
pub(super) fn draw(pen: &mut Pen<'_>, strokes: &[Vec<Point>], room: &Rect, field: (f64, f64)) {
    let sane =
        |p: &&Point| p.x.is_finite() && p.y.is_finite() && p.x.abs() < 100.0 && p.y.abs() < 100.0;
    let mut left = POINTS_MAX;
    let strokes: Vec<Vec<Point>> = strokes
        .iter()
        .map(|stroke| {
            let kept: Vec<Point> = stroke.iter().filter(sane).take(left).copied().collect();
            left -= kept.len();
            kept
        })
        .filter(|stroke| !stroke.is_empty())
        .collect();
    let Some(scale) = Scale::fitting(&strokes, room, field) else {
        return;
    };
    pen.raw("1 J 1 j\n");
    pen.stroke(ink::PEN, 1.0);
    pen.fill_colour(ink::PEN);
    for stroke in &strokes {
        let dots = scale.dots(stroke);
        match dots.as_slice() {
            [dot] => pen.circle(dot.x, dot.y, dot.width * 0.75, "f"),
            dots => pen.raw(&curves(dots)),
        }
    }
}

/// Where the box that was drawn in lands in the room.
struct Scale {
    factor: f64,
    x: f64,
    y: f64,
    field: (f64, f64),
    nib: f64,
}

impl Scale {
    fn fitting(strokes: &[Vec<Point>], room: &Rect, field: (f64, f64)) -> Option<Self> {
        let all = || strokes.iter().flatten();
        let low = |f: fn(&Point) -> f64| all().map(f).fold(f64::INFINITY, f64::min);
        let high = |f: fn(&Point) -> f64| all().map(f).fold(f64::NEG_INFINITY, f64::max);
        all().next()?;
        let (x0, x1) = (low(|p| p.x) * field.0, high(|p| p.x) * field.0);
        let (y0, y1) = (low(|p| p.y) * field.1, high(|p| p.y) * field.1);
        let nib = (room.height() * 0.042).clamp(0.5, 1.7);
        let (free_w, free_h) = (room.width() - nib * 3.0, room.height() - nib * 3.0);
        let factor = (free_w / (x1 - x0).max(1e-3))
            .min(free_h / (y1 - y0).max(1e-3))
            .min(1.6);
        let x = room.x0 + nib * 1.5 + ((free_w - (x1 - x0) * factor) * 0.12) - x0 * factor;
        let top = room.y1 - nib * 1.5 - (free_h - (y1 - y0) * factor) / 2.0;
        Some(Self {
            factor,
            x,
            y: top + y0 * factor,
            field,
            nib,
        })
    }

    fn dots(&self, stroke: &[Point]) -> Vec<Dot> {
        let mut dots: Vec<Dot> = Vec::with_capacity(stroke.len());
        let tells_pressure = stroke
            .iter()
            .any(|p| p.p > 0.0 && (p.p - stroke[0].p).abs() > 0.02);
        let mut width = self.nib;
        let mut before: Option<&Point> = None;
        for point in stroke {
            let (x, y) = self.place(point);
            if let Some(last) = dots.last()
                && (last.x - x).hypot(last.y - y) < self.nib * 0.25
            {
                continue;
            }
            let wanted = if tells_pressure {
                0.45 + 1.1 * point.p.clamp(0.0, 1.0)
            } else {
                self.by_speed(before, point)
            };
            // The width changes slowly, as ink does.
            width += (wanted * self.nib - width) * 0.35;
            dots.push(Dot { x, y, width });
            before = Some(point);
        }
        dots
    }

    fn place(&self, point: &Point) -> (f64, f64) {
        let x = self.x + point.x * self.field.0 * self.factor;
        (x, self.y - point.y * self.field.1 * self.factor)
    }

    /// Relative width from the speed of the hand: slow is thick.
    fn by_speed(&self, before: Option<&Point>, point: &Point) -> f64 {
        let Some(before) = before else { return 1.0 };
        let millis = point.t - before.t;
        if millis <= 0.0 {
            return 1.0;
        }
        let (ax, ay) = self.place(before);
        let (bx, by) = self.place(point);
        let speed = (ax - bx).hypot(ay - by) / self.nib / millis;
        (1.35 / (0.85 + speed * 1.4)).clamp(0.5, 1.45)
    }
}

/// A curve through all dots (Catmull-Rom as Bézier), in pieces of one width each.
fn curves(dots: &[Dot]) -> String {
    let mut ops = String::new();
    let at = |i: usize| dots[i.min(dots.len() - 1)];
    let mut pen_width = -1.0;
    let mut open = false;
    for i in 0..dots.len() - 1 {
        let (before, from, to, after) = (at(i.saturating_sub(1)), at(i), at(i + 1), at(i + 2));
        let width = (f64::midpoint(from.width, to.width) * 12.0).round() / 12.0;
        if (width - pen_width).abs() > 1e-9 {
            if open {
                ops.push_str("S\n");
            }
            let _ = writeln!(ops, "{} w {} m", real(width), points(&[from.x, from.y]));
            pen_width = width;
            open = true;
        }
        let way = [
            from.x + (to.x - before.x) / 6.0,
            from.y + (to.y - before.y) / 6.0,
            to.x - (after.x - from.x) / 6.0,
            to.y - (after.y - from.y) / 6.0,
            to.x,
            to.y,
        ];
        let _ = writeln!(ops, "{} c", points(&way));
    }
    if open {
        ops.push_str("S\n");
    }
    ops
}
