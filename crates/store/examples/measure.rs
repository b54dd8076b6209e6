//! Measures the store: durable commits, point reads, and lists at a million rows.
//!
//! ```text
//! cargo run --release -p deedbox-store --features testing --example measure -- [sqlite|postgres] [rows]
//! ```
//! PostgreSQL is measured where `DEEDBOX_TEST_DATABASE_URL` points to; give it a durable cluster
//! (`DEEDBOX_PG_DURABLE=1 scripts/pg url`).

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::{Duration, Instant};

use common::{announcement, envelope, event, job};
use deedbox_store::envelopes::{self, Filter};
use deedbox_store::page::PageRequest;
use deedbox_store::testing::{Engine, Fresh};
use deedbox_store::{Store, StoreError, events, feed, jobs};
use tokio::task::JoinSet;

/// How long each rate is measured.
const SPAN: Duration = Duration::from_secs(4);

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let engine = match arguments.next().as_deref() {
        Some("postgres") => Engine::Postgres,
        _ => Engine::Sqlite,
    };
    let rows = arguments
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let mut fresh = Fresh::new(engine).await;
    fresh.config.pg_threads = 16;
    let store = Store::open(&fresh.config).expect("opens");
    for tasks in [1, 4, 32, 256] {
        commits(&store, tasks).await;
    }
    fill(&store, rows).await;
    for tasks in [1, 8, 32] {
        reads(&store, tasks, rows).await;
    }
    lists(&store, rows).await;
}

/// Creations: an envelope, two events, a job and an announcement in one durable transaction.
async fn commits(store: &Store, tasks: usize) {
    let store = store.clone();
    let done = rate(tasks, move |task, number| {
        let store = store.clone();
        async move {
            let id = format!("env_{tasks}_{task}_{number}");
            let write = store.write("create", move |tx| {
                envelopes::insert(tx, &envelope(&id, "org_w"))?;
                events::append(tx, &[event(&id, 1), event(&id, 2)])?;
                jobs::enqueue(tx, &job(&format!("job {id}"), 1))?;
                feed::announce(tx, &[announcement(&format!("evt {id}"), "org_w")])
            });
            write.await.expect("committed");
        }
    });
    let (count, worst) = done.await;
    println!("{tasks:>4} tasks: {count:>7.0} commits/s, p99 {worst:?}");
}

async fn reads(store: &Store, tasks: usize, rows: usize) {
    let store = store.clone();
    let done = rate(tasks, move |task, number| {
        let store = store.clone();
        async move {
            let id = name((task * 7919 + number * 104_729) % rows);
            let read = store.read("status", move |tx| envelopes::status(tx, "org_l", &id));
            let found: Result<_, StoreError> = read.await;
            assert!(found.expect("readable").is_some());
        }
    });
    let (count, worst) = done.await;
    println!("{tasks:>4} tasks: {count:>7.0} status reads/s, p99 {worst:?}");
}

/// Runs a step again and again on so many tasks; answers steps per second and the 99th percentile.
async fn rate<F, R>(tasks: usize, step: F) -> (f64, Duration)
where
    F: Fn(usize, usize) -> R + Clone + Send + 'static,
    R: Future<Output = ()> + Send,
{
    let started = Instant::now();
    let mut running = JoinSet::new();
    for task in 0..tasks {
        let step = step.clone();
        running.spawn(async move {
            let mut took = Vec::new();
            while started.elapsed() < SPAN {
                let before = Instant::now();
                step(task, took.len()).await;
                took.push(before.elapsed());
            }
            took
        });
    }
    let mut took = running.join_all().await.concat();
    took.sort_unstable();
    let seconds = started.elapsed().as_secs_f64();
    let count = u32::try_from(took.len()).map_or(0.0, f64::from);
    (count / seconds, took[took.len() * 99 / 100])
}

fn name(number: usize) -> String {
    format!("env_{number:012}")
}

/// Fills one organization.
async fn fill(store: &Store, rows: usize) {
    let started = Instant::now();
    for first in (0..rows).step_by(2000) {
        let last = rows.min(first + 2000);
        let fill = store.write("fill", move |tx| (first..last).try_for_each(|n| one(tx, n)));
        fill.await.expect("filled");
    }
    println!("filled {rows} rows in {:?}", started.elapsed());
}

fn one(tx: &mut deedbox_store::Tx<'_>, number: usize) -> Result<(), StoreError> {
    let mut row = envelope(&name(number), "org_l");
    row.created_at = i64::try_from(number).unwrap_or(0) * 1000;
    row.customer_id = Some(format!("cust_{}", number % 50_000));
    ["sent", "viewed", "completed", "vaulted"][number % 4].clone_into(&mut row.status);
    envelopes::insert(tx, &row)
}

async fn lists(store: &Store, rows: usize) {
    let last = i64::try_from(rows / 100).unwrap_or(1);
    let status = Filter {
        status: Some("viewed".to_owned()),
        ..Filter::default()
    };
    let customer = Filter {
        customer_id: Some("cust_7".to_owned()),
        ..Filter::default()
    };
    let both = Filter {
        status: Some("vaulted".to_owned()),
        ..customer.clone()
    };
    let asked = [
        ("all, page 1", Filter::default(), 1),
        ("all, middle", Filter::default(), last / 2),
        ("all, last", Filter::default(), last),
        ("status, page 1", status.clone(), 1),
        ("status, middle", status, last / 8),
        ("customer", customer, 1),
        ("customer and status", both, 1),
    ];
    for (label, filter, page) in asked {
        let request = PageRequest { page, limit: 100 };
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let (filter, before) = (filter.clone(), Instant::now());
            let read: Result<_, StoreError> = store
                .read("page", move |tx| {
                    envelopes::page(tx, "org_l", &filter, request)
                })
                .await;
            let page = read.expect("readable");
            assert!(page.total > 0 && page.items.len() <= 100);
            best = best.min(before.elapsed());
        }
        println!("{label:<20} 100 of them in {best:?}");
    }
}
