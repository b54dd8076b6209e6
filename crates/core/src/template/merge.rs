//! Adding fields to a template (P32): a new version, in which a field with the same name and role replaces.

use crate::template::field::{Field, same_owner};

/// The fields of the next version. A replaced field keeps its place in the order and its id; others are appended.
#[must_use]
pub fn merge(present: &[Field], added: Vec<Field>) -> Vec<Field> {
    let mut fields = present.to_vec();
    for mut field in added {
        match fields
            .iter_mut()
            .find(|old| old.name == field.name && same_owner(old, &field))
        {
            Some(old) => {
                field.field_id = old.field_id.clone();
                *old = field;
            }
            None => fields.push(field),
        }
    }
    fields
}
