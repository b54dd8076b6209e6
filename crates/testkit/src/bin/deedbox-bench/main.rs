//! Measures a deedbox binary and prints the results beside the goals. See `bench/README.md`.

mod doors;
mod report;
mod revision;
mod status;

use std::process::ExitCode;
use std::time::Duration;

use deedbox_testkit::server::Installation;
use report::Report;

/// How much work a run does.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How long a throughput is measured.
    pub window: Duration,
    /// How many times a latency is measured.
    pub times: usize,
}

impl Effort {
    const FULL: Self = Self {
        window: Duration::from_secs(10),
        times: 40,
    };
    const QUICK: Self = Self {
        window: Duration::from_secs(1),
        times: 5,
    };
}

#[tokio::main]
async fn main() -> ExitCode {
    let quick = std::env::args().any(|word| word == "--quick");
    let effort = if quick { Effort::QUICK } else { Effort::FULL };
    let mut report = Report::default();
    revision::measure(&mut report, effort);
    doors::measure(Installation::built_binary(), &mut report, effort).await;
    print!("{report}");
    ExitCode::SUCCESS
}
