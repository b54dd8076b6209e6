//! Filling one signer's fields.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{look::{Caption, Look}, object::Object, plan::Plan};

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
/// The cost does not depend on the size of the document. `first_free` is the first object number
/// that neither the document nor the signature dictionary uses.
///
/// # Errors
/// A [`FillError`] that names the field; then nothing must be signed.
pub fn fill(plan: &Plan, fill: &Fill, first_free: u32) -> Result<Vec<Object>, FillError> {
    let _ = (plan, fill, first_free);
    todo!()
}
