//! The signing plan: what later revisions need to know of the document, without reading it.

use serde::{Deserialize, Serialize};

use crate::{
    geometry::Fraction,
    spec::{FieldKind, Locale},
};

/// Made once when the document is prepared, stored with the envelope. It holds the final object
/// number, dictionary and displayed size of every reserved field, so that filling one costs the
/// same on a document of any size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Version of this structure.
    pub version: u8,
    /// First object number free after the prepared revision.
    pub first_free: u32,
    /// The reserved fields of the envelope.
    pub fields: Vec<PlannedField>,
    /// Where the final seal goes; absent in a plan that only reserves the vault seal.
    pub seal: Option<Place>,
    /// Where the vault seal with the control legend goes.
    pub vault: Place,
    /// Language of the words drawn into later revisions.
    pub locale: Locale,
    /// Pages of the prepared document, the appended sheet included.
    pub pages: u32,
    /// Number of the first appended page, if any were appended.
    pub sheet: Option<u32>,
}

/// A reserved form field and widget, one object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Object number of the merged field and widget dictionary.
    pub object: u32,
    /// The dictionary as written at prepare time, without its appearance and without the
    /// closing `>>`.
    pub head: String,
    /// Width as shown, in points; 0 for an invisible field.
    pub width: f64,
    /// Height as shown, in points; 0 for an invisible field.
    pub height: f64,
    /// Clockwise turn of the page it stands on.
    pub rotate: u16,
    /// Page it stands on, from 1.
    pub page: u32,
    /// Where it stands on the visible page.
    pub area: Fraction,
}

impl Place {
    /// Whether anything can be drawn here.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        self.width > 0.0 && self.height > 0.0
    }
}

/// One field of the envelope in the prepared document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedField {
    /// Id as in [`crate::FieldSpec`].
    pub id: String,
    /// Key of the signer who fills it.
    pub signer: String,
    /// What it takes.
    pub kind: FieldKind,
    /// Options of a select or radio field.
    pub options: Vec<String>,
    /// Whether this is the signer's field that carries the cryptographic signature.
    pub signed: bool,
    /// Whether its value was fixed at prepare time.
    pub fixed: bool,
    /// Where it stands.
    pub place: Place,
}

impl Plan {
    /// The field with this id.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&PlannedField> {
        self.fields.iter().find(|f| f.id == id)
    }

    /// The field that carries this signer's cryptographic signature.
    #[must_use]
    pub fn signed_field(&self, signer: &str) -> Option<&PlannedField> {
        self.fields.iter().find(|f| f.signed && f.signer == signer)
    }
}
