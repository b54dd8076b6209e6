//! May it be done? The cells of table 4.2 that the app asks for before it makes bytes, and `decide` asks for again;
//! and the drafts of control entries for the parties to sign.

use crate::asset::refusal::Refusal;
use crate::asset::release::{Mode, Reason, Recipient, scope_of_confirmation, scope_of_release};
use crate::asset::state::{Asset, Assignee, Custodian, Standing, VaultState};
use crate::asset::transfer::{Party, Transfer, TransferState};
use crate::context::Actor;
use crate::digest::Digest;
use crate::evidence::control::{ControlDraft, ControlKind};
use crate::ids::{AssetId, OrgId, ReleaseId, TransferId};
use crate::time::Timestamp;

/// Which side of a transfer somebody is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Offerer,
    Receiver,
}

impl Transfer {
    /// Which side this party is on. Who is on none must not learn that the transfer exists.
    pub(crate) fn side(&self, party: &Party) -> Result<Side, Refusal> {
        if party.organization() == Some(&self.from) {
            Ok(Side::Offerer)
        } else if *party == self.to && *party != Party::Erased {
            Ok(Side::Receiver)
        } else {
            Err(Refusal::UnknownTransfer)
        }
    }
}

impl Custodian {
    /// The custodian that a control entry designates.
    #[must_use]
    pub fn designated(
        actor: &Actor,
        asset_id: &AssetId,
        control_seq: u64,
        since: Timestamp,
    ) -> Self {
        let designation_id = format!("{asset_id}/{control_seq}");
        Self {
            kind: actor.kind,
            id: actor.id.clone(),
            name: actor.name.clone(),
            designation_id,
            since,
        }
    }
}

impl Asset {
    /// Refuses unless this organization controls a live authoritative copy here.
    pub(crate) fn require_control(&self, by: &OrgId) -> Result<(), Refusal> {
        match (self.vault_state, self.standing(by)) {
            (VaultState::None, _) => Err(Refusal::NotVaulted),
            (_, Standing::Former) => Err(Refusal::Released),
            (_, Standing::Receiver | Standing::Stranger) => Err(Refusal::NotTheController),
            (VaultState::Released | VaultState::Transferred, Standing::Controller) => {
                Err(Refusal::Released)
            }
            (_, Standing::Controller) => Ok(()),
        }
    }

    /// Refuses unless this organization may dispose of it: controlled, not in escrow, intact, not held.
    ///
    /// # Errors
    /// `N`, `R`, `E`, `Q` or `H` of table 4.2.
    pub fn admit_disposal(&self, by: &OrgId) -> Result<(), Refusal> {
        self.require_control(by)?;
        match self.vault_state {
            VaultState::EscrowTransfer | VaultState::EscrowRelease => Err(Refusal::InEscrow),
            VaultState::Quarantined => Err(Refusal::Quarantined),
            _ if self.is_held() => Err(Refusal::UnderHold),
            _ => Ok(()),
        }
    }

    /// Whether this release may be ordered now: asked before the bytes are packed. When the assignee acts by link
    /// and has not consented to exactly this order, the refusal carries the scope to ask consent for.
    ///
    /// # Errors
    /// As [`Asset::admit_disposal`]; [`Refusal::HashDiffers`]; [`Refusal::ConsentRequired`].
    pub fn admit_release(
        &self,
        by: &OrgId,
        order: (Mode, Reason, &Recipient),
        expected_sha256: Option<&Digest>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.admit_disposal(by)?;
        let document_hash = self.document_hash.ok_or(Refusal::NotVaulted)?;
        if expected_sha256.is_some_and(|expected| *expected != document_hash) {
            return Err(Refusal::HashDiffers);
        }
        let (mode, reason, recipient) = order;
        self.require_consent(
            scope_of_release(&document_hash, mode, reason, recipient),
            now,
        )
    }

    /// Whether an open transfer may be confirmed by this party now: asked before the bytes are re-hashed.
    ///
    /// # Errors
    /// [`Refusal::UnknownTransfer`], [`Refusal::NotTheOfferer`], [`Refusal::TransferStateDoesNotAllow`], `H`,
    /// [`Refusal::ConsentRequired`].
    pub fn admit_confirm(
        &self,
        id: &TransferId,
        by: &Party,
        now: Timestamp,
    ) -> Result<&Transfer, Refusal> {
        let transfer = self.offered_by(id, by)?;
        if transfer.state != TransferState::Accepted || now >= transfer.expires_at {
            return Err(Refusal::TransferStateDoesNotAllow);
        }
        if self.is_held() {
            return Err(Refusal::UnderHold);
        }
        let document_hash = self.document_hash.ok_or(Refusal::NotVaulted)?;
        self.require_consent(scope_of_confirmation(&document_hash, id), now)?;
        Ok(transfer)
    }

    /// Whether the authoritative bytes may be read by this organization (P14).
    ///
    /// # Errors
    /// `N`, `R`, `E` (a release is open) or `Q`.
    pub fn admit_read(&self, by: &OrgId) -> Result<(), Refusal> {
        self.require_control(by)?;
        match self.vault_state {
            VaultState::EscrowRelease => Err(Refusal::InEscrow),
            VaultState::Quarantined => Err(Refusal::Quarantined),
            _ => Ok(()),
        }
    }

    /// Whether the copy may be read (P15): once vaulted, always.
    ///
    /// # Errors
    /// `N`.
    pub fn admit_read_copy(&self) -> Result<(), Refusal> {
        if self.vault_state == VaultState::None {
            Err(Refusal::NotVaulted)
        } else {
            Ok(())
        }
    }

