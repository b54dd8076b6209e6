//! A key's webhook: where events go and the secret that signs them (P33).

use deedbox_core::Timestamp;
use deedbox_store::{api_keys, deliveries};
use serde_json::json;

use crate::{
    App, audit,
    caller::{Caller, Change},
    error::{Error, What},
    webhook_target::{Guard, check_target},
};

/// Shortest secret, by contract.
const SECRET_MIN: usize = 16;
/// Longest secret.
const SECRET_MAX: usize = 256;

/// A key's webhook as it now stands; the secret is never returned.
#[derive(Clone, Debug)]
pub struct WebhookSettings {
    /// Where events go.
    pub url: Option<String>,
    /// Whether deliveries are signed.
    pub secret_set: bool,
    /// When the key last changed.
    pub updated_at: Timestamp,
}

impl App {
    /// Changes the calling key's webhook; the next delivery, retries included, uses it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a refused address or a secret of the wrong length.
    pub async fn webhook_update(
        &self,
        caller: &Caller,
        url: Change<String>,
        secret: Change<String>,
    ) -> Result<WebhookSettings, Error> {
        if let Change::Set(url) = &url {
            check_url(url, self.settings().allow_private_webhooks)?;
        }
        let key_id = caller.key.to_string();
        let wrapped = match secret {
            Change::Keep => Change::Keep,
            Change::Clear => Change::Clear,
            Change::Set(secret) => {
                check_secret(&secret)?;
                Change::Set(wrap_secret(self, &key_id, &secret))
            }
        };
        let ctx = self.context(caller.actor());
        self.store()
            .write("webhook", move |tx| {
                let mut key = api_keys::get(tx, &key_id)?.ok_or(Error::NotFound(What::Key))?;
                apply(&url, &mut key.webhook_url);
                apply(&wrapped, &mut key.webhook_secret_wrapped);
                key.updated_at = ctx.now.micros();
                api_keys::update(tx, &key)?;
                if key.webhook_url.is_none() {
                    deliveries::end_for_key(tx, &key_id, ctx.now.micros())?;
                }
                let detail = json!({"webhook_url": key.webhook_url});
                audit::note(tx, &ctx, &key.org_id, "webhook.updated", &key_id, &detail)?;
                Ok(WebhookSettings {
                    url: key.webhook_url,
                    secret_set: key.webhook_secret_wrapped.is_some(),
                    updated_at: ctx.now,
                })
            })
            .await
    }
}

fn apply<T: Clone>(change: &Change<T>, value: &mut Option<T>) {
    match change {
        Change::Keep => {}
        Change::Clear => *value = None,
        Change::Set(new) => *value = Some(new.clone()),
    }
}

pub(crate) fn check_url(url: &str, allow_private: bool) -> Result<(), Error> {
    match check_target(url, &Guard { allow_private }) {
        Ok(_) => Ok(()),
        Err(refusal) => Err(Error::invalid("webhook_url", refusal.to_string())),
    }
}

pub(crate) fn check_secret(secret: &str) -> Result<(), Error> {
    if (SECRET_MIN..=SECRET_MAX).contains(&secret.chars().count()) {
        return Ok(());
    }
    Err(Error::invalid(
        "webhook_secret",
        "must have 16 to 256 characters",
    ))
}

pub(crate) fn wrap_secret(app: &App, key_id: &str, secret: &str) -> Vec<u8> {
    app.keys()
        .wrap(&format!("webhook:{key_id}"), secret.as_bytes())
}

/// The secret of a key's webhook in clear, for signing a delivery.
pub(crate) fn open_secret(app: &App, key_id: &str, wrapped: &[u8]) -> Result<String, Error> {
    let opened = app.keys().unwrap(&format!("webhook:{key_id}"), wrapped)?;
    String::from_utf8(opened.to_vec()).map_err(Error::internal)
}
