//! What the document must carry once it is prepared.

use serde::{Deserialize, Serialize};

use crate::geometry::Fraction;

/// The kinds of field of the partner contract (§9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// The signer's signature; the signer's first one carries the cryptographic signature.
    Signature,
    /// The signer's initials.
    Initials,
    /// Free text.
    Text,
    /// A date the signer enters.
    Date,
    /// The date of signing, set by the server.
    DateNow,
    /// A box to tick.
    Checkbox,
    /// One of several options, shown as text.
    Select,
    /// One of several options, shown as a list when there is room for one.
    Radio,
    /// A telephone number.
    Phone,
}

/// One field of the envelope, at its final place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldSpec {
    /// The field's id, unique in the envelope; becomes the PDF field's name.
    pub id: String,
    /// What a person calls it; becomes the PDF field's tooltip, which screen readers read.
    pub name: String,
    /// What it takes.
    pub kind: FieldKind,
    /// Key of the signer who fills it, one of [`PrepareSpec::signers`].
    pub signer: String,
    /// Whether it must be filled. The signer's first required signature field is the signed one.
    pub required: bool,
    /// Options of a select or radio field.
    #[serde(default)]
    pub options: Vec<String>,
    /// Page number from 1.
    pub page: u32,
    /// Place on the visible page.
    pub area: Fraction,
    /// A value that is fixed now (prefilled or read-only); a checkbox takes `"true"`.
    #[serde(default)]
    pub fixed: Option<String>,
}

/// One signer, as the signature sheet shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignerSpec {
    /// Key that fields refer to, unique in the envelope.
    pub key: String,
    /// Name in full.
    pub name: String,
    /// Role, such as `Buyer`.
    pub role: String,
}

/// Language of the words this crate draws itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Locale {
    /// The words in this language.
    pub(crate) fn pick(self, en: &'static str, es: &'static str) -> &'static str {
        match self {
            Self::En => en,
            Self::Es => es,
        }
    }
}

/// Everything that is added to a document before its first signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrepareSpec {
    /// Id of the envelope, shown on the sheet.
    pub envelope_id: String,
    /// Name of the envelope, shown on the sheet.
    pub envelope_name: String,
    /// Who asks for the signatures, shown on the sheet.
    pub sender: String,
    /// Language of the sheet.
    pub locale: Locale,
    /// The signers in order.
    pub signers: Vec<SignerSpec>,
    /// The fields of all signers.
    pub fields: Vec<FieldSpec>,
    /// Areas to cover in white, such as the `{{…}}` tags that fields were made from.
    #[serde(default)]
    pub cover: Vec<Cover>,
}

/// An area of a page that is covered before anybody sees the document.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cover {
    /// Page number from 1.
    pub page: u32,
    /// Place on the visible page.
    pub area: Fraction,
}
