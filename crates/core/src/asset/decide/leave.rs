//! The authoritative copy leaves: release at once, or escrow until the package is acknowledged.

use crate::announcement::Body;
use crate::asset::command::NewRelease;
use crate::asset::decide::check_control;
use crate::asset::event::{AssetEvent, ReleaseClosed, ReleaseOpened, ReleasePerson, Released};
use crate::asset::refusal::Refusal;
use crate::asset::release::{Mode, Reason, Recipient, Release, ReleaseState};
use crate::asset::state::{Asset, Standing};
use crate::context::Context;
use crate::decision::Decision;
use crate::digest::Digest;
use crate::evidence::control::ControlEntry;
use crate::ids::{OrgId, ReleaseId};
use crate::invalid::Faults;
use crate::job::{Job, JobKind};

pub(super) fn release(
    asset: &Asset,
    order: NewRelease,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let terms = (order.mode, order.reason, &order.recipient);
    asset.admit_release(&order.by, terms, order.expected_sha256.as_ref(), ctx.now)?;
    check_order(&order)?;
    match order.mode {
        Mode::Immediate => {
            let control = order.control.ok_or(Refusal::ReleaseIncomplete {
                missing: "control entry",
            })?;
            let leaving = Leaving {
                release_id: order.release_id,
                mode: Mode::Immediate,
                reason: order.reason,
                recipient: Some(order.recipient),
                note: order.note,
            };
            let_go(asset, leaving, control, ctx)
        }
        Mode::Escrow => open(asset, order, ctx),
    }
}

fn check_order(order: &NewRelease) -> Result<(), Refusal> {
    let mut faults = Faults::new();
    faults.extend(order.recipient.check().err().unwrap_or_default());
    faults.length(order.note.as_deref().unwrap_or(""), 0, 1000, "note");
    faults.into_result(()).map_err(Refusal::Invalid)
}

fn open(asset: &Asset, order: NewRelease, ctx: &Context) -> Result<Decision, Refusal> {
    let package_sha256 = order
        .package_sha256
        .ok_or(Refusal::ReleaseIncomplete { missing: "package" })?;
    let expires_at = ctx.now.plus_seconds(ctx.policy.escrow_ttl_s);
    let lapse = JobKind::LapseRelease {
        release_id: order.release_id.clone(),
    };
    let envelope_id = asset.envelope_id.as_ref().ok_or(Refusal::NotVaulted)?;
    Ok(Decision::nothing()
        .job(Job::at(ctx, envelope_id, expires_at, lapse))
        .event(AssetEvent::ReleaseOpened(ReleaseOpened {
            release_id: order.release_id,
            reason: order.reason,
            package_sha256,
            opened_at: ctx.now,
            expires_at,
            person: ReleasePerson {
                recipient: Some(order.recipient),
                note: order.note,
                control: None,
            },
        })))
}

/// What leaves, on which terms.
struct Leaving {
    release_id: ReleaseId,
    mode: Mode,
    reason: Reason,
    recipient: Option<Recipient>,
    note: Option<String>,
}

fn let_go(
    asset: &Asset,
    leaving: Leaving,
    control: ControlEntry,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let (Some(controller), Some(document_hash)) = (&asset.controller, asset.document_hash) else {
        return Err(Refusal::NotVaulted);
    };
    check_control(
        &control,
        &asset.draft_release(&leaving.release_id, control.draft.at)?,
    )?;
    let announced = Body::VaultReleased {
        release_id: leaving.release_id.clone(),
        mode: leaving.mode,
        reason: leaving.reason,
        recipient: leaving.recipient.clone(),
        released_at: ctx.now,
        document_hash,
    };
    Ok(Decision::nothing()
        .tell(controller, announced)
        .event(AssetEvent::Released(Box::new(Released {
            release_id: leaving.release_id,
            mode: leaving.mode,
            reason: leaving.reason,
            released_at: ctx.now,
            document_hash,
            control_hash: control.hash,
            person: ReleasePerson {
                recipient: leaving.recipient,
                note: leaving.note,
                control: Some(Box::new(control)),
            },
        }))))
}

pub(super) fn acknowledge(
    asset: &Asset,
    release_id: &ReleaseId,
    by: &OrgId,
    package_sha256: Digest,
    control: Option<ControlEntry>,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let release = ordered(asset, release_id, by)?;
    let same = release.package_sha256 == Some(package_sha256);
    match release.state {
        ReleaseState::Released if may_repeat(release, ctx) => {
            if same {
                Ok(Decision::nothing())
            } else {
                Err(Refusal::PackageHashDiffers)
            }
        }
        ReleaseState::Escrow if release.expires_at.is_none_or(|at| ctx.now < at) => {
            if !same {
                return Err(Refusal::PackageHashDiffers);
            }
            if asset.is_held() {
                return Err(Refusal::UnderHold);
            }
            let control = control.ok_or(Refusal::ReleaseIncomplete {
                missing: "control entry",
            })?;
            let leaving = Leaving {
                release_id: release.release_id.clone(),
                mode: Mode::Escrow,
                reason: release.reason,
                recipient: release.recipient.clone(),
                note: release.note.clone(),
            };
            let_go(asset, leaving, control, ctx)
        }
        _ => Err(Refusal::ReleaseStateDoesNotAllow),
    }
}

/// An acknowledgement is answered again for 30 days (P19).
fn may_repeat(release: &Release, ctx: &Context) -> bool {
    let until = release
        .released_at
        .map(|at| at.plus_seconds(ctx.policy.acknowledge_again_s));
    release.mode == Mode::Escrow && until.is_some_and(|until| ctx.now < until)
}

/// The release, if this organization ordered it. A former controller sees the records of its time, so it finds the
/// release too, but nobody else does.
fn ordered<'a>(
    asset: &'a Asset,
    release_id: &ReleaseId,
    by: &OrgId,
) -> Result<&'a Release, Refusal> {
    let known = matches!(asset.standing(by), Standing::Controller | Standing::Former);
    asset
        .release(release_id)
        .filter(|_| known)
        .ok_or(Refusal::UnknownRelease)
}

pub(super) fn cancel(
    asset: &Asset,
    release_id: &ReleaseId,
    by: &OrgId,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let release = ordered(asset, release_id, by)?;
    if release.state != ReleaseState::Escrow {
        return Err(Refusal::ReleaseStateDoesNotAllow);
    }
    Ok(
        Decision::nothing().event(AssetEvent::ReleaseCancelled(closed(
            release,
            "by_controller",
            ctx,
        ))),
    )
}

pub(super) fn lapse(
    asset: &Asset,
    release_id: &ReleaseId,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let release = asset.release(release_id).ok_or(Refusal::UnknownRelease)?;
    if release.state != ReleaseState::Escrow {
        return Ok(Decision::nothing());
    }
    if release.expires_at.is_some_and(|at| ctx.now < at) {
        return Err(Refusal::NotYetDue);
    }
    Ok(Decision::nothing().event(AssetEvent::ReleaseExpired(closed(release, "lapsed", ctx))))
}

pub(super) fn cancel_for_integrity(asset: &Asset, ctx: &Context) -> Decision {
    asset
        .open_release()
        .map_or_else(Decision::nothing, |release| {
            Decision::nothing().event(AssetEvent::ReleaseCancelled(closed(
                release,
                "integrity",
                ctx,
            )))
        })
}

fn closed(release: &Release, cause: &str, ctx: &Context) -> ReleaseClosed {
    ReleaseClosed {
        release_id: release.release_id.clone(),
        closed_at: ctx.now,
        cause: cause.to_owned(),
    }
}
