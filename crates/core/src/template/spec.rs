//! Field descriptions as a partner sends them (partner API §9): a name, a kind, and one of three ways to say where.

use serde_json::{Map, Value};

use crate::ids::FieldId;
use crate::invalid::{Faults, FieldError};
use crate::template::field::{Area, FIELDS_MAX, Field, FieldKind};
use crate::template::value::{FieldValue, TEXT_MAX, check_value};

/// The role of a field that names none.
pub const ROLE_DEFAULT: &str = "Signer";
/// Most options of a `select` or `radio`.
pub const OPTIONS_MAX: usize = 100;

/// Where a field shall stand.
#[derive(Debug, Clone, PartialEq)]
pub enum Placement {
    /// At fixed fractions of a page.
    Absolute {
        /// The page, from 1.
        page: u32,
        /// The rectangle.
        area: Area,
    },
    /// Relative to a text found in the document.
    Anchor {
        /// The text to find.
        text: String,
        /// Which hit, from 1.
        occurrence: u32,
        /// Added to the hit's left edge, a fraction of the page's width.
        offset_x: f64,
        /// Added to the hit's top edge, a fraction of the page's height.
        offset_y: f64,
        /// Width of the field.
        w: f64,
        /// Height of the field.
        h: f64,
    },
    /// Where a `{{ }}` tag of the same name stands in the document.
    Tag,
}

/// A field whose place still has to be found.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSpec {
    /// Its name.
    pub name: String,
    /// What it is filled with.
    pub kind: FieldKind,
    /// Who fills it.
    pub role: String,
    /// Whether signing needs it.
    pub required: bool,
    /// Whether it is shown only.
    pub readonly: bool,
    /// What can be chosen.
    pub options: Vec<String>,
    /// The value it starts with.
    pub default: Option<FieldValue>,
    /// Where it shall stand.
    pub placement: Placement,
}

impl FieldSpec {
    /// The field at its resolved place.
    #[must_use]
    pub fn at(self, field_id: FieldId, page: u32, area: Area) -> Field {
        Field {
            field_id,
            name: self.name,
            kind: self.kind,
            role: Some(self.role),
            participant_index: None,
            required: self.required,
            readonly: self.readonly,
            options: self.options,
            default: self.default,
            page,
            area: Some(area),
        }
    }
}

/// Reads the `fields` array of P31 and P32.
///
/// # Errors
/// All faults, with paths like `fields[0].placement.x`.
pub fn read_specs(fields: &Value) -> Result<Vec<FieldSpec>, Vec<FieldError>> {
    let mut faults = Faults::new();
    let mut specs = Vec::new();
    match fields.as_array() {
        Some(items) if items.len() <= FIELDS_MAX => {
            for (index, item) in items.iter().enumerate() {
                specs.extend(Reader::new(item, &format!("fields[{index}]"), &mut faults).spec());
            }
        }
        Some(_) => faults.push("fields", format!("must have at most {FIELDS_MAX} items")),
        None => faults.push("fields", "must be an array"),
    }
    faults.into_result(specs)
}

/// Reads one JSON object and notes every fault at its path.
struct Reader<'a> {
    object: Option<&'a Map<String, Value>>,
    path: String,
    faults: &'a mut Faults,
}

impl<'a> Reader<'a> {
    fn new(value: &'a Value, path: &str, faults: &'a mut Faults) -> Self {
        let object = value.as_object();
        faults.require(object.is_some(), path, "must be an object");
        Self {
            object,
            path: path.to_owned(),
            faults,
        }
    }

