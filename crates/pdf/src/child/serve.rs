//! The child's side.

use std::{
    io::{self, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
};

use rustix::process::{Resource, Rlimit, setrlimit};

use super::{
    Answer, Ask,
    frame::{self, Reply, Request},
};
use crate::{limits::Limits, refusal::Refusal};

/// Address space of the child (issue: memory ≤ 512 MiB).
const MEMORY_BYTES: u64 = 512 << 20;
/// Processor time of the child (parse time ≤ 10 s).
const CPU_SECONDS: u64 = 10;

/// Answers the questions of one request and returns. Call it first thing in the child's `main`,
/// with its standard streams: it limits the memory and processor time of the whole process.
///
/// # Errors
/// When the limits cannot be set or the pipes break.
pub fn serve(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    confine()?;
    std::panic::set_hook(Box::new(|_| {}));
    let (request, file): (Request, Vec<u8>) = frame::read(&mut input)?;
    for ask in &request.asks {
        let answered = catch_unwind(AssertUnwindSafe(|| answer(ask, &file, &request.limits)));
        let (reply, body, go_on) = match answered {
            Ok(Ok(answer)) => {
                let (reply, body) = answer.into_reply();
                (reply, body, true)
            }
            Ok(Err(refusal)) => (Reply::Refused(refusal), Vec::new(), false),
            Err(_) => (Reply::Panicked, Vec::new(), false),
        };
        frame::write(&mut output, &reply, &body)?;
        if !go_on {
            break;
        }
    }
    Ok(())
}

fn confine() -> io::Result<()> {
    let limits = [
        (Resource::As, MEMORY_BYTES),
        (Resource::Cpu, CPU_SECONDS),
        (Resource::Core, 0),
    ];
    for (resource, limit) in limits {
        setrlimit(
            resource,
            Rlimit {
                current: Some(limit),
                maximum: Some(limit),
            },
        )?;
    }
    Ok(())
}

fn answer(ask: &Ask, file: &[u8], limits: &Limits) -> Result<Answer, Refusal> {
    Ok(match ask {
        Ask::Inspect => Answer::Inspection(crate::inspect(file, limits)?),
        Ask::Normalise => Answer::Normalised(crate::normalise(file)?),
        Ask::Render { page, width_px } => {
            Answer::Image(crate::render(file, *page, *width_px, limits)?)
        }
        Ask::Text { page } => Answer::Text(crate::page_text(file, *page)?),
        Ask::Anchor { text, occurrence } => {
            Answer::Anchor(crate::find_anchor(file, text, *occurrence)?)
        }
        Ask::Tags => Answer::Tags(crate::find_tags(file)?),
    })
}
