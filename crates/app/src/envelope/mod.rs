//! Envelopes as partners handle them.

pub(crate) mod create;
pub(crate) mod decide;
mod document;
mod embed;
mod expire;
mod links;
mod list;
mod remind;
pub(crate) mod trail;
mod view;
mod void;

pub use create::{NewEnvelope, NewEnvelopeSigner};
pub use document::WorkingDocument;
pub use embed::EmbedToken;
pub use links::SigningLink;
pub use list::{EnvelopeItem, EnvelopeStatus, ListFilter};
pub use remind::Reminded;
pub use trail::TrailEntry;
pub use view::{EnvelopeView, SignerView};
pub use void::Voided;
