//! Control passes on: offer, acceptance, confirmation (partner API §7).

use crate::announcement::{Body, FromParty, ToParty, TransferStep};
use crate::asset::command::Offer;
use crate::asset::decide::check_control;
use crate::asset::event::{
    AcceptPerson, AssetEvent, CustodyPerson, CustodyTransferred, OfferPerson, TransferAccepted,
    TransferClosed, TransferOffered,
};
use crate::asset::refusal::Refusal;
use crate::asset::state::{Asset, Assignee, Custodian};
use crate::asset::transfer::{Party, Transfer, TransferState};
use crate::context::Context;
use crate::decision::Decision;
use crate::evidence::control::ControlEntry;
use crate::ids::{CertificateId, OrgId, TransferId};
use crate::invalid::Faults;
use crate::job::{Job, JobKind};
use crate::time::Timestamp;

/// Most days a transfer stays open.
pub(crate) const TRANSFER_DAYS_MAX: i64 = 30;

pub(super) fn offer(asset: &Asset, offer: Offer, ctx: &Context) -> Result<Decision, Refusal> {
    asset.admit_disposal(&offer.by)?;
    let expires_at = offer
        .expires_at
        .unwrap_or_else(|| ctx.now.plus_days(ctx.policy.transfer_days));
    check_offer(&offer, expires_at, ctx.now)?;
    let draft = asset.draft_offer(&offer.transfer_id, &offer.to, offer.control.draft.at)?;
    check_control(&offer.control, &draft)?;
    let envelope_id = asset.envelope_id.as_ref().ok_or(Refusal::NotVaulted)?;
    let id = &offer.transfer_id;
    let link = offer.to.email().map(|_| JobKind::SendTransferLink {
        transfer_id: id.clone(),
    });
    let lapse = JobKind::LapseTransfer {
        transfer_id: id.clone(),
    };
    let transfer = as_transfer(&offer, expires_at, ctx.now);
    let decision = Decision::nothing()
        .job(Job::at(ctx, envelope_id, expires_at, lapse))
        .jobs(link.map(|kind| Job::now(ctx, envelope_id, kind)))
        .event(AssetEvent::TransferOffered(Box::new(offered(
            offer, expires_at, ctx.now,
        ))));
    Ok(tell_both(
        decision,
        &transfer,
        Body::TransferOffered(step(asset, &transfer, TransferState::Offered, ctx)),
    ))
}

fn check_offer(offer: &Offer, expires_at: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    let mut faults = Faults::new();
    faults.length(&offer.to_name, 1, 200, "assignee.name");
    faults.length(offer.note.as_deref().unwrap_or(""), 0, 1000, "note");
    let own = offer.to.organization() == Some(&offer.by);
    faults.require(
        !own,
        "assignee.organization_id",
        "must be another organization",
    );
    faults.require(
        offer.to != Party::Erased,
        "assignee",
        "must name an organization or an e-mail",
    );
    faults.require(expires_at > now, "expires_at", "must be in the future");
    faults.require(
        expires_at <= now.plus_days(TRANSFER_DAYS_MAX),
        "expires_at",
        "must be at most 30 days away",
    );
    faults.into_result(()).map_err(Refusal::Invalid)
}

fn as_transfer(offer: &Offer, expires_at: Timestamp, now: Timestamp) -> Transfer {
    Transfer {
        transfer_id: offer.transfer_id.clone(),
        state: TransferState::Offered,
        from: offer.by.clone(),
        from_name: Some(offer.by_name.clone()),
        to: offer.to.clone(),
        to_name: Some(offer.to_name.clone()),
        note: offer.note.clone(),
        offered_at: now,
        accepted_at: None,
        confirmed_at: None,
        closed_at: None,
        expires_at,
        assignee: None,
    }
}

fn offered(offer: Offer, expires_at: Timestamp, now: Timestamp) -> TransferOffered {
    TransferOffered {
        transfer_id: offer.transfer_id,
        from: offer.by,
        to: offer.to.organization().cloned(),
        offered_at: now,
        expires_at,
        control_hash: offer.control.hash,
        person: OfferPerson {
            from_name: Some(offer.by_name),
            to_name: Some(offer.to_name),
            to_email: offer.to.email().cloned(),
            note: offer.note,
            control: Some(Box::new(offer.control)),
        },
    }
}

pub(super) fn accept(
    asset: &Asset,
    id: &TransferId,
    by: &Party,
    assignee: Assignee,
    control: ControlEntry,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let transfer = asset.received_by(id, by)?;
    if transfer.state != TransferState::Offered || ctx.now >= transfer.expires_at {
        return Err(Refusal::TransferStateDoesNotAllow);
    }
    let right = match by {
        Party::Organization(org) => {
            assignee.organization_id.as_ref() == Some(org) && assignee.email.is_none()
        }
        Party::Email(email) => assignee.email.as_ref() == Some(email),
        Party::Erased => false,
    };
    if !right {
        return Err(Refusal::ControlEntryUnfit {
            detail: "the assignee is not the receiver",
        });
    }
    check_control(
        &control,
        &asset.draft_acceptance(id, assignee.clone(), control.draft.at)?,
    )?;
    let decision =
        Decision::nothing().event(AssetEvent::TransferAccepted(Box::new(TransferAccepted {
            transfer_id: id.clone(),
            accepted_at: ctx.now,
            control_hash: control.hash,
            person: AcceptPerson {
                assignee: Some(assignee),
                control: Some(Box::new(control)),
            },
        })));
    Ok(tell_both(
        decision,
        transfer,
        Body::TransferAccepted(step(asset, transfer, TransferState::Accepted, ctx)),
    ))
}

