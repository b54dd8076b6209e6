//! Envelopes as partners handle them.

pub(crate) mod create;
mod customer;
pub(crate) mod decide;
mod document;
mod draft;
mod embed;
mod expire;
mod links;
mod list;
mod remind;
mod request;
pub(crate) mod trail;
mod view;
mod void;

pub use document::WorkingDocument;
pub use embed::EmbedToken;
pub use links::SigningLink;
pub use list::{EnvelopeItem, EnvelopeStatus, ListFilter};
pub use remind::Reminded;
pub use request::{NewEnvelope, NewEnvelopeSigner};
pub use trail::TrailEntry;
pub use view::{EnvelopeView, SignerView};
pub use void::Voided;
