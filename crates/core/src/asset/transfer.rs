//! A transfer of control: offered, accepted, confirmed (partner API §7).

use serde::{Deserialize, Serialize};

use crate::asset::state::Assignee;
use crate::email::EmailAddress;
use crate::ids::{OrgId, TransferId};
use crate::names::names;
use crate::time::Timestamp;

names! {
    /// Where a transfer stands.
    TransferState {
        /// The controller offered it.
        Offered = "offered",
        /// The receiver accepted.
        Accepted = "accepted",
        /// The controller confirmed: control has changed.
        Confirmed = "confirmed",
        /// The receiver refused.
        Rejected = "rejected",
        /// The controller, or a failed integrity check, took it back.
        Cancelled = "cancelled",
        /// Its time ran out.
        Expired = "expired",
    }
}

impl TransferState {
    /// Whether it can still come to effect.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted)
    }
}

/// A side of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// An organization on this server.
    Organization(OrgId),
    /// Somebody named by e-mail, who acts through a link.
    Email(EmailAddress),
    /// Somebody named by e-mail whose address was erased.
    Erased,
}

impl Party {
    /// The organization, if it is one.
    #[must_use]
    pub const fn organization(&self) -> Option<&OrgId> {
        match self {
            Self::Organization(org) => Some(org),
            Self::Email(_) | Self::Erased => None,
        }
    }

    /// The address, if it was named by one.
    #[must_use]
    pub const fn email(&self) -> Option<&EmailAddress> {
        match self {
            Self::Email(email) => Some(email),
            Self::Organization(_) | Self::Erased => None,
        }
    }
}

/// A transfer as the events tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Its id.
    pub transfer_id: TransferId,
    /// Where it stands.
    pub state: TransferState,
    /// The organization that offered.
    pub from: OrgId,
    /// Its name; may be erased.
    pub from_name: Option<String>,
    /// The receiver.
    pub to: Party,
    /// Its name; may be erased.
    pub to_name: Option<String>,
    /// The offerer's note; may be erased.
    pub note: Option<String>,
    /// When it was offered.
    pub offered_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When it was confirmed, rejected, cancelled or expired.
    pub closed_at: Option<Timestamp>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The assignee to be, known from acceptance; may be erased.
    pub assignee: Option<Assignee>,
}
