//! Folding what happened into the state of an asset. Nothing here may refuse: what is written is true.

use crate::asset::event::{
    AssetEvent, CertificateIssued, ConsentGiven, ConsentRequested, CustodyTransferred,
    ReleaseClosed, ReleaseOpened, Released, Stored, TransferAccepted, TransferClosed,
    TransferOffered,
};
use crate::asset::release::{Mode, Release, ReleaseState};
use crate::asset::state::{
    Asset, CertificateRef, ConsentRecord, Custodian, Hold, StoredFile, VaultState,
};
use crate::asset::transfer::{Party, Transfer, TransferState};
use crate::digest::Digest;
use crate::envelope::state::PaperOriginal;
use crate::event::Event;
use crate::evidence::control::ControlEntry;
use crate::ids::{ReleaseId, TransferId};
use crate::time::Timestamp;

impl Asset {
    /// Applies an event of the record; those of the envelope do not concern it.
    pub fn evolve(&mut self, event: &Event, at: Timestamp) {
        let Event::Asset(event) = event else { return };
        // Reading leaves no trace in the state: `updated_at` would otherwise tell of downloads.
        if !matches!(event, AssetEvent::Accessed(_) | AssetEvent::CopyAccessed(_)) {
            self.updated_at = Some(at);
        }
        self.evolve_own(event);
    }

    fn evolve_own(&mut self, event: &AssetEvent) {
        match event {
            AssetEvent::Stored(stored) => self.stored(stored),
            AssetEvent::PaperRecorded(recorded) => {
                self.paper_original = Some(PaperOriginal {
                    disposition: recorded.paper_original,
                    attestation: recorded.person.attestation.clone(),
                });
            }
            AssetEvent::CertificateIssued(issued) => self.certificates.push(certificate(issued)),
            AssetEvent::ReleaseOpened(opened) => self.release_opened(opened),
            AssetEvent::ReleaseCancelled(closed) => {
                self.release_closed(closed, ReleaseState::Cancelled);
            }
            AssetEvent::ReleaseExpired(closed) => {
                self.release_closed(closed, ReleaseState::Expired);
            }
            AssetEvent::Released(released) => self.released(released),
            AssetEvent::TransferOffered(offered) => self.offered(offered),
            AssetEvent::TransferAccepted(accepted) => self.accepted(accepted),
            AssetEvent::TransferRejected(closed) => {
                self.transfer_closed(closed, TransferState::Rejected);
            }
            AssetEvent::TransferCancelled(closed) => {
                self.transfer_closed(closed, TransferState::Cancelled);
            }
            AssetEvent::TransferExpired(closed) => {
                self.transfer_closed(closed, TransferState::Expired);
            }
            AssetEvent::CustodyTransferred(transferred) => self.transferred(transferred),
            AssetEvent::ConsentRequested(requested) => self.consents.push(consent(requested)),
            AssetEvent::ConsentGiven(given) => self.consent_given(given),
            AssetEvent::QuarantineEntered(entered) => {
                self.vault_state = VaultState::Quarantined;
                self.found_hash = entered.actual_hash;
            }
            AssetEvent::QuarantineLifted(_) => {
                self.vault_state = VaultState::Vaulted;
                self.found_hash = None;
            }
            AssetEvent::HoldPlaced(placed) => {
                self.hold = Some(Hold {
                    placed_at: placed.at,
                    reason: placed.person.reason.clone(),
                });
            }
            AssetEvent::HoldLifted(_) => self.hold = None,
            // Evidence only: the state knows it from the certificate, the quarantine, or needs it not.
            AssetEvent::CompliancePassed(_)
            | AssetEvent::ComplianceFailed(_)
            | AssetEvent::TamperDetected(_)
            | AssetEvent::Accessed(_)
            | AssetEvent::CopyAccessed(_) => {}
        }
    }

    fn stored(&mut self, stored: &Stored) {
        self.vault_state = VaultState::Vaulted;
        self.envelope_id = Some(stored.envelope_id.clone());
        self.asset_id = Some(stored.asset_id.clone());
        self.document_hash = Some(stored.hash);
        self.authoritative = Some(StoredFile {
            path: stored.path.clone(),
            sha256: stored.hash,
            size: stored.size,
        });
        self.source_sha256 = Some(stored.source_sha256);
        self.vault_seal = Some(stored.vault_seal.clone());
        self.copies = vec![stored.copy.clone()];
        self.custody_record.clone_from(&stored.custody_record);
        self.vaulted_at = Some(stored.stored_at);
        self.controller = Some(stored.controller.clone());
        self.assignee.clone_from(&stored.person.assignee);
        self.assignee_acts_by_link = stored.assignee_acts_by_link;
        self.custodian = Some(Custodian {
            kind: stored.custodian_kind,
            id: stored.custodian_id.clone(),
            name: stored.person.custodian_name.clone(),
            designation_id: stored.designation_id.clone(),
            since: stored.custodian_since,
        });
        self.location = Some(stored.location.clone());
        self.paper_original = stored.paper_original.map(|disposition| PaperOriginal {
            disposition,
            attestation: stored.person.attestation.clone(),
        });
        self.control_grew(stored.control_hash, stored.person.control.as_deref());
    }

    fn control_grew(&mut self, hash: Digest, entry: Option<&ControlEntry>) {
        self.control_length = self.control_length.saturating_add(1);
        self.control_head = hash;
        self.control.extend(entry.cloned());
    }

