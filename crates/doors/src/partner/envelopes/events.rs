//! P10 `GET /partner/envelopes/:id/events`: the hash-chained trail, oldest first.

use deedbox_app::{Scope, envelope::TrailEntry};
use deedbox_core::context::ActorKind;
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::fields::Faults,
    partner::{
        answer::{Answer, List},
        endpoint::{Call, Endpoint},
        error::Error,
        page::{self, Limits},
    },
};

const LIMITS: Limits = Limits {
    default: 50,
    max: 200,
};

pub(crate) const ENDPOINT: Endpoint = Endpoint::get(
    "P10",
    "/partner/envelopes/{id}/events",
    Scope::EnvelopesRead,
    |call| Box::pin(handle(call)),
);

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `handle` reads")]
struct Query {
    /// 1-based page number.
    #[param(minimum = 1, default = 1)]
    page: Option<u32>,
    /// Entries per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// One entry of the trail.
#[derive(Debug, Serialize, ToSchema)]
struct Event {
    /// From 1, without gaps.
    seq: u64,
    #[serde(rename = "type")]
    #[schema(example = "envelope.created")]
    kind: String,
    at: String,
    actor: EventActor,
    /// What happened; keys depend on `type`.
    #[schema(value_type = Object)]
    data: Value,
    /// Hash of the entry before, 64 zeros for the first.
    prev_hash: String,
    hash: String,
}

/// Who acted.
#[derive(Debug, Serialize, ToSchema)]
struct EventActor {
    /// `api_key`, `user`, `signer` or `system`.
    #[schema(example = "api_key")]
    kind: &'static str,
    id: String,
    name: Option<String>,
}

impl From<TrailEntry> for Event {
    fn from(entry: TrailEntry) -> Self {
        // Address and browser are personal and belong into the evidence bundle alone.
        Self {
            seq: entry.seq,
            kind: entry.kind,
            at: entry.at.to_iso(),
            actor: EventActor {
                kind: actor_kind(entry.actor.kind),
                id: entry.actor.id,
                name: entry.actor.name,
            },
            data: entry.data,
            prev_hash: entry.prev_hash,
            hash: entry.hash,
        }
    }
}

const fn actor_kind(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::ApiKey => "api_key",
        ActorKind::User => "user",
        ActorKind::Signer => "signer",
        ActorKind::System => "system",
    }
}

/// List an envelope's events
#[utoipa::path(
    get, path = "/partner/envelopes/{id}/events", operation_id = "listEnvelopeEvents", tag = "Envelopes",
    params(Query),
    responses((status = 200, description = "One page, oldest first", body = List<Event>)),
)]
async fn handle(call: Call) -> Result<Answer, Error> {
    let faults = Faults::default();
    let page = page::read(&call.query(&faults), LIMITS);
    faults.check()?;
    let found = call
        .app
        .trail(&call.caller, call.envelope_id()?.as_str(), page)
        .await?;
    Ok(Answer::list(found, page, Event::from))
}
