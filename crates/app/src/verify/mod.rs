//! Is a document genuine? The same judgement offline (`deedbox verify`) and at `POST /api/verify`.

mod offline;
mod online;
mod seal;

pub use offline::{OfflineReport, Trusted, verify_offline};
pub use online::{CopyStatus, OnlineReport};
pub(crate) use seal::check;
pub use seal::{SealReport, SealSignature};
use serde::Serialize;

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every signature holds, every signer is trusted, every byte is accounted for.
    Genuine,
    /// The bytes are not what was signed, or something was added.
    Altered,
    /// Nothing here says that it is genuine, and nothing that it was altered.
    Unknown,
}

impl Verdict {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::Altered => "altered",
            Self::Unknown => "unknown",
        }
    }
}

impl From<deedbox_pades::Verdict> for Verdict {
    fn from(verdict: deedbox_pades::Verdict) -> Self {
        use deedbox_pades::Verdict as Pades;
        match verdict {
            Pades::Genuine => Self::Genuine,
            Pades::Altered | Pades::ContentAdded => Self::Altered,
            Pades::UnknownSigner | Pades::NoSignature | Pades::CouldNotCheck => Self::Unknown,
        }
    }
}
