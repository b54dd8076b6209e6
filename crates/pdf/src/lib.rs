#![doc = include_str!("../README.md")]

pub mod child;
mod copy;
mod fill;
pub mod geometry;
mod inspect;
mod limits;
mod look;
mod normalise;
mod object;
mod plan;
mod prepare;
mod reader;
mod refusal;
mod render;
pub mod report;
mod seal;
mod spec;
mod text;

pub use copy::{COPY_MARK, CopyMarks, is_marked_copy, mark_copy};
pub use fill::{Fill, FillError, SignatureRef, Value, fill};
pub use inspect::{Certification, Inspection, NormaliseReason, PageInfo, inspect};
pub use limits::Limits;
pub use look::{Caption, Look, Point, Script};
pub use normalise::normalise;
pub use object::Object;
pub use plan::{Place, Plan, PlannedField};
pub use prepare::{PrepareError, Prepared, ReserveSpec, prepare, reserve_vault_seal};
pub use refusal::Refusal;
pub use render::render;
pub use seal::{Legend, Seal, legend, seal};
pub use spec::{Cover, FieldKind, FieldSpec, Locale, PrepareSpec, SignerSpec};
pub use text::{Anchor, Tag, TextRun, find_anchor, find_tags, page_text};
