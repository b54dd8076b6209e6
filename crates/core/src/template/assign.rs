//! Who fills which field: signers meet the roles of a template.

use crate::ids::FieldId;
use crate::invalid::FieldError;
use crate::template::field::{Field, FieldKind, roles, same_role};
use crate::template::spec::ROLE_DEFAULT;

/// What happens when a signer's role is not among the template's, and the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Partner door and console (P4): signers whose role matches none take the remaining roles in order; a role
    /// that owns a required field and stays without a signer is a fault on `signers`.
    Fill,
    /// M2M door (§4.3): every role or index of a field must have its participant, else a fault on `templateVersion`.
    Strict,
}

/// One signer's part of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The role shown: the one given, else the template's, else `Signer`.
    pub role: String,
    /// The fields that this signer fills.
    pub field_ids: Vec<FieldId>,
    /// No signature field fell to this signer: one must be added on the signature sheet.
    pub needs_signature_sheet: bool,
}

/// Every signer's part, in the order of the signers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// One share per signer.
    pub shares: Vec<Share>,
    /// Optional fields whose role has no signer: they are left out of the document.
    pub left_out: Vec<FieldId>,
}

impl Assignment {
    /// The position of the signer who fills this field.
    #[must_use]
    pub fn owner_of(&self, field: &FieldId) -> Option<usize> {
        self.shares
            .iter()
            .position(|share| share.field_ids.contains(field))
    }
}

/// Deals the fields out to the signers, who are given by their stated roles.
///
/// # Errors
/// One fault per role or index that has required fields and no signer.
pub fn assign(
    fields: &[Field],
    signers: &[Option<&str>],
    rule: Rule,
) -> Result<Assignment, Vec<FieldError>> {
    let taken = match rule {
        Rule::Fill => fill_roles(&roles(fields), signers),
        Rule::Strict => signers.iter().map(|role| role.map(str::to_owned)).collect(),
    };
    let owners = owners(fields, &taken);
    let faults = faults(fields, &owners, rule);
    if faults.is_empty() {
        Ok(collect(fields, signers, &taken, &owners))
    } else {
        Err(faults)
    }
}

/// The template's role that each signer takes: its own if the template has it and nobody before took it, then the
/// remaining ones in order.
fn fill_roles(template: &[String], signers: &[Option<&str>]) -> Vec<Option<String>> {
    let mut free: Vec<&String> = template.iter().collect();
    let mut taken: Vec<Option<String>> = Vec::with_capacity(signers.len());
    for stated in signers {
        let hit = stated.and_then(|role| free.iter().position(|known| same_role(known, role)));
        taken.push(hit.map(|index| free.remove(index).clone()));
    }
    for (slot, stated) in taken.iter_mut().zip(signers) {
        let stated_known =
            stated.is_some_and(|role| template.iter().any(|known| same_role(known, role)));
        // A second signer of one role shares its name, not its fields, and takes no other role either.
        if slot.is_none() && !stated_known && !free.is_empty() {
            *slot = Some(free.remove(0).clone());
        }
    }
    taken
}

/// The signer of each field: by role or index first; the rest go to the only signer, or are dealt per kind.
fn owners(fields: &[Field], taken: &[Option<String>]) -> Vec<Option<usize>> {
    let mut dealt = [0_usize; FieldKind::ALL.len()];
    let by_role = |role: &str| {
        taken
            .iter()
            .position(|own| own.as_deref().is_some_and(|o| same_role(o, role)))
    };
    let by_index = |index: u32| usize::try_from(index).ok().filter(|i| *i < taken.len());
    let mut owner = |field: &Field| match (&field.role, field.participant_index) {
        (Some(role), _) => by_role(role),
        (None, Some(index)) => by_index(index),
        (None, None) => deal(field.kind, taken.len(), &mut dealt),
    };
    fields.iter().map(&mut owner).collect()
}

/// Fields of each kind go round the signers in order of appearance (M2M §4.3).
fn deal(
    kind: FieldKind,
    signers: usize,
    dealt: &mut [usize; FieldKind::ALL.len()],
) -> Option<usize> {
    let counter = FieldKind::ALL
        .iter()
        .position(|k| *k == kind)
        .map(|index| &mut dealt[index])?;
    let turn = counter.checked_rem(signers)?;
    *counter += 1;
    Some(turn)
}

fn faults(fields: &[Field], owners: &[Option<usize>], rule: Rule) -> Vec<FieldError> {
    let mut faults: Vec<FieldError> = Vec::new();
    for (field, _) in fields
        .iter()
        .zip(owners)
        .filter(|(_, owner)| owner.is_none())
    {
        let fault = match rule {
            Rule::Fill if !field.required => continue,
            Rule::Fill => FieldError::new(
                "signers",
                format!(
                    "role \"{}\" has a required field and no signer",
                    name(field)
                ),
            ),
            Rule::Strict => FieldError::new(
                "templateVersion",
                format!("Field {} has no participant.", field.name),
            ),
        };
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    faults
}

fn name(field: &Field) -> String {
    match (&field.role, field.participant_index) {
        (Some(role), _) => role.clone(),
        (None, Some(index)) => format!("participant {index}"),
        (None, None) => ROLE_DEFAULT.to_owned(),
    }
}

fn collect(
    fields: &[Field],
    signers: &[Option<&str>],
    taken: &[Option<String>],
    owners: &[Option<usize>],
) -> Assignment {
    let share = |index: usize| {
        let own: Vec<&Field> = fields
            .iter()
            .zip(owners)
            .filter(|(_, owner)| **owner == Some(index))
            .map(|(f, _)| f)
            .collect();
        let role = signers[index]
            .map(str::to_owned)
            .or_else(|| taken[index].clone());
        Share {
            role: role.unwrap_or_else(|| ROLE_DEFAULT.to_owned()),
            field_ids: own.iter().map(|f| f.field_id.clone()).collect(),
            needs_signature_sheet: !own
                .iter()
                .any(|f| f.kind == FieldKind::Signature && f.area.is_some()),
        }
    };
    let left_out = fields
        .iter()
        .zip(owners)
        .filter(|(_, owner)| owner.is_none());
    Assignment {
        shares: (0..signers.len()).map(share).collect(),
        left_out: left_out.map(|(field, _)| field.field_id.clone()).collect(),
    }
}
