//! The real binary in a folder of its own: its command line and its server process.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// How long a server may take from its start to `listening on`. Generous: CI has two slow cores.
const START_PATIENCE: Duration = Duration::from_mins(1);
/// How long a server may take to drain after SIGTERM.
const STOP_PATIENCE: Duration = Duration::from_secs(40);

/// One installation of deedbox: a binary, a data folder and an environment.
#[derive(Debug)]
pub struct Installation {
    binary: PathBuf,
    data_dir: PathBuf,
    env: Vec<(String, String)>,
    // Goes with the installation; none when the folder belongs to the caller.
    _folder: Option<TempDir>,
}

/// A command that was refused or failed.
#[derive(Clone, Debug)]
pub struct CliFailure {
    /// Exit code: 1 refused or failed, 2 bad usage; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The last line on stderr, which carries the reason.
    pub reason: String,
    /// Everything on stderr.
    pub stderr: String,
}

impl Installation {
    /// An installation in a new folder that goes with the value.
    ///
    /// Integration tests of the package `deedbox` pass `env!("CARGO_BIN_EXE_deedbox")`; others
    /// [`Installation::built_binary`].
    ///
    /// # Panics
    /// When there is no room for a folder.
    #[must_use]
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("deedbox-")
            .tempdir()
            .expect("a folder");
        let data_dir = folder.path().join("data");
        Self {
            _folder: Some(folder),
            ..Self::in_folder(binary, data_dir)
        }
    }

    /// An installation in a folder of the caller's.
    #[must_use]
    pub fn in_folder(binary: impl Into<PathBuf>, data_dir: impl Into<PathBuf>) -> Self {
        Self {
            binary: binary.into(),
            data_dir: data_dir.into(),
            env: Vec::new(),
            _folder: None,
        }
    }

    /// The binary of the last build: `DEEDBOX_BIN`, else the one beside the running test, else the
    /// release build.
    ///
    /// # Panics
    /// When nothing has been built.
    #[must_use]
    pub fn built_binary() -> PathBuf {
        let named = std::env::var_os("DEEDBOX_BIN").map(PathBuf::from);
        let test = std::env::current_exe().expect("a running test");
        let beside = test
            .ancestors()
            .skip(1)
            .take(2)
            .map(|folder| folder.join("deedbox"));
        let release = crate::repository::root().join("target/release/deedbox");
        named
            .into_iter()
            .chain(beside)
            .chain([release])
            .find(|path| path.is_file())
            .expect("no deedbox binary: run `cargo build -p deedbox` or set DEEDBOX_BIN")
    }

    /// Adds a variable to the environment of everything started from here.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// The data folder.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// A command of the binary, with folder and environment set and no variable of ours inherited.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars() {
            if name.starts_with("DEEDBOX_") {
                command.env_remove(name);
            }
        }
        command
            .env("DEEDBOX_DATA_DIR", &self.data_dir)
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs a command with `--json` and answers what it printed.
    ///
    /// # Errors
    /// When it exits with another code than 0.
    ///
    /// # Panics
    /// When it does not start, or prints anything but one JSON value.
    pub fn try_cli<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Value, CliFailure> {
        let output = self
            .command()
            .args(arguments)
            .arg("--json")
            .output()
            .expect("the binary starts");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            let reason = stderr
                .trim_end()
                .lines()
                .last()
                .unwrap_or_default()
                .to_owned();
            return Err(CliFailure {
                code: output.status.code(),
                reason,
                stderr,
            });
        }
        let stdout = String::from_utf8_lossy(&output.stdout);
        Ok(serde_json::from_str(&stdout)
            .unwrap_or_else(|error| panic!("--json printed no JSON ({error}): {stdout}\n{stderr}")))
    }

    /// Runs a command with `--json` that has to succeed.
    ///
    /// # Panics
    /// When it does not.
    #[must_use]
    pub fn cli<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Value {
        self.try_cli(arguments).unwrap_or_else(|failure| {
            let words: Vec<_> = arguments.iter().map(AsRef::as_ref).collect();
            panic!(
                "deedbox {words:?} failed ({:?}): {}",
                failure.code, failure.stderr
            )
        })
    }

    /// Starts `deedbox serve` on a free port and waits until it listens.
    ///
    /// # Panics
    /// When it does not listen; the message carries its log.
    #[must_use]
    pub fn serve(&self) -> Server {
        self.serve_with(&["--listen", "127.0.0.1:0"])
    }

    /// Starts `deedbox serve` with these arguments and waits until it listens.
    ///
    /// # Panics
    /// When it does not listen; the message carries its log.
    #[must_use]
    pub fn serve_with<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Server {
        Server::start(self.command().arg("serve").args(arguments))
    }
}

