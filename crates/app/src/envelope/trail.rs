//! P10: the hash-chained trail, opened for the controller.

use deedbox_core::{Actor, Client, Timestamp, evidence::Entry};
use deedbox_store::{events, page::PageRequest};
use serde_json::Value;

use crate::{
    App,
    caller::{Caller, Page, Paged},
    error::Error,
    record,
};

/// One entry of the trail.
#[derive(Clone, Debug)]
pub struct TrailEntry {
    /// Its number.
    pub seq: u64,
    /// Its type.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// Address and browser; bundles only.
    pub client: Client,
    /// Its data, personal parts included.
    pub data: Value,
    /// Hash of the entry before it.
    pub prev_hash: String,
    /// Its hash.
    pub hash: String,
}

impl App {
    /// A page of an envelope's trail, oldest first.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn trail(
        &self,
        caller: &Caller,
        envelope_id: &str,
        page: Page,
    ) -> Result<Paged<TrailEntry>, Error> {
        let loaded = self.load(caller.org.as_str(), envelope_id).await?;
        let id = envelope_id.to_owned();
        let request = PageRequest::from(page);
        let rows = self
            .store()
            .read("trail", move |tx| {
                events::page(tx, &id, request.limit, request.offset())
            })
            .await?;
        let opened = rows
            .into_iter()
            .map(|row| open_entry(&record::entry(row)?, &loaded.key));
        let total = u64::try_from(loaded.row.seq).unwrap_or(0);
        Ok(Paged {
            items: opened.collect::<Result<_, _>>()?,
            total,
        })
    }
}

/// Opens an entry: its personal parts are merged into its data.
pub(crate) fn open_entry(
    entry: &Entry,
    key: &deedbox_core::evidence::DataKey,
) -> Result<TrailEntry, Error> {
    let opened = entry.open(Some(key)).map_err(Error::internal)?;
    let parts = opened.event.parts();
    let mut data = parts.data;
    data.extend(parts.person);
    Ok(TrailEntry {
        seq: entry.seq,
        kind: entry.kind.clone(),
        at: entry.at,
        actor: opened.actor,
        client: opened.client,
        data: Value::Object(data),
        prev_hash: entry.prev_hash.to_string(),
        hash: entry.hash.to_string(),
    })
}
