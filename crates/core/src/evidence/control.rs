//! The control record: who is assignee, from the first to the present one. Every entry is signed with the control
//! key of the party that acts, and a change of assignee with the key of the assignee then in force (UCC §9-105(b)(4)),
//! so that no edit of the database can produce one.

use serde::{Deserialize, Serialize};

use crate::asset::state::{Assignee, Custodian};
use crate::digest::Digest;
use crate::evidence::canonical;
use crate::evidence::signature::Signature;
use crate::ids::{AssetId, ReleaseId, TransferId};
use crate::time::Timestamp;

/// What an entry records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ControlKind {
    /// Vault-in: the first assignee, and the custodian it designates.
    #[serde(rename = "vault.stored")]
    Stored,
    /// Control was offered by the assignee in force.
    #[serde(rename = "transfer.offered")]
    Offered,
    /// Control was accepted by the receiver.
    #[serde(rename = "transfer.accepted")]
    Accepted,
    /// The assignee in force handed control over.
    #[serde(rename = "custody.transferred")]
    Transferred,
    /// The assignee in force let the record go.
    #[serde(rename = "vault.released")]
    Released,
}

/// An entry before it is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlDraft {
    /// Its number, from 1.
    pub seq: u64,
    /// What it records.
    #[serde(rename = "type")]
    pub kind: ControlKind,
    /// The asset.
    pub asset_id: AssetId,
    /// Digest of the authoritative bytes.
    pub document_hash: Digest,
    /// The assignee in force after this entry.
    pub assignee: Assignee,
    /// The custodian in force after this entry.
    pub custodian: Custodian,
    /// The assignee to be: on an acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_assignee: Option<Assignee>,
    /// To whom control is offered: an organization's id or an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered_to: Option<String>,
    /// The transfer it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_id: Option<TransferId>,
    /// The release it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_id: Option<ReleaseId>,
    /// Fingerprint of the key that signs it.
    pub signed_by: Digest,
    /// When.
    pub at: Timestamp,
    /// Hash of the entry before it; zero for the first.
    pub prev_hash: Digest,
}

impl ControlDraft {
    /// The canonical bytes that the acting party signs.
    #[must_use]
    pub fn signing_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(self)
    }

    /// The finished entry.
    #[must_use]
    pub fn signed(self, signature: Signature) -> ControlEntry {
        let hash = Digest::of(&self.signing_bytes());
        ControlEntry {
            draft: self,
            hash,
            signature,
        }
    }
}

/// A signed entry of the control record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlEntry {
    /// What was signed.
    #[serde(flatten)]
    pub draft: ControlDraft,
    /// SHA-256 of the signed bytes.
    pub hash: Digest,
    /// The acting party's signature.
    pub signature: Signature,
}

/// What a faultless control record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlHead {
    /// How many entries it has.
    pub length: u64,
    /// Hash of the newest.
    pub head: Digest,
    /// The assignee in force.
    pub assignee: Assignee,
    /// The custodian in force.
    pub custodian: Custodian,
    /// Whether the record was released.
    pub released: bool,
    /// How many times the assignee changed.
    pub changes: u32,
}

/// Where a control record fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlFault {
    /// It has no entry.
    #[error("the control record is empty")]
    Empty,
    /// Numbers or hashes do not follow each other.
    #[error("entry {seq} does not follow the one before it")]
    Unlinked {
        /// The entry.
        seq: u64,
    },
    /// The content does not give the hash.
    #[error("entry {seq} was altered")]
    Altered {
        /// The entry.
        seq: u64,
    },
    /// The signature does not verify.
    #[error("entry {seq} is not signed")]
    Unsigned {
        /// The entry.
        seq: u64,
    },
    /// It is signed by somebody who had no right to make it.
    #[error("entry {seq} is signed by a foreign key")]
    ForeignSigner {
        /// The entry.
        seq: u64,
    },
    /// It says something that cannot follow from the entries before it.
    #[error("entry {seq} cannot follow: {detail}")]
    Impossible {
        /// The entry.
        seq: u64,
        /// Why.
        detail: &'static str,
    },
}

/// Replays a control record from its first entry. `verify` checks a signature over bytes and tells the SHA-256
/// fingerprint of the public key that made it; none if it does not verify.
///
/// # Errors
/// The first [`ControlFault`].
pub fn replay(
    entries: &[ControlEntry],
    verify: impl Fn(&Signature, &[u8]) -> Option<Digest>,
) -> Result<ControlHead, ControlFault> {
    let mut replay: Option<Replay> = None;
    for entry in entries {
        check_integrity(entry, replay.as_ref(), &verify)?;
        replay = Some(match replay {
            None => Replay::begin(entry)?,
            Some(before) => before.follow(entry)?,
        });
    }
    replay.map(|done| done.head).ok_or(ControlFault::Empty)
}

