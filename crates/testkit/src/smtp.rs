//! An SMTP server that keeps every message: aiosmtpd, run as a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::repository;

/// One message as it was handed over.
#[derive(Clone, Debug, Deserialize)]
pub struct Mail {
    /// Address of `MAIL FROM`.
    #[serde(rename = "mail_from")]
    pub from: String,
    /// Addresses of `RCPT TO`.
    #[serde(rename = "rcpt_to")]
    pub to: Vec<String>,
    /// Header and body as sent, one character per byte.
    pub data: String,
}

impl Mail {
    /// The value of the first header with this name, unfolded; encoded words stay encoded.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        let (head, _) = self.data.split_once("\r\n\r\n")?;
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        unfolded.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    }
}

#[derive(Debug, Default)]
struct Shelf {
    mails: Mutex<Vec<Mail>>,
    arrived: Condvar,
}

/// What a sink refuses, and whom it lets in.
#[derive(Clone, Debug, Default)]
pub struct SinkOptions {
    /// Recipients answered with 550: for ever.
    pub refuse: Vec<String>,
    /// Recipients answered with 451: for now.
    pub defer: Vec<String>,
    /// Name and password to ask for.
    pub login: Option<(String, String)>,
}

/// A running SMTP server on a loopback port. It ends when it is dropped.
#[derive(Debug)]
pub struct Sink {
    process: Child,
    // Its end is the sign for the process to stop, also when the test dies.
    _stdin: ChildStdin,
    port: u16,
    mails: Arc<Shelf>,
}

impl Sink {
    /// Starts a sink that takes everything.
    ///
    /// # Panics
    /// When `scripts/setup test` has not been run.
    #[must_use]
    pub fn start() -> Self {
        Self::with(&SinkOptions::default())
    }

    /// Starts a sink.
    ///
    /// # Panics
    /// When `scripts/setup test` has not been run.
    #[must_use]
    pub fn with(options: &SinkOptions) -> Self {
        let mut command = repository::python_script("smtp_sink.py");
        for address in &options.refuse {
            command.args(["--refuse", address]);
        }
        for address in &options.defer {
            command.args(["--defer", address]);
        }
        if let Some((user, password)) = &options.login {
            command.args(["--user", user, "--password", password]);
        }
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the SMTP sink starts");
        let stdin = process.stdin.take().expect("a piped input");
        let mut lines = BufReader::new(process.stdout.take().expect("a piped output"));
        let port = read_port(&mut lines);
        let mails = Arc::new(Shelf::default());
        let shelf = Arc::clone(&mails);
        std::thread::spawn(move || keep(lines, &shelf));
        Self {
            process,
            _stdin: stdin,
            port,
            mails,
        }
    }

    /// The address for `DEEDBOX_SMTP_URL`: `smtp://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Everything that arrived so far, oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.mails
            .mails
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits until `count` messages have arrived and answers all that arrived.
    ///
    /// # Panics
    /// When they have not arrived after `patience`.
    #[must_use]
    pub fn wait_for(&self, count: usize, patience: Duration) -> Vec<Mail> {
        let end = Instant::now() + patience;
        let mut mails = self
            .mails
            .mails
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        while mails.len() < count {
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "{} of {count} mails after {patience:?}",
                mails.len()
            );
            (mails, _) = self
                .mails
                .arrived
                .wait_timeout(mails, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
        mails.clone()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[derive(Deserialize)]
struct Ready {
    port: u16,
}

fn read_port(lines: &mut impl BufRead) -> u16 {
    let mut line = String::new();
    lines.read_line(&mut line).expect("the SMTP sink speaks");
    serde_json::from_str::<Ready>(&line)
        .expect("the SMTP sink names its port")
        .port
}

fn keep(lines: BufReader<ChildStdout>, shelf: &Shelf) {
    for line in lines.lines().map_while(Result::ok) {
        let mail = serde_json::from_str(&line).expect("a mail per line");
        shelf
            .mails
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(mail);
        shelf.arrived.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use lettre::message::Message;
    use lettre::{SmtpTransport, Transport};

    use super::*;

    fn letter(to: &str) -> Message {
        Message::builder()
            .from("box@example.com".parse().expect("an address"))
            .to(to.parse().expect("an address"))
            .subject("Please sign")
            .body("Hello".to_owned())
            .expect("a letter")
    }

    #[test]
    fn keeps_a_message_and_refuses_whom_it_was_told_to() {
        let refuse = vec!["nobody@example.com".to_owned()];
        let sink = Sink::with(&SinkOptions {
            refuse,
            ..SinkOptions::default()
        });
        let transport = SmtpTransport::builder_dangerous("127.0.0.1")
            .port(sink.port)
            .build();

        transport.send(&letter("ana@example.com")).expect("taken");
        let refusal = transport
            .send(&letter("nobody@example.com"))
            .expect_err("refused");
        assert!(refusal.is_permanent());

        let mails = sink.wait_for(1, Duration::from_secs(10));
        assert_eq!(mails[0].to, ["ana@example.com"]);
        assert_eq!(mails[0].header("subject").as_deref(), Some("Please sign"));
    }
}