    /// The transfer, if this party offered it.
    pub(crate) fn offered_by(&self, id: &TransferId, by: &Party) -> Result<&Transfer, Refusal> {
        let transfer = self.transfer(id).ok_or(Refusal::UnknownTransfer)?;
        match transfer.side(by)? {
            Side::Offerer => Ok(transfer),
            Side::Receiver => Err(Refusal::NotTheOfferer),
        }
    }

    /// The transfer, if this party is to receive it.
    pub(crate) fn received_by(&self, id: &TransferId, by: &Party) -> Result<&Transfer, Refusal> {
        let transfer = self.transfer(id).ok_or(Refusal::UnknownTransfer)?;
        match transfer.side(by)? {
            Side::Receiver => Ok(transfer),
            Side::Offerer => Err(Refusal::NotTheReceiver),
        }
    }

    fn require_consent(&self, scope: Digest, now: Timestamp) -> Result<(), Refusal> {
        let good = self
            .consent(&scope)
            .is_some_and(|consent| consent.is_good(now));
        if !self.assignee_acts_by_link || good {
            Ok(())
        } else {
            Err(Refusal::ConsentRequired { scope })
        }
    }

    /// The entry that records an offer, for the assignee in force to sign.
    ///
    /// # Errors
    /// `N`, or [`Refusal::ControlEntryUnfit`] when the assignee was erased.
    pub fn draft_offer(
        &self,
        id: &TransferId,
        to: &Party,
        at: Timestamp,
    ) -> Result<ControlDraft, Refusal> {
        let offered_to = match to {
            Party::Organization(org) => org.to_string(),
            Party::Email(email) => email.key(),
            Party::Erased => {
                return Err(Refusal::ControlEntryUnfit {
                    detail: "the receiver was erased",
                });
            }
        };
        let draft = self.draft(ControlKind::Offered, at)?;
        Ok(ControlDraft {
            offered_to: Some(offered_to),
            transfer_id: Some(id.clone()),
            ..draft
        })
    }

    /// The entry that records an acceptance, for the receiver to sign.
    ///
    /// # Errors
    /// As [`Asset::draft_offer`].
    pub fn draft_acceptance(
        &self,
        id: &TransferId,
        next: Assignee,
        at: Timestamp,
    ) -> Result<ControlDraft, Refusal> {
        let draft = self.draft(ControlKind::Accepted, at)?;
        let signed_by = next.key_fpr;
        Ok(ControlDraft {
            next_assignee: Some(next),
            transfer_id: Some(id.clone()),
            signed_by,
            ..draft
        })
    }

    /// The entry that records a confirmation, for the assignee in force to sign.
    ///
    /// # Errors
    /// As [`Asset::draft_offer`]; [`Refusal::TransferStateDoesNotAllow`] before acceptance.
    pub fn draft_confirmation(
        &self,
        id: &TransferId,
        custodian: Custodian,
        at: Timestamp,
    ) -> Result<ControlDraft, Refusal> {
        let transfer = self.transfer(id).ok_or(Refusal::UnknownTransfer)?;
        let next = transfer
            .assignee
            .clone()
            .ok_or(Refusal::TransferStateDoesNotAllow)?;
        let draft = self.draft(ControlKind::Transferred, at)?;
        Ok(ControlDraft {
            assignee: next,
            custodian,
            transfer_id: Some(id.clone()),
            ..draft
        })
    }

    /// The closing entry of a release, for the assignee in force to sign.
    ///
    /// # Errors
    /// As [`Asset::draft_offer`].
    pub fn draft_release(&self, id: &ReleaseId, at: Timestamp) -> Result<ControlDraft, Refusal> {
        let draft = self.draft(ControlKind::Released, at)?;
        Ok(ControlDraft {
            release_id: Some(id.clone()),
            ..draft
        })
    }

    /// The next entry, signed by the assignee in force, changing nothing.
    fn draft(&self, kind: ControlKind, at: Timestamp) -> Result<ControlDraft, Refusal> {
        let erased = Refusal::ControlEntryUnfit {
            detail: "assignee or custodian were erased",
        };
        let (Some(asset_id), Some(document_hash)) = (&self.asset_id, self.document_hash) else {
            return Err(Refusal::NotVaulted);
        };
        let (Some(assignee), Some(custodian)) = (&self.assignee, &self.custodian) else {
            return Err(erased);
        };
        Ok(ControlDraft {
            seq: self.control_length.saturating_add(1),
            kind,
            asset_id: asset_id.clone(),
            document_hash,
            assignee: assignee.clone(),
            custodian: custodian.clone(),
            next_assignee: None,
            offered_to: None,
            transfer_id: None,
            release_id: None,
            signed_by: assignee.key_fpr,
            at: at.whole_millis(),
            prev_hash: self.control_head,
        })
    }
}

impl ControlDraft {
    /// The first entry of a control record, for the first assignee to sign.
    #[must_use]
    pub fn first(
        asset_id: AssetId,
        document_hash: Digest,
        assignee: Assignee,
        custodian: Custodian,
        at: Timestamp,
    ) -> Self {
        let signed_by = assignee.key_fpr;
        Self {
            seq: 1,
            kind: ControlKind::Stored,
            asset_id,
            document_hash,
            assignee,
            custodian,
            next_assignee: None,
            offered_to: None,
            transfer_id: None,
            release_id: None,
            signed_by,
            at: at.whole_millis(),
            prev_hash: Digest::ZERO,
        }
    }
}
