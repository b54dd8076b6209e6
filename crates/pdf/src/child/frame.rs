//! What goes over the pipes: a JSON header and raw bytes, each with its length before it.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Answer, Ask};
use crate::{
    inspect::Inspection,
    limits::Limits,
    refusal::Refusal,
    text::{Anchor, Tag, TextRun},
};

/// Largest header; the text of a very dense page stays far below.
const HEAD_MAX: u64 = 64 << 20;
/// Largest body: a file, an image or a normalised file.
const BODY_MAX: u64 = 256 << 20;

/// What the parent sends; the body is the file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) limits: Limits,
    pub(super) asks: Vec<Ask>,
}

/// What the child sends for each question; the body is an image or a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reply {
    Inspection(Inspection),
    Normalised,
    Image,
    Text(Vec<TextRun>),
    Anchor(Option<Anchor>),
    Tags(Vec<Tag>),
    Refused(Refusal),
    Panicked,
}

pub(super) fn write(output: &mut impl Write, head: &impl Serialize, body: &[u8]) -> io::Result<()> {
    let head = serde_json::to_vec(head)?;
    output.write_all(&(head.len() as u64).to_le_bytes())?;
    output.write_all(&(body.len() as u64).to_le_bytes())?;
    output.write_all(&head)?;
    output.write_all(body)?;
    output.flush()
}

pub(super) fn read<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<(T, Vec<u8>)> {
    let (head, body) = (length(input, HEAD_MAX)?, length(input, BODY_MAX)?);
    let head = take(input, head)?;
    let body = take(input, body)?;
    Ok((serde_json::from_slice(&head)?, body))
}

fn length(input: &mut impl Read, max: u64) -> io::Result<u64> {
    let mut bytes = [0; 8];
    input.read_exact(&mut bytes)?;
    let length = u64::from_le_bytes(bytes);
    if length > max {
        Err(io::Error::other("a frame is longer than allowed"))
    } else {
        Ok(length)
    }
}

/// Grows with what really arrives, so that a false length costs nothing.
fn take(input: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

impl Answer {
    /// Splits an answer into the parts of a frame.
    pub(super) fn into_reply(self) -> (Reply, Vec<u8>) {
        match self {
            Self::Inspection(found) => (Reply::Inspection(found), Vec::new()),
            Self::Normalised(file) => (Reply::Normalised, file),
            Self::Image(png) => (Reply::Image, png),
            Self::Text(runs) => (Reply::Text(runs), Vec::new()),
            Self::Anchor(anchor) => (Reply::Anchor(anchor), Vec::new()),
            Self::Tags(tags) => (Reply::Tags(tags), Vec::new()),
        }
    }
}
