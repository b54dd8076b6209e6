//! P31: a template from a PDF and, optionally, fields.

use bytes::Bytes;
use deedbox_core::{Context, Digest, TemplateId, TemplateUuid, template::FieldSpec};
use deedbox_store::{objects::DataKey, templates};
use serde_json::json;

use super::{Opened, StoredUpload, Template, TemplateDocument};
use crate::{
    App, audit,
    caller::Caller,
    document::{Intake, bucket},
    error::Error,
    input,
};

impl App {
    /// Makes a template: the PDF is inspected, stored encrypted, its tags and anchors resolved.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming `file`, `name` or the field at fault.
    pub async fn template_create(
        &self,
        caller: &Caller,
        name: &str,
        pdf: Bytes,
        fields: Vec<FieldSpec>,
    ) -> Result<Template, Error> {
        let name = input::text("name", name, 1..=200)?;
        let intake = self.take_in("file", pdf).await?;
        let ctx = self.context(caller.actor());
        let resolved = self
            .resolve_fields(&ctx, &intake.bytes, intake.inspection.pages.len(), fields)
            .await?;
        let template_id: TemplateId = ctx.id("template");
        let data_key = self.keys().new_data_key(template_id.as_str());
        let key = DataKey::from_bytes(*data_key.key);
        let document = self
            .store_document(caller, &template_id, &key, intake, resolved.cover)
            .await?;
        let row = templates::Template {
            template_id: template_id.to_string(),
            template_uuid: ctx.id::<TemplateUuid>("template uuid").to_string(),
            org_id: caller.org.to_string(),
            name,
            description: None,
            version: 1,
            created_at: ctx.now.micros(),
            updated_at: ctx.now.micros(),
        };
        let version = templates::TemplateVersion {
            template_id: template_id.to_string(),
            version: 1,
            document: Some(json!(document).to_string()),
            roles: json!(deedbox_core::template::field::roles(&resolved.fields)).to_string(),
            fields: json!(resolved.fields).to_string(),
            data_key_wrapped: Some(data_key.wrapped),
            created_at: ctx.now.micros(),
        };
        self.insert_template(ctx, row.clone(), version.clone())
            .await?;
        Opened::read(row, version)?.view()
    }

    async fn store_document(
        &self,
        caller: &Caller,
        template_id: &TemplateId,
        key: &DataKey,
        intake: Intake,
        cover: Vec<deedbox_pdf::Cover>,
    ) -> Result<TemplateDocument, Error> {
        let path = |digest: &Digest| format!("{}/{template_id}/{digest}.pdf", caller.org);
        let sha256 = Digest::of(&intake.bytes);
        self.put_object(bucket::TEMPLATES, &path(&sha256), key, intake.bytes.clone())
            .await?;
        let upload = match &intake.original {
            Some(original) => {
                let sha256 = Digest::of(original);
                self.put_object(bucket::TEMPLATES, &path(&sha256), key, original.clone())
                    .await?;
                Some(StoredUpload {
                    path: path(&sha256),
                    sha256,
                })
            }
            None => None,
        };
        Ok(TemplateDocument {
            path: path(&sha256),
            sha256,
            size: intake.bytes.len() as u64,
            pages: intake.inspection.pages.iter().map(Into::into).collect(),
            cover,
            upload,
        })
    }

    async fn insert_template(
        &self,
        ctx: Context,
        row: templates::Template,
        version: templates::TemplateVersion,
    ) -> Result<(), Error> {
        self.store()
            .write("create template", move |tx| {
                templates::insert(tx, &row, &version)?;
                let detail = json!({"version": row.version});
                audit::note(
                    tx,
                    &ctx,
                    &row.org_id,
                    "template.created",
                    &row.template_id,
                    &detail,
                )?;
                Ok::<_, Error>(())
            })
            .await
    }
}
