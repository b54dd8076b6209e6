//! P32: fields for a template; a new version.

use deedbox_core::template::{
    FieldSpec,
    field::{FIELDS_MAX, roles},
    merge,
};
use deedbox_store::templates;
use serde_json::json;

use super::{Opened, Template};
use crate::{App, audit, caller::Caller, error::Error};

impl App {
    /// Adds fields to a template; one of the same name and role replaces. Earlier versions stay as
    /// they are, so envelopes already sent do not change.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] naming the field at fault.
    pub async fn template_add_fields(
        &self,
        caller: &Caller,
        template_id: &str,
        fields: Vec<FieldSpec>,
    ) -> Result<Template, Error> {
        let opened = self.open_template(caller, template_id).await?;
        let base = self.template_base(&opened).await?;
        let ctx = self.context(caller.actor());
        let resolved = self
            .resolve_fields(&ctx, &base.bytes, base.pages.len(), fields)
            .await?;
        let merged = merge(&opened.fields, resolved.fields);
        if merged.len() > FIELDS_MAX {
            return Err(Error::invalid(
                "fields",
                format!("a template has at most {FIELDS_MAX}"),
            ));
        }
        let Opened {
            mut row,
            mut version,
            ..
        } = opened;
        let before = row.version;
        row.version += 1;
        row.updated_at = ctx.now.micros();
        version.version = row.version;
        version.roles = json!(roles(&merged)).to_string();
        version.fields = json!(merged).to_string();
        version.created_at = ctx.now.micros();
        let (new_row, new_version) = (row.clone(), version.clone());
        self.store()
            .write("template fields", move |tx| {
                templates::update(tx, &new_row, before)?;
                templates::versions::insert(tx, &new_version)?;
                let detail = json!({"version": new_row.version});
                let id = &new_row.template_id;
                audit::note(tx, &ctx, &new_row.org_id, "template.fields", id, &detail)?;
                Ok::<_, Error>(())
            })
            .await?;
        Opened::read(row, version)?.view()
    }
}
