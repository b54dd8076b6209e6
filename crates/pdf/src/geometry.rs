//! The one place where page coordinates are computed.
//!
//! Outside this crate an area is a [`Fraction`] of the *visible* page as a person sees it: origin
//! top left, y down (partner contract §9). Inside a PDF it is a [`Rect`] in user space, whose
//! origin, direction and unit depend on `MediaBox`, `CropBox`, `Rotate` and `UserUnit`
//! (ISO 32000-2 14.11.2, 7.7.3.3). [`PageBox`] turns one into the other.

use serde::{Deserialize, Serialize};

/// A rectangle as fractions of the visible page, origin top left, y down.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fraction {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Fraction {
    /// A rectangle from its left, top, width and height.
    #[must_use]
    pub fn new(x: f64, y: f64, w: f64, h: f64) -> Self {
        Self { x, y, w, h }
    }

    /// Whether the rectangle has an area and lies on the page, within rounding.
    #[must_use]
    pub fn is_on_page(&self) -> bool {
        let finite = [self.x, self.y, self.w, self.h]
            .iter()
            .all(|v| v.is_finite());
        let edge = 1.0 + 1e-6;
        finite
            && self.x >= -1e-6
            && self.y >= -1e-6
            && self.w > 0.0
            && self.h > 0.0
            && self.x + self.w <= edge
            && self.y + self.h <= edge
    }
}

/// A rectangle in a page's user space, `x0 <= x1` and `y0 <= y1`, y up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// Left.
    pub x0: f64,
    /// Bottom.
    pub y0: f64,
    /// Right.
    pub x1: f64,
    /// Top.
    pub y1: f64,
}

impl Rect {
    /// A rectangle from any two opposite corners.
    #[must_use]
    pub fn new(x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        Self {
            x0: x0.min(x1),
            y0: y0.min(y1),
            x1: x0.max(x1),
            y1: y0.max(y1),
        }
    }

    /// Horizontal extent.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.x1 - self.x0
    }

    /// Vertical extent.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.y1 - self.y0
    }

    /// The part that lies in both, if it has an area.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let part = Self {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        };
        (part.x1 - part.x0 > 1e-3 && part.y1 - part.y0 > 1e-3).then_some(part)
    }
}

/// What of a page is visible, and how it is turned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageBox {
    /// `CropBox` ∩ `MediaBox` in user space.
    pub visible: Rect,
    /// Clockwise turn when shown: 0, 90, 180 or 270 degrees.
    pub rotate: u16,
    /// Size of a user space unit in points (`UserUnit`, 1 by default).
    pub user_unit: f64,
}

impl PageBox {
    /// A page box; a turn that is no multiple of 90 counts as none, as viewers do.
    #[must_use]
    pub fn new(visible: Rect, rotate: i64, user_unit: f64) -> Self {
        let turn = u16::try_from(rotate.rem_euclid(360)).unwrap_or(0);
        let rotate = if turn.is_multiple_of(90) { turn } else { 0 };
        let sane = user_unit.is_finite() && user_unit > 0.0;
        Self {
            visible,
            rotate,
            user_unit: if sane { user_unit } else { 1.0 },
        }
    }

    fn is_sideways(&self) -> bool {
        matches!(self.rotate, 90 | 270)
    }

    /// Width as shown, in points.
    #[must_use]
    pub fn width(&self) -> f64 {
        let side = if self.is_sideways() {
            self.visible.height()
        } else {
            self.visible.width()
        };
        side * self.user_unit
    }

    /// Height as shown, in points.
    #[must_use]
    pub fn height(&self) -> f64 {
        let side = if self.is_sideways() {
            self.visible.width()
        } else {
            self.visible.height()
        };
        side * self.user_unit
    }

    fn point_to_user(&self, fx: f64, fy: f64) -> (f64, f64) {
        let v = &self.visible;
        let (w, h) = (v.width(), v.height());
        match self.rotate {
            90 => (v.x0 + fy * w, v.y0 + fx * h),
            180 => (v.x1 - fx * w, v.y0 + fy * h),
            270 => (v.x1 - fy * w, v.y1 - fx * h),
            _ => (v.x0 + fx * w, v.y1 - fy * h),
        }
    }

    fn point_to_fraction(&self, x: f64, y: f64) -> (f64, f64) {
        let v = &self.visible;
        let (left, right) = ((x - v.x0) / v.width(), (v.x1 - x) / v.width());
        let (below, above) = ((y - v.y0) / v.height(), (v.y1 - y) / v.height());
        match self.rotate {
            90 => (below, left),
            180 => (right, below),
            270 => (above, right),
            _ => (left, above),
        }
    }

    /// The user space rectangle of an area given as fractions.
    #[must_use]
    pub fn to_user(self, area: &Fraction) -> Rect {
        let (ax, ay) = self.point_to_user(area.x, area.y);
        let (bx, by) = self.point_to_user(area.x + area.w, area.y + area.h);
        Rect::new(ax, ay, bx, by)
    }

    /// The fractions of a user space rectangle.
    #[must_use]
    pub fn to_fraction(self, rect: &Rect) -> Fraction {
        let (ax, ay) = self.point_to_fraction(rect.x0, rect.y0);
        let (bx, by) = self.point_to_fraction(rect.x1, rect.y1);
        Fraction {
            x: ax.min(bx),
            y: ay.min(by),
            w: (ax - bx).abs(),
            h: (ay - by).abs(),
        }
    }

