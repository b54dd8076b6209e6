//! Templates: the fields of a document, where they stand, and which signer fills them.

pub mod assign;
pub mod field;
pub mod merge;
pub mod prefill;
pub mod spec;
pub mod value;

pub use assign::{Assignment, Rule, Share, assign};
pub use field::{Area, Field, FieldKind};
pub use merge::merge;
pub use prefill::{Prefill, PrefillEntry, prefill};
pub use spec::{FieldSpec, Placement, read_specs};
pub use value::{FieldValue, Mark, Point, check_value};
