//! Reading foreign bytes in a process of its own.
//!
//! The reading crates have no limits: a file of two kilobytes can ask for gigabytes, and a failed
//! allocation ends the process. So whatever comes from outside is looked at in a child that
//! limits itself before it reads the first byte, and that the parent ends when time is up.

mod frame;
mod launcher;
mod serve;

use serde::{Deserialize, Serialize};

pub use self::{
    launcher::{ChildError, Launcher},
    serve::serve,
};
use crate::{
    inspect::Inspection,
    text::{Anchor, Tag, TextRun},
};

/// A question about one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// [`crate::inspect`].
    Inspect,
    /// [`crate::normalise`].
    Normalise,
    /// [`crate::render`].
    Render {
        /// Page number from 1.
        page: u32,
        /// Width in pixels.
        width_px: u32,
    },
    /// [`crate::page_text`].
    Text {
        /// Page number from 1.
        page: u32,
    },
    /// [`crate::find_anchor`].
    Anchor {
        /// The text.
        text: String,
        /// Which hit, from 1.
        occurrence: u32,
    },
    /// [`crate::find_tags`].
    Tags,
}

/// The answer to an [`Ask`].
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// To [`Ask::Inspect`].
    Inspection(Inspection),
    /// To [`Ask::Normalise`]: the new file.
    Normalised(Vec<u8>),
    /// To [`Ask::Render`]: a PNG.
    Image(Vec<u8>),
    /// To [`Ask::Text`].
    Text(Vec<TextRun>),
    /// To [`Ask::Anchor`].
    Anchor(Option<Anchor>),
    /// To [`Ask::Tags`].
    Tags(Vec<Tag>),
}
