//! What stops a record from being disposed of: altered bytes, and the law.

use crate::announcement::Body;
use crate::asset::decide::{handover, leave, live_envelope};
use crate::asset::event::{AssetEvent, HoldChanged, HoldPerson, Quarantine, TamperDetected};
use crate::asset::refusal::Refusal;
use crate::asset::state::{Asset, TamperSource, VaultState};
use crate::context::Context;
use crate::decision::Decision;
use crate::digest::Digest;
use crate::invalid::Faults;

pub(super) fn mismatch(
    asset: &Asset,
    actual: Option<Digest>,
    source: TamperSource,
    ctx: &Context,
) -> Decision {
    let (Some(controller), Some(expected)) = (&asset.controller, asset.document_hash) else {
        return Decision::nothing();
    };
    let new = asset.vault_state.is_live() && asset.vault_state != VaultState::Quarantined;
    if !new || actual == Some(expected) {
        return Decision::nothing();
    }
    let detected = TamperDetected {
        expected_hash: expected,
        actual_hash: actual,
        detected_at: ctx.now,
        source,
    };
    let announced = Body::TamperDetected {
        expected_hash: expected,
        actual_hash: actual,
        detected_at: ctx.now,
        source,
    };
    Decision::nothing()
        .event(AssetEvent::TamperDetected(detected))
        .tell(controller, announced)
        .then(handover::cancel_for_integrity(asset, ctx))
        .then(leave::cancel_for_integrity(asset, ctx))
        .event(AssetEvent::QuarantineEntered(Quarantine {
            at: ctx.now,
            actual_hash: actual,
        }))
}

pub(super) fn restored(asset: &Asset, actual: Digest, ctx: &Context) -> Decision {
    if asset.vault_state != VaultState::Quarantined || asset.document_hash != Some(actual) {
        return Decision::nothing();
    }
    let lifted = Quarantine {
        at: ctx.now,
        actual_hash: Some(actual),
    };
    Decision::nothing().event(AssetEvent::QuarantineLifted(lifted))
}

pub(super) fn place_hold(
    asset: &Asset,
    reason: Option<String>,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    live_envelope(asset)?;
    let mut faults = Faults::new();
    faults.length(reason.as_deref().unwrap_or(""), 0, 1000, "reason");
    faults.into_result(()).map_err(Refusal::Invalid)?;
    if asset.is_held() {
        return Ok(Decision::nothing());
    }
    let placed = HoldChanged {
        at: ctx.now,
        person: HoldPerson { reason },
    };
    Ok(Decision::nothing().event(AssetEvent::HoldPlaced(placed)))
}

pub(super) fn lift_hold(asset: &Asset, ctx: &Context) -> Result<Decision, Refusal> {
    live_envelope(asset)?;
    if !asset.is_held() {
        return Ok(Decision::nothing());
    }
    let lifted = HoldChanged {
        at: ctx.now,
        person: HoldPerson::default(),
    };
    Ok(Decision::nothing().event(AssetEvent::HoldLifted(lifted)))
}
