//! The audit entry that every change of furniture leaves.

use deedbox_core::{Actor, Context, ids::Id as _};
use deedbox_store::{StoreError, Tx, audit};
use serde_json::Value;

/// Notes in the same transaction that `actor` did `action` to `object`.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    ctx: &Context,
    org_id: &str,
    action: &str,
    object: &str,
    detail: &Value,
) -> Result<(), StoreError> {
    let Actor { kind, id, .. } = &ctx.actor;
    let entry = audit::AuditEntry {
        audit_id: deedbox_core::EventId::from_seed(&ctx.seed, action).to_string(),
        org_id: org_id.to_owned(),
        at: ctx.now.micros(),
        actor_kind: kind.as_str().to_owned(),
        actor_id: id.clone(),
        action: action.to_owned(),
        object: object.to_owned(),
        detail: detail.to_string(),
    };
    audit::insert(tx, &entry)
}
