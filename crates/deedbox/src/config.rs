//! Configuration: a flag beats the environment, which beats the file, which beats the default.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use figment::{
    Figment,
    providers::{Format as _, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use url::Url;

/// Flags that every command takes. clap fills absent flags from the environment.
#[derive(Args, Clone, Debug, Default, Serialize)]
pub struct Flags {
    /// Folder of the embedded default: database, objects, keys, outbox
    #[arg(long, env = "DEEDBOX_DATA_DIR", global = true, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data_dir: Option<PathBuf>,
    /// SQLite path or postgres://… [default: SQLite in the data directory]
    #[arg(
        long,
        env = "DEEDBOX_DATABASE_URL",
        global = true,
        value_name = "URL",
        hide_env_values = true
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
    /// `file://…` or `s3://bucket/prefix?endpoint=…` [default: objects/ in the data directory]
    #[arg(
        long,
        env = "DEEDBOX_STORAGE_URL",
        global = true,
        value_name = "URL",
        hide_env_values = true
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    storage_url: Option<String>,
    /// TOML file with the same names as the environment, without DEEDBOX_, lower case
    #[arg(long, env = "DEEDBOX_CONFIG", global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// One JSON object on stdout, nothing else
    #[arg(long, global = true)]
    #[serde(skip)]
    pub json: bool,
    #[arg(long, env = "DEEDBOX_PUBLIC_URL", hide = true, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    public_url: Option<Url>,
    #[arg(long, env = "DEEDBOX_EMBED_URL", hide = true, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    embed_url: Option<Url>,
    #[arg(
        long,
        env = "DEEDBOX_SMTP_URL",
        hide = true,
        global = true,
        hide_env_values = true
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    smtp_url: Option<String>,
    #[arg(long, env = "DEEDBOX_MAIL_FROM", hide = true, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    mail_from: Option<String>,
    #[arg(
        long,
        env = "DEEDBOX_SMS_URL",
        hide = true,
        global = true,
        hide_env_values = true
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    sms_url: Option<String>,
    #[arg(long, env = "DEEDBOX_PROXY_HOPS", hide = true, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy_hops: Option<usize>,
    #[arg(long, env = "DEEDBOX_TSA_URL", hide = true, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    tsa_url: Option<String>,
    #[arg(long, env = "DEEDBOX_MASTER_KEY_FILE", hide = true, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    master_key_file: Option<PathBuf>,
    #[arg(long, env = "DEEDBOX_OPERATOR", hide = true, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<String>,
    #[arg(
        long,
        env = "DEEDBOX_ALLOW_PRIVATE_WEBHOOKS",
        hide = true,
        global = true
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_private_webhooks: Option<bool>,
}

/// The settled configuration.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Folder of the embedded default.
    pub data_dir: PathBuf,
    /// Database address; `None` is SQLite in the data directory.
    pub database_url: Option<String>,
    /// Object store address; `None` is a folder in the data directory.
    pub storage_url: Option<String>,
    /// Address that people reach; `None` follows `--listen`.
    pub public_url: Option<Url>,
    /// Address of embedded widgets; `None` is the public address.
    pub embed_url: Option<Url>,
    /// Mail relay; `None` writes to the local outbox.
    pub smtp_url: Option<String>,
    /// Sender address of mails.
    pub mail_from: String,
    /// SMS gateway; `None` writes to the local outbox.
    pub sms_url: Option<String>,
    /// Proxies in front that append to `X-Forwarded-For`; 0 takes the peer's own address.
    pub proxy_hops: usize,
    /// Outside timestamp authority. This version has only the built-in one and refuses to start with
    /// another: time is never silently taken from elsewhere than was asked.
    pub tsa_url: Option<String>,
    /// Master key file; `None` is `master.key` in the data directory.
    pub master_key_file: Option<PathBuf>,
    /// Name of the operator, printed in certificates.
    pub operator: String,
    /// Webhooks may go to private addresses and plain http.
    pub allow_private_webhooks: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./data"),
            database_url: None,
            storage_url: None,
            public_url: None,
            embed_url: None,
            smtp_url: None,
            mail_from: "deedbox <no-reply@localhost>".to_owned(),
            sms_url: None,
            proxy_hops: 0,
            tsa_url: None,
            master_key_file: None,
            operator: "deedbox".to_owned(),
            allow_private_webhooks: false,
        }
    }
}

impl Config {
    /// Merges default, file and flags (which carry the environment).
    pub fn load(flags: &Flags) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = &flags.config {
            anyhow::ensure!(
                file.exists(),
                "configuration file {} does not exist",
                file.display()
            );
            figment = figment.merge(Toml::file_exact(file));
        }
        figment
            .merge(Serialized::defaults(flags))
            .extract()
            .context("configuration")
    }

    /// Database address in force.
    pub fn database(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| self.data_dir.join("deedbox.sqlite").display().to_string())
    }

    /// Object store address in force.
    pub fn storage(&self) -> anyhow::Result<String> {
        match &self.storage_url {
            Some(url) => Ok(url.clone()),
            None => Ok(file_url(&self.data_dir.join("objects"))?.to_string()),
        }
    }
}

fn file_url(path: &Path) -> anyhow::Result<Url> {
    let absolute = std::path::absolute(path)?;
    Url::from_file_path(&absolute)
        .map_err(|()| anyhow::anyhow!("{} cannot be written as a URL", absolute.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_beats_the_file_which_beats_the_default() {
        let dir = std::env::temp_dir().join(format!("deedbox-config-{}", std::process::id()));
        std::fs::write(&dir, "operator = \"File\"\nmail_from = \"a@example.com\"\n").unwrap();
        let flags = Flags {
            config: Some(dir.clone()),
            operator: Some("Flag".to_owned()),
            ..Flags::default()
        };
        let config = Config::load(&flags).unwrap();
        std::fs::remove_file(dir).unwrap();
        assert_eq!(config.operator, "Flag");
        assert_eq!(config.mail_from, "a@example.com");
        assert_eq!(config.data_dir, PathBuf::from("./data"));
    }
}
