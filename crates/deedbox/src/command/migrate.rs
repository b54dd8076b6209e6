//! `deedbox migrate`: the schema of this version.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::{
    config::{Config, Flags},
    console, wiring,
};

/// Bring the database to this version's schema.
#[derive(Args)]
pub struct Migrate {}

impl Migrate {
    /// Runs the command; nothing happens when the schema is current.
    pub async fn run(self, flags: &Flags) -> anyhow::Result<ExitCode> {
        let config = Config::load(flags)?;
        std::fs::create_dir_all(&config.data_dir)?;
        let store = wiring::open_store(&config, false)?;
        store.migrate().await?;
        let version = store.migration_version().await?;
        console::answer(
            flags.json,
            &json!({"migration": version}),
            &format!("the database is at migration {version}"),
        )
    }
}
