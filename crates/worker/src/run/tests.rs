//! The loop on a real store.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Instant,
};

use deedbox_store::{StoreConfig, jobs};
use tokio::{task::JoinHandle, time::sleep};

use super::*;

const T0: i64 = 1_775_901_600_000_000;
const SECOND: i64 = 1_000_000;

/// A clock that runs with the machine's from a fixed start, and can be set forward.
struct TestClock {
    begun: Instant,
    ahead: AtomicI64,
}

impl TestClock {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            begun: Instant::now(),
            ahead: AtomicI64::new(0),
        })
    }

    fn forward(&self, seconds: i64) {
        self.ahead.fetch_add(seconds * SECOND, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let run = i64::try_from(self.begun.elapsed().as_micros()).expect("a short test");
        Timestamp::from_micros(T0 + run + self.ahead.load(Ordering::SeqCst))
    }
}

/// Does as the job's kind says, and notes what it was given.
#[derive(Default)]
struct Scripted {
    runs: Mutex<HashMap<String, u32>>,
    at_once: AtomicUsize,
    at_once_seen: AtomicUsize,
}

impl Scripted {
    fn runs_of(&self, job_id: &str) -> u32 {
        self.runs
            .lock()
            .expect("no panic")
            .get(job_id)
            .copied()
            .unwrap_or(0)
    }
}

impl Work for Scripted {
    async fn run(&self, job: &Job) -> Outcome {
        let run = {
            let mut runs = self.runs.lock().expect("no panic");
            let run = runs.entry(job.job_id.clone()).or_default();
            *run += 1;
            *run
        };
        match job.kind.as_str() {
            "fail_once" if run == 1 => Outcome::again("not yet"),
            "panic_once" => {
                assert!(run > 1, "as the test wants");
                Outcome::Done
            }
            "refuse" => Outcome::never("no such mailbox"),
            "slow" => {
                let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
                self.at_once_seen.fetch_max(now, Ordering::SeqCst);
                sleep(Duration::from_millis(60)).await;
                self.at_once.fetch_sub(1, Ordering::SeqCst);
                Outcome::Done
            }
            "for_ever" => std::future::pending().await,
            _ => Outcome::Done,
        }
    }
}

struct Bench {
    store: Store,
    clock: Arc<TestClock>,
    work: Arc<Scripted>,
    tally: Arc<Tally>,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&StoreConfig::new("", folder.path())).expect("a store");
        store.migrate().await.expect("migrated");
        Self {
            store,
            clock: TestClock::new(),
            work: Arc::default(),
            tally: Arc::default(),
            stop: CancellationToken::new(),
            _folder: folder,
        }
    }

    fn start(&self, owner: &str) -> JoinHandle<()> {
        let the = Loop {
            store: self.store.clone(),
            clock: self.clock.clone(),
            work: self.work.clone(),
            owner: owner.to_owned(),
            lanes: vec![Lane {
                name: "default",
                at_once_max: 3,
            }],
            tally: self.tally.clone(),
        };
        tokio::spawn(the.run(self.stop.clone()))
    }

    async fn enqueue(&self, job_id: &str, kind: &str, due_in_s: i64) {
        let now = self.clock.now().micros();
        let job = jobs::NewJob {
            job_id: job_id.to_owned(),
            lane: "default".to_owned(),
            kind: kind.to_owned(),
            dedupe_key: None,
            org_id: None,
            envelope_id: None,
            payload: "{}".to_owned(),
            due_at: now + due_in_s * SECOND,
            created_at: now,
        };
        let made = self
            .store
            .write("enqueue", move |tx| jobs::enqueue(tx, &job))
            .await;
        assert!(made.expect("enqueued"));
    }

    async fn row(&self, job_id: &str) -> Option<Job> {
        let job_id = job_id.to_owned();
        self.store
            .read("job", move |tx| jobs::get(tx, &job_id))
            .await
            .expect("read")
    }

    async fn eventually(&self, what: &str, condition: impl AsyncFn(&Self) -> bool) {
        let begun = Instant::now();
        while !condition(self).await {
            assert!(begun.elapsed() < Duration::from_secs(10), "in vain: {what}");
            sleep(Duration::from_millis(5)).await;
        }
    }

    async fn is_gone(&self, job_id: &str) -> bool {
        self.row(job_id).await.is_none()
    }
}

#[tokio::test]
async fn a_due_job_is_done_once_and_leaves_no_row() {
    let bench = Bench::new().await;
    bench.start("a");
    let begun = Instant::now();
    bench.enqueue("job_1", "easy", 0).await;
    bench
        .eventually("done", async |b| b.is_gone("job_1").await)
        .await;
    assert!(
        begun.elapsed() < Duration::from_millis(500),
        "woken by the signal"
    );
    assert_eq!(bench.work.runs_of("job_1"), 1);
    assert_eq!(bench.tally.of("easy").done, 1);
}

