//! Envelopes as they are now: the view that lists and lookups read.
//!
//! The events are the truth; this row is their fold, written in the same transaction. `seq` is the
//! number of the last event, and every update names the `seq` it was decided on.

mod list;

use crate::error::StoreError;
use crate::row::record;
use crate::sql::statements;
use crate::tallies::{self, Tally};
use crate::tx::Tx;
use crate::value::values;

#[cfg(test)]
pub(crate) use list::page_statements;
pub use list::{Cursor, EnvelopeItem, Filter, Sort, after, page};

record! {
    /// The whole view row of one envelope: what lists and look-ups need. Everything else is folded
    /// from the events.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Envelope {
        /// `env_…`.
        pub envelope_id: String,
        /// Its name in the M2M door, a UUID.
        pub document_uuid: String,
        /// The controlling organization; a confirmed transfer changes it.
        pub org_id: String,
        /// `sent`, `viewed`, … (partner-api 4.1).
        pub status: String,
        /// `none`, `vaulted`, … (partner-api 4.2).
        pub vault_state: String,
        /// Whether an authoritative copy is live here.
        pub vaulted: bool,
        /// The verdict of the last evaluation.
        pub compliant: bool,
        /// Microseconds UTC, a whole number of milliseconds: lists are ordered by what they print.
        pub created_at: i64,
        /// Microseconds UTC of the last event.
        pub updated_at: i64,
        /// Microseconds UTC.
        pub vaulted_at: Option<i64>,
        /// Lower-case hex SHA-256 of the authoritative bytes.
        pub document_hash: Option<String>,
        /// The customer; `None` after a transfer.
        pub customer_id: Option<String>,
        /// The partner's own string; not unique.
        pub external_id: Option<String>,
        /// The template; `None` for paper.
        pub template_id: Option<String>,
        /// Display name.
        pub name: String,
        /// `esign` or `paper`.
        pub kind: String,
        /// Microseconds UTC.
        pub sent_at: Option<i64>,
        /// Microseconds UTC.
        pub completed_at: Option<i64>,
        /// Microseconds UTC.
        pub released_at: Option<i64>,
        /// Microseconds UTC; `None` never.
        pub expires_at: Option<i64>,
        /// The number of the last event.
        pub seq: i64,
        /// The hash of the last event.
        pub head: [u8; 32],
        /// The envelope's data key, wrapped; `None` once its personal data was erased.
        pub data_key_wrapped: Option<Vec<u8>>,
    }
}

record! {
    /// What a status poll needs (P3): no signers, no metadata.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct EnvelopeStatus {
        /// `env_…`.
        pub envelope_id: String,
        /// `sent`, `viewed`, …
        pub status: String,
        /// Whether an authoritative copy is live here.
        pub vaulted: bool,
        /// The verdict of the last evaluation.
        pub compliant: bool,
        /// Microseconds UTC.
        pub vaulted_at: Option<i64>,
        /// Lower-case hex.
        pub document_hash: Option<String>,
        /// Microseconds UTC.
        pub updated_at: i64,
        /// `none`, `vaulted`, …
        pub vault_state: String,
    }
}

pub(crate) mod status {
    use super::{EnvelopeStatus, statements};

    statements! { in "envelopes" as EnvelopeStatus;
        /// The polling look-up: one row by primary key, light columns only.
        GET = both("SELECT {} FROM envelopes WHERE envelope_id = $1 AND org_id = $2");
    }

    pub(super) static BY_ID: &crate::sql::Sql = &GET;
}

statements! { in "envelopes" as Envelope;
    INSERT = insert("");
    /// The expected version makes a lost update impossible: of two writers that read the same
    /// `seq`, one finds no row.
    UPDATE = both("UPDATE envelopes SET org_id = $3, status = $4, vault_state = $5, \
        vaulted = $6, compliant = $7, updated_at = $8, vaulted_at = $9, document_hash = $10, \
        customer_id = $11, external_id = $12, template_id = $13, name = $14, sent_at = $15, \
        completed_at = $16, released_at = $17, expires_at = $18, seq = $19, head = $20, \
        data_key_wrapped = $21 WHERE envelope_id = $1 AND seq = $2");
    GET = both("SELECT {} FROM envelopes WHERE envelope_id = $1 AND org_id = $2");
    /// Signing and work look an envelope up by its id alone: the link or the job carries the right.
    FIND = both("SELECT {} FROM envelopes WHERE envelope_id = $1");
    BY_DOCUMENT = both("SELECT {} FROM envelopes WHERE document_uuid = $1 AND org_id = $2");
    /// The weekly sweep walks the vaulted records in id order.
    VAULTED = both("SELECT {} FROM envelopes WHERE vaulted = 1 AND envelope_id > $1 \
        ORDER BY envelope_id LIMIT $2");
}

