//! Loading a record, and committing what was decided about it: events, view, announcements and jobs
//! in one transaction at the version that was read.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::Arc,
};

use deedbox_core::{
    ActorKind, Announcement, Context, DeliveryId, Digest, EnvelopeId, JobId, Outcome, Record,
    Timestamp,
    envelope::Envelope,
    evidence::{ActorRef, Chain, ChainFault, DataKey, Entry},
    ids::Id as _,
};
use deedbox_store::{StoreError, Tx, api_keys, deliveries, envelopes, events, feed, jobs, objects};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::{
    App,
    error::{Error, What},
    job,
};

const SHARDS: usize = 256;

/// Serialises commands on one record inside this process, so that expensive work (drawing, signing)
/// is not done twice only to lose at the version check. The version check is what guarantees.
pub struct Locks {
    shards: Vec<Arc<Mutex<()>>>,
    hasher: RandomState,
}

impl Default for Locks {
    fn default() -> Self {
        let shards = (0..SHARDS).map(|_| Arc::default()).collect();
        Self {
            shards,
            hasher: RandomState::new(),
        }
    }
}

impl Locks {
    /// Waits for this record's turn.
    pub(crate) async fn of(&self, envelope_id: &str) -> OwnedMutexGuard<()> {
        let hash = self.hasher.hash_one(envelope_id);
        let shard = usize::try_from(hash % SHARDS as u64).unwrap_or(0);
        self.shards[shard].clone().lock_owned().await
    }
}

/// A record as it was read, with what is needed to go on with it.
pub(crate) struct Loaded {
    /// The view row at the version that was read.
    pub row: envelopes::Envelope,
    /// The folded state.
    pub record: Box<Record>,
    /// Opens the sealed parts of the events.
    pub key: DataKey,
    /// What verification of the stored chain said.
    pub trail: Result<Chain, ChainFault>,
}

impl Loaded {
    /// Executes a command on the record; what it answers must be committed.
    pub(crate) fn execute(
        &mut self,
        command: impl Into<deedbox_core::record::Command>,
        ctx: &Context,
    ) -> Result<Outcome, Error> {
        if let Err(fault) = &self.trail {
            // A record whose evidence does not hold takes no further entry.
            return Err(Error::internal(format!(
                "{}: {fault}",
                self.row.envelope_id
            )));
        }
        Ok(self.record.execute(command, ctx, &self.key)?)
    }

    /// The envelope.
    pub(crate) const fn envelope(&self) -> &Envelope {
        &self.record.envelope
    }

    /// The key that encrypts the envelope's objects: derived, so that event and object keys differ.
    pub(crate) fn object_key(&self, app: &App) -> Result<objects::DataKey, Error> {
        let wrapped = self.row.data_key_wrapped.as_deref().ok_or_else(erased)?;
        app.data_key(&self.row.envelope_id, wrapped)
    }
}

fn erased() -> Error {
    Error::internal("the envelope's data key was erased")
}

impl App {
    /// Loads a record of an organization.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another organization's.
    pub(crate) async fn load(&self, org_id: &str, envelope_id: &str) -> Result<Loaded, Error> {
        let (org, id) = (org_id.to_owned(), envelope_id.to_owned());
        let found = self
            .store()
            .snapshot("load", move |tx| match envelopes::get(tx, &org, &id)? {
                Some(row) => Ok::<_, StoreError>(Some((events::stream(tx, &id, 0)?, row))),
                None => Ok(None),
            })
            .await?;
        self.fold(found)
    }

