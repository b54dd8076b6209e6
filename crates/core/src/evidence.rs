//! Evidence: what makes a record believable to somebody who does not trust the operator.

pub mod bundle;
pub mod canonical;
pub mod chain;
pub mod completion;
pub mod control;
pub mod disclosure;
pub mod seal;
pub mod signature;

pub use bundle::{BundleEntry, BundleFault, bundle_entry, verify_trail};
pub use chain::{ActorRef, Chain, ChainFault, Entry, Opened, verify_chain};
pub use completion::{
    CompletionTerms, SealTerms, Sender, TimestampToken, certificate_of_completion,
};
pub use control::{ControlDraft, ControlEntry, ControlFault, ControlHead, ControlKind, replay};
pub use disclosure::{Disclosure, DisclosureKind, disclosure, disclosures};
pub use seal::{DataKey, EntryKey, Unsealable};
pub use signature::{LogPosition, Signature, SignedJson};
