//! A field's value, saved as it is entered.

use deedbox_core::{
    FieldId,
    envelope::StepKind,
    template::{FieldKind, FieldValue, check_value},
};
use deedbox_store::drafts::{self, Draft};

use super::{open::Session, session::SessionField};
use crate::{
    App,
    error::{Error, What},
    record::Loaded,
};

impl App {
    /// Saves a value, or clears the field with `None`.
    ///
    /// # Errors
    /// [`Error::NotYourField`]; [`Error::Invalid`] for a value of the wrong kind; [`Error::Refused`]
    /// when another step comes first or the signer is done.
    pub async fn signing_field(
        &self,
        session: &Session,
        field_id: &FieldId,
        value: Option<FieldValue>,
    ) -> Result<SessionField, Error> {
        let loaded = self.session_record(session).await?;
        self.check_filling(session, &loaded)?;
        let plan = self.plan(&loaded).await?;
        let item = plan
            .fields
            .into_iter()
            .find(|item| item.field.field_id == *field_id)
            .ok_or(Error::NotFound(What::Field))?;
        if item.owner != session.signer_id {
            return Err(Error::NotYourField);
        }
        if item.fixed.is_some() || item.field.kind == FieldKind::Datenow {
            return Err(Error::invalid("value", "is fixed and cannot be changed"));
        }
        let row = Draft {
            envelope_id: session.envelope_id.to_string(),
            signer_id: session.signer_id.to_string(),
            field_id: field_id.to_string(),
            value: Vec::new(),
            updated_at: self.now().micros(),
        };
        let row = match &value {
            Some(value) => {
                check_value(&item.field, value).map_err(|it| Error::invalid("value", it))?;
                self.seal_draft(row, value)?
            }
            None => row,
        };
        let clear = value.is_none();
        self.store()
            .write("draft", move |tx| {
                if clear {
                    let Draft {
                        envelope_id,
                        signer_id,
                        field_id,
                        ..
                    } = &row;
                    drafts::clear_field(tx, envelope_id, signer_id, field_id).map(drop)
                } else {
                    drafts::put(tx, &row)
                }
            })
            .await?;
        let owner = item.owner;
        Ok(SessionField {
            field: item.field,
            value,
            owner,
            mine: true,
            readonly: false,
            done: false,
        })
    }

    /// Filling is open once every step before the signature is passed.
    fn check_filling(&self, session: &Session, loaded: &Loaded) -> Result<(), Error> {
        let now = self.now();
        loaded
            .envelope()
            .admit_step(&session.signer_id, StepKind::Sign, now)?;
        Ok(())
    }
}
