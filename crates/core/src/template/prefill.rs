//! Values that the sender fills in (P4 `prefill`): shown read-only to every signer.

use serde::{Deserialize, Serialize};

use crate::ids::FieldId;
use crate::invalid::{Faults, FieldError};
use crate::template::field::Field;
use crate::template::value::{FieldValue, check_value};

/// One entry of `prefill`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrefillEntry {
    /// The field's name.
    pub field_name: String,
    /// Its role, needed where two roles have a field of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The value.
    pub value: FieldValue,
}

/// A checked entry: which field, and with what.
#[derive(Debug, Clone, PartialEq)]
pub struct Prefill {
    /// The field.
    pub field_id: FieldId,
    /// Its value.
    pub value: FieldValue,
}

/// Finds the fields and checks the values. Without a role an entry means every field of that name.
///
/// # Errors
/// Faults at `prefill[i].field_name` (unknown, or a signature) and `prefill[i].value`.
pub fn prefill(
    fields: &[Field],
    entries: &[PrefillEntry],
) -> Result<Vec<Prefill>, Vec<FieldError>> {
    let mut faults = Faults::new();
    let mut filled = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let meant = |field: &&Field| {
            field.name == entry.field_name
                && entry
                    .role
                    .as_deref()
                    .is_none_or(|role| field.has_role(role))
        };
        let hits: Vec<&Field> = fields.iter().filter(meant).collect();
        let name = format!("prefill[{index}].field_name");
        faults.require(
            !hits.is_empty(),
            name.clone(),
            "is no field of the template",
        );
        for field in hits {
            if field.kind.is_mark() {
                faults.push(
                    name.clone(),
                    "is a signature or initials, which only the signer can fill",
                );
            } else if let Err(message) = check_value(field, &entry.value) {
                faults.push(format!("prefill[{index}].value"), message);
            } else {
                filled.push(Prefill {
                    field_id: field.field_id.clone(),
                    value: entry.value.clone(),
                });
            }
        }
    }
    faults.into_result(filled)
}
