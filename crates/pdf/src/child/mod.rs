//! Reading foreign bytes in a process of its own.

use std::{
    io::{Read, Write},
    path::PathBuf,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{
    inspect::Inspection,
    limits::Limits,
    refusal::Refusal,
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

/// Why the child gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// The file is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Reading took longer than allowed.
    #[error("reading the PDF took longer than {0:?}")]
    Timeout(Duration),
    /// The child ended early: most likely out of memory or CPU time.
    #[error("reading the PDF exceeded its limits ({0})")]
    Crashed(String),
    /// The child could not be started or spoken to.
    #[error("the PDF reader process cannot be used: {0}")]
    Io(#[from] std::io::Error),
}

/// Starts reader processes.
#[derive(Debug, Clone)]
pub struct Launcher {
    /// The program, normally the running binary itself.
    pub program: PathBuf,
    /// Its arguments, such as `pdf-child`.
    pub args: Vec<String>,
    /// Bounds on the document.
    pub limits: Limits,
    /// Wall clock limit for all questions about one file.
    pub wall_clock: Duration,
}

impl Launcher {
    /// A launcher with the default limits: 10 s.
    #[must_use]
    pub fn new(program: PathBuf, args: Vec<String>) -> Self {
        Self { program, args, limits: Limits::default(), wall_clock: Duration::from_secs(10) }
    }

    /// Asks several questions about one file in one process; one answer each, in order.
    ///
    /// # Errors
    /// [`ChildError`]; the first refusal ends the round.
    pub fn ask(&self, bytes: &[u8], asks: &[Ask]) -> Result<Vec<Answer>, ChildError> {
        let _ = (bytes, asks);
        todo!()
    }
}

/// The child's side.
///
/// # Errors
/// When the pipes break.
pub fn serve(input: impl Read, output: impl Write) -> std::io::Result<()> {
    let _ = (input, output);
    todo!()
}
