//! `deedbox key`: partner API keys.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use deedbox_app::{
    Scope,
    api_key::{KeyUpdate, NewKey},
};
use serde_json::json;

use crate::{config::Flags, console, wiring};

/// Partner API keys. A raw key is shown once, when it is made.
#[derive(Subcommand)]
pub enum Key {
    /// Create a key
    Create {
        /// Organization id
        #[arg(long)]
        org: String,
        /// Name of the service that will use it
        #[arg(long)]
        name: String,
        /// What it may do; repeat the flag for several
        #[arg(long, required = true, value_parser = parse_scope)]
        scope: Vec<Scope>,
        /// Requests per minute
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        rate_limit_rpm: u32,
        /// Where webhooks go
        #[arg(long)]
        webhook_url: Option<String>,
        /// Secret that signs webhooks, at least 16 characters
        #[arg(long)]
        webhook_secret: Option<String>,
    },
    /// Issue a new raw key; the old one stops working at once
    Rotate {
        /// Key id
        #[arg(long)]
        key: String,
    },
    /// Stop a key; it bites on the next request
    Deactivate {
        /// Key id
        #[arg(long)]
        key: String,
    },
    /// List an organization's keys
    List {
        /// Organization id
        #[arg(long)]
        org: String,
    },
    /// Change scopes or rate limit; the raw key stays
    Update {
        /// Key id
        #[arg(long)]
        key: String,
        /// The new scopes; repeat the flag for several
        #[arg(long, value_parser = parse_scope)]
        scope: Vec<Scope>,
        /// Requests per minute
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        rate_limit_rpm: Option<u32>,
    },
}

impl Key {
    /// Runs the command.
    pub async fn run(self, flags: &Flags) -> anyhow::Result<ExitCode> {
        let app = wiring::open(flags).await?;
        match self {
            Self::Create {
                org,
                name,
                scope,
                rate_limit_rpm,
                webhook_url,
                webhook_secret,
            } => {
                let new = NewKey {
                    name,
                    scopes: scope,
                    rate_limit_rpm,
                    webhook_url,
                    webhook_secret,
                };
                let made = app.create_key(&org, new).await?;
                raw(flags, made.key_id.as_str(), &made.api_key)
            }
            Self::Rotate { key } => {
                let api_key = app.rotate_key(&key).await?;
                raw(flags, &key, &api_key)
            }
            Self::Deactivate { key } => {
                app.deactivate_key(&key).await?;
                let answer = json!({"key_id": key, "active": false});
                console::answer(flags.json, &answer, &format!("key {key} is inactive"))
            }
            Self::List { org } => {
                let keys = app.list_keys(&org).await?;
                let lines: Vec<String> = keys
                    .iter()
                    .map(|key| {
                        let state = if key.active { "active" } else { "inactive" };
                        format!(
                            "{}  {state:8}  {}  {}",
                            key.key_id,
                            key.scopes.join(" "),
                            key.name
                        )
                    })
                    .collect();
                console::answer(flags.json, &json!({"keys": keys}), &lines.join("\n"))
            }
            Self::Update {
                key,
                scope,
                rate_limit_rpm,
            } => {
                let scopes = (!scope.is_empty()).then_some(scope);
                app.update_key(
                    &key,
                    KeyUpdate {
                        scopes,
                        rate_limit_rpm,
                    },
                )
                .await?;
                console::answer(
                    flags.json,
                    &json!({"key_id": key}),
                    &format!("key {key} changed"),
                )
            }
        }
    }
}

fn raw(flags: &Flags, key_id: &str, api_key: &str) -> anyhow::Result<ExitCode> {
    let human = format!("key {key_id}\n{api_key}\nThis key is shown once; keep it safe.");
    console::answer(
        flags.json,
        &json!({"key_id": key_id, "api_key": api_key}),
        &human,
    )
}

fn parse_scope(text: &str) -> anyhow::Result<Scope> {
    Scope::parse(text).with_context(|| {
        let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        format!("scopes are {}", known.join(", "))
    })
}
