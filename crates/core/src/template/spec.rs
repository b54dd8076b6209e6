//! Field descriptions as a partner sends them (partner API §9): a name, a kind, and one of three ways to say where.

mod reader;

use serde_json::Value;

use self::reader::Reader;

use crate::ids::FieldId;
use crate::invalid::{Faults, FieldError};
use crate::template::field::{Area, FIELDS_MAX, Field, FieldKind};
use crate::template::value::FieldValue;

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
