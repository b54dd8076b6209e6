//! The OpenAPI 3.1 documents, made from the code.

use std::{fmt, str::FromStr};

use utoipa::openapi::OpenApi;

/// Which document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `/api/v2/partner/*` and `/api/v2/embed/token`.
    Partner,
    /// `/api/signing/*`.
    Signing,
}

impl Kind {
    /// Every document that this version makes.
    pub const ALL: [Self; 2] = [Self::Partner, Self::Signing];

    /// The document's name on the command line and as a file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Signing => "signing",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownKind)
    }
}

/// There is no document of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one of: partner, signing")]
pub struct UnknownKind;

/// The document of one door.
#[must_use]
pub fn openapi(kind: Kind) -> OpenApi {
    match kind {
        Kind::Partner => crate::partner::document(),
        Kind::Signing => crate::signing::document(),
    }
}

/// The document as it is committed under `openapi/`: pretty, in a stable order, with a final newline.
///
/// # Panics
/// Never: the document is plain data.
#[must_use]
pub fn openapi_text(kind: Kind) -> String {
    let text = serde_json::to_string_pretty(&openapi(kind)).expect("plain data");
    format!("{text}\n")
}