    /// The value of a key; `null` counts as absent (partner API §1.1).
    fn get(&self, key: &str) -> Option<&'a Value> {
        self.object?.get(key).filter(|value| !value.is_null())
    }

    fn fault(&mut self, key: &str, message: impl Into<String>) {
        let field = format!("{}.{key}", self.path);
        self.faults.push(field, message);
    }

    fn spec(&mut self) -> Option<FieldSpec> {
        self.object?;
        let name = self.name();
        let kind = self.kind();
        let role = self
            .short_text("role")
            .unwrap_or_else(|| ROLE_DEFAULT.to_owned());
        let required = self.flag("required", true);
        let readonly = self.flag("readonly", false);
        let options = self.options(kind);
        let default = self.default();
        let placement = self.placement();
        let spec = FieldSpec {
            name: name?,
            kind: kind?,
            role,
            required,
            readonly,
            options: options?,
            default,
            placement: placement?,
        };
        self.check_default(&spec);
        Some(spec)
    }

    fn name(&mut self) -> Option<String> {
        let name = self.short_text("name");
        if name.is_none() && self.get("name").is_none() {
            self.fault("name", "is required");
        }
        name
    }

    fn kind(&mut self) -> Option<FieldKind> {
        let kind = self
            .get("type")
            .and_then(Value::as_str)
            .and_then(FieldKind::parse);
        if kind.is_none() {
            let names = FieldKind::ALL.map(FieldKind::as_str).join(", ");
            self.fault("type", format!("must be one of: {names}"));
        }
        kind
    }

    /// A text of 1 to 64 characters, trimmed.
    fn short_text(&mut self, key: &str) -> Option<String> {
        let value = self.get(key)?;
        match value.as_str().map(str::trim) {
            Some(text) if (1..=64).contains(&text.chars().count()) => Some(text.to_owned()),
            _ => {
                self.fault(key, "must be a text of 1 to 64 characters");
                None
            }
        }
    }

    fn flag(&mut self, key: &str, default: bool) -> bool {
        match self.get(key) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.fault(key, "must be true or false");
                default
            }
        }
    }

    fn options(&mut self, kind: Option<FieldKind>) -> Option<Vec<String>> {
        let needed = kind.is_some_and(FieldKind::is_choice);
        let Some(value) = self.get("options") else {
            if needed {
                self.fault("options", "is required for select and radio");
            }
            return (!needed).then(Vec::new);
        };
        let texts = value
            .as_array()
            .map(|items| items.iter().map(option_text).collect::<Option<Vec<_>>>());
        match texts.flatten() {
            Some(texts) if texts.len() <= OPTIONS_MAX && (!needed || !texts.is_empty()) => {
                Some(texts)
            }
            _ => {
                self.fault(
                    "options",
                    format!("must be 1 to {OPTIONS_MAX} texts of 1 to 200 characters"),
                );
                None
            }
        }
    }

    fn default(&mut self) -> Option<FieldValue> {
        match self.get("default")? {
            Value::Bool(checked) => Some(FieldValue::Checked(*checked)),
            Value::String(text) if text.chars().count() <= TEXT_MAX => {
                Some(FieldValue::Text(text.clone()))
            }
            _ => {
                self.fault(
                    "default",
                    format!("must be a text of at most {TEXT_MAX} characters, or a bool"),
                );
                None
            }
        }
    }

    fn check_default(&mut self, spec: &FieldSpec) {
        let Some(default) = &spec.default else { return };
        let field_id = FieldId::parse("fld_000000000000");
        let Ok(field_id) = field_id else { return };
        let area = Area {
            x: 0.0,
            y: 0.0,
            w: 1.0,
            h: 1.0,
        };
        if let Err(message) = check_value(&spec.clone().at(field_id, 1, area), default) {
            self.fault("default", message);
        }
    }

    fn placement(&mut self) -> Option<Placement> {
        let Some(value) = self.get("placement") else {
            return Some(Placement::Tag);
        };
        let path = format!("{}.placement", self.path);
        let mut inner = Reader::new(value, &path, self.faults);
        match inner.get("mode").and_then(Value::as_str) {
            Some("absolute") => inner.absolute(),
            Some("anchor") => inner.anchor(),
            _ => {
                inner.fault("mode", "must be one of: absolute, anchor");
                None
            }
        }
    }

    fn absolute(&mut self) -> Option<Placement> {
        let page = self.count("page", None);
        let corner = (self.number("x", None), self.number("y", None));
        let size = (self.number("w", None), self.number("h", None));
        let area = Area {
            x: corner.0?,
            y: corner.1?,
            w: size.0?,
            h: size.1?,
        };
        let page = page?;
        if !area.is_on_page() {
            self.fault(
                "x",
                "must lie inside the page: x, y, w, h are fractions 0.0 to 1.0",
            );
            return None;
        }
        Some(Placement::Absolute { page, area })
    }

    fn anchor(&mut self) -> Option<Placement> {
        let text = self
            .get("text")
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|t| !t.is_empty());
        if text.is_none_or(|t| t.chars().count() > 200) {
            self.fault(
                "text",
                "must be a text of 1 to 200 characters found in the document",
            );
        }
        let occurrence = self.count("occurrence", Some(1));
        let offset = (self.offset("offset_x"), self.offset("offset_y"));
        let size = (self.number("w", None), self.number("h", None));
        Some(Placement::Anchor {
            text: text?.to_owned(),
            occurrence: occurrence?,
            offset_x: offset.0?,
            offset_y: offset.1?,
            w: size.0?,
            h: size.1?,
        })
    }

    fn count(&mut self, key: &str, default: Option<u32>) -> Option<u32> {
        let found = match self.get(key) {
            None => default,
            Some(value) => value
                .as_u64()
                .and_then(|n| u32::try_from(n).ok())
                .filter(|n| *n >= 1),
        };
        if found.is_none() {
            self.fault(key, "must be a whole number from 1");
        }
        found
    }

    fn number(&mut self, key: &str, default: Option<f64>) -> Option<f64> {
        self.fraction(key, default, 0.0)
    }

    /// Offsets may point left and up.
    fn offset(&mut self, key: &str) -> Option<f64> {
        self.fraction(key, Some(0.0), -1.0)
    }

    fn fraction(&mut self, key: &str, default: Option<f64>, least: f64) -> Option<f64> {
        let found = match self.get(key) {
            None => default,
            Some(value) => value.as_f64().filter(|n| (least..=1.0).contains(n)),
        };
        if found.is_none() {
            self.fault(
                key,
                format!("must be a fraction of the page, {least:.1} to 1.0"),
            );
        }
        found
    }
}