    /// Loads a record for the holder of a link or a job, whoever controls it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn load_any(&self, envelope_id: &str) -> Result<Loaded, Error> {
        let id = envelope_id.to_owned();
        let found = self
            .store()
            .snapshot("load", move |tx| match envelopes::find(tx, &id)? {
                Some(row) => Ok::<_, StoreError>(Some((events::stream(tx, &id, 0)?, row))),
                None => Ok(None),
            })
            .await?;
        self.fold(found)
    }

    fn fold(
        &self,
        found: Option<(Vec<events::EventRow>, envelopes::Envelope)>,
    ) -> Result<Loaded, Error> {
        let (stream, row) = found.ok_or(Error::NotFound(What::Envelope))?;
        let wrapped = row.data_key_wrapped.as_deref().ok_or_else(erased)?;
        let key = self.keys().data_key(&row.envelope_id, wrapped)?;
        let key = DataKey::new(*key);
        let entries = stream
            .into_iter()
            .map(entry)
            .collect::<Result<Vec<_>, _>>()?;
        let (record, trail) =
            Record::fold_and_judge(&entries, Some(&key)).map_err(Error::internal)?;
        Ok(Loaded {
            row,
            record: Box::new(record),
            key,
            trail,
        })
    }

    /// Commits a new envelope: its record, its view from `row`, and what `extra` writes.
    pub(crate) async fn commit_new<F>(
        &self,
        ctx: &Context,
        (record, outcome): (Record, Outcome),
        row: envelopes::Envelope,
        key: DataKey,
        mut extra: F,
    ) -> Result<Loaded, Error>
    where
        F: FnMut(&mut Tx<'_>) -> Result<(), Error> + Send + 'static,
    {
        let row = view(&row, &record)?;
        let rows = Rows::new(&outcome, &row.org_id, ctx)?;
        let stored = row.clone();
        self.store()
            .write("create envelope", move |tx| {
                envelopes::insert(tx, &stored)?;
                extra(tx)?;
                rows.write(tx)
            })
            .await?;
        let trail = Ok(record.chain());
        Ok(Loaded {
            row,
            record: Box::new(record),
            key,
            trail,
        })
    }

    /// Commits what was executed on a loaded record; `extra` writes what belongs to it in the same
    /// transaction. Nothing is written when nothing happened.
    ///
    /// # Errors
    /// [`Error::Conflict`] when another writer was faster: load and decide again.
    pub(crate) async fn commit<F>(
        &self,
        name: &'static str,
        loaded: Loaded,
        ctx: &Context,
        outcome: Outcome,
        mut extra: F,
    ) -> Result<Loaded, Error>
    where
        F: FnMut(&mut Tx<'_>) -> Result<(), Error> + Send + 'static,
    {
        if outcome.is_nothing() {
            return Ok(loaded);
        }
        let Loaded {
            row: before,
            record,
            key,
            trail,
        } = loaded;
        let after = view(&before, &record)?;
        let rows = Rows::new(&outcome, &before.org_id, ctx)?;
        let stored = after.clone();
        self.store()
            .write(name, move |tx| {
                envelopes::update(tx, &before, &stored)?;
                extra(tx)?;
                rows.write(tx)
            })
            .await?;
        let trail = trail.map(|_| record.chain());
        Ok(Loaded {
            row: after,
            record,
            key,
            trail,
        })
    }
}

/// What a decision writes beside the view.
struct Rows {
    entries: Vec<events::EventRow>,
    announcements: Vec<feed::Announcement>,
    jobs: Vec<jobs::NewJob>,
    seed: [u8; 32],
    now: i64,
}

impl Rows {
    fn new(outcome: &Outcome, org_id: &str, ctx: &Context) -> Result<Self, Error> {
        let now = ctx.now.micros();
        Ok(Self {
            entries: outcome
                .entries
                .iter()
                .map(|it| event_row(it, org_id))
                .collect::<Result<_, _>>()?,
            announcements: outcome.announcements.iter().map(announcement_row).collect(),
            jobs: outcome
                .jobs
                .iter()
                .map(|it| job::row(it, org_id, now))
                .collect::<Result<_, _>>()?,
            seed: ctx.seed,
            now,
        })
    }

    fn write(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        events::append(tx, &self.entries)?;
        for row in &self.jobs {
            jobs::enqueue(tx, row)?;
        }
        for announcement in &self.announcements {
            self.fan_out(tx, announcement)?;
        }
        // Last, since it takes the lock on the organization's feed.
        feed::announce(tx, &self.announcements)?;
        Ok(())
    }

    /// One delivery per listening key, with the job that makes its attempts.
    fn fan_out(&self, tx: &mut Tx<'_>, announcement: &feed::Announcement) -> Result<(), Error> {
        for key in api_keys::listening(tx, &announcement.org_id)? {
            let label = format!("{}:{}", announcement.event_id, key.key_id);
            let delivery = deliveries::Delivery {
                delivery_id: DeliveryId::from_seed(&self.seed, &label).to_string(),
                event_id: announcement.event_id.clone(),
                key_id: key.key_id,
                org_id: announcement.org_id.clone(),
                state: "pending".to_owned(),
                attempts: 0,
                next_at: Some(self.now),
                last_status: None,
                last_error: None,
                first_at: None,
                created_at: self.now,
                updated_at: self.now,
            };
            if deliveries::insert(tx, &delivery)? {
                let job_id = JobId::from_seed(&self.seed, &label).to_string();
                let row =
                    job::delivery_row(&delivery.delivery_id, &delivery.org_id, job_id, self.now);
                jobs::enqueue(tx, &row)?;
            }
        }
        Ok(())
    }
}

/// The view row that follows from a record.
fn view(before: &envelopes::Envelope, record: &Record) -> Result<envelopes::Envelope, Error> {
    let Record {
        envelope, asset, ..
    } = record;
    let micros = |at: Option<Timestamp>| at.map(Timestamp::micros);
    Ok(envelopes::Envelope {
        status: envelope.status.as_str().to_owned(),
        vault_state: asset.vault_state.as_str().to_owned(),
        vaulted: asset.vault_state.is_live(),
        compliant: asset.is_compliant(),
        updated_at: record.updated_at().micros(),
        vaulted_at: micros(envelope.vaulted_at),
        document_hash: asset.document_hash.map(|it| it.to_string()),
        customer_id: envelope.customer_id.as_ref().map(ToString::to_string),
        external_id: envelope.external_id.clone(),
        template_id: envelope
            .template
            .as_ref()
            .map(|it| it.template_id.to_string()),
        name: envelope.name.clone().unwrap_or_default(),
        sent_at: micros(envelope.sent_at),
        completed_at: micros(envelope.completed_at),
        released_at: micros(envelope.released_at),
        expires_at: micros(envelope.expires_at),
        seq: i64::try_from(record.seq).map_err(Error::internal)?,
        head: *record.head.as_bytes(),
        ..before.clone()
    })
}

fn event_row(entry: &Entry, org_id: &str) -> Result<events::EventRow, Error> {
    Ok(events::EventRow {
        envelope_id: entry.envelope_id.to_string(),
        seq: i64::try_from(entry.seq).map_err(Error::internal)?,
        org_id: org_id.to_owned(),
        at: entry.at.micros(),
        kind: entry.kind.clone(),
        v: i64::from(entry.v),
        actor_kind: entry.actor.kind.as_str().to_owned(),
        actor_id: entry.actor.id.clone(),
        data: serde_json::to_string(&entry.data).map_err(Error::internal)?,
        sealed: entry.sealed.clone(),
        prev_hash: *entry.prev_hash.as_bytes(),
        hash: *entry.hash.as_bytes(),
    })
}

/// A stored event as an entry of the chain.
pub(crate) fn entry(row: events::EventRow) -> Result<Entry, Error> {
    let corrupt =
        |what: &str| Error::internal(format!("event {}/{}: {what}", row.envelope_id, row.seq));
    Ok(Entry {
        envelope_id: EnvelopeId::parse(&row.envelope_id).map_err(|_| corrupt("envelope_id"))?,
        seq: u64::try_from(row.seq).map_err(|_| corrupt("seq"))?,
        at: Timestamp::from_micros(row.at),
        v: u32::try_from(row.v).map_err(|_| corrupt("v"))?,
        actor: ActorRef {
            kind: ActorKind::parse(&row.actor_kind).ok_or_else(|| corrupt("actor"))?,
            id: row.actor_id.clone(),
        },
        data: serde_json::from_str(&row.data).map_err(|_| corrupt("data"))?,
        prev_hash: Digest::from_bytes(row.prev_hash),
        hash: Digest::from_bytes(row.hash),
        kind: row.kind,
        sealed: row.sealed,
    })
}

fn announcement_row(announcement: &Announcement) -> feed::Announcement {
    feed::Announcement {
        event_id: announcement.event_id.to_string(),
        org_id: announcement.org_id.to_string(),
        envelope_id: announcement.envelope_id.as_ref().map(ToString::to_string),
        event_type: announcement.body.event_type().to_owned(),
        at: announcement.timestamp.micros(),
        body: announcement.to_json().to_string().into_bytes(),
        position: 0,
    }
}
