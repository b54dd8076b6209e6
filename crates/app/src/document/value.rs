//! Field values on their way onto the page.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use deedbox_core::template::{Field, FieldValue, Mark};
use deedbox_pdf::{Look, Point, Script, Value};

use crate::error::Error;

/// A value as the PDF crate draws it.
///
/// # Errors
/// [`Error::Invalid`] for a face or picture that is not known.
pub(crate) fn fill_value(field: &Field, value: &FieldValue) -> Result<Value, Error> {
    Ok(match value {
        FieldValue::Checked(checked) => Value::Checked(*checked),
        FieldValue::Text(text) => Value::Text(text.clone()),
        FieldValue::Mark(mark) => Value::Look(look(field, mark)?),
    })
}

fn look(field: &Field, mark: &Mark) -> Result<Look, Error> {
    let fault = |message: &str| Error::invalid(format!("fields.{}", field.field_id), message);
    Ok(match mark {
        Mark::Drawn { strokes } => {
            let point = |it: &deedbox_core::template::Point| Point {
                x: it.x,
                y: it.y,
                t: it.t,
                p: it.p,
            };
            let stroke = |it: &Vec<_>| it.iter().map(point).collect();
            Look::Drawn {
                strokes: strokes.iter().map(stroke).collect(),
            }
        }
        Mark::Typed { text, font } => Look::Typed {
            text: text.clone(),
            font: script(font).ok_or_else(|| fault("the font is not one of the four faces"))?,
        },
        Mark::Uploaded { image } => {
            let (_, data) = image.split_once(',').unwrap_or_default();
            let image = STANDARD
                .decode(data)
                .map_err(|_| fault("the picture is not base64"))?;
            Look::Uploaded { image }
        }
    })
}

fn script(name: &str) -> Option<Script> {
    match name {
        "" | "dancing-script" => Some(Script::DancingScript),
        "sacramento" => Some(Script::Sacramento),
        "great-vibes" => Some(Script::GreatVibes),
        "caveat" => Some(Script::Caveat),
        _ => None,
    }
}
