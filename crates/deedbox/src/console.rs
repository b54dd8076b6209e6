//! What the operator sees: answers on stdout, logs and progress on stderr.

use std::{io::Write as _, process::ExitCode};

use serde_json::Value;
use tracing_subscriber::EnvFilter;

/// Logs go to stderr; `RUST_LOG` chooses, `DEEDBOX_LOG_JSON=true` makes them JSON lines.
pub fn init_logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::env::var("DEEDBOX_LOG_JSON").is_ok_and(|value| value == "true") {
        builder.json().init();
    } else {
        builder.compact().with_target(false).init();
    }
}

/// Prints one JSON object when asked for, else `human`.
pub fn answer(json: bool, value: &Value, human: &str) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{value}")?;
    } else {
        writeln!(out, "{human}")?;
    }
    Ok(ExitCode::SUCCESS)
}
