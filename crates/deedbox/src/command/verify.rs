//! `deedbox verify`: is this document genuine? Offline.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::Args;
use deedbox_app::verify::{Verdict, verify_offline};

use crate::{config::Flags, console};

/// Verify a signed PDF offline.
#[derive(Args)]
pub struct Verify {
    /// The PDF
    file: PathBuf,
    /// Evidence bundle as the Partner API answered it
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// Pinned keys: the issuing CA's certificate (PEM) or a saved deedbox-keys.json
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
}

impl Verify {
    /// Prints the verdict; exit 0 only for genuine.
    pub fn run(self, flags: &Flags) -> anyhow::Result<ExitCode> {
        let read = |path: &PathBuf| {
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
        };
        let pdf = read(&self.file)?;
        let evidence = self.evidence.as_ref().map(read).transpose()?;
        let trust = self.trust.as_ref().map(read).transpose()?;
        let now = deedbox_app::clock::Clock::now(&deedbox_app::clock::SystemClock);
        let report = verify_offline(&pdf, evidence.as_deref(), trust.as_deref(), now)
            .map_err(|error| anyhow::anyhow!("{error}"))?;
        console::answer(
            flags.json,
            &serde_json::to_value(&report)?,
            &report.to_string(),
        )?;
        Ok(match report.verdict {
            Verdict::Genuine => ExitCode::SUCCESS,
            Verdict::Altered | Verdict::Unknown => ExitCode::FAILURE,
        })
    }
}
