//! `deedbox session`: admin session tokens.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use crate::{config::Flags, console, wiring};

/// Admin sessions.
#[derive(Subcommand)]
pub enum Session {
    /// Create a session token for a user
    Create {
        /// Organization id
        #[arg(long)]
        org: String,
        /// The user's e-mail address
        #[arg(long)]
        email: String,
        /// Life in seconds, 60 to 2592000
        #[arg(long, default_value_t = 3600, value_parser = clap::value_parser!(u32).range(60..=2_592_000))]
        ttl: u32,
    },
}

impl Session {
    /// Runs the command.
    pub async fn run(self, flags: &Flags) -> anyhow::Result<ExitCode> {
        let Self::Create { org, email, ttl } = self;
        let app = wiring::open(flags).await?;
        let made = app.create_session(&org, &email, ttl).await?;
        let expires_at = made.expires_at.to_iso();
        console::answer(
            flags.json,
            &json!({"token": made.token, "expires_at": expires_at}),
            &format!("{}\nexpires {expires_at}", made.token),
        )
    }
}
