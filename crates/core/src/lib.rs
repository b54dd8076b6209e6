#![doc = include_str!("../README.md")]

pub mod announcement;
pub mod asset;
pub mod compliance;
pub mod context;
pub mod decision;
pub mod digest;
pub mod email;
pub mod envelope;
pub mod event;
pub mod evidence;
pub mod ids;
pub mod invalid;
pub mod job;
mod names;
pub mod record;
pub mod template;
pub mod time;

pub use announcement::{Announcement, Body};
pub use context::{Actor, ActorKind, Client, Context, Policy};
pub use decision::{Decision, Outcome};
pub use digest::Digest;
pub use email::EmailAddress;
pub use event::Event;
pub use evidence::chain::Entry;
pub use evidence::seal::DataKey;
pub use ids::{
    AssetId, CertificateId, ConsentId, CustomerId, DeliveryId, DocumentId, EnvelopeId, EventId,
    FieldId, Id, JobId, KeyId, OrgId, ReleaseId, SignerId, TemplateId, TemplateUuid, TenantId,
    TransferId, UserId,
};
pub use invalid::{Faults, FieldError};
pub use job::{Job, JobKind};
pub use record::{Command, Record, Refusal};
pub use time::Timestamp;