fn option_text(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (1..=200)
        .contains(&text.chars().count())
        .then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_contracts_sample_is_read() {
        let specs = read_specs(&json!([
            {"name":"buyer_signature","type":"signature","role":"Buyer",
             "placement":{"mode":"absolute","page":1,"x":0.2,"y":0.71,"w":0.25,"h":0.05}},
            {"name":"buyer_date","type":"date","role":"Buyer",
             "placement":{"mode":"anchor","text":"Date:","occurrence":1,"offset_x":0.06,"offset_y":0.0,"w":0.15,"h":0.025}},
            {"name":"Name","type":"text"}
        ]))
        .unwrap();
        assert_eq!(specs.len(), 3);
        assert_eq!(specs[0].role, "Buyer");
        assert!(
            matches!(&specs[1].placement, Placement::Anchor { text, occurrence: 1, .. } if text == "Date:")
        );
        assert_eq!(
            (specs[2].placement.clone(), specs[2].role.as_str()),
            (Placement::Tag, "Signer")
        );
        assert!(specs[2].required && !specs[2].readonly);
    }

    #[test]
    fn every_fault_is_named_at_its_path() {
        let faults = read_specs(&json!([
            {"name":"", "type":"fax"},
            {"name":"a","type":"select","placement":{"mode":"absolute","page":0,"x":0.9,"y":0,"w":0.2,"h":2}},
            {"name":"b","type":"checkbox","default":"yes","placement":{"mode":"somewhere"}},
            7
        ]))
        .unwrap_err();
        let fields: Vec<_> = faults.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "fields[0].name",
                "fields[0].type",
                "fields[1].options",
                "fields[1].placement.page",
                "fields[1].placement.h",
                "fields[2].placement.mode",
                "fields[3]"
            ]
        );
    }

    #[test]
    fn a_default_must_fit_its_field() {
        let faults =
            read_specs(&json!([{"name":"b","type":"checkbox","default":"yes"}])).unwrap_err();
        assert_eq!(faults[0].field, "fields[0].default");
        assert!(
            read_specs(&json!([{"name":"s","type":"radio","options":["A","B"],"default":"B"}]))
                .is_ok()
        );
    }

    #[test]
    fn an_area_outside_the_page_is_refused() {
        let place = json!({"mode":"absolute","page":1,"x":0.9,"y":0.0,"w":0.2,"h":0.1});
        let faults =
            read_specs(&json!([{"name":"a","type":"text","placement":place}])).unwrap_err();
        assert_eq!(faults[0].field, "fields[0].placement.x");
        assert_eq!(read_specs(&json!({})).unwrap_err()[0].field, "fields");
    }
}
