//! `deedbox worker`: jobs alone, for scale-out.

use std::process::ExitCode;

use anyhow::ensure;
use clap::Args;
use tokio_util::sync::CancellationToken;

use crate::{
    command::serve::stop_signal,
    config::{Config, Flags},
    wiring,
};

/// Run the workers alone.
#[derive(Args)]
pub struct Worker {}

impl Worker {
    /// Works until SIGTERM or SIGINT, then finishes what it holds.
    pub async fn run(self, flags: &Flags) -> anyhow::Result<ExitCode> {
        let config = Config::load(flags)?;
        ensure!(
            config.database().starts_with("postgres"),
            "a separate worker needs PostgreSQL; with SQLite the server works its own jobs"
        );
        let app = wiring::open_as(&config, false, None).await?;
        let stopped = stop_signal()?;
        let stop = CancellationToken::new();
        let worker = deedbox_worker::start(app.clone(), wiring::messages(&config)?, stop.clone());
        eprintln!("working");
        stopped.await;
        stop.cancel();
        worker.await?;
        app.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
