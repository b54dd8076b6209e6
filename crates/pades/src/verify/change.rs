//! Differences between revisions.

use serde::Serialize;

/// A difference between two revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A form field got a value.
    FieldFilled {
        /// Its name.
        field: String,
        /// It had another value before that was not empty.
        overwrote: bool,
    },
    /// A signature field got its signature.
    Signed {
        /// Its name.
        field: String,
    },
    /// A new signature field.
    SignatureFieldAdded {
        /// Its name.
        field: String,
        /// It can be seen on a page.
        visible: bool,
    },
    /// A document timestamp.
    TimestampAdded {
        /// The field's name.
        field: String,
    },
    /// Validation material (DSS).
    ValidationMaterial,
    /// Document information or XMP metadata.
    Metadata,
    /// Anything else.
    NotPermitted {
        /// What, in words.
        reason: String,
    },
}

impl Change {
    /// Whether a signed document allows it.
    #[must_use]
    pub fn permitted(&self) -> bool {
        !matches!(self, Self::NotPermitted { .. })
    }
}
