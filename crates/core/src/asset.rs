//! The asset: custody of a vaulted record. Assignee, custodian, controller and location are four different things
//! (UCC §9-105(b)(2)–(3)); none stands in for another.

pub mod admit;
pub mod command;
pub mod decide;
pub mod event;
pub mod evolve;
pub mod refusal;
pub mod release;
pub mod state;
pub mod transfer;

pub use command::{Command, IssueCertificate, NewRelease, Offer, VaultIn};
pub use decide::decide;
pub use event::AssetEvent;
pub use refusal::Refusal;
pub use release::{Mode, Reason, Recipient, Release, ReleaseState};
pub use state::{
    Asset, Assignee, CertificateRef, CertificateStatus, ConsentRecord, Custodian, Hold, Location,
    Standing, StoredFile, TamperSource, VaultState,
};
pub use transfer::{Party, Transfer, TransferState};
