//! One message to one person, whatever way it goes.

use deedbox_core::time::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use ulid::Ulid;
use url::Url;

/// The way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
    /// WhatsApp.
    Whatsapp,
}

/// What a message is about. The names are those of the outbox files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageKind {
    /// Please sign.
    Invitation,
    /// Please sign, again.
    Reminder,
    /// A one-time code.
    Otp,
    /// Everybody signed; here is your copy.
    Completed,
    /// Somebody declined.
    Declined,
    /// The sender withdrew the document.
    Voided,
    /// The time to sign has passed.
    Expired,
}

impl MessageKind {
    /// All kinds, in the order of a document's life.
    pub const ALL: [Self; 7] = [
        Self::Invitation,
        Self::Reminder,
        Self::Otp,
        Self::Completed,
        Self::Declined,
        Self::Voided,
        Self::Expired,
    ];

    /// The name used in outbox files and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reminder => "reminder",
            Self::Otp => "otp",
            Self::Completed => "completed",
            Self::Declined => "declined",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }
}

/// A message ready to go.
///
/// It serialises as the outbox file of operator-and-signing.md §1. There is no `Debug`: the text
/// carries links and codes.
#[derive(Clone, Serialize)]
pub struct Message {
    /// The same for every attempt at the same job, so that what is sent twice can be known as one.
    pub id: Ulid,
    /// The way it goes.
    pub channel: Channel,
    /// E-mail address or E.164 number.
    pub to: String,
    /// Subject line; empty on a phone.
    pub subject: String,
    /// The whole message as plain text.
    pub text: String,
    /// The same as HTML; absent on a phone.
    pub html: Option<String>,
    /// When the job that asked for it was made.
    pub created_at: Timestamp,
    /// The envelope it is about.
    pub envelope_id: Option<String>,
    /// The signer it goes to.
    pub signer_id: Option<String>,
    /// What it is about.
    pub kind: MessageKind,
    /// The name of the person it goes to.
    #[serde(skip)]
    pub to_name: String,
    /// The organization in whose name it goes.
    #[serde(skip)]
    pub from_name: String,
    /// Where one click stops messages of this kind (RFC 8058), where there are more to come.
    #[serde(skip)]
    pub unsubscribe: Option<Url>,
}

impl Message {
    /// The id of the message that the job `job_id`, made at `created_at`, sends to `to`: sortable
    /// by time, and the same however often the job is run.
    #[must_use]
    pub fn id_for(job_id: &str, to: &str, created_at: Timestamp) -> Ulid {
        let digest = Sha256::new()
            .chain_update(job_id)
            .chain_update([0])
            .chain_update(to)
            .finalize();
        let mut random = [0; 16];
        random.copy_from_slice(&digest[..16]);
        let millis = u64::try_from(created_at.micros().div_euclid(1000)).unwrap_or(0);
        Ulid::from_parts(millis, u128::from_be_bytes(random))
    }
}

/// Why a message did not go.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Trying again cannot help: no such mailbox, not an address.
    #[error("refused for good: {0}")]
    Permanent(String),
    /// Trying again may help.
    #[error("not sent: {0}")]
    Transient(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_job_always_makes_the_same_id() {
        let at = Timestamp::from_micros(1_775_901_600_000_000);
        let id = Message::id_for("job_1", "ana@example.com", at);
        assert_eq!(id, Message::id_for("job_1", "ana@example.com", at));
        assert_ne!(id, Message::id_for("job_1", "ben@example.com", at));
        assert_ne!(id, Message::id_for("job_2", "ana@example.com", at));
        assert_eq!(id.timestamp_ms(), 1_775_901_600_000);
    }
}
