//! Values that signers have entered, kept sealed until the envelope ends.

use std::collections::HashMap;

use deedbox_core::{FieldId, template::FieldValue};
use deedbox_store::drafts::{self, Draft};

use crate::{App, error::Error, record::Loaded};

impl App {
    /// What every signer of a record has entered so far.
    pub(crate) async fn draft_values(
        &self,
        loaded: &Loaded,
    ) -> Result<HashMap<FieldId, FieldValue>, Error> {
        let id = loaded.row.envelope_id.clone();
        let signers: Vec<String> = loaded
            .envelope()
            .signers
            .iter()
            .map(|it| it.signer_id.to_string())
            .collect();
        let rows = self
            .store()
            .read("drafts", move |tx| {
                let mut rows = Vec::new();
                for signer in &signers {
                    rows.extend(drafts::of_signer(tx, &id, signer)?);
                }
                Ok::<_, Error>(rows)
            })
            .await?;
        rows.iter().map(|row| self.open_draft(row)).collect()
    }

    fn open_draft(&self, row: &Draft) -> Result<(FieldId, FieldValue), Error> {
        let opened = self.keys().unwrap(&context(row), &row.value)?;
        let value = serde_json::from_slice(&opened).map_err(Error::internal)?;
        Ok((row.field_id.parse().map_err(Error::internal)?, value))
    }

    /// A value as the row to be stored.
    pub(crate) fn seal_draft(&self, mut row: Draft, value: &FieldValue) -> Result<Draft, Error> {
        let plain = serde_json::to_vec(value).map_err(Error::internal)?;
        row.value = self.keys().wrap(&context(&row), &plain);
        Ok(row)
    }
}

fn context(row: &Draft) -> String {
    format!(
        "draft:{}:{}:{}",
        row.envelope_id, row.signer_id, row.field_id
    )
}
