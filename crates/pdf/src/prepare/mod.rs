//! Preparing.

use serde::{Deserialize, Serialize};

use crate::{plan::Plan, refusal::Refusal, spec::{Locale, PrepareSpec}};

/// A prepared revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// What is appended to the base: one incremental update, cross-reference section included.
    pub segment: Vec<u8>,
    /// What later revisions need to know.
    pub plan: Plan,
}

/// Why a document cannot be prepared as asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PrepareError {
    /// The file itself is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The file must be normalised first.
    #[error("the file must be saved anew first (normalise)")]
    NeedsNormalising,
    /// The file is certified: fields and pages may not be added.
    #[error("the PDF is certified; fields and pages cannot be added to it")]
    Certified,
    /// A field stands outside its page, or on no page.
    #[error("field {field} does not lie on a page of the document")]
    OffPage {
        /// Id of the field.
        field: String,
    },
    /// A field names a signer that is not among the signers.
    #[error("field {field} belongs to no signer")]
    UnknownSigner {
        /// Id of the field.
        field: String,
    },
    /// Text that no font of this crate can draw.
    #[error("{what} contains the character {char:?}, which cannot be drawn")]
    CannotDraw {
        /// The field or the part of the sheet.
        what: String,
        /// The character.
        char: char,
    },
}

/// Adds all fields, the sheet and all fixed drawing in one incremental update.
///
/// # Errors
/// A [`PrepareError`]; nothing is changed then.
pub fn prepare(base: &[u8], spec: &PrepareSpec) -> Result<Prepared, PrepareError> {
    let _ = (base, spec);
    todo!()
}

/// What the custody page of an uploaded paper record says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReserveSpec {
    /// Id of the envelope.
    pub envelope_id: String,
    /// Name of the envelope.
    pub envelope_name: String,
    /// Language of the page.
    pub locale: Locale,
}

/// Reserves the vault seal in a file that was not prepared before (paper uploads).
///
/// # Errors
/// A [`PrepareError`]; nothing is changed then.
pub fn reserve_vault_seal(base: &[u8], spec: &ReserveSpec) -> Result<Prepared, PrepareError> {
    let _ = (base, spec);
    todo!()
}