/// What comes with a confirmation.
pub(super) struct Confirmation {
    pub custodian: Custodian,
    pub control: ControlEntry,
    pub certificate_id: CertificateId,
}

pub(super) fn confirm(
    asset: &Asset,
    id: &TransferId,
    by: &Party,
    confirmation: Confirmation,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let transfer = asset.admit_confirm(id, by, ctx.now)?;
    let Confirmation {
        custodian,
        control,
        certificate_id,
    } = confirmation;
    check_control(
        &control,
        &asset.draft_confirmation(id, custodian.clone(), control.draft.at)?,
    )?;
    let assignee = transfer
        .assignee
        .clone()
        .ok_or(Refusal::TransferStateDoesNotAllow)?;
    let announced = Body::CustodyTransferred {
        transfer_id: id.clone(),
        asset_id: asset.asset_id.clone(),
        from: from_party(transfer),
        to: to_party(transfer),
        transferred_at: ctx.now,
        certificate_id: Some(certificate_id.clone()),
    };
    let decision = Decision::nothing().event(AssetEvent::CustodyTransferred(Box::new(
        CustodyTransferred {
            transfer_id: id.clone(),
            transferred_at: ctx.now,
            controller: transfer.to.organization().unwrap_or(&transfer.from).clone(),
            custodian_kind: custodian.kind,
            custodian_id: custodian.id,
            designation_id: custodian.designation_id,
            custodian_since: custodian.since,
            assignee_acts_by_link: assignee.acts_by_link(),
            certificate_id,
            control_hash: control.hash,
            person: CustodyPerson {
                assignee: Some(assignee),
                custodian_name: custodian.name,
                control: Some(Box::new(control)),
            },
        },
    )));
    Ok(tell_both(decision, transfer, announced))
}

pub(super) fn reject(
    asset: &Asset,
    id: &TransferId,
    by: &Party,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let transfer = asset.received_by(id, by)?;
    if !transfer.state.is_open() {
        return Err(Refusal::TransferStateDoesNotAllow);
    }
    Ok(close(
        asset,
        transfer,
        TransferState::Rejected,
        "by_receiver",
        ctx,
    ))
}

pub(super) fn cancel(
    asset: &Asset,
    id: &TransferId,
    by: &Party,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    let transfer = asset.offered_by(id, by)?;
    if !transfer.state.is_open() {
        return Err(Refusal::TransferStateDoesNotAllow);
    }
    Ok(close(
        asset,
        transfer,
        TransferState::Cancelled,
        "by_offerer",
        ctx,
    ))
}

pub(super) fn lapse(asset: &Asset, id: &TransferId, ctx: &Context) -> Result<Decision, Refusal> {
    let transfer = asset.transfer(id).ok_or(Refusal::UnknownTransfer)?;
    if !transfer.state.is_open() {
        return Ok(Decision::nothing());
    }
    if ctx.now < transfer.expires_at {
        return Err(Refusal::NotYetDue);
    }
    Ok(close(
        asset,
        transfer,
        TransferState::Expired,
        "lapsed",
        ctx,
    ))
}

pub(super) fn cancel_for_integrity(asset: &Asset, ctx: &Context) -> Decision {
    asset
        .open_transfer()
        .map_or_else(Decision::nothing, |transfer| {
            close(asset, transfer, TransferState::Cancelled, "integrity", ctx)
        })
}

fn close(
    asset: &Asset,
    transfer: &Transfer,
    state: TransferState,
    cause: &str,
    ctx: &Context,
) -> Decision {
    let closed = TransferClosed {
        transfer_id: transfer.transfer_id.clone(),
        closed_at: ctx.now,
        cause: cause.to_owned(),
    };
    let step = step(asset, transfer, state, ctx);
    let (event, body) = match state {
        TransferState::Rejected => (
            AssetEvent::TransferRejected(closed),
            Body::TransferRejected(step),
        ),
        TransferState::Expired => (
            AssetEvent::TransferExpired(closed),
            Body::TransferExpired(step),
        ),
        _ => (
            AssetEvent::TransferCancelled(closed),
            Body::TransferCancelled(step),
        ),
    };
    tell_both(Decision::nothing().event(event), transfer, body)
}

fn step(asset: &Asset, transfer: &Transfer, state: TransferState, ctx: &Context) -> TransferStep {
    TransferStep {
        transfer_id: transfer.transfer_id.clone(),
        asset_id: asset.asset_id.clone(),
        state,
        from: from_party(transfer),
        to: to_party(transfer),
        at: ctx.now,
        expires_at: transfer.expires_at,
    }
}

fn from_party(transfer: &Transfer) -> FromParty {
    FromParty {
        name: transfer.from_name.clone(),
        organization_id: transfer.from.clone(),
    }
}

fn to_party(transfer: &Transfer) -> ToParty {
    ToParty {
        name: transfer.to_name.clone(),
        organization_id: transfer.to.organization().cloned(),
        email: transfer.to.email().cloned(),
    }
}

/// Both organizations are told where both are here.
fn tell_both(decision: Decision, transfer: &Transfer, body: Body) -> Decision {
    let receiver: Option<&OrgId> = transfer.to.organization();
    let decision = decision.tell(&transfer.from, body.clone());
    match receiver {
        Some(org) => decision.tell(org, body),
        None => decision,
    }
}
