//! Filling one signer's fields: values and appearances as raw objects.

mod ink;
mod picture;
mod signature;
mod values;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    font::{Face, Undrawable},
    geometry::{PageBox, Rect},
    look::{Caption, Look},
    object::{Numbers, Object},
    pen::{Fonts, Pen},
    plan::{Place, Plan, PlannedField},
    spec::FieldKind,
    syntax,
};

/// What one signer's revision puts into the document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fill {
    /// Key of the signer.
    pub signer: String,
    /// Values by field id. Fields that are not named stay empty.
    pub values: BTreeMap<String, Value>,
    /// The signature dictionary that the signer's signed field refers to.
    pub signature: Option<SignatureRef>,
}

/// A value of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A checkbox.
    Checked(bool),
    /// Text, date, phone, or the chosen option.
    Text(String),
    /// A signature or initials.
    Look(Look),
}

/// The signature dictionary of a revision, which the signing crate writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureRef {
    /// Its object number.
    pub object: u32,
    /// The lines under the visible signature.
    pub caption: Caption,
}

/// Why a revision cannot be drawn; nothing has been signed when this is returned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// The plan has no such field.
    #[error("field {field} is not part of this document")]
    UnknownField {
        /// Id of the field.
        field: String,
    },
    /// The field belongs to another signer, or its value was fixed before sending.
    #[error("field {field} is not this signer's to fill")]
    NotYours {
        /// Id of the field.
        field: String,
    },
    /// The value is not of the field's kind.
    #[error("field {field} takes another kind of value: {expected}")]
    WrongKind {
        /// Id of the field.
        field: String,
        /// What it takes.
        expected: &'static str,
    },
    /// No font of this crate has the character; it would appear as an empty box.
    #[error("field {field} contains the character {char:?}, which cannot be drawn")]
    CannotDraw {
        /// Id of the field.
        field: String,
        /// The character.
        char: char,
    },
    /// The picture cannot be read or is too large.
    #[error("the picture in field {field} cannot be used: {reason}")]
    BadPicture {
        /// Id of the field.
        field: String,
        /// Why.
        reason: String,
    },
    /// The plan reserves no signed field for this signer.
    #[error("the document has no signature field for signer {signer}")]
    NoSignatureField {
        /// Key of the signer.
        signer: String,
    },
}

/// The objects of one signer's revision: the filled fields with their values and appearances.
///
/// The signer's signed field refers to the signature dictionary; further signature fields of the
/// same signer show their look without a signature of their own. The cost does not depend on the
/// size of the document. `first_free` is the first object number that neither the document nor
/// the signature dictionary uses.
///
/// # Errors
/// A [`FillError`] that names the field; then nothing must be signed.
pub fn fill(plan: &Plan, fill: &Fill, first_free: u32) -> Result<Vec<Object>, FillError> {
    let mut numbers = Numbers::starting_at(first_free);
    let mut fonts = Fonts::default();
    let mut objects = Vec::new();
    let signed = plan.signed_field(&fill.signer);
    for (id, value) in &fill.values {
        let field = own_field(plan, &fill.signer, id)?;
        if fill.signature.is_some() && signed.is_some_and(|s| s.id == field.id) {
            continue;
        }
        objects.extend(value_objects_captioned(
            field,
            value,
            fill.signature.as_ref().map(|s| &s.caption),
            &mut fonts,
            &mut numbers,
        )?);
    }
    if let Some(signature) = &fill.signature {
        let field = signed.ok_or_else(|| FillError::NoSignatureField {
            signer: fill.signer.clone(),
        })?;
        let look = fill.values.get(&field.id);
        objects.extend(signed_objects(
            field,
            look,
            signature,
            &mut fonts,
            &mut numbers,
        )?);
    }
    objects.extend(fonts.finish(&mut numbers));
    Ok(objects)
}

fn own_field<'p>(plan: &'p Plan, signer: &str, id: &str) -> Result<&'p PlannedField, FillError> {
    let field = plan.field(id).ok_or_else(|| FillError::UnknownField {
        field: id.to_owned(),
    })?;
    if field.signer != signer || field.fixed {
        return Err(FillError::NotYours {
            field: id.to_owned(),
        });
    }
    Ok(field)
}

fn signed_objects(
    field: &PlannedField,
    value: Option<&Value>,
    signature: &SignatureRef,
    fonts: &mut Fonts,
    numbers: &mut Numbers,
) -> Result<Vec<Object>, FillError> {
    let look = match value {
        Some(Value::Look(look)) => Some(look),
        None => None,
        Some(_) => return Err(wrong_kind(field, "a signature")),
    };
    let value = format!("/V {} 0 R", signature.object);
    drawn(&field.place, &value, fonts, numbers, |pen, w, h, made| {
        signature::draw(pen, look, Some(&signature.caption), (w, h), made)
    })
    .map_err(|error| error.of(&field.id))
}

/// The objects of a field with its value; used for fixed values at prepare time too.
pub(crate) fn value_objects(
    field: &PlannedField,
    value: &Value,
    fonts: &mut Fonts,
    numbers: &mut Numbers,
) -> Result<Vec<Object>, FillError> {
    value_objects_captioned(field, value, None, fonts, numbers)
}

