//! Partner API keys: making, turning, stopping, recognising.

use std::str::FromStr as _;

use deedbox_core::{KeyId, OrgId};
use deedbox_store::{api_keys, deliveries, orgs};
use serde::Serialize;
use serde_json::json;

use crate::{
    App, audit,
    caller::{Caller, Scope},
    error::{Error, What},
    input, token,
    webhook::{check_secret, check_url, wrap_secret},
};

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Name of the service that will use it.
    pub name: String,
    /// What it may do; at least one.
    pub scopes: Vec<Scope>,
    /// Requests per minute.
    pub rate_limit_rpm: u32,
    /// Where webhooks go.
    pub webhook_url: Option<String>,
    /// Secret that signs them.
    pub webhook_secret: Option<String>,
}

/// A key that was made; the only moment at which the raw key exists here.
#[derive(Clone)]
pub struct MadeKey {
    /// Its id.
    pub key_id: KeyId,
    /// The raw key.
    pub api_key: String,
}

/// What changes of a key; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct KeyUpdate {
    /// New scopes.
    pub scopes: Option<Vec<Scope>>,
    /// New rate.
    pub rate_limit_rpm: Option<u32>,
}

/// A key as lists show it.
#[derive(Clone, Debug, Serialize)]
pub struct KeyItem {
    /// Its id.
    pub key_id: String,
    /// Its name.
    pub name: String,
    /// Scope names.
    pub scopes: Vec<String>,
    /// Requests per minute.
    pub rate_limit_rpm: i64,
    /// Where webhooks go.
    pub webhook_url: Option<String>,
    /// Whether requests with it are accepted.
    pub active: bool,
    /// ISO time.
    pub created_at: String,
    /// ISO time, to the minute.
    pub last_used_at: Option<String>,
}

