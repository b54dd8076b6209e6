//! `deedbox doctor`: is everything in place?

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::{
    config::{Config, Flags},
    console, wiring,
};

/// Check keys, clock, certificates, database, storage and mail.
#[derive(Args)]
pub struct Doctor {}

impl Doctor {
    /// Looks at each part; exit 1 when one of them is not in order.
    pub async fn run(self, flags: &Flags) -> anyhow::Result<ExitCode> {
        let config = Config::load(flags)?;
        let mut checks = match wiring::open_as(&config, false, None).await {
            Ok(app) => app.doctor().await,
            Err(error) => vec![deedbox_app::doctor::Check::failed(
                "open",
                format!("{error:#}"),
            )],
        };
        checks.push(match wiring::messages(&config) {
            Ok(messages) => messages.check().await,
            Err(error) => deedbox_app::doctor::Check::failed("mail", format!("{error:#}")),
        });
        let ok = checks.iter().all(|check| check.ok);
        let human: Vec<String> = checks
            .iter()
            .map(|it| {
                format!(
                    "{} {:14} {}",
                    if it.ok { "ok  " } else { "FAIL" },
                    it.name,
                    it.detail
                )
            })
            .collect();
        console::answer(
            flags.json,
            &json!({"ok": ok, "checks": checks}),
            &human.join("\n"),
        )?;
        Ok(if ok {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}
