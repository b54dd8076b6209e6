#![doc = include_str!("../README.md")]

mod append;
mod ca;
pub mod cms;
mod dictionary;
pub mod dss;
mod midstate;
mod object;
mod sign;
mod signer;
mod softkey;
mod structure;
mod syntax;
mod tail;
pub mod tsa;
mod verify;

pub use append::{AppendError, Segment, SignedRange, append};
pub use ca::{Authority, CaError, Organization, Person, Revoked, Validity};
pub use dictionary::{Kind, Lock, Permission, Restriction, SignatureDict};
pub use midstate::{MidState, Sha256State, Sha384State};
pub use object::Object;
pub use sign::{Draft, SignError, sign, timestamp};
pub use signer::{Algorithm, Signer, SignerError, TimestampError, Timestamper};
pub use softkey::{KeyError, KeyKind, SoftKey, SoftSigner};
pub use tail::{Reference, Tail, TailError, XrefKind};
pub use tsa::{Stamp, Tsa};
pub use verify::{
    Chain, Change, Level, Problem, Report, Revision, Revocation, SignatureReport, Subject,
    TimestampReport, Trust, Verdict, verify,
};