#[tokio::test]
async fn a_job_of_the_future_waits_for_its_time() {
    let bench = Bench::new().await;
    bench.start("a");
    bench.enqueue("job_1", "easy", 3600).await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(bench.work.runs_of("job_1"), 0);
    bench.clock.forward(3600);
    bench
        .eventually("done", async |b| b.is_gone("job_1").await)
        .await;
}

#[tokio::test]
async fn a_failed_job_rests_and_is_tried_again() {
    let bench = Bench::new().await;
    bench.start("a");
    bench.enqueue("job_1", "fail_once", 0).await;
    bench
        .eventually("one failure", async |b| {
            b.row("job_1")
                .await
                .is_some_and(|row| row.last_error.as_deref() == Some("not yet"))
        })
        .await;
    bench
        .eventually("done", async |b| b.is_gone("job_1").await)
        .await;
    assert_eq!(bench.work.runs_of("job_1"), 2);
}

#[tokio::test]
async fn a_panic_costs_one_attempt_and_nothing_else() {
    let bench = Bench::new().await;
    bench.start("a");
    bench.enqueue("job_1", "panic_once", 0).await;
    bench.enqueue("job_2", "easy", 0).await;
    bench
        .eventually("both done", async |b| {
            b.is_gone("job_1").await && b.is_gone("job_2").await
        })
        .await;
    assert_eq!(bench.work.runs_of("job_1"), 2);
    assert_eq!(bench.tally.of("panic_once").panicked, 1);
}

#[tokio::test]
async fn a_refused_job_stays_to_be_seen_and_is_not_tried_again() {
    let bench = Bench::new().await;
    bench.start("a");
    bench.enqueue("job_1", "refuse", 0).await;
    bench
        .eventually("dead", async |b| {
            b.row("job_1").await.is_some_and(|row| row.state == "dead")
        })
        .await;
    bench.clock.forward(86_400);
    sleep(Duration::from_millis(100)).await;
    assert_eq!(bench.work.runs_of("job_1"), 1);
}

#[tokio::test]
async fn no_more_jobs_run_at_once_than_the_lane_allows() {
    let bench = Bench::new().await;
    for n in 0..12 {
        bench.enqueue(&format!("job_{n}"), "slow", 0).await;
    }
    bench.start("a");
    bench
        .eventually("all done", async |b| {
            let count = b.store.read("counts", jobs::counts).await.expect("read");
            count == jobs::JobCounts::default()
        })
        .await;
    assert_eq!(bench.work.at_once_seen.load(Ordering::SeqCst), 3);
    assert_eq!(bench.tally.of("slow").done, 12);
}

#[tokio::test]
async fn a_cancelled_job_is_dropped_while_it_runs() {
    let bench = Bench::new().await;
    bench.start("a");
    bench.enqueue("job_1", "for_ever", 0).await;
    bench
        .eventually("begun", async |b| b.work.runs_of("job_1") == 1)
        .await;
    bench
        .store
        .write("cancel", |tx| {
            let job = jobs::get(tx, "job_1")?.expect("a row");
            jobs::complete(tx, &job)
        })
        .await
        .expect("cancelled");
    bench
        .eventually("given up", async |b| b.tally.of("for_ever").lost == 1)
        .await;
}

#[tokio::test]
async fn shutdown_lets_running_jobs_end_and_takes_nothing_new() {
    let bench = Bench::new().await;
    let running = bench.start("a");
    bench.enqueue("job_1", "slow", 0).await;
    bench
        .eventually("begun", async |b| b.work.runs_of("job_1") == 1)
        .await;
    bench.stop.cancel();
    running.await.expect("the loop ends");
    assert!(bench.is_gone("job_1").await);
    bench.enqueue("job_2", "easy", 0).await;
    sleep(Duration::from_millis(50)).await;
    assert_eq!(bench.work.runs_of("job_2"), 0);
}

#[tokio::test]
async fn jobs_of_a_process_that_died_are_taken_up_when_their_lease_ends() {
    let bench = Bench::new().await;
    bench.enqueue("job_1", "easy", 0).await;
    let now = bench.clock.now();
    let until = now.plus_seconds(LEASE_S).micros();
    let claimed = bench
        .store
        .write("claim", move |tx| {
            jobs::claim(tx, "default", "the dead", now.micros(), until, 9)
        })
        .await;
    assert_eq!(claimed.expect("claimed").len(), 1);
    bench.start("a");
    sleep(Duration::from_millis(100)).await;
    assert_eq!(bench.work.runs_of("job_1"), 0, "still leased");
    bench.clock.forward(LEASE_S);
    bench
        .eventually("done", async |b| b.is_gone("job_1").await)
        .await;
    const { assert!(LEASE_S <= 30, "the contract's bound") };
}