    fn release_opened(&mut self, opened: &ReleaseOpened) {
        self.vault_state = VaultState::EscrowRelease;
        self.releases.push(Release {
            release_id: opened.release_id.clone(),
            state: ReleaseState::Escrow,
            mode: Mode::Escrow,
            reason: opened.reason,
            recipient: opened.person.recipient.clone(),
            note: opened.person.note.clone(),
            package_sha256: Some(opened.package_sha256),
            opened_at: opened.opened_at,
            expires_at: Some(opened.expires_at),
            released_at: None,
            closed_at: None,
        });
    }

    fn with_release(&mut self, id: &ReleaseId, change: impl FnOnce(&mut Release)) {
        if let Some(release) = self
            .releases
            .iter_mut()
            .find(|release| release.release_id == *id)
        {
            change(release);
        }
    }

    fn release_closed(&mut self, closed: &ReleaseClosed, state: ReleaseState) {
        self.vault_state = VaultState::Vaulted;
        self.with_release(&closed.release_id, |release| {
            release.state = state;
            release.closed_at = Some(closed.closed_at);
        });
    }

    fn released(&mut self, released: &Released) {
        if self.release(&released.release_id).is_none() {
            self.releases.push(immediate(released));
        }
        self.with_release(&released.release_id, |release| {
            release.state = ReleaseState::Released;
            release.released_at = Some(released.released_at);
        });
        self.vault_state = VaultState::Released;
        self.consents.clear();
        self.control_grew(released.control_hash, released.person.control.as_deref());
    }

    fn offered(&mut self, offered: &TransferOffered) {
        let to = match (&offered.to, &offered.person.to_email) {
            (Some(org), _) => Party::Organization(org.clone()),
            (None, Some(email)) => Party::Email(email.clone()),
            (None, None) => Party::Erased,
        };
        self.vault_state = VaultState::EscrowTransfer;
        self.transfers.push(Transfer {
            transfer_id: offered.transfer_id.clone(),
            state: TransferState::Offered,
            from: offered.from.clone(),
            from_name: offered.person.from_name.clone(),
            to,
            to_name: offered.person.to_name.clone(),
            note: offered.person.note.clone(),
            offered_at: offered.offered_at,
            accepted_at: None,
            confirmed_at: None,
            closed_at: None,
            expires_at: offered.expires_at,
            assignee: None,
        });
        self.control_grew(offered.control_hash, offered.person.control.as_deref());
    }

    fn with_transfer(&mut self, id: &TransferId, change: impl FnOnce(&mut Transfer)) {
        if let Some(transfer) = self
            .transfers
            .iter_mut()
            .find(|transfer| transfer.transfer_id == *id)
        {
            change(transfer);
        }
    }

    fn accepted(&mut self, accepted: &TransferAccepted) {
        self.with_transfer(&accepted.transfer_id, |transfer| {
            transfer.state = TransferState::Accepted;
            transfer.accepted_at = Some(accepted.accepted_at);
            transfer.assignee.clone_from(&accepted.person.assignee);
        });
        self.control_grew(accepted.control_hash, accepted.person.control.as_deref());
    }

    fn transfer_closed(&mut self, closed: &TransferClosed, state: TransferState) {
        self.vault_state = VaultState::Vaulted;
        self.with_transfer(&closed.transfer_id, |transfer| {
            transfer.state = state;
            transfer.closed_at = Some(closed.closed_at);
        });
    }

    fn transferred(&mut self, transferred: &CustodyTransferred) {
        let former = self.controller.replace(transferred.controller.clone());
        let left = former
            .filter(|org| *org != transferred.controller && !self.former_controllers.contains(org));
        self.former_controllers.extend(left);
        self.vault_state = VaultState::Vaulted;
        self.assignee.clone_from(&transferred.person.assignee);
        self.assignee_acts_by_link = transferred.assignee_acts_by_link;
        self.custodian = Some(Custodian {
            kind: transferred.custodian_kind,
            id: transferred.custodian_id.clone(),
            name: transferred.person.custodian_name.clone(),
            designation_id: transferred.designation_id.clone(),
            since: transferred.custodian_since,
        });
        // What the former assignee consented to binds nobody any more.
        self.consents.clear();
        self.with_transfer(&transferred.transfer_id, |transfer| {
            transfer.state = TransferState::Confirmed;
            transfer.confirmed_at = Some(transferred.transferred_at);
            transfer.closed_at = Some(transferred.transferred_at);
        });
        self.control_grew(
            transferred.control_hash,
            transferred.person.control.as_deref(),
        );
    }

    fn consent_given(&mut self, given: &ConsentGiven) {
        if let Some(consent) = self
            .consents
            .iter_mut()
            .find(|consent| consent.consent_id == given.consent_id)
        {
            consent.given_at = Some(given.given_at);
            consent.expires_at = given.expires_at;
        }
    }
}

fn certificate(issued: &CertificateIssued) -> CertificateRef {
    CertificateRef {
        certificate_id: issued.certificate_id.clone(),
        sha256: issued.sha256,
        status: issued.status,
        supersedes: issued.supersedes.clone(),
        issued_at: issued.issued_at,
        compliant: issued.compliant,
        score: issued.score,
        results: issued.results.clone(),
    }
}

fn consent(requested: &ConsentRequested) -> ConsentRecord {
    ConsentRecord {
        consent_id: requested.consent_id.clone(),
        scope: requested.scope,
        requested_at: requested.requested_at,
        given_at: None,
        expires_at: requested.expires_at,
    }
}

fn immediate(released: &Released) -> Release {
    Release {
        release_id: released.release_id.clone(),
        state: ReleaseState::Released,
        mode: released.mode,
        reason: released.reason,
        recipient: released.person.recipient.clone(),
        note: released.person.note.clone(),
        package_sha256: None,
        opened_at: released.released_at,
        expires_at: None,
        released_at: Some(released.released_at),
        closed_at: None,
    }
}
