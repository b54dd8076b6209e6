//! The parent's side.

use std::{
    io::{self, Read, Write},
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::{
    Answer, Ask,
    frame::{self, Reply, Request},
};
use crate::{limits::Limits, refusal::Refusal};

/// Signals by which the kernel ends a process whose processor time is used up.
const OUT_OF_TIME: [i32; 2] = [24, 9];

/// Why the child gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// The file is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Reading took longer than allowed, on the clock or of the processor.
    #[error("reading the PDF took longer than {0:?}")]
    Timeout(Duration),
    /// The child ended early: out of memory, or a defect in a reader.
    #[error("reading the PDF exceeded its limits ({0})")]
    Crashed(String),
    /// The child could not be started or spoken to.
    #[error("the PDF reader process cannot be used: {0}")]
    Io(#[from] io::Error),
}

/// Starts reader processes. Calls block; wrap them where a runtime must not be blocked.
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
    /// A launcher with the default limits and 10 s on the clock.
    #[must_use]
    pub fn new(program: PathBuf, args: Vec<String>) -> Self {
        Self {
            program,
            args,
            limits: Limits::default(),
            wall_clock: Duration::from_secs(10),
        }
    }

    /// Asks several questions about one file in one process; one answer each, in order.
    ///
    /// # Errors
    /// [`ChildError`]; the first refusal ends the round. The child never outlives the call.
    pub fn ask(&self, file: &[u8], asks: &[Ask]) -> Result<Vec<Answer>, ChildError> {
        if file.len() > self.limits.bytes_max {
            return Err(Refusal::TooLarge {
                bytes: file.len(),
                max: self.limits.bytes_max,
            }
            .into());
        }
        let mut child = self.start()?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let (Some(mut stdin), Some(mut stdout)) = (stdin, stdout) else {
            return Err(end(&mut child, io::Error::other("no pipes").into()));
        };
        let request = Request {
            limits: self.limits,
            asks: asks.to_vec(),
        };
        let talked = thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            let talk = move || {
                let answers = converse(&mut stdin, &mut stdout, &request, file);
                // The receiver is gone when time was up.
                let _ = sender.send(answers);
            };
            scope.spawn(talk);
            let talked = receiver.recv_timeout(self.wall_clock);
            if talked.is_err() {
                // Ends the pipes, and so the thread.
                let _ = child.kill();
            }
            talked
        });
        match talked {
            Ok(Ok(replies)) => {
                let _ = child.kill();
                child.wait()?;
                replies.into_iter().map(Self::answer).collect()
            }
            Ok(Err(error)) => {
                let status = child.wait()?;
                Err(self.explain(status, error))
            }
            Err(_) => Err(end(&mut child, ChildError::Timeout(self.wall_clock))),
        }
    }

    fn start(&self) -> io::Result<Child> {
        Command::new(&self.program)
            .args(&self.args)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
    }

    fn answer((reply, body): (Reply, Vec<u8>)) -> Result<Answer, ChildError> {
        Ok(match reply {
            Reply::Inspection(found) => Answer::Inspection(found),
            Reply::Normalised => Answer::Normalised(body),
            Reply::Image => Answer::Image(body),
            Reply::Text(runs) => Answer::Text(runs),
            Reply::Anchor(anchor) => Answer::Anchor(anchor),
            Reply::Tags(tags) => Answer::Tags(tags),
            Reply::Refused(refusal) => return Err(refusal.into()),
            Reply::Panicked => return Err(ChildError::Crashed("defect in a reader".to_owned())),
        })
    }

    fn explain(&self, status: ExitStatus, error: io::Error) -> ChildError {
        match status.signal() {
            Some(signal) if OUT_OF_TIME.contains(&signal) => ChildError::Timeout(self.wall_clock),
            Some(signal) => ChildError::Crashed(format!("signal {signal}")),
            None if status.success() => ChildError::Io(error),
            None => ChildError::Crashed(status.to_string()),
        }
    }
}

fn end(child: &mut Child, error: ChildError) -> ChildError {
    let _ = child.kill();
    // Collects the process, so that no zombie stays.
    let _ = child.wait();
    error
}

fn converse(
    stdin: &mut impl Write,
    stdout: &mut impl Read,
    request: &Request,
    file: &[u8],
) -> io::Result<Vec<(Reply, Vec<u8>)>> {
    frame::write(stdin, request, file)?;
    let mut replies = Vec::new();
    for _ in &request.asks {
        let (reply, body) = frame::read(stdout)?;
        let last = matches!(reply, Reply::Refused(_) | Reply::Panicked);
        replies.push((reply, body));
        if last {
            break;
        }
    }
    Ok(replies)
}