fn value_objects_captioned(
    field: &PlannedField,
    value: &Value,
    caption: Option<&Caption>,
    fonts: &mut Fonts,
    numbers: &mut Numbers,
) -> Result<Vec<Object>, FillError> {
    let place = &field.place;
    let made = match (field.kind, value) {
        (FieldKind::Checkbox, Value::Checked(on)) => {
            Ok(values::checkbox(place, *on, fonts, numbers))
        }
        (FieldKind::Signature, Value::Look(look)) => {
            drawn(place, "", fonts, numbers, |pen, w, h, made| {
                signature::draw(pen, Some(look), caption, (w, h), made)
            })
        }
        (FieldKind::Initials, Value::Look(look)) => {
            drawn(place, "", fonts, numbers, |pen, w, h, made| {
                signature::draw(pen, Some(look), None, (w, h), made)
            })
        }
        (FieldKind::Select | FieldKind::Radio, Value::Text(choice)) => {
            if !field.options.contains(choice) {
                return Err(wrong_kind(field, "one of its options"));
            }
            let entry = format!("/V{}", syntax::text(choice));
            drawn(place, &entry, fonts, numbers, |pen, w, h, _| {
                match field.kind {
                    FieldKind::Radio => values::radio(pen, &field.options, choice, w, h),
                    _ => values::text(pen, choice, w, h),
                }
            })
        }
        (
            FieldKind::Text | FieldKind::Date | FieldKind::DateNow | FieldKind::Phone,
            Value::Text(text),
        ) => {
            let entry = format!("/V{}", syntax::text(text));
            drawn(place, &entry, fonts, numbers, |pen, w, h, _| {
                values::text(pen, text, w, h)
            })
        }
        (FieldKind::Checkbox, _) => return Err(wrong_kind(field, "true or false")),
        (FieldKind::Signature | FieldKind::Initials, _) => {
            return Err(wrong_kind(field, "a drawn, typed or uploaded signature"));
        }
        _ => return Err(wrong_kind(field, "text")),
    };
    made.map_err(|error| error.of(&field.id))
}

/// Reads a fixed value; `None` when the field cannot take it.
pub(crate) fn fixed_value(field: &PlannedField, value: &str) -> Option<Value> {
    match field.kind {
        FieldKind::Checkbox => value.parse().ok().map(Value::Checked),
        FieldKind::Signature | FieldKind::Initials => None,
        FieldKind::Select | FieldKind::Radio if !field.options.iter().any(|o| o == value) => None,
        _ => Some(Value::Text(value.to_owned())),
    }
}

fn wrong_kind(field: &PlannedField, expected: &'static str) -> FillError {
    FillError::WrongKind {
        field: field.id.clone(),
        expected,
    }
}

/// What can go wrong while drawing, before the field is named.
#[derive(Debug)]
pub(crate) enum DrawError {
    Undrawable(char),
    Picture(String),
}

impl DrawError {
    pub(crate) fn of(self, field: &str) -> FillError {
        let field = field.to_owned();
        match self {
            Self::Undrawable(char) => FillError::CannotDraw { field, char },
            Self::Picture(reason) => FillError::BadPicture { field, reason },
        }
    }
}

impl From<Undrawable> for DrawError {
    fn from(Undrawable(char): Undrawable) -> Self {
        Self::Undrawable(char)
    }
}

/// A field object whose normal appearance is drawn by `draw`; `entry` carries its value. `draw`
/// may push further objects that its drawing refers to.
pub(crate) fn drawn(
    place: &Place,
    entry: &str,
    fonts: &mut Fonts,
    numbers: &mut Numbers,
    draw: impl FnOnce(&mut Pen<'_>, f64, f64, &mut Vec<Object>) -> Result<(), DrawError>,
) -> Result<Vec<Object>, DrawError> {
    let form = numbers.take();
    let mut made = Vec::new();
    let mut pen = Pen::new(fonts, numbers);
    if place.is_visible() {
        draw(&mut pen, place.width, place.height, &mut made)?;
    }
    made.push(into_form(pen, form, place));
    let dict = format!("{}{entry}/AP<</N {form} 0 R>>>>", place.head);
    made.push(Object::new(place.object, dict.into_bytes()));
    Ok(made)
}

/// The drawing as an appearance that stands upright on the field's page.
pub(crate) fn into_form(pen: Pen<'_>, number: u32, place: &Place) -> Object {
    let (w, h) = (place.width.max(1.0), place.height.max(1.0));
    let upright = PageBox::new(Rect::new(0.0, 0.0, 1.0, 1.0), i64::from(place.rotate), 1.0);
    pen.into_form(number, w, h, upright.appearance_matrix(w, h))
}

/// The face a typed signature is drawn with: the one asked for, else one that has its letters.
pub(crate) fn script_for(text: &str, wanted: crate::look::Script) -> Face {
    let choices = [
        Face::Script(wanted),
        Face::Script(crate::look::Script::Caveat),
        Face::Regular,
    ];
    choices
        .into_iter()
        .find(|f| f.missing(text).is_none())
        .unwrap_or(Face::Regular)
}
