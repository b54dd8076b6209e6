//! Leased jobs, on both engines.

mod common;

use std::collections::HashSet;
use std::time::Duration;

use common::job;
use deedbox_store::jobs::{self, Job, JobCounts, NewJob};
use deedbox_store::testing::{Engine, Fresh};
use deedbox_store::{Store, StoreError};

async fn enqueue(store: &Store, row: NewJob) -> bool {
    store
        .write("enqueue", move |tx| jobs::enqueue(tx, &row))
        .await
        .expect("enqueued")
}

async fn claim(store: &Store, owner: &'static str, now: i64, limit: i64) -> Vec<Job> {
    let claim = store.write("claim", move |tx| {
        jobs::claim(tx, "default", owner, now, now + 30, limit)
    });
    claim.await.expect("claimed")
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_claimed_when_due_in_order_of_their_time() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        for (id, due) in [("c", 30), ("a", 10), ("b", 20)] {
            assert!(enqueue(&fresh.store, job(id, due)).await);
        }
        assert!(claim(&fresh.store, "w", 9, 10).await.is_empty());
        let due: Vec<_> = claim(&fresh.store, "w", 20, 10).await;
        let ids: Vec<_> = due.iter().map(|job| job.job_id.as_str()).collect();
        assert_eq!(ids, ["a", "b"], "{engine:?}");
        let next = fresh
            .store
            .read("next", |tx| jobs::next_wake(tx, "default"))
            .await;
        assert_eq!(next, Ok(Some(30)));
        let none = fresh
            .store
            .read("next", |tx| jobs::next_wake(tx, "elsewhere"))
            .await;
        assert_eq!(none, Ok(None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_two_workers_get_the_same_job() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let rows: Vec<_> = (0..60).map(|n| job(&format!("job {n}"), 1)).collect();
        let all = fresh.store.write("enqueue", move |tx| {
            rows.iter()
                .try_for_each(|row| jobs::enqueue(tx, row).map(drop))
        });
        all.await.expect("enqueued");
        let claims = (0..12).map(|_| claim(&fresh.store, "w", 5, 7));
        let claimed: Vec<_> = futures::future::join_all(claims).await.concat();
        let ids: HashSet<_> = claimed.iter().map(|job| &job.job_id).collect();
        assert_eq!(ids.len(), claimed.len(), "{engine:?}");
        let left = claim(&fresh.store, "w", 5, 100).await.len();
        assert_eq!(claimed.len() + left, 60, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_workers_job_comes_back_and_its_late_outcome_is_refused() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        enqueue(&fresh.store, job("a", 1)).await;
        let first = claim(&fresh.store, "dead", 1, 1).await.remove(0);
        assert!(claim(&fresh.store, "other", 30, 1).await.is_empty());
        let second = claim(&fresh.store, "other", 31, 1).await.remove(0);
        assert_eq!(
            (second.attempts, second.lease_owner.as_deref()),
            (2, Some("other"))
        );
        let store = &fresh.store;
        let late = first.clone();
        let late = store
            .write("complete", move |tx| jobs::complete(tx, &late))
            .await;
        assert_eq!(late, Ok(false), "{engine:?}");
        let extend = second.clone();
        assert_eq!(
            store
                .write("extend", move |tx| jobs::extend(tx, &extend, 99))
                .await,
            Ok(true)
        );
        assert!(claim(store, "third", 98, 1).await.is_empty());
        assert_eq!(
            store
                .write("complete", move |tx| jobs::complete(tx, &second))
                .await,
            Ok(true)
        );
        assert_eq!(store.read("get", |tx| jobs::get(tx, "a")).await, Ok(None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_waits_then_is_given_up_and_can_be_revived() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let store = &fresh.store;
        enqueue(store, job("a", 1)).await;
        let first = claim(store, "w", 1, 1).await.remove(0);
        let again = store
            .write("retry", move |tx| jobs::retry(tx, &first, 50, "timeout"))
            .await;
        assert_eq!(again, Ok(true));
        assert!(claim(store, "w", 49, 1).await.is_empty());
        let second = claim(store, "w", 50, 1).await.remove(0);
        assert_eq!(second.last_error.as_deref(), Some("timeout"));
        let buried = store
            .write("bury", move |tx| jobs::bury(tx, &second, "gave up"))
            .await;
        assert_eq!(buried, Ok(true));
        assert!(claim(store, "w", 999, 1).await.is_empty());
        let counts = store.read("counts", jobs::counts).await.expect("counted");
        assert_eq!(
            counts,
            JobCounts {
                dead: 1,
                ..JobCounts::default()
            },
            "{engine:?}"
        );
        let dead = store
            .read("dead", |tx| jobs::dead(tx, 10))
            .await
            .expect("readable");
        assert_eq!(dead[0].last_error.as_deref(), Some("gave up"));
        assert_eq!(
            store.write("revive", |tx| jobs::revive(tx, "a", 70)).await,
            Ok(true)
        );
        assert_eq!(claim(store, "w", 70, 1).await[0].attempts, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_has_one_live_job() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let store = &fresh.store;
        let keyed = |id: &str| NewJob {
            dedupe_key: Some("expire env_1".to_owned()),
            ..job(id, 10)
        };
        assert!(enqueue(store, keyed("a")).await);
        assert!(!enqueue(store, keyed("b")).await);
        let moved = store
            .write("move", |tx| jobs::reschedule(tx, "expire env_1", 40, "{}"))
            .await;
        assert_eq!(moved, Ok(true));
        assert!(claim(store, "w", 39, 1).await.is_empty());
        let taken = claim(store, "w", 40, 1).await.remove(0);
        assert_eq!(taken.job_id, "a");
        assert!(!enqueue(store, keyed("c")).await);
        assert_eq!(
            store
                .write("done", move |tx| jobs::complete(tx, &taken))
                .await,
            Ok(true)
        );
        assert!(enqueue(store, keyed("d")).await);
        assert_eq!(
            store
                .write("cancel", |tx| jobs::cancel(tx, "expire env_1"))
                .await,
            Ok(true)
        );
        let gone = store
            .read("gone", |tx| jobs::by_key(tx, "expire env_1"))
            .await;
        assert_eq!(gone, Ok(None), "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stops_in_order_gives_its_jobs_back() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let store = &fresh.store;
        enqueue(store, job("a", 1)).await;
        enqueue(store, job("b", 1)).await;
        assert_eq!(claim(store, "w", 1, 5).await.len(), 2);
        assert_eq!(
            store.write("release", |tx| jobs::release(tx, "w")).await,
            Ok(2)
        );
        assert_eq!(claim(store, "x", 1, 5).await[0].attempts, 1);
        let gone = store
            .write("void", |tx| {
                jobs::cancel_for_envelope(tx, "env_1", "remind")
            })
            .await;
        assert_eq!(gone, Ok(2), "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolled_back_job_neither_exists_nor_rings() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let mut signal = fresh.store.job_signal();
        signal.mark_unchanged();
        let refused = fresh.store.write("refused", |tx| {
            jobs::enqueue(tx, &job("a", 1))?;
            Err::<(), _>(StoreError::Busy)
        });
        assert_eq!(refused.await, Err(StoreError::Busy));
        assert!(matches!(signal.has_changed(), Ok(false)), "{engine:?}");
        enqueue(&fresh.store, job("b", 1)).await;
        assert!(matches!(signal.has_changed(), Ok(true)), "{engine:?}");
        assert_eq!(claim(&fresh.store, "w", 1, 9).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_node_is_woken_through_postgres() {
    let fresh = Fresh::new(Engine::Postgres).await;
    let other = Store::open(&fresh.config.clone().server()).expect("a second node");
    let mut signal = other.job_signal();
    // The listener rings once when it has begun to listen.
    tokio::time::timeout(Duration::from_secs(5), signal.changed())
        .await
        .expect("it listens")
        .expect("the bell lives");
    signal.mark_unchanged();
    enqueue(&fresh.store, job("a", 1)).await;
    tokio::time::timeout(Duration::from_secs(5), signal.changed())
        .await
        .expect("woken")
        .expect("the bell lives");
}
