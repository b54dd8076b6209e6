//! Counts of what the worker did, in the text form that Prometheus reads.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::Outcome;

/// Counts per kind of job since the process started.
#[derive(Debug, Default)]
pub struct Tally {
    kinds: Mutex<BTreeMap<String, Counts>>,
}

/// Counts of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Jobs taken.
    pub claimed: u64,
    /// Jobs done.
    pub done: u64,
    /// Attempts that will be repeated.
    pub again: u64,
    /// Jobs given up.
    pub dead: u64,
    /// Handlers that panicked.
    pub panicked: u64,
    /// Leases lost while a handler ran.
    pub lost: u64,
    /// Time spent in handlers.
    pub busy: Duration,
}

impl Tally {
    /// The counts of one kind so far.
    #[must_use]
    pub fn of(&self, kind: &str) -> Counts {
        let kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.get(kind).copied().unwrap_or_default()
    }

    /// The counts as Prometheus text.
    #[must_use]
    pub fn prometheus(&self) -> String {
        let kinds = self
            .kinds
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let mut text = String::from(
            "# HELP deedbox_jobs_total Jobs by kind and what became of them.\n\
             # TYPE deedbox_jobs_total counter\n",
        );
        for (kind, counts) in &kinds {
            for (outcome, n) in counts.named() {
                let _ = writeln!(
                    text,
                    "deedbox_jobs_total{{kind=\"{kind}\",outcome=\"{outcome}\"}} {n}"
                );
            }
        }
        text.push_str(
            "# HELP deedbox_job_seconds_total Time spent on jobs by kind.\n\
             # TYPE deedbox_job_seconds_total counter\n",
        );
        for (kind, counts) in &kinds {
            let seconds = counts.busy.as_secs_f64();
            let _ = writeln!(
                text,
                "deedbox_job_seconds_total{{kind=\"{kind}\"}} {seconds}"
            );
        }
        text
    }

    pub(super) fn claimed(&self, kind: &str) {
        self.change(kind, |counts| counts.claimed += 1);
    }

    pub(super) fn ended(&self, kind: &str, outcome: &Outcome, busy: Duration) {
        self.change(kind, |counts| {
            counts.busy += busy;
            match outcome {
                Outcome::Done | Outcome::Split(_) => counts.done += 1,
                Outcome::Again { .. } => counts.again += 1,
                Outcome::Never { .. } => counts.dead += 1,
            }
        });
    }

    pub(super) fn panicked(&self, kind: &str) {
        self.change(kind, |counts| counts.panicked += 1);
    }

    pub(super) fn lost(&self, kind: &str) {
        self.change(kind, |counts| counts.lost += 1);
    }

    fn change(&self, kind: &str, f: impl FnOnce(&mut Counts)) {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        f(kinds.entry(kind.to_owned()).or_default());
    }
}

impl Counts {
    fn named(&self) -> [(&'static str, u64); 6] {
        [
            ("claimed", self.claimed),
            ("done", self.done),
            ("again", self.again),
            ("dead", self.dead),
            ("panicked", self.panicked),
            ("lost", self.lost),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_printed_per_kind_and_outcome() {
        let tally = Tally::default();
        tally.claimed("invite");
        tally.ended("invite", &Outcome::Done, Duration::from_millis(1500));
        let text = tally.prometheus();
        assert!(text.contains("deedbox_jobs_total{kind=\"invite\",outcome=\"done\"} 1\n"));
        assert!(text.contains("deedbox_job_seconds_total{kind=\"invite\"} 1.5\n"));
    }
}
