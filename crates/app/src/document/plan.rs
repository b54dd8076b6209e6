//! What is kept per envelope so that nothing parses its document again.

use deedbox_core::{
    SignerId,
    template::{Field, FieldValue},
};
use deedbox_pdf::{PageInfo, Plan};
use serde::{Deserialize, Serialize};

/// A field of an envelope, with its owner and the value fixed by the sender.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct EnvelopeField {
    /// The field, at its place.
    #[serde(flatten)]
    pub field: Field,
    /// Who fills it.
    pub owner: SignerId,
    /// Its id in the PDF's plan.
    pub pdf_id: String,
    /// What the sender fixed, shown read-only.
    pub fixed: Option<FieldValue>,
}

/// The signing plan of an envelope: geometry, fields and page sizes, made once at send.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct EnvelopePlan {
    /// Where everything stands in the prepared file.
    pub pdf: Plan,
    /// The fields in reading order.
    pub fields: Vec<EnvelopeField>,
    /// The pages as shown, sheet included.
    pub pages: Vec<PageSize>,
}

/// The visible size of a page in points.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct PageSize {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl From<&PageInfo> for PageSize {
    fn from(page: &PageInfo) -> Self {
        Self {
            width: page.width,
            height: page.height,
        }
    }
}

impl EnvelopePlan {
    /// The fields of one signer.
    pub(crate) fn of<'a>(
        &'a self,
        signer: &'a SignerId,
    ) -> impl Iterator<Item = &'a EnvelopeField> {
        self.fields
            .iter()
            .filter(move |field| field.owner == *signer)
    }
}
