//! Templates: a document with the fields that signers fill. A version, once used, never changes.

mod create;
mod fields;
mod list;
mod resolve;

use bytes::Bytes;
use deedbox_core::{
    Digest, TemplateId, Timestamp,
    template::{Field, field::roles},
};
use deedbox_pdf::Cover;
use deedbox_store::templates;
use serde::{Deserialize, Serialize};

use crate::{
    App,
    document::{Base, PageSize, bucket},
    error::Error,
};

/// A template as the doors show it.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its id in the Partner API.
    pub template_id: TemplateId,
    /// Its id in the M2M API.
    pub template_uuid: String,
    /// Its name.
    pub name: String,
    /// Its current version, from 1.
    pub version: i64,
    /// The roles of its fields, in order.
    pub roles: Vec<String>,
    /// Pages of its document; 0 without one.
    pub pages: u32,
    /// Whether a PDF is stored.
    pub has_document: bool,
    /// Its fields, at their places.
    pub fields: Vec<Field>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What is stored of a template version's document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TemplateDocument {
    /// Digest of the bytes that envelopes are built on.
    pub sha256: Digest,
    /// Their length.
    pub size: u64,
    /// Where they lie in the templates bucket.
    pub path: String,
    /// Their pages.
    pub pages: Vec<PageSize>,
    /// The tags of the text layer, to be covered.
    pub cover: Vec<Cover>,
    /// The upload as it came, when it had to be normalised.
    pub upload: Option<StoredUpload>,
}

/// An upload kept as evidence.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredUpload {
    /// Its digest.
    pub sha256: Digest,
    /// Where it lies in the templates bucket.
    pub path: String,
}

/// A template version opened for use.
pub(crate) struct Opened {
    pub row: templates::Template,
    pub version: templates::TemplateVersion,
    pub fields: Vec<Field>,
    pub document: Option<TemplateDocument>,
}

impl Opened {
    pub(crate) fn read(
        row: templates::Template,
        version: templates::TemplateVersion,
    ) -> Result<Self, Error> {
        let fields = serde_json::from_str(&version.fields).map_err(Error::internal)?;
        let document = version
            .document
            .as_deref()
            .map(serde_json::from_str)
            .transpose();
        Ok(Self {
            row,
            version,
            fields,
            document: document.map_err(Error::internal)?,
        })
    }

    fn view(self) -> Result<Template, Error> {
        let pages = self
            .document
            .as_ref()
            .map_or(0, |document| document.pages.len());
        Ok(Template {
            template_id: TemplateId::parse(&self.row.template_id).map_err(Error::internal)?,
            template_uuid: self.row.template_uuid,
            name: self.row.name,
            version: self.row.version,
            roles: roles(&self.fields),
            pages: u32::try_from(pages).unwrap_or(u32::MAX),
            has_document: self.document.is_some(),
            fields: self.fields,
            created_at: Timestamp::from_micros(self.row.created_at),
            updated_at: Timestamp::from_micros(self.row.updated_at),
        })
    }
}

impl App {
    /// The bytes of a template version's document, checked against their digest.
    pub(crate) async fn template_base(&self, opened: &Opened) -> Result<Base, Error> {
        let document = opened.document.as_ref().ok_or_else(|| {
            Error::invalid(
                "template_id",
                "the template has no stored PDF; upload one first",
            )
        })?;
        let bytes = self.template_bytes(opened, document).await?;
        Ok(Base {
            bytes,
            sha256: document.sha256,
            normalised: document.upload.is_some(),
            pages: document.pages.clone(),
            cover: document.cover.clone(),
        })
    }

    async fn template_bytes(
        &self,
        opened: &Opened,
        document: &TemplateDocument,
    ) -> Result<Bytes, Error> {
        let name = format!("document:{}", document.sha256);
        if let Some(known) = self.cache().get(&name) {
            return Ok(known);
        }
        let wrapped = opened
            .version
            .data_key_wrapped
            .as_deref()
            .unwrap_or_default();
        let key = self.data_key(&opened.row.template_id, wrapped)?;
        let bytes = self
            .get_object(bucket::TEMPLATES, &document.path, &key)
            .await?;
        if Digest::of(&bytes) != document.sha256 {
            return Err(Error::Integrity);
        }
        self.cache().put(name, bytes.clone());
        Ok(bytes)
    }
}
