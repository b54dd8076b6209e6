//! Reading one field description, noting every fault at its path.

use serde_json::{Map, Value};

use crate::ids::FieldId;
use crate::invalid::Faults;
use crate::template::field::{Area, FieldKind};
use crate::template::spec::{FieldSpec, OPTIONS_MAX, Placement, ROLE_DEFAULT};
use crate::template::value::{FieldValue, TEXT_MAX, check_value};

/// Reads one JSON object and notes every fault at its path.
pub(super) struct Reader<'a> {
    object: Option<&'a Map<String, Value>>,
    path: String,
    faults: &'a mut Faults,
}

impl<'a> Reader<'a> {
    pub(super) fn new(value: &'a Value, path: &str, faults: &'a mut Faults) -> Self {
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

    pub(super) fn spec(&mut self) -> Option<FieldSpec> {
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