/// Stores a new envelope and counts it. `created_at` is cut to whole milliseconds.
///
/// # Errors
/// [`StoreError::Duplicate`] of `envelopes_pkey` or `envelopes_document`.
pub fn insert(tx: &mut Tx<'_>, envelope: &Envelope) -> Result<(), StoreError> {
    let created_at = envelope.created_at - envelope.created_at.rem_euclid(1000);
    let row = Envelope {
        created_at,
        ..envelope.clone()
    };
    tx.insert(&INSERT, &row)?;
    tallies::add(tx, counted(&row, 1))
}

/// Writes the view after further events. `before` is the row the decision was taken on; the row in
/// the database must still have its `seq`. Birth, ids and kind of the envelope do not change.
///
/// # Errors
/// [`StoreError::VersionConflict`] when another writer was faster: read and decide again.
pub fn update(tx: &mut Tx<'_>, before: &Envelope, after: &Envelope) -> Result<(), StoreError> {
    let touched = tx.exec(
        &UPDATE,
        values![
            before.envelope_id,
            before.seq,
            after.org_id,
            after.status,
            after.vault_state,
            after.vaulted,
            after.compliant,
            after.updated_at,
            after.vaulted_at,
            after.document_hash,
            after.customer_id,
            after.external_id,
            after.template_id,
            after.name,
            after.sent_at,
            after.completed_at,
            after.released_at,
            after.expires_at,
            after.seq,
            after.head,
            after.data_key_wrapped
        ],
    )?;
    if touched != 1 {
        let subject = before.envelope_id.clone();
        return Err(StoreError::VersionConflict {
            subject,
            expected: before.seq,
        });
    }
    recount(tx, before, after)
}

fn recount(tx: &mut Tx<'_>, before: &Envelope, after: &Envelope) -> Result<(), StoreError> {
    let moved = before.status != after.status
        || before.org_id != after.org_id
        || before.customer_id != after.customer_id;
    if !moved {
        return Ok(());
    }
    let mut tallies = counted(before, -1);
    tallies.extend(counted(after, 1));
    tallies::add(tx, tallies)
}

/// The counters an envelope stands in: its organization's, and its customer's.
fn counted(envelope: &Envelope, n: i64) -> Vec<Tally> {
    let scopes = [Some(""), envelope.customer_id.as_deref()];
    scopes
        .into_iter()
        .flatten()
        .map(|scope| Tally {
            org_id: envelope.org_id.clone(),
            noun: "envelopes".to_owned(),
            scope: scope.to_owned(),
            status: envelope.status.clone(),
            kind: envelope.kind.clone(),
            shard: tallies::shard(&envelope.envelope_id),
            n,
        })
        .collect()
}

/// An envelope of the organization.
///
/// # Errors
/// When the database refuses.
pub fn get(
    tx: &mut Tx<'_>,
    org_id: &str,
    envelope_id: &str,
) -> Result<Option<Envelope>, StoreError> {
    tx.row(&GET, values![envelope_id, org_id])
}

/// An envelope whoever controls it: for holders of a link or a job.
///
/// # Errors
/// When the database refuses.
pub fn find(tx: &mut Tx<'_>, envelope_id: &str) -> Result<Option<Envelope>, StoreError> {
    tx.row(&FIND, values![envelope_id])
}

/// An envelope of the organization by its UUID (M2M door).
///
/// # Errors
/// When the database refuses.
pub fn by_document(
    tx: &mut Tx<'_>,
    org_id: &str,
    document_uuid: &str,
) -> Result<Option<Envelope>, StoreError> {
    tx.row(&BY_DOCUMENT, values![document_uuid, org_id])
}

/// The light status of an envelope of the organization (P3).
///
/// # Errors
/// When the database refuses.
pub fn status(
    tx: &mut Tx<'_>,
    org_id: &str,
    envelope_id: &str,
) -> Result<Option<EnvelopeStatus>, StoreError> {
    tx.row(status::BY_ID, values![envelope_id, org_id])
}

/// Vaulted envelopes of all organizations after `after_id` in id order, for the integrity sweep.
///
/// # Errors
/// When the database refuses.
pub fn vaulted_after(
    tx: &mut Tx<'_>,
    after_id: &str,
    limit: i64,
) -> Result<Vec<Envelope>, StoreError> {
    tx.rows(&VAULTED, values![after_id, limit])
}
