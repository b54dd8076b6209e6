//! Signed URLs on the wire, and `?expires=` (P9, P14, P15).

use deedbox_app::storage_url::{EXPIRES_DEFAULT_SECONDS, EXPIRES_SECONDS, SignedUrl};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::fields::Faults,
    partner::{endpoint::Call, error::Error},
};

/// Documented query of endpoints that mint URLs.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `seconds` reads")]
pub(crate) struct ExpiresQuery {
    /// Life of the URL in seconds.
    #[param(minimum = 60, maximum = 86400, default = 300)]
    expires: Option<u32>,
}

/// A URL that works without a key until it expires.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedLink {
    #[schema(format = "uri")]
    signed_url: String,
    #[schema(example = "env_x7k9m2p4q1w3_authoritative.pdf")]
    filename: String,
    /// Seconds.
    expires_in: u32,
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<SignedUrl> for SignedLink {
    fn from(minted: SignedUrl) -> Self {
        Self {
            signed_url: minted.url,
            filename: minted.filename,
            expires_in: minted.expires_in,
            expires_at: minted.expires_at.to_iso(),
        }
    }
}

/// Reads how long the URL shall live.
pub(crate) fn seconds(call: &Call) -> Result<u32, Error> {
    let faults = Faults::default();
    let bounds = i64::from(*EXPIRES_SECONDS.start())..=i64::from(*EXPIRES_SECONDS.end());
    let seconds = call.query(&faults).optional("expires").integer(bounds);
    faults.check()?;
    Ok(seconds
        .and_then(|seconds| u32::try_from(seconds).ok())
        .unwrap_or(EXPIRES_DEFAULT_SECONDS))
}
