//! The custody record: a page for people that says what was submitted, to whom it belongs, who keeps
//! it (P12 step 6).

use deedbox_core::{
    AssetId, Context,
    asset::{Assignee, StoredFile},
};
use deedbox_pdf::report::{CustodyRecord, write as write_report};

use crate::{document::locale, error::Error, record::Loaded, signing::printed};

/// What the record tells.
pub(crate) struct Facts<'a> {
    pub loaded: &'a Loaded,
    pub asset_id: &'a AssetId,
    pub authoritative: &'a StoredFile,
    pub copy: &'a StoredFile,
    pub assignee: &'a Assignee,
    pub operator: String,
}

/// Writes the record as PDF/A.
pub(crate) fn write(facts: &Facts<'_>, ctx: &Context) -> Result<Vec<u8>, Error> {
    let envelope = facts.loaded.envelope();
    let name = envelope.name.clone().unwrap_or_default();
    let source = if envelope.locale == "es" {
        "Firma electrónica"
    } else {
        "Electronic signature"
    };
    let record = CustodyRecord {
        locale: locale(&envelope.locale),
        operator: facts.operator.clone(),
        envelope_id: envelope.envelope_id.to_string(),
        envelope_name: name.clone(),
        asset_id: facts.asset_id.to_string(),
        source: source.to_owned(),
        paper_original: None,
        titles: vec![name],
        document_sha256: facts.authoritative.sha256.to_string(),
        document_bytes: facts.authoritative.size,
        pages: envelope.pages.unwrap_or(0),
        location: facts.authoritative.path.clone(),
        submitted_at: printed(ctx),
        submitted_by: ctx
            .actor
            .name
            .clone()
            .unwrap_or_else(|| ctx.actor.id.clone()),
        assignee: facts.assignee.name.clone(),
        copy_sha256: facts.copy.sha256.to_string(),
        checks: Vec::new(),
        created: ctx.now.epoch_seconds(),
        attachments: Vec::new(),
    };
    write_report(&record.report()).map_err(Error::internal)
}
