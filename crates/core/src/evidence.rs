//! Evidence: what makes a record believable to somebody who does not trust the operator.

pub mod canonical;
pub mod chain;

pub mod control;
pub mod disclosure;

pub mod seal;
pub mod signature;

pub use chain::{ActorRef, Chain, ChainFault, Entry, Opened, verify_chain};

pub use control::{ControlDraft, ControlEntry, ControlFault, ControlHead, ControlKind, replay};

pub use disclosure::{Disclosure, DisclosureKind, disclosure, disclosures};
pub use seal::{DataKey, Unsealable};
pub use signature::{LogPosition, Signature, SignedJson};