fn check_integrity(
    entry: &ControlEntry,
    before: Option<&Replay>,
    verify: &impl Fn(&Signature, &[u8]) -> Option<Digest>,
) -> Result<(), ControlFault> {
    let seq = entry.draft.seq;
    let (length, head) = before.map_or((0, Digest::ZERO), |b| (b.head.length, b.head.head));
    if seq != length + 1 || entry.draft.prev_hash != head {
        return Err(ControlFault::Unlinked { seq });
    }
    let bytes = entry.draft.signing_bytes();
    if entry.hash != Digest::of(&bytes) {
        return Err(ControlFault::Altered { seq });
    }
    match verify(&entry.signature, &bytes) {
        Some(fingerprint) if fingerprint == entry.draft.signed_by => Ok(()),
        Some(_) => Err(ControlFault::ForeignSigner { seq }),
        None => Err(ControlFault::Unsigned { seq }),
    }
}

/// The replay so far.
struct Replay {
    head: ControlHead,
    asset_id: AssetId,
    document_hash: Digest,
    /// The last acceptance that was not yet confirmed.
    accepted: Option<(TransferId, Assignee)>,
    /// The last offer that is not yet confirmed.
    offered: Option<TransferId>,
}

impl Replay {
    fn begin(entry: &ControlEntry) -> Result<Self, ControlFault> {
        let draft = &entry.draft;
        if draft.kind != ControlKind::Stored {
            return Err(ControlFault::Impossible {
                seq: draft.seq,
                detail: "a record begins with vault-in",
            });
        }
        if draft.signed_by != draft.assignee.key_fpr {
            return Err(ControlFault::ForeignSigner { seq: draft.seq });
        }
        Ok(Self {
            head: ControlHead {
                length: 1,
                head: entry.hash,
                assignee: draft.assignee.clone(),
                custodian: draft.custodian.clone(),
                released: false,
                changes: 0,
            },
            asset_id: draft.asset_id.clone(),
            document_hash: draft.document_hash,
            accepted: None,
            offered: None,
        })
    }

    fn follow(mut self, entry: &ControlEntry) -> Result<Self, ControlFault> {
        let draft = &entry.draft;
        self.check_subject(draft)?;
        match draft.kind {
            ControlKind::Stored => return Err(impossible(draft, "vault-in happens once")),
            ControlKind::Offered => self.offer(draft)?,
            ControlKind::Accepted => self.accept(draft)?,
            ControlKind::Transferred => self.transfer(draft)?,
            ControlKind::Released => self.release(draft)?,
        }
        self.head.length += 1;
        self.head.head = entry.hash;
        Ok(self)
    }

    fn check_subject(&self, draft: &ControlDraft) -> Result<(), ControlFault> {
        if self.head.released {
            return Err(impossible(draft, "the record was released"));
        }
        if draft.asset_id != self.asset_id || draft.document_hash != self.document_hash {
            return Err(impossible(draft, "it speaks of another asset"));
        }
        Ok(())
    }

    /// Only a confirmation may name another assignee or custodian than the one in force.
    fn check_unchanged(&self, draft: &ControlDraft) -> Result<(), ControlFault> {
        let same = draft.assignee == self.head.assignee && draft.custodian == self.head.custodian;
        if same {
            Ok(())
        } else {
            Err(impossible(
                draft,
                "assignee or custodian change without confirmation",
            ))
        }
    }

    fn check_assignee_signs(&self, draft: &ControlDraft) -> Result<(), ControlFault> {
        let in_force = draft.signed_by == self.head.assignee.key_fpr;
        if in_force {
            Ok(())
        } else {
            Err(ControlFault::ForeignSigner { seq: draft.seq })
        }
    }

    fn offer(&mut self, draft: &ControlDraft) -> Result<(), ControlFault> {
        self.check_unchanged(draft)?;
        self.check_assignee_signs(draft)?;
        self.offered.clone_from(&draft.transfer_id);
        self.accepted = None;
        Ok(())
    }

    fn accept(&mut self, draft: &ControlDraft) -> Result<(), ControlFault> {
        self.check_unchanged(draft)?;
        let (Some(transfer), Some(next)) = (&draft.transfer_id, &draft.next_assignee) else {
            return Err(impossible(
                draft,
                "an acceptance names transfer and receiver",
            ));
        };
        if self.offered.as_ref() != Some(transfer) {
            return Err(impossible(draft, "it was not offered"));
        }
        if draft.signed_by != next.key_fpr {
            return Err(ControlFault::ForeignSigner { seq: draft.seq });
        }
        self.accepted = Some((transfer.clone(), next.clone()));
        Ok(())
    }

    fn transfer(&mut self, draft: &ControlDraft) -> Result<(), ControlFault> {
        self.check_assignee_signs(draft)?;
        match self.accepted.take() {
            Some((transfer, next))
                if draft.transfer_id.as_ref() == Some(&transfer) && draft.assignee == next =>
            {
                self.head.assignee = next;
                self.head.custodian = draft.custodian.clone();
                self.head.changes += 1;
                self.offered = None;
                Ok(())
            }
            _ => Err(impossible(draft, "it was not accepted by this assignee")),
        }
    }

    fn release(&mut self, draft: &ControlDraft) -> Result<(), ControlFault> {
        self.check_unchanged(draft)?;
        self.check_assignee_signs(draft)?;
        self.head.released = true;
        Ok(())
    }
}

const fn impossible(draft: &ControlDraft, detail: &'static str) -> ControlFault {
    ControlFault::Impossible {
        seq: draft.seq,
        detail,
    }
}
