//! Is everything in place? For `/readyz`, `/metrics` and `deedbox doctor`.

use deedbox_store::jobs;
use serde::Serialize;

use crate::App;

/// Certificates that lapse within this many days are worth a warning.
const LAPSE_WARNING_DAYS: i64 = 60;
/// Earliest credible date of the machine's clock: 2026-01-01, in seconds since 1970.
const CLOCK_EARLIEST: i64 = 1_767_225_600;

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// What.
    pub name: String,
    /// Whether it is in order.
    pub ok: bool,
    /// What was found, and the remedy.
    pub detail: String,
}

impl Check {
    /// In order.
    pub fn passed(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ok: true,
            detail: detail.into(),
        }
    }

    /// Not in order.
    pub fn failed(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ok: false,
            detail: detail.into(),
        }
    }
}

/// A gauge for Prometheus.
#[derive(Clone, Copy, Debug)]
pub struct Gauge {
    /// Metric name.
    pub name: &'static str,
    /// What it counts.
    pub help: &'static str,
    /// Its value now.
    pub value: i64,
}

impl App {
    /// What must work for the server to be ready: database, storage, keys.
    pub async fn ready(&self) -> Vec<Check> {
        vec![self.check_database().await, self.check_storage().await]
    }

    /// Everything `deedbox doctor` looks at, mail apart.
    pub async fn doctor(&self) -> Vec<Check> {
        let mut checks = vec![
            Check::passed("keys", "the master key opens every stored key"),
            self.check_clock(),
            self.check_certificates(),
        ];
        checks.extend(self.ready().await);
        checks.push(self.check_child().await);
        checks.push(self.check_jobs().await);
        checks.push(self.check_address());
        checks
    }

    async fn check_database(&self) -> Check {
        match self.store().ping().await {
            Ok(()) => Check::passed(
                "database",
                format!("{:?} accepts writes", self.store().kind()),
            ),
            Err(error) => Check::failed("database", error.to_string()),
        }
    }

    async fn check_storage(&self) -> Check {
        match self.objects().probe().await {
            Ok(()) => Check::passed("storage", "an object was written, read and deleted"),
            Err(error) => Check::failed("storage", error.to_string()),
        }
    }

    fn check_clock(&self) -> Check {
        let now = self.now();
        if now.epoch_seconds() < CLOCK_EARLIEST {
            return Check::failed(
                "clock",
                format!("it says {now}: set the machine's clock (NTP)"),
            );
        }
        Check::passed("clock", now.to_iso())
    }

    fn check_certificates(&self) -> Check {
        let lapses = self.keys().lapses_at;
        let detail = format!("seal and timestamp certificates lapse {}", lapses.to_iso());
        if self.now().plus_days(LAPSE_WARNING_DAYS) >= lapses {
            return Check::failed("certificates", format!("{detail}: renew them now"));
        }
        Check::passed("certificates", detail)
    }

    async fn check_child(&self) -> Check {
        use deedbox_pdf::child::{Ask, ChildError};
        let asked = self
            .ask_child(bytes::Bytes::from_static(b"no PDF"), vec![Ask::Inspect])
            .await;
        match asked {
            Err(ChildError::Refused(_)) => {
                Check::passed("pdf reader", "the limited process answers")
            }
            Err(error) => Check::failed("pdf reader", error.to_string()),
            Ok(_) => Check::failed("pdf reader", "it accepted a file that is no PDF"),
        }
    }

    async fn check_jobs(&self) -> Check {
        match self.store().read("job counts", jobs::counts).await {
            Ok(counts) if counts.dead == 0 => Check::passed(
                "jobs",
                format!("{} waiting, {} at work", counts.ready, counts.leased),
            ),
            Ok(counts) => Check::failed(
                "jobs",
                format!(
                    "{} gave up after every retry: read their last_error",
                    counts.dead
                ),
            ),
            Err(error) => Check::failed("jobs", error.to_string()),
        }
    }

    fn check_address(&self) -> Check {
        let url = &self.settings().public_url;
        let local = url
            .host_str()
            .is_some_and(|host| host == "localhost" || host.starts_with("127."));
        if url.scheme() == "http" && !local {
            let detail = format!("{url} is not https: links would travel in clear");
            return Check::failed("public address", detail);
        }
        Check::passed("public address", url.as_str())
    }

    /// Numbers for `/metrics`; empty when the database cannot be read.
    pub async fn gauges(&self) -> Vec<Gauge> {
        let Ok(counts) = self.store().read("job counts", jobs::counts).await else {
            return Vec::new();
        };
        vec![
            Gauge {
                name: "deedbox_jobs_ready",
                help: "Jobs waiting for their time or a worker",
                value: counts.ready,
            },
            Gauge {
                name: "deedbox_jobs_leased",
                help: "Jobs at work",
                value: counts.leased,
            },
            Gauge {
                name: "deedbox_jobs_dead",
                help: "Jobs that gave up",
                value: counts.dead,
            },
        ]
    }
}
