//! Puts the parts together as the configuration says.

use anyhow::{Context as _, ensure};
use deedbox_app::{App, Ports, Settings};
use deedbox_store::{Store, StoreConfig, objects::Objects};
use deedbox_worker::mail::Messages;
use url::Url;

use crate::config::{Config, Flags};

/// Address assumed for links when neither `--listen` nor `DEEDBOX_PUBLIC_URL` says one.
const LOCAL_URL: &str = "http://127.0.0.1:8080";

/// Opens the application for a command: a short visitor that may run beside a server.
pub async fn open(flags: &Flags) -> anyhow::Result<App> {
    open_as(&Config::load(flags)?, false, None).await
}

/// Opens the application; a server locks the folder against a second one.
pub async fn open_as(config: &Config, server: bool, listen: Option<Url>) -> anyhow::Result<App> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot create {}", config.data_dir.display()))?;
    let store = open_store(config, server)?;
    store.migrate().await?;
    let objects = Objects::open(&config.storage()?).context("object storage")?;
    let app = App::open(Ports::system(store, objects), settings(config, listen)?).await?;
    if server {
        app.after_start().await?;
    }
    Ok(app)
}

/// Opens the database alone.
pub fn open_store(config: &Config, server: bool) -> anyhow::Result<Store> {
    let mut store = StoreConfig::new(config.database(), &config.data_dir);
    store.server = server;
    Ok(Store::open(&store)?)
}

/// Where messages to people go: a relay, a gateway, or the local outbox.
pub fn messages(config: &Config) -> anyhow::Result<Messages> {
    Messages::open(
        &config.data_dir.join("outbox"),
        config.smtp_url.as_deref(),
        config.sms_url.as_deref(),
        &config.mail_from,
    )
    .context("messages")
}

fn settings(config: &Config, listen: Option<Url>) -> anyhow::Result<Settings> {
    ensure!(
        config.tsa_url.is_none(),
        "DEEDBOX_TSA_URL is set, but this version stamps with its built-in authority only: unset it"
    );
    let public = match (&config.public_url, listen) {
        (Some(url), _) => url.clone(),
        (None, Some(listen)) => listen,
        (None, None) => Url::parse(LOCAL_URL)?,
    };
    for url in [Some(&public), config.embed_url.as_ref()]
        .into_iter()
        .flatten()
    {
        ensure!(
            matches!(url.scheme(), "http" | "https") && url.host_str().is_some(),
            "{url} must be an http or https address"
        );
    }
    let mut settings = Settings::new(config.data_dir.clone(), public);
    if let Some(embed) = &config.embed_url {
        settings.embed_url = embed.clone();
    }
    settings.allow_private_webhooks = config.allow_private_webhooks;
    settings.master_key_file.clone_from(&config.master_key_file);
    settings.operator.clone_from(&config.operator);
    Ok(settings)
}
