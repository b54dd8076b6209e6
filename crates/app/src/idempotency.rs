//! Repeating a request safely, and how many a key may make (partner-api.md §1.6, §1.7).

use deedbox_core::{JobId, Timestamp};
use deedbox_store::idempotency::{self, Begin, IdempotencyKey};

use crate::{App, caller::Caller, error::Error};

/// How long an answer can be repeated, in hours.
const KEEP_HOURS: i64 = 24;
/// How long a request may run before its key is free again: longer than any request is let run, so its
/// process must have died. The embedded default frees such keys at the next start.
const LEASE_SECONDS: i64 = 180;
/// Length of a rate window in seconds.
const WINDOW_SECONDS: i64 = 60;

/// The right to answer one idempotent request.
pub struct Ticket {
    key: IdempotencyKey,
    owner: String,
}

/// A stored answer.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its HTTP status.
    pub status: u16,
    /// Its body, byte for byte.
    pub body: Vec<u8>,
}

/// What an idempotency key meets.
pub enum Begun {
    /// Nobody used it: go on, then finish.
    Fresh(Ticket),
    /// Answered before.
    Replay(Stored),
    /// Used with another request.
    OtherRequest,
    /// The first request still runs.
    InProgress,
}

/// How many requests a key has left in its window.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Requests per window.
    pub limit: u32,
    /// Left in this window.
    pub remaining: u32,
    /// When the window ends.
    pub reset_at: Timestamp,
    /// Whether this request is within the limit.
    pub admitted: bool,
}

impl App {
    /// Takes an idempotency key for a request with this fingerprint.
    ///
    /// # Errors
    /// [`Error::Busy`] or [`Error::Internal`] when the database cannot be written.
    pub async fn idempotency_begin(
        &self,
        caller: &Caller,
        scope: &str,
        key: &str,
        fingerprint: [u8; 32],
    ) -> Result<Begun, Error> {
        let key = IdempotencyKey {
            org_id: caller.org.to_string(),
            scope: scope.to_owned(),
            key: key.to_owned(),
        };
        let ctx = self.context(caller.actor());
        let owner = ctx.id::<JobId>("idempotency").to_string();
        let until = ctx.now.plus_seconds(LEASE_SECONDS).micros();
        let ticket = Ticket {
            key: key.clone(),
            owner: owner.clone(),
        };
        let begun = self
            .store()
            .write("idempotency begin", move |tx| {
                idempotency::begin(tx, &key, &fingerprint, &owner, ctx.now.micros(), until)
            })
            .await?;
        Ok(match begun {
            Begin::Started => Begun::Fresh(ticket),
            Begin::Replay { status, answer } => {
                Begun::Replay(self.open_answer(&ticket, status, &answer)?)
            }
            Begin::Mismatch => Begun::OtherRequest,
            Begin::InProgress => Begun::InProgress,
        })
    }

    /// Keeps the answer for repetition, or frees the key when the request was refused (`None`).
    ///
    /// # Errors
    /// [`Error::Busy`] or [`Error::Internal`] when the database cannot be written.
    pub async fn idempotency_finish(
        &self,
        ticket: Ticket,
        answer: Option<Stored>,
    ) -> Result<(), Error> {
        let expires = self.now().plus_seconds(KEEP_HOURS * 3600).micros();
        let sealed = answer.map(|answer| {
            (
                i64::from(answer.status),
                self.keys().wrap(&wrap_context(&ticket), &answer.body),
            )
        });
        self.store()
            .write("idempotency finish", move |tx| {
                let Ticket { key, owner } = &ticket;
                match &sealed {
                    Some((status, body)) => {
                        idempotency::finish(tx, key, owner, *status, body, expires)
                    }
                    None => idempotency::abandon(tx, key, owner),
                }
            })
            .await?;
        Ok(())
    }

    fn open_answer(&self, ticket: &Ticket, status: i64, body: &[u8]) -> Result<Stored, Error> {
        let body = self.keys().unwrap(&wrap_context(ticket), body)?.to_vec();
        Ok(Stored {
            status: u16::try_from(status).map_err(Error::internal)?,
            body,
        })
    }

    /// Counts a request of a key in its fixed window of 60 s.
    ///
    /// # Errors
    /// [`Error::Internal`] when a shared counter cannot be written.
    pub async fn count_request(&self, caller: &Caller) -> Result<Rate, Error> {
        let now = self.now().epoch_seconds();
        let start = now - now.rem_euclid(WINDOW_SECONDS);
        let limit = caller.rate_limit_rpm;
        let hit = self
            .store()
            .rate_hit(caller.key.as_str(), start, i64::from(limit))
            .await?;
        Ok(Rate {
            limit,
            remaining: u32::try_from(hit.remaining).unwrap_or(0),
            reset_at: Timestamp::from_micros((start + WINDOW_SECONDS) * 1_000_000),
            admitted: hit.allowed,
        })
    }

    /// Forgets answers that can no longer be repeated.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database cannot be written.
    pub async fn purge_idempotency(&self) -> Result<u64, Error> {
        let now = self.now().micros();
        Ok(self
            .store()
            .write("idempotency purge", move |tx| idempotency::purge(tx, now))
            .await?)
    }
}

fn wrap_context(ticket: &Ticket) -> String {
    let IdempotencyKey { org_id, scope, key } = &ticket.key;
    format!("idempotency:{org_id}:{scope}:{key}")
}
