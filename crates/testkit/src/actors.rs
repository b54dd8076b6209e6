//! A partner's back end and a signer with a browser, as typed HTTP clients.
//!
//! They know the contract and nothing of the implementation. A helper that "has to work" panics with
//! the whole answer when it does not; the plain calls answer a [`Reply`] whatever the status.

mod partner;
mod reply;
mod scene;
mod signer;

use std::time::Duration;

pub use partner::{Link, Partner};
pub use reply::Reply;
pub use scene::{Engine, Scene, SceneOptions, sample_fields};
pub use signer::Signer;

/// All scopes of the partner door.
pub const ALL_SCOPES: &[&str] = &[
    "envelopes:read",
    "envelopes:write",
    "esign:write",
    "vault:read",
    "vault:write",
    "vault:release",
    "compliance:read",
    "customers:read",
];

fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_mins(1))
        .build()
        .expect("an HTTP client")
}
