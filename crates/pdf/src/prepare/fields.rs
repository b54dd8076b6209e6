//! The dictionaries of reserved fields.

use std::fmt::Write as _;

use lopdf::ObjectId;

use super::{pages::Pages, sheet::Spot};
use crate::{
    geometry::{Fraction, PageBox},
    object::Object,
    plan::Place,
    spec::{FieldKind, FieldSpec},
    syntax::{real, reals, stream, text},
};

/// Annotation flags Print and Locked (ISO 32000-2 12.5.3): printed, not moved or deleted.
const FLAGS: u32 = 4 | 128;
const READ_ONLY: u32 = 1;
const MULTILINE: u32 = 1 << 12;
const PUSH_BUTTON: u32 = 1 << 16;
const COMBO: u32 = 1 << 17;

/// A field that is in the document but has no value yet.
pub(super) struct Reserved {
    pub(super) place: Place,
    pub(super) page_number: u32,
    states: bool,
    /// Whether its object was written already, with a value.
    pub(super) written: bool,
}

/// A form `XObject` that shows nothing: what a reserved field looks like.
pub(super) fn blank(number: u32) -> Object {
    let entries = "/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<<>>";
    Object::new(number, stream(entries, b""))
}

impl Reserved {
    /// A field of the envelope. Everything but the signed field is read-only from the start:
    /// values come from the server, never from a viewer.
    pub(super) fn field(
        field: &FieldSpec,
        name: &str,
        signed: bool,
        object: u32,
        pages: &Pages,
    ) -> Self {
        let page = pages.at(field.page).expect("checked before");
        let (_, height) = page.shape.displayed_size(&field.area);
        let kind = kind_entries(field, signed, height);
        let label = format!("{kind}/T{}/TU{}", text(name), text(&field.name));
        let mut reserved = Self::at(&label, object, field.page, field.area, page.id, &page.shape);
        reserved.states = field.kind == FieldKind::Checkbox;
        reserved
    }

    /// A signature field on the sheet, or an invisible one when there is no place for it.
    pub(super) fn signature(
        name: &str,
        label: &str,
        object: u32,
        place: Option<Spot>,
        pages: &Pages,
    ) -> Self {
        let label = format!("/FT/Sig/T{}/TU{}", text(name), text(label));
        match place {
            Some(spot) => {
                let page = pages.at(spot.page).expect("the sheet was appended before");
                Self::at(&label, object, spot.page, spot.area, page.id, &page.shape)
            }
            None => Self::invisible(&label, object, pages.first_id()),
        }
    }

    fn at(
        label: &str,
        object: u32,
        number: u32,
        area: Fraction,
        page: ObjectId,
        shape: &PageBox,
    ) -> Self {
        let rect = shape.to_user(&area);
        let (width, height) = shape.displayed_size(&area);
        let mut head = head(label, page, &reals(&[rect.x0, rect.y0, rect.x1, rect.y1]));
        if shape.rotate != 0 {
            let _ = write!(head, "/MK<</R {}>>", shape.rotate);
        }
        let round = |value: f64, steps: f64| (value * steps).round() / steps;
        // Short numbers come back the same from JSON, whoever reads it.
        let area = Fraction::new(
            round(area.x, 1e6),
            round(area.y, 1e6),
            round(area.w, 1e6),
            round(area.h, 1e6),
        );
        let place = Place {
            object,
            head,
            width: round(width, 1e3),
            height: round(height, 1e3),
            rotate: shape.rotate,
            page: number,
            area,
        };
        Self {
            place,
            page_number: number,
            states: false,
            written: false,
        }
    }

    fn invisible(label: &str, object: u32, page: ObjectId) -> Self {
        let place = Place {
            object,
            head: head(label, page, "0 0 0 0"),
            width: 0.0,
            height: 0.0,
            rotate: 0,
            page: 1,
            area: Fraction::new(0.0, 0.0, 0.0, 0.0),
        };
        Self {
            place,
            page_number: 1,
            states: false,
            written: false,
        }
    }

    /// The field without a value: an appearance that shows nothing, so that no viewer draws an
    /// empty box.
    pub(super) fn empty(&self, blank: u32) -> Object {
        let appearance = if self.states {
            format!("/AS/Off/AP<</N<</Yes {blank} 0 R/Off {blank} 0 R>>>>")
        } else {
            format!("/AP<</N {blank} 0 R>>")
        };
        Object::new(
            self.place.object,
            format!("{}{appearance}>>", self.place.head).into_bytes(),
        )
    }
}

fn head(label: &str, page: ObjectId, rect: &str) -> String {
    format!(
        "<</Type/Annot/Subtype/Widget{label}/F {FLAGS}/Rect[{rect}]/P {} {} R",
        page.0, page.1
    )
}

fn kind_entries(field: &FieldSpec, signed: bool, height: f64) -> String {
    let size = text_size(height);
    match field.kind {
        FieldKind::Signature if signed => "/FT/Sig".to_owned(),
        // A push button has an appearance and no value, so viewers never redraw it as text.
        FieldKind::Signature | FieldKind::Initials => {
            format!("/FT/Btn/Ff {}", PUSH_BUTTON | READ_ONLY)
        }
        FieldKind::Checkbox => format!("/FT/Btn/Ff {READ_ONLY}"),
        FieldKind::Select | FieldKind::Radio => {
            let options: String = field.options.iter().map(|o| text(o)).collect();
            format!(
                "/FT/Ch/Ff {}/Opt[{options}]{}",
                COMBO | READ_ONLY,
                default_look(size)
            )
        }
        FieldKind::Text | FieldKind::Date | FieldKind::DateNow | FieldKind::Phone => {
            let lines = if height >= MULTILINE_FROM {
                MULTILINE
            } else {
                0
            };
            format!("/FT/Tx/Ff {}{}", READ_ONLY | lines, default_look(size))
        }
    }
}

/// Fields at least this high, in points, take several lines.
pub(crate) const MULTILINE_FROM: f64 = 30.0;

/// Text size in points for a field of this height.
pub(crate) fn text_size(height: f64) -> f64 {
    if height >= MULTILINE_FROM {
        10.0
    } else {
        (height * 0.62).clamp(5.0, 11.0)
    }
}

fn default_look(size: f64) -> String {
    format!("/DA(/DbR {} Tf 0.086 0.106 0.141 rg)", real(size))
}
