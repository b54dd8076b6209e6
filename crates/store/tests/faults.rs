//! Faults: broken connections, deadlocks, other processes, killed processes.

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use common::{announcement, envelope, event, job};
use deedbox_store::testing::{Engine, Fresh};
use deedbox_store::{
    OpenError, Store, StoreConfig, StoreError, Tx, envelopes, events, feed, jobs, meta, plans,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_connection_is_replaced_and_the_transaction_repeated() {
    let fresh = Fresh::new(Engine::Postgres).await;
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let written = fresh.store.write("broken", move |tx| {
        meta::set(tx, "a", "1")?;
        if counted.fetch_add(1, Ordering::Relaxed) == 0 {
            // The server ends the connection under the transaction.
            deedbox_store::testing::kill_connection(tx);
            return meta::set(tx, "b", "1");
        }
        meta::set(tx, "b", "2")
    });
    assert_eq!(written.await, Ok(()));
    assert_eq!(runs.load(Ordering::Relaxed), 2);
    let read = fresh.store.read("read", |tx| meta::get(tx, "b")).await;
    assert_eq!(read, Ok(Some("2".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_in_the_commit_leaves_the_caller_in_doubt() {
    let fresh = Fresh::new(Engine::Postgres).await;
    let written = fresh.store.write("doubtful", |tx| {
        meta::set(tx, "a", "1")?;
        deedbox_store::testing::kill_connection(tx);
        Ok::<_, StoreError>(())
    });
    let outcome = written.await;
    let doubt = matches!(
        outcome,
        Err(StoreError::InDoubt {
            name: "doubtful",
            ..
        })
    );
    assert!(doubt, "it must not be repeated unasked: {outcome:?}");
    fresh
        .store
        .ping()
        .await
        .expect("the next one has a new connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_fails_what_does_not_fit_and_nothing_else() {
    let fresh = Fresh::new(Engine::Sqlite).await;
    let pages = fresh.number("PRAGMA page_count").await;
    let limit: &'static str = format!("PRAGMA max_page_count = {}", pages + 100).leak();
    fresh.raw(limit).await;
    let writes = (0..60).map(|number: u32| {
        let plan = vec![7; if number == 30 { 8_000_000 } else { 200 }];
        let name = format!("env_{number}");
        fresh
            .store
            .write("plan", move |tx| plans::put(tx, &name, &plan, 1))
    });
    let outcomes = futures::future::join_all(writes).await;
    for (number, outcome) in outcomes.into_iter().enumerate() {
        let fits = number != 30;
        assert_eq!(outcome.is_ok(), fits, "{number}: {outcome:?}");
        assert!(
            fits || matches!(outcome, Err(StoreError::Unavailable { .. })),
            "{outcome:?}"
        );
        let name = format!("env_{number}");
        let kept = fresh
            .store
            .read("kept", move |tx| plans::get(tx, &name))
            .await;
        assert_eq!(kept.expect("readable").is_some(), fits, "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_is_retried_until_both_succeed() {
    let fresh = Fresh::new(Engine::Postgres).await;
    for name in ["a", "b"] {
        fresh
            .store
            .write("seed", move |tx| meta::set(tx, name, "0"))
            .await
            .expect("seeded");
    }
    let cross = |first: &'static str, second: &'static str| {
        fresh.store.write("cross", move |tx| {
            meta::set(tx, first, "1")?;
            std::thread::sleep(Duration::from_millis(200));
            meta::set(tx, second, "1")
        })
    };
    let both = tokio::join!(cross("a", "b"), cross("b", "a"));
    assert_eq!(both, (Ok(()), Ok(())));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_is_in_commit_order_under_concurrent_writers() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let store = fresh.store.clone();
        let reader = tokio::spawn(follow(store, 200));
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..8 {
            let store = fresh.store.clone();
            writers.spawn(async move {
                for number in 0..25 {
                    let told = announcement(&format!("evt_{writer}_{number}"), "org_1");
                    store
                        .write("announce", move |tx| {
                            feed::announce(tx, std::slice::from_ref(&told))
                        })
                        .await
                        .expect("announced");
                }
            });
        }
        writers.join_all().await;
        let seen = reader.await.expect("joined");
        assert_eq!(seen.len(), 200, "{engine:?}: none is skipped");
        let all = fresh
            .store
            .read("all", |tx| feed::after(tx, "org_1", 0, 1000))
            .await;
        let all: Vec<_> = all
            .expect("readable")
            .into_iter()
            .map(|a| a.event_id)
            .collect();
        assert_eq!(seen, all, "{engine:?}: what was read first stays first");
    }
}

/// Follows the feed by its last position, as a client of P34 does, until it has seen so many.
async fn follow(store: Store, count: usize) -> Vec<String> {
    let deadline = Instant::now() + Duration::from_mins(1);
    let (mut seen, mut position) = (Vec::new(), 0);
    while seen.len() < count && Instant::now() < deadline {
        let page = store
            .read("follow", move |tx| feed::after(tx, "org_1", position, 7))
            .await;
        for announcement in page.expect("readable") {
            position = announcement.position;
            seen.push(announcement.event_id);
        }
        tokio::task::yield_now().await;
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_is_refused_and_a_command_beside_the_server_is_not() {
    let mut fresh = Fresh::new(Engine::Sqlite).await;
    fresh.config = fresh.config.clone().server();
    let server = Store::open(&fresh.config).expect("the server");
    let second = Store::open(&fresh.config).err();
    assert!(
        matches!(second, Some(OpenError::Locked { .. })),
        "{second:?}"
    );
    let command = StoreConfig {
        server: false,
        ..fresh.config.clone()
    };
    let command = Store::open(&command).expect("a command");
    let writes = |store: &Store, side: &'static str| {
        let store = store.clone();
        tokio::spawn(async move {
            for number in 0..100 {
                let name = format!("{side} {number}");
                let written = store
                    .write("side", move |tx| meta::set(tx, &name, "1"))
                    .await;
                written.expect("neither side is refused");
            }
        })
    };
    let (one, two) = (writes(&server, "server"), writes(&command, "command"));
    one.await.expect("joined");
    two.await.expect("joined");
    drop(server);
    Store::open(&fresh.config).expect("the lock went with the server");
}

#[tokio::test(flavor = "multi_thread")]
async fn urls_are_refused_with_a_remedy() {
    let folder = std::env::temp_dir();
    for url in [
        "mysql://x/y",
        "postgres://u@h/d?sslmode=maybe",
        "postgres://u@h:x/d",
    ] {
        let refused = Store::open(&StoreConfig::new(url, &folder))
            .err()
            .expect("refused");
        assert!(matches!(refused, OpenError::Url { .. }), "{url}: {refused}");
    }
    let nobody = "postgres://u@127.0.0.1:1/d?connect_timeout=1";
    let refused = Store::open(&StoreConfig::new(nobody, &folder))
        .err()
        .expect("refused");
    assert!(
        matches!(refused, OpenError::Database(StoreError::Unavailable { .. })),
        "{refused}"
    );
}

/// The program that is killed: writes envelopes with event, announcement and job, and says which
/// were acknowledged.
#[tokio::test(flavor = "multi_thread")]
async fn child_that_is_killed() {
    let Ok(url) = std::env::var("STORE_TEST_URL") else {
        return;
    };
    let folder = std::env::var("STORE_TEST_FOLDER").expect("the parent sets it");
    let store = Store::open(&StoreConfig::new(url, folder)).expect("opens");
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let store = store.clone();
        writers.spawn(async move {
            for number in 0.. {
                let id = format!("env_{writer}_{number}");
                let made = id.clone();
                store
                    .write("create", move |tx| create(tx, &made))
                    .await
                    .expect("written");
                println!("acknowledged {id}");
            }
        });
    }
    writers.join_all().await;
}

fn create(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    envelopes::insert(tx, &envelope(id, "org_1"))?;
    events::append(tx, &[event(id, 1), event(id, 2)])?;
    jobs::enqueue(tx, &job(&format!("job {id}"), 1))?;
    feed::announce(tx, &[announcement(&format!("evt {id}"), "org_1")])
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_the_program_loses_no_acknowledged_write_and_leaves_nothing_half_done() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let acknowledged = kill_after(&fresh, 120);
        let store = Store::open(&fresh.config).expect("opens after the crash");
        store.migrate().await.expect("still whole");
        let kept = store.read("kept", move |tx| {
            for id in &acknowledged {
                assert!(
                    envelopes::find(tx, id)?.is_some(),
                    "{id} was acknowledged and is gone"
                );
            }
            whole(tx)
        });
        let (envelopes, total) = kept.await.expect("readable");
        assert!(envelopes >= 120, "{engine:?}");
        assert_eq!(
            envelopes, total,
            "{engine:?}: the counters agree with the rows"
        );
    }
}

/// Every envelope has its two events, its job and its announcement. Answers rows and counted rows.
fn whole(tx: &mut Tx<'_>) -> Result<(i64, i64), StoreError> {
    let mut envelopes_found = 0;
    for told in feed::after(tx, "org_1", 0, 100_000)? {
        let id = told.event_id.trim_start_matches("evt ").to_owned();
        assert!(envelopes::find(tx, &id)?.is_some(), "{id}");
        assert_eq!(events::stream(tx, &id, 0)?.len(), 2, "{id}");
        assert!(jobs::get(tx, &format!("job {id}"))?.is_some(), "{id}");
        envelopes_found += 1;
        assert_eq!(told.position, envelopes_found, "positions have no gaps");
    }
    let request = deedbox_store::page::PageRequest { page: 1, limit: 1 };
    let page = envelopes::page(tx, "org_1", &envelopes::Filter::default(), request)?;
    Ok((envelopes_found, page.total))
}

/// Runs the child until it has acknowledged so many writes, then kills it in the middle of others.
fn kill_after(fresh: &Fresh, count: usize) -> Vec<String> {
    let program = std::env::current_exe().expect("this test program");
    let mut child = Command::new(program)
        .args(["child_that_is_killed", "--exact", "--nocapture"])
        .env("STORE_TEST_URL", &fresh.config.database_url)
        .env("STORE_TEST_FOLDER", &fresh.config.data_dir)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the child starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut acknowledged = Vec::new();
    for line in lines.map_while(Result::ok) {
        if let Some((_, id)) = line.split_once("acknowledged ") {
            acknowledged.push(id.to_owned());
        }
        if acknowledged.len() == count {
            child.kill().expect("SIGKILL");
        }
    }
    child.wait().expect("it is gone");
    assert!(acknowledged.len() >= count, "the child wrote too little");
    acknowledged
}