/// A running `deedbox serve`. It is killed when it is dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    base_url: String,
    log: Arc<Mutex<Vec<String>>>,
    start_took: Duration,
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let started = Instant::now();
        let mut process = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let stderr = process.stderr.take().expect("a piped stderr");
        let log = Arc::new(Mutex::new(Vec::new()));
        let ready = follow(stderr, Arc::clone(&log));
        let Ok(base_url) = ready.recv_timeout(START_PATIENCE) else {
            // It may have ended by itself; then there is nothing to kill.
            let _ = process.kill();
            let _ = process.wait();
            panic!(
                "the server does not listen; its log:\n{}",
                lines(&log).join("\n")
            );
        };
        Self {
            process,
            base_url,
            log,
            start_took: started.elapsed(),
        }
    }

    /// Where it listens, e.g. `http://127.0.0.1:40123`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The address of a path on this server.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// From the start of the process to `listening on`.
    #[must_use]
    pub const fn start_took(&self) -> Duration {
        self.start_took
    }

    /// Process id, for measurements.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Memory that the process holds now, in bytes.
    ///
    /// # Panics
    /// When the process is gone.
    #[must_use]
    pub fn resident_bytes(&self) -> u64 {
        memory_line(self.pid(), "VmRSS:")
    }

    /// The most memory that the process ever held, in bytes.
    ///
    /// # Panics
    /// When the process is gone.
    #[must_use]
    pub fn peak_resident_bytes(&self) -> u64 {
        memory_line(self.pid(), "VmHWM:")
    }

    /// What it logged so far.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        lines(&self.log)
    }

    /// Ends it as a power cut would: SIGKILL, no word to it. Returns when it is gone.
    ///
    /// # Panics
    /// When the process cannot be killed.
    pub fn kill(mut self) {
        self.process.kill().expect("a process of ours");
        self.process.wait().expect("a process of ours");
    }

    /// Asks it to end (SIGTERM) and waits until it has drained.
    ///
    /// # Panics
    /// When it does not end, or ends with another code than 0.
    pub fn stop(mut self) {
        let pid = i32::try_from(self.pid())
            .ok()
            .and_then(Pid::from_raw)
            .expect("a process id");
        kill_process(pid, Signal::TERM).expect("a process of ours");
        let end = Instant::now() + STOP_PATIENCE;
        let status = loop {
            if let Some(status) = self.process.try_wait().expect("a process of ours") {
                break status;
            }
            assert!(
                Instant::now() < end,
                "no end after SIGTERM; log: {:#?}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(10));
        };
        assert!(
            status.success(),
            "ended with {status}; log: {:#?}",
            self.log()
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn lines(log: &Mutex<Vec<String>>) -> Vec<String> {
    log.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn follow(stderr: ChildStderr, log: Arc<Mutex<Vec<String>>>) -> Receiver<String> {
    let (ready, listening) = channel();
    std::thread::spawn(move || keep(stderr, &log, &ready));
    listening
}

fn keep(stderr: ChildStderr, log: &Mutex<Vec<String>>, ready: &Sender<String>) {
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        if let Some(url) = listening_on(&line) {
            // Nobody waits any more after the first time.
            let _ = ready.send(url);
        }
        log.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
    }
}

fn listening_on(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("listening on ")?;
    let url = rest.split(|c: char| c.is_whitespace() || c == '"').next()?;
    url.starts_with("http://")
        .then(|| url.trim_end_matches('/').to_owned())
}

fn memory_line(pid: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a live process");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .expect("a memory line");
    let kilobytes: u64 = line
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .expect("a number of kB");
    kilobytes * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ready_line_is_found_in_plain_and_in_json_logs() {
        let plain = listening_on("listening on http://127.0.0.1:8080");
        assert_eq!(plain.as_deref(), Some("http://127.0.0.1:8080"));
        let json = listening_on(r#"{"message":"listening on http://127.0.0.1:1/"}"#);
        assert_eq!(json.as_deref(), Some("http://127.0.0.1:1"));
        assert_eq!(listening_on("starting"), None);
    }
}
