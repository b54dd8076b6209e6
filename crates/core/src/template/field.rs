//! A field with its place resolved.

use serde::{Deserialize, Serialize};

use crate::ids::FieldId;
use crate::invalid::Faults;
use crate::template::value::FieldValue;

/// The most fields a template may have.
pub const FIELDS_MAX: usize = 500;

/// What a field is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// A signature.
    Signature,
    /// Initials.
    Initials,
    /// Free text.
    Text,
    /// A date chosen by the signer.
    Date,
    /// The date of signing, set by the server.
    Datenow,
    /// A box to tick.
    Checkbox,
    /// One of several options, as a list.
    Select,
    /// One of several options, as buttons.
    Radio,
    /// A telephone number.
    Phone,
}

impl FieldKind {
    /// All kinds, in the order in which the contract prints them.
    pub const ALL: [Self; 9] = [
        Self::Signature,
        Self::Initials,
        Self::Text,
        Self::Date,
        Self::Datenow,
        Self::Checkbox,
        Self::Select,
        Self::Radio,
        Self::Phone,
    ];

    /// The name in every API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Initials => "initials",
            Self::Text => "text",
            Self::Date => "date",
            Self::Datenow => "datenow",
            Self::Checkbox => "checkbox",
            Self::Select => "select",
            Self::Radio => "radio",
            Self::Phone => "phone",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it is filled with a mark of the signer: a signature or initials.
    #[must_use]
    pub const fn is_mark(self) -> bool {
        matches!(self, Self::Signature | Self::Initials)
    }

    /// Whether it needs options to choose from.
    #[must_use]
    pub const fn is_choice(self) -> bool {
        matches!(self, Self::Select | Self::Radio)
    }
}

/// A rectangle on a page, in fractions 0–1 of the visible page; origin top left, y down.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Area {
    /// Whether it lies wholly on the page and has an extent. A hair's breadth beyond the edge is forgiven,
    /// since fractions come out of divisions.
    #[must_use]
    pub fn is_on_page(&self) -> bool {
        const HAIR: f64 = 1e-6;
        let all_finite = [self.x, self.y, self.w, self.h]
            .iter()
            .all(|v| v.is_finite());
        let begins = self.x >= -HAIR && self.y >= -HAIR;
        let extends = self.w > 0.0 && self.h > 0.0;
        all_finite
            && begins
            && extends
            && self.x + self.w <= 1.0 + HAIR
            && self.y + self.h <= 1.0 + HAIR
    }
}

/// A field of a template version or of an envelope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Its id.
    pub field_id: FieldId,
    /// Its name, unique together with the role.
    pub name: String,
    /// What it is filled with.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// The role that fills it; none for fields of the M2M door that are dealt to participants.
    #[serde(default)]
    pub role: Option<String>,
    /// The participant that fills it, by position from 0 (M2M door); never together with a role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant_index: Option<u32>,
    /// Whether signing needs it filled.
    pub required: bool,
    /// Whether it is shown only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub readonly: bool,
    /// What can be chosen, for `select` and `radio`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// The value it starts with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<FieldValue>,
    /// The page it stands on, from 1.
    pub page: u32,
    /// Where on the page; none for a field that goes to the signature sheet (M2M door).
    #[serde(flatten)]
    pub area: Option<Area>,
}

impl Field {
    /// Whether it belongs to this role, without regard to case.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.role.as_deref().is_some_and(|own| same_role(own, role))
    }
}

/// Roles are names written by people: case does not tell them apart.
#[must_use]
pub fn same_role(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}

/// The roles of these fields, each once, in order of first appearance.
#[must_use]
pub fn roles(fields: &[Field]) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    for role in fields.iter().filter_map(|f| f.role.as_ref()) {
        if !roles.iter().any(|known| same_role(known, role)) {
            roles.push(role.clone());
        }
    }
    roles
}

/// Checks that every field stands on an existing page, wholly, and that names are unique within their role.
pub fn check_fields(fields: &[Field], pages: u32, faults: &mut Faults) {
    faults.require(
        fields.len() <= FIELDS_MAX,
        "fields",
        format!("must have at most {FIELDS_MAX} items"),
    );
    for (index, field) in fields.iter().enumerate() {
        let at = |key: &str| format!("fields[{index}].{key}");
        let on_document = (1..=pages).contains(&field.page);
        faults.require(
            on_document,
            at("page"),
            format!("must be a page of the document, 1 to {pages}"),
        );
        let on_page = field.area.is_none_or(|area| area.is_on_page());
        faults.require(
            on_page,
            at("placement"),
            "must lie inside the page: fractions 0.0 to 1.0",
        );
        let twin = |other: &Field| other.name == field.name && same_owner(other, field);
        let unique = !fields[..index].iter().any(twin);
        faults.require(unique, at("name"), "must be unique within its role");
    }
}

/// Whether both are filled by the same role or position.
#[must_use]
pub fn same_owner(left: &Field, right: &Field) -> bool {
    let roles = match (&left.role, &right.role) {
        (Some(l), Some(r)) => same_role(l, r),
        (None, None) => true,
        _ => false,
    };
    roles && left.participant_index == right.participant_index
}
