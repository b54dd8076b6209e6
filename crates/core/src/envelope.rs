//! The envelope: asking for signatures, or keeping one uploaded paper document, up to the door of the vault.

pub mod admit;
mod chase;
pub mod command;
pub mod create;
pub mod decide;
pub mod event;
pub mod evolve;
pub mod refusal;
pub mod signer;
pub mod state;
mod step;
mod turn;

pub use admit::{Admission, VaultSource};
pub use command::{
    BiometricDecision, Captured, Command, Create, FilledField, NewSigner, Prepared, Sign,
    TemplateVersion, Upload,
};
pub use create::create;
pub use decide::decide;
pub use event::EnvelopeEvent;
pub use refusal::Refusal;
pub use signer::{AuthKind, Consent, Person, Signer, SignerStatus, Step, StepKind, StepStatus};
pub use state::{
    Attestation, Closing, Disposition, Envelope, Kind, OnFail, Origin, PaperOriginal, ReasonCode,
    Revision, RevisionKind, SecuredParty, SigningOrder, Status, UploadedFile,
};
pub use step::masked_phone;
