//! Documents: taken in, prepared, revised, composed. Bytes are never rewritten: a revision is the
//! segment that it appends, stored under its content's hash.

mod cache;
mod compose;
mod intake;
mod plan;
mod prepare;
mod revise;
mod value;

pub use cache::Cache;
pub(crate) use intake::{Intake, refused};
pub(crate) use plan::{EnvelopeField, EnvelopePlan, PageSize};
pub(crate) use prepare::{Base, PreparedDocument, Wanted, locale, prepare};
pub(crate) use revise::{NewRevision, Place, Said};
pub(crate) use value::fill_value;

/// Buckets of the object store.
pub(crate) mod bucket {
    /// Uploads and template documents.
    pub const TEMPLATES: &str = "templates";
    /// Segments of envelopes at work.
    pub const WORK: &str = "work";
    /// Authoritative copies and custody records.
    pub const VAULT: &str = "ucc-vault";
    /// Marked copies.
    pub const COPIES: &str = "ucc-copies";
}
