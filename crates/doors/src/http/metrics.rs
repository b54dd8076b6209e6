//! Counting requests, for `/metrics` in the Prometheus text format.

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// The doors as they appear in metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Partner,
    Signing,
    Storage,
    Public,
}

impl Door {
    const ALL: [Self; 4] = [Self::Partner, Self::Signing, Self::Storage, Self::Public];

    /// The door that a path belongs to.
    pub(crate) fn of(path: &str) -> Self {
        if path.starts_with("/api/v2/") {
            Self::Partner
        } else if path.starts_with("/api/signing/") {
            Self::Signing
        } else if path.starts_with("/storage/") {
            Self::Storage
        } else {
            Self::Public
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Signing => "signing",
            Self::Storage => "storage",
            Self::Public => "public",
        }
    }
}

/// Upper bounds of the latency buckets, in microseconds, with their names in seconds.
const BUCKETS: [(u64, &str); 10] = [
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (10_000_000, "10"),
];

#[derive(Debug, Default)]
struct Counts {
    by_class: [AtomicU64; 5],
    by_latency: [AtomicU64; BUCKETS.len()],
    total: AtomicU64,
    latency_us_sum: AtomicU64,
}

/// The counters of one server process.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    doors: [Counts; Door::ALL.len()],
}

fn add(counter: &AtomicU64, amount: u64) {
    counter.fetch_add(amount, Ordering::Relaxed);
}

fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

impl Metrics {
    /// Counts one answered request.
    pub(crate) fn count(&self, door: Door, status: u16, latency: Duration) {
        let counts = &self.doors[door as usize];
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        let latency_us = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        add(&counts.by_class[class], 1);
        add(&counts.total, 1);
        add(&counts.latency_us_sum, latency_us);
        if let Some(index) = BUCKETS.iter().position(|(bound, _)| latency_us <= *bound) {
            add(&counts.by_latency[index], 1);
        }
    }

    /// All counters in the Prometheus text format 0.0.4.
    pub(crate) fn render(&self) -> String {
        let mut text = String::from(
            "# HELP deedbox_http_requests_total Answered requests.\n\
             # TYPE deedbox_http_requests_total counter\n",
        );
        for door in Door::ALL {
            for (class, counter) in self.doors[door as usize].by_class.iter().enumerate() {
                let (name, class, value) = (door.name(), class + 1, read(counter));
                line(
                    &mut text,
                    &format!(
                        "deedbox_http_requests_total{{door=\"{name}\",class=\"{class}xx\"}} {value}"
                    ),
                );
            }
        }
        text.push_str(
            "# HELP deedbox_http_request_duration_seconds Time from request to answer.\n\
             # TYPE deedbox_http_request_duration_seconds histogram\n",
        );
        for door in Door::ALL {
            self.render_latency(door, &mut text);
        }
        text
    }

    fn render_latency(&self, door: Door, text: &mut String) {
        const NAME: &str = "deedbox_http_request_duration_seconds";
        let (counts, door) = (&self.doors[door as usize], door.name());
        let mut sum = 0;
        for (counter, (_, bound)) in counts.by_latency.iter().zip(BUCKETS) {
            sum += read(counter);
            line(
                text,
                &format!("{NAME}_bucket{{door=\"{door}\",le=\"{bound}\"}} {sum}"),
            );
        }
        let total = read(&counts.total);
        let micros = read(&counts.latency_us_sum);
        line(
            text,
            &format!("{NAME}_bucket{{door=\"{door}\",le=\"+Inf\"}} {total}"),
        );
        let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
        line(
            text,
            &format!("{NAME}_sum{{door=\"{door}\"}} {seconds}.{rest:06}"),
        );
        line(text, &format!("{NAME}_count{{door=\"{door}\"}} {total}"));
    }
}

/// Adds a line.
pub(crate) fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a string takes any text");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_end_in_the_total() {
        let metrics = Metrics::default();
        metrics.count(Door::Partner, 200, Duration::from_micros(900));
        metrics.count(Door::Partner, 503, Duration::from_secs(20));
        let text = metrics.render();
        assert!(text.contains("requests_total{door=\"partner\",class=\"2xx\"} 1\n"));
        assert!(text.contains("requests_total{door=\"partner\",class=\"5xx\"} 1\n"));
        assert!(text.contains("_bucket{door=\"partner\",le=\"10\"} 1\n"));
        assert!(text.contains("_bucket{door=\"partner\",le=\"+Inf\"} 2\n"));
        assert!(text.contains("_sum{door=\"partner\"} 20.000900\n"));
    }
}