impl App {
    /// Makes a key for an organization.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown organization; [`Error::Invalid`] for a bad name, webhook
    /// address or secret.
    pub async fn create_key(&self, org_id: &str, new: NewKey) -> Result<MadeKey, Error> {
        let ctx = self.operator_context();
        let made = MadeKey {
            key_id: ctx.id("key"),
            api_key: token::new_api_key(self.entropy()),
        };
        let row = self.key_row(org_id, &made, new)?;
        self.store()
            .write("create key", move |tx| {
                orgs::get(tx, &row.org_id)?.ok_or(Error::NotFound(What::Organization))?;
                api_keys::insert(tx, &row)?;
                let detail = json!({"scopes": row.scopes});
                audit::note(tx, &ctx, &row.org_id, "key.created", &row.key_id, &detail)?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(made)
    }

    fn key_row(
        &self,
        org_id: &str,
        made: &MadeKey,
        new: NewKey,
    ) -> Result<api_keys::ApiKey, Error> {
        let now = self.now().micros();
        let name = input::text("name", &new.name, 1..=200)?;
        if let Some(url) = &new.webhook_url {
            check_url(url, self.settings().allow_private_webhooks)?;
        }
        let secret = new.webhook_secret.map(|secret| {
            check_secret(&secret)?;
            Ok::<_, Error>(wrap_secret(self, made.key_id.as_str(), &secret))
        });
        Ok(api_keys::ApiKey {
            key_id: made.key_id.to_string(),
            org_id: org_id.to_owned(),
            name,
            key_sha256: token::digest(&made.api_key),
            scopes: scope_list(&new.scopes),
            rate_limit_rpm: i64::from(new.rate_limit_rpm),
            webhook_url: new.webhook_url,
            webhook_secret_wrapped: secret.transpose()?,
            active: true,
            created_at: now,
            updated_at: now,
            rotated_at: None,
            last_used_at: None,
        })
    }

    /// Replaces the raw key; the old one is dead with the commit.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown key.
    pub async fn rotate_key(&self, key_id: &str) -> Result<String, Error> {
        let api_key = token::new_api_key(self.entropy());
        let digest = token::digest(&api_key);
        let ctx = self.operator_context();
        let key_id = key_id.to_owned();
        self.store()
            .write("rotate key", move |tx| {
                let key = api_keys::get(tx, &key_id)?.ok_or(Error::NotFound(What::Key))?;
                api_keys::rotate(tx, &key_id, &digest, ctx.now.micros())?;
                audit::note(tx, &ctx, &key.org_id, "key.rotated", &key_id, &json!({}))?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(api_key)
    }

    /// Stops a key: its requests are refused and its pending deliveries end.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown key.
    pub async fn deactivate_key(&self, key_id: &str) -> Result<(), Error> {
        let ctx = self.operator_context();
        let key_id = key_id.to_owned();
        self.store()
            .write("deactivate key", move |tx| {
                let mut key = api_keys::get(tx, &key_id)?.ok_or(Error::NotFound(What::Key))?;
                key.active = false;
                key.updated_at = ctx.now.micros();
                api_keys::update(tx, &key)?;
                deliveries::end_for_key(tx, &key_id, ctx.now.micros())?;
                audit::note(
                    tx,
                    &ctx,
                    &key.org_id,
                    "key.deactivated",
                    &key_id,
                    &json!({}),
                )?;
                Ok::<_, Error>(())
            })
            .await
    }

    /// Changes scopes or rate; the raw key stays.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown key.
    pub async fn update_key(&self, key_id: &str, update: KeyUpdate) -> Result<(), Error> {
        let ctx = self.operator_context();
        let key_id = key_id.to_owned();
        self.store()
            .write("update key", move |tx| {
                let mut key = api_keys::get(tx, &key_id)?.ok_or(Error::NotFound(What::Key))?;
                if let Some(scopes) = &update.scopes {
                    key.scopes = scope_list(scopes);
                }
                if let Some(rpm) = update.rate_limit_rpm {
                    key.rate_limit_rpm = i64::from(rpm);
                }
                key.updated_at = ctx.now.micros();
                api_keys::update(tx, &key)?;
                let detail = json!({"scopes": key.scopes, "rate_limit_rpm": key.rate_limit_rpm});
                audit::note(tx, &ctx, &key.org_id, "key.updated", &key_id, &detail)?;
                Ok::<_, Error>(())
            })
            .await
    }

    /// The keys of an organization, oldest first, without anything secret.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown organization.
    pub async fn list_keys(&self, org_id: &str) -> Result<Vec<KeyItem>, Error> {
        let org = self.org(org_id).await?;
        let keys = self
            .store()
            .read("list keys", move |tx| api_keys::of_org(tx, &org.org_id))
            .await?;
        Ok(keys.into_iter().map(key_item).collect())
    }

    /// The caller behind a raw key; `None` when it is malformed, unknown or inactive.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database cannot be read.
    pub async fn authenticate(&self, raw_key: &str) -> Result<Option<Caller>, Error> {
        if !token::is_api_key(raw_key) {
            return Ok(None);
        }
        let digest = token::digest(raw_key);
        let found = self
            .store()
            .read("authenticate", move |tx| api_keys::by_hash(tx, &digest))
            .await?
            .filter(|key| key.active);
        found.map(caller).transpose()
    }
}

fn caller(key: api_keys::ApiKey) -> Result<Caller, Error> {
    Ok(Caller {
        org: OrgId::from_str(&key.org_id).map_err(Error::internal)?,
        key: KeyId::from_str(&key.key_id).map_err(Error::internal)?,
        name: key.name,
        scopes: scope_names(&key.scopes)
            .iter()
            .filter_map(|it| Scope::parse(it))
            .collect(),
        rate_limit_rpm: u32::try_from(key.rate_limit_rpm).unwrap_or(0),
    })
}

fn scope_list(scopes: &[Scope]) -> String {
    let names: Vec<&str> = Scope::ALL
        .iter()
        .filter(|it| scopes.contains(it))
        .map(|it| it.as_str())
        .collect();
    json!(names).to_string()
}

fn scope_names(list: &str) -> Vec<String> {
    serde_json::from_str(list).unwrap_or_default()
}

fn key_item(key: api_keys::ApiKey) -> KeyItem {
    let iso = |micros| deedbox_core::Timestamp::from_micros(micros).to_iso();
    KeyItem {
        scopes: scope_names(&key.scopes),
        key_id: key.key_id,
        name: key.name,
        rate_limit_rpm: key.rate_limit_rpm,
        webhook_url: key.webhook_url,
        active: key.active,
        created_at: iso(key.created_at),
        last_used_at: key.last_used_at.map(iso),
    }
}
