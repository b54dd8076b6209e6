//! `PUT /api/signing/fields/{field_id}`: a value, saved as it is entered.

use deedbox_core::{
    FieldId,
    template::{FieldValue, Mark, Point},
};
use http::Method;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    endpoint::{Answer, Call, Endpoint},
    wire::Field,
};
use crate::http::{
    body::Expects,
    fields::{Faults, Fields, Slot},
    problem::Problem,
};

/// Room for an uploaded picture of 5 MB as a data URL.
const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The most strokes and points that are read; the core's own bounds are lower.
const STROKES_MAX: usize = 1_000;
const POINTS_MAX: usize = 50_000;
/// Strokes may leave their box a little.
const FRACTION: std::ops::RangeInclusive<f64> = -0.5..=1.5;

pub(crate) const ENDPOINT: Endpoint = Endpoint {
    method: Method::PUT,
    path: "/fields/{field_id}",
    body: Expects::JsonUpTo(BODY_BYTES_MAX),
    handler: |call| Box::pin(handle(call)),
};

/// A field's new value.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct PutField {
    /// Text, a boolean, a mark, or `null` to clear the field. A mark is `{kind:"drawn", strokes:[[{x,y,t,p}]]}`,
    /// `{kind:"typed", text, font}` or `{kind:"uploaded", image}` with a PNG or JPEG data URL of at most 5 MB.
    value: Option<Value>,
}

/// Save a field's value
#[utoipa::path(
    put, path = "/fields/{field_id}", operation_id = "putField", tag = "Signing",
    params(("field_id" = String, Path, example = "fld_x7k9m2p4q1w3")),
    request_body = PutField,
    responses((status = 200, description = "The field", body = Field)),
)]
async fn handle(mut call: Call) -> Result<Answer, Problem> {
    let value = read(&call.take_json())?;
    let id = FieldId::parse(call.segment("field_id")).map_err(|_| Problem::not_found())?;
    let field = call.app.signing_field(&call.session, &id, value).await?;
    Ok(Answer::json(&Field::from(field)))
}

fn read(body: &Value) -> Result<Option<FieldValue>, Problem> {
    let faults = Faults::default();
    let body = Fields::of_json(body, &faults);
    if !body.names("value") {
        body.fault("value", "is required; null clears the field");
    }
    let value = value(&body.optional("value"));
    faults.check()?;
    Ok(value)
}

fn value(slot: &Slot<'_>) -> Option<FieldValue> {
    match slot.raw()? {
        Value::Bool(checked) => Some(FieldValue::Checked(*checked)),
        Value::String(_) => slot.text(0..=2000).map(FieldValue::Text),
        Value::Object(_) => mark(&slot.object()?).map(FieldValue::Mark),
        _ => {
            slot.fault("must be text, true or false, a mark, or null");
            None
        }
    }
}

fn mark(fields: &Fields<'_>) -> Option<Mark> {
    match fields
        .required("kind")
        .one_of(&["drawn", "typed", "uploaded"], |word| word)?
    {
        "drawn" => {
            let strokes = fields.required("strokes").list(1..=STROKES_MAX)?;
            Some(Mark::Drawn {
                strokes: strokes.iter().filter_map(stroke).collect(),
            })
        }
        "typed" => {
            let text = fields.required("text").text(1..=200);
            let font = fields.optional("font").text(0..=64).unwrap_or_default();
            Some(Mark::Typed { text: text?, font })
        }
        _ => {
            let image = fields.required("image").text(1..=BODY_BYTES_MAX)?;
            Some(Mark::Uploaded { image })
        }
    }
}

fn stroke(slot: &Slot<'_>) -> Option<Vec<Point>> {
    Some(
        slot.list(1..=POINTS_MAX)?
            .iter()
            .filter_map(point)
            .collect(),
    )
}

fn point(slot: &Slot<'_>) -> Option<Point> {
    let fields = slot.object()?;
    let x = fields.required("x").number(FRACTION);
    let y = fields.required("y").number(FRACTION);
    let t = fields.optional("t").number(0.0..=1e9).unwrap_or_default();
    let p = fields.optional("p").number(0.0..=1.0).unwrap_or_default();
    Some(Point { x: x?, y: y?, t, p })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(body: &Value) -> Vec<String> {
        let problem = read(body).unwrap_err();
        problem
            .errors
            .into_iter()
            .map(|fault| fault.pointer)
            .collect()
    }

    #[test]
    fn a_value_is_text_a_tick_a_mark_or_nothing() {
        assert_eq!(
            read(&json!({"value": " Ana "})).unwrap(),
            Some(FieldValue::Text("Ana".into()))
        );
        assert_eq!(
            read(&json!({"value": true})).unwrap(),
            Some(FieldValue::Checked(true))
        );
        assert_eq!(read(&json!({"value": null})).unwrap(), None);
        assert_eq!(faults(&json!({})), ["/value"]);
        assert_eq!(faults(&json!({"value": 7})), ["/value"]);
    }

    #[test]
    fn strokes_are_read_point_by_point() {
        let strokes = json!([[{"x": 0.1, "y": 0.2, "t": 0, "p": 0.5}, {"x": 0.3, "y": 0.4}]]);
        let read = read(&json!({"value": {"kind": "drawn", "strokes": strokes}})).unwrap();
        let Some(FieldValue::Mark(Mark::Drawn { strokes })) = read else {
            panic!("no strokes")
        };
        assert_eq!((strokes[0].len(), strokes[0][1].t), (2, 0.0));
        let wrong = json!({"value": {"kind": "drawn", "strokes": [[{"x": 9, "y": "a"}]]}});
        assert_eq!(
            faults(&wrong),
            ["/value/strokes/0/0/x", "/value/strokes/0/0/y"]
        );
        assert_eq!(
            faults(&json!({"value": {"kind": "painted"}})),
            ["/value/kind"]
        );
    }
}