    /// Matrix from displayed points (origin bottom left, y up, as shown) to user space.
    #[must_use]
    pub fn display_to_user(self) -> [f64; 6] {
        let v = &self.visible;
        let k = 1.0 / self.user_unit;
        match self.rotate {
            90 => [0.0, k, -k, 0.0, v.x1, v.y0],
            180 => [-k, 0.0, 0.0, -k, v.x1, v.y1],
            270 => [0.0, -k, k, 0.0, v.x0, v.y1],
            _ => [k, 0.0, 0.0, k, v.x0, v.y0],
        }
    }

    /// Size of an area as shown, in points.
    #[must_use]
    pub fn displayed_size(&self, area: &Fraction) -> (f64, f64) {
        (area.w * self.width(), area.h * self.height())
    }

    /// Form matrix that makes an appearance of displayed size `w`×`h` points upright in a widget
    /// on this page (the viewer then fits the turned box into the widget's `Rect`).
    #[must_use]
    pub fn appearance_matrix(&self, w: f64, h: f64) -> [f64; 6] {
        match self.rotate {
            90 => [0.0, 1.0, -1.0, 0.0, h, 0.0],
            180 => [-1.0, 0.0, 0.0, -1.0, w, h],
            270 => [0.0, -1.0, 1.0, 0.0, 0.0, w],
            _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_page() -> impl Strategy<Value = PageBox> {
        let origin = (-2000.0..2000.0f64, -2000.0..2000.0f64);
        let size = (10.0..3000.0f64, 10.0..3000.0f64);
        (origin, size, 0i64..8, 0.1..20.0f64).prop_map(|((x, y), (w, h), turn, unit)| {
            PageBox::new(Rect::new(x, y, x + w, y + h), (turn - 4) * 90, unit)
        })
    }

    fn any_area() -> impl Strategy<Value = Fraction> {
        (0.0..0.9f64, 0.0..0.9f64, 0.001..1.0f64, 0.001..1.0f64)
            .prop_map(|(x, y, w, h)| Fraction::new(x, y, w * (1.0 - x), h * (1.0 - y)))
    }

    fn apply(m: [f64; 6], x: f64, y: f64) -> (f64, f64) {
        (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])
    }

    proptest! {
        #[test]
        fn an_area_comes_back_from_user_space(page in any_page(), area in any_area()) {
            let back = page.to_fraction(&page.to_user(&area));
            for (a, b) in [(area.x, back.x), (area.y, back.y), (area.w, back.w), (area.h, back.h)] {
                prop_assert!((a - b).abs() < 1e-9, "{area:?} != {back:?}");
            }
        }

        #[test]
        fn an_area_on_the_page_stays_inside_the_visible_box(page in any_page(), area in any_area()) {
            let r = page.to_user(&area);
            let v = page.visible;
            let slack = 1e-6;
            prop_assert!(r.x0 >= v.x0 - slack && r.x1 <= v.x1 + slack);
            prop_assert!(r.y0 >= v.y0 - slack && r.y1 <= v.y1 + slack);
        }

        #[test]
        fn the_display_matrix_agrees_with_the_fractions(page in any_page(), area in any_area()) {
            let m = page.display_to_user();
            let (left, right) = (area.x * page.width(), (area.x + area.w) * page.width());
            let top = (1.0 - area.y) * page.height();
            let bottom = (1.0 - area.y - area.h) * page.height();
            let (ax, ay) = apply(m, left, bottom);
            let (bx, by) = apply(m, right, top);
            let drawn = Rect::new(ax, ay, bx, by);
            let want = page.to_user(&area);
            for (a, b) in [(drawn.x0, want.x0), (drawn.y0, want.y0), (drawn.x1, want.x1), (drawn.y1, want.y1)] {
                prop_assert!((a - b).abs() < 1e-6, "{drawn:?} != {want:?}");
            }
        }

        #[test]
        fn an_appearance_is_turned_into_a_box_at_the_origin(page in any_page(), w in 1.0..500.0f64, h in 1.0..500.0f64) {
            let m = page.appearance_matrix(w, h);
            let (ax, ay) = apply(m, 0.0, 0.0);
            let (bx, by) = apply(m, w, h);
            let r = Rect::new(ax, ay, bx, by);
            prop_assert!(r.x0.abs() < 1e-9 && r.y0.abs() < 1e-9);
            let sideways = page.rotate % 180 == 90;
            let (rw, rh) = if sideways { (h, w) } else { (w, h) };
            prop_assert!((r.width() - rw).abs() < 1e-9 && (r.height() - rh).abs() < 1e-9);
        }
    }

    #[test]
    fn a_page_turned_by_90_shows_its_lower_left_corner_at_the_top_left() {
        let page = PageBox::new(Rect::new(10.0, 20.0, 110.0, 220.0), 90, 1.0);
        assert_eq!(
            page.to_user(&Fraction::new(0.0, 0.0, 0.1, 0.1)),
            Rect::new(10.0, 20.0, 20.0, 40.0)
        );
        assert!((page.width() - 200.0).abs() < 1e-9);
    }
}
