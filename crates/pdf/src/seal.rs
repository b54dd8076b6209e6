//! Seals.

use serde::{Deserialize, Serialize};

use crate::{fill::FillError, object::Object, plan::Plan};

/// What the final seal shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Who seals: the operator of the instance.
    pub sealed_by: String,
    /// When, formatted for a person.
    pub time: String,
    /// The envelope's id.
    pub envelope_id: String,
    /// Where the document can be verified.
    pub verify_url: String,
}

/// What the control legend shows (partner contract §6.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Legend {
    /// Id of the asset.
    pub asset_id: String,
    /// Name of the vault.
    pub vault: String,
    /// Assignee at vault-in.
    pub assignee: String,
    /// When it was vaulted, formatted for a person.
    pub time: String,
    /// Where the current assignee is read.
    pub verify_url: String,
}

/// The objects of the final seal's revision; `signature` is the number of the signature
/// dictionary, `first_free` the first number that is free beside it.
///
/// # Errors
/// [`FillError::CannotDraw`] when a name has a character no font has.
pub fn seal(plan: &Plan, seal: &Seal, signature: u32, first_free: u32) -> Result<Vec<Object>, FillError> {
    let _ = (plan, seal, signature, first_free);
    todo!()
}

/// The objects of the vault seal's revision with the control legend as its appearance.
///
/// # Errors
/// [`FillError::CannotDraw`] when a name has a character no font has.
pub fn legend(plan: &Plan, legend: &Legend, signature: u32, first_free: u32) -> Result<Vec<Object>, FillError> {
    let _ = (plan, legend, signature, first_free);
    todo!()
}
