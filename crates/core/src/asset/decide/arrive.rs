//! The authoritative copy comes into the vault.

use crate::announcement::Body;
use crate::asset::command::VaultIn;
use crate::asset::decide::{SWEEP_DAYS, check_control};
use crate::asset::event::{AssetEvent, PaperPerson, PaperRecorded, Stored, StoredPerson};
use crate::asset::refusal::Refusal;
use crate::asset::state::{Asset, VaultState};
use crate::context::Context;
use crate::decision::Decision;
use crate::envelope::state::PaperOriginal;
use crate::evidence::control::ControlDraft;
use crate::invalid::Faults;
use crate::job::{Job, JobKind};

pub(super) fn store(asset: &Asset, vault_in: VaultIn, ctx: &Context) -> Result<Decision, Refusal> {
    match asset.vault_state {
        VaultState::None => {}
        VaultState::Released => return Err(Refusal::Released),
        _ => return Ok(Decision::nothing()),
    }
    if vault_in.live_elsewhere {
        return Err(Refusal::DuplicateAuthoritativeCopy);
    }
    let seal = &vault_in.vault_seal;
    let object = &vault_in.authoritative;
    if object.sha256 != seal.sha256 || object.size != seal.end() {
        return Err(Refusal::IntegrityFailed);
    }
    if vault_in.copy.sha256 == object.sha256 {
        return Err(Refusal::SourceDiffers);
    }
    check_paper(vault_in.paper_original.as_ref())?;
    let expected = ControlDraft::first(
        vault_in.asset_id.clone(),
        object.sha256,
        vault_in.assignee.clone(),
        vault_in.custodian.clone(),
        vault_in.control.draft.at,
    );
    check_control(&vault_in.control, &expected)?;
    let stored_by = vault_in.controller.clone();
    let envelope_id = vault_in.envelope_id.clone();
    let announced = Body::VaultStored {
        path: object.path.clone(),
        hash: object.sha256,
    };
    Ok(Decision::nothing()
        .tell(&stored_by, announced)
        .job(Job::at(
            ctx,
            &envelope_id,
            ctx.now.plus_days(SWEEP_DAYS),
            JobKind::Sweep,
        ))
        .event(AssetEvent::Stored(Box::new(stored(vault_in, ctx)))))
}

fn stored(vault_in: VaultIn, ctx: &Context) -> Stored {
    let (disposition, attestation) = match vault_in.paper_original {
        Some(paper) => (Some(paper.disposition), paper.attestation),
        None => (None, None),
    };
    Stored {
        envelope_id: vault_in.envelope_id,
        asset_id: vault_in.asset_id,
        path: vault_in.authoritative.path,
        hash: vault_in.authoritative.sha256,
        size: vault_in.authoritative.size,
        source_sha256: vault_in.source_sha256,
        vault_seal: vault_in.vault_seal,
        copy: vault_in.copy,
        custody_record: vault_in.custody_record,
        controller: vault_in.controller,
        custodian_kind: vault_in.custodian.kind,
        custodian_id: vault_in.custodian.id,
        designation_id: vault_in.custodian.designation_id,
        custodian_since: vault_in.custodian.since,
        location: vault_in.location,
        assignee_acts_by_link: vault_in.assignee.acts_by_link(),
        paper_original: disposition,
        control_hash: vault_in.control.hash,
        stored_at: ctx.now,
        person: StoredPerson {
            assignee: Some(vault_in.assignee),
            custodian_name: vault_in.custodian.name,
            attestation,
            control: Some(Box::new(vault_in.control)),
        },
    }
}

/// A disposition counts only with the person who attests it (partner API P5).
fn check_paper(paper: Option<&PaperOriginal>) -> Result<(), Refusal> {
    match paper.map(|paper| paper.attestation.as_ref()) {
        Some(Some(attestation)) => attestation.check().map_err(Refusal::Invalid),
        Some(None) => {
            let mut faults = Faults::new();
            faults.push("attestation", "is required with paper_original");
            faults.into_result(()).map_err(Refusal::Invalid)
        }
        None => Ok(()),
    }
}

pub(super) fn record_paper(
    asset: &Asset,
    paper: PaperOriginal,
    ctx: &Context,
) -> Result<Decision, Refusal> {
    match asset.vault_state {
        VaultState::None => return Err(Refusal::NotVaulted),
        VaultState::Released => return Err(Refusal::Released),
        _ => {}
    }
    check_paper(Some(&paper))?;
    match &asset.paper_original {
        Some(recorded) if *recorded == paper => return Ok(Decision::nothing()),
        Some(_) => return Err(Refusal::PaperAlreadyRecorded),
        None => {}
    }
    Ok(
        Decision::nothing().event(AssetEvent::PaperRecorded(PaperRecorded {
            paper_original: paper.disposition,
            recorded_at: ctx.now,
            person: PaperPerson {
                attestation: paper.attestation,
            },
        })),
    )
}
