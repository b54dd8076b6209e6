//! Organizations: the tenants.

use deedbox_core::{OrgId, TenantId};
use deedbox_store::{keys, orgs};
use serde_json::json;

use crate::{
    App, audit,
    error::{Error, What},
    input,
    keys::Purpose,
};

/// Longest name of an organization or secured party.
const NAME_MAX: usize = 200;

/// Ids of a new organization.
#[derive(Clone, Debug)]
pub struct NewOrg {
    /// Its id in the Partner API.
    pub org_id: OrgId,
    /// Its id in the M2M API.
    pub tenant_id: TenantId,
}

impl App {
    /// Creates an organization and its control key, the key that acts for it as assignee.
    ///
    /// # Errors
    /// [`Error::Invalid`] when a name is empty or longer than 200 characters.
    pub async fn create_org(&self, name: &str, party: Option<&str>) -> Result<NewOrg, Error> {
        let name = input::text("name", name, 1..=NAME_MAX)?;
        let party = party
            .map(|party| input::text("secured_party", party, 1..=NAME_MAX))
            .transpose()?;
        let ctx = self.operator_context();
        let made = NewOrg {
            org_id: ctx.id("org"),
            tenant_id: ctx.id("tenant"),
        };
        let control = self
            .keys()
            .new_ed25519(Purpose::Control, Some(&made.org_id), &ctx)?;
        let org = orgs::Org {
            org_id: made.org_id.to_string(),
            tenant_id: made.tenant_id.to_string(),
            name,
            secured_party_name: party,
            secured_party_registration: None,
            locale: "en".to_owned(),
            profile: "ucc_2022_b".to_owned(),
            governing_law: None,
            auto_vault: false,
            default_expiry_days: 30,
            settings: "{}".to_owned(),
            created_at: ctx.now.micros(),
            updated_at: ctx.now.micros(),
        };
        self.store()
            .write("create org", move |tx| {
                orgs::insert(tx, &org)?;
                keys::insert(tx, &control)?;
                audit::note(
                    tx,
                    &ctx,
                    &org.org_id,
                    "org.created",
                    &org.org_id,
                    &json!({}),
                )?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(made)
    }

    /// An organization by id.
    pub(crate) async fn org(&self, org_id: &str) -> Result<orgs::Org, Error> {
        let org_id = org_id.to_owned();
        self.store()
            .read("org", move |tx| orgs::get(tx, &org_id))
            .await?
            .ok_or(Error::NotFound(What::Organization))
    }
}

/// What an organization's settings mean for decisions.
pub(crate) fn policy(org: &orgs::Org) -> deedbox_core::Policy {
    deedbox_core::Policy {
        auto_vault: org.auto_vault,
        expiry_days: org.default_expiry_days,
        ..deedbox_core::Policy::default()
    }
}

/// The origins that an organization lets frame its pages (setting `allowed_origins`).
pub(crate) fn allowed_origins(org: &orgs::Org) -> Vec<String> {
    let settings: serde_json::Value = serde_json::from_str(&org.settings).unwrap_or_default();
    let listed = settings["allowed_origins"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    listed
        .iter()
        .filter_map(|it| it.as_str().map(str::to_owned))
        .collect()
}
