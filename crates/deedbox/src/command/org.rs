//! `deedbox org`: tenants.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use crate::{config::Flags, console, wiring};

/// Organizations (tenants).
#[derive(Subcommand)]
pub enum Org {
    /// Create an organization with its control key
    Create {
        /// Its name, 1–200 characters
        #[arg(long)]
        name: String,
        /// The secured party of its records [default: the organization]
        #[arg(long, value_name = "NAME")]
        secured_party: Option<String>,
    },
}

impl Org {
    /// Runs the command.
    pub async fn run(self, flags: &Flags) -> anyhow::Result<ExitCode> {
        let app = wiring::open(flags).await?;
        let Self::Create {
            name,
            secured_party,
        } = self;
        let org = app.create_org(&name, secured_party.as_deref()).await?;
        console::answer(
            flags.json,
            &json!({"org_id": org.org_id, "tenant_id": org.tenant_id}),
            &format!("organization {} ({name})", org.org_id),
        )
    }
}
