//! What a transaction promises, on both engines.

mod common;

use common::{envelope, event, org};
use deedbox_store::testing::{Engine, Fresh};
use deedbox_store::{Store, StoreError, envelopes, events, meta};

async fn value(store: &Store, name: &'static str) -> Option<String> {
    store
        .read("value", move |tx| meta::get(tx, name))
        .await
        .expect("readable")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_command_leaves_nothing_behind() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let refused: Result<(), StoreError> = fresh
            .store
            .write("refused", |tx| {
                meta::set(tx, "a", "1")?;
                Err(StoreError::Busy)
            })
            .await;
        assert_eq!(refused, Err(StoreError::Busy));
        assert_eq!(value(&fresh.store, "a").await, None, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_batch_a_failing_command_rolls_back_alone() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let writes = (0..200).map(|number: i64| {
            fresh.store.write("mixed", move |tx| {
                meta::set(tx, &format!("n{number}"), "x")?;
                match number % 4 {
                    0 => Err(StoreError::Busy),
                    1 => events::append(tx, &[event("env_same", 1)]),
                    _ => Ok(()),
                }
            })
        });
        let outcomes = futures::future::join_all(writes).await;
        let mut first_of_its_kind = 0;
        for (number, outcome) in (0_i64..).zip(outcomes) {
            let name: &'static str = format!("n{number}").leak();
            assert_eq!(
                value(&fresh.store, name).await.is_some(),
                outcome.is_ok(),
                "{number}"
            );
            match number % 4 {
                0 => assert_eq!(outcome, Err(StoreError::Busy)),
                1 => first_of_its_kind += i64::from(outcome.is_ok()),
                _ => assert_eq!(outcome, Ok(())),
            }
        }
        assert_eq!(first_of_its_kind, 1, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_survives_a_panic() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let panicked: Result<(), StoreError> = fresh
            .store
            .write("panics", |tx| {
                meta::set(tx, "a", "1")?;
                panic!("on purpose")
            })
            .await;
        assert_eq!(panicked, Err(StoreError::Panicked { name: "panics" }));
        let read: Result<(), StoreError> = fresh
            .store
            .read("panics too", |_| panic!("on purpose"))
            .await;
        assert_eq!(read, Err(StoreError::Panicked { name: "panics too" }));
        assert_eq!(value(&fresh.store, "a").await, None);
        fresh.store.ping().await.expect("it goes on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swallowed_failure_cannot_be_committed() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let outcome: Result<(), StoreError> = fresh
            .store
            .write("swallows", |tx| {
                meta::set(tx, "a", "1")?;
                events::append(tx, &[event("env_1", 1)])?;
                let again = events::append(tx, &[event("env_1", 1)]);
                assert!(again.is_err());
                assert_eq!(meta::get(tx, "a"), Err(StoreError::Aborted));
                Ok(())
            })
            .await;
        assert_eq!(outcome, Err(StoreError::Aborted), "{engine:?}");
        assert_eq!(value(&fresh.store, "a").await, None, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_at_one_version_exactly_one_wins() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let before = envelope("env_000000000001", "org_1");
        let first = before.clone();
        fresh
            .store
            .write("insert", move |tx| envelopes::insert(tx, &first))
            .await
            .expect("new");
        let writes = (0..32).map(|_| {
            let (before, mut after) = (before.clone(), before.clone());
            after.seq += 1;
            after.status = "viewed".to_owned();
            fresh
                .store
                .write("update", move |tx| envelopes::update(tx, &before, &after))
        });
        let outcomes = futures::future::join_all(writes).await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(won, 1, "{engine:?}");
        let conflict = StoreError::VersionConflict {
            subject: "env_000000000001".to_owned(),
            expected: before.seq,
        };
        let lost = outcomes
            .iter()
            .filter(|o| **o == Err(conflict.clone()))
            .count();
        assert_eq!(lost, 31, "{engine:?}: {outcomes:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_names_its_index_the_same_on_both_engines() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let insert = |id: &'static str, tenant: &'static str| {
            let mut row = org(id);
            row.tenant_id = tenant.to_owned();
            fresh
                .store
                .write("insert", move |tx| deedbox_store::orgs::insert(tx, &row))
        };
        insert("org_1", "a").await.expect("new");
        let named = |name: &str| {
            Err(StoreError::Duplicate {
                constraint: name.to_owned(),
            })
        };
        assert_eq!(insert("org_1", "b").await, named("orgs_pkey"), "{engine:?}");
        assert_eq!(
            insert("org_2", "a").await,
            named("orgs_tenant"),
            "{engine:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_cannot_be_changed_or_deleted() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let write = |tx: &mut deedbox_store::Tx<'_>| events::append(tx, &[event("env_1", 1)]);
        fresh.store.write("append", write).await.expect("appended");
        for text in ["UPDATE events SET data = 'x'", "DELETE FROM events"] {
            let refused = fresh.try_raw(text).await;
            let expected = StoreError::AppendOnly {
                table: "events".to_owned(),
            };
            assert_eq!(refused, Err(expected), "{engine:?}: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn text_with_a_nul_is_refused_on_both_engines() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let refused = fresh
            .store
            .write("nul", |tx| meta::set(tx, "a", "b\0c"))
            .await;
        assert!(
            matches!(refused, Err(StoreError::Unstorable { .. })),
            "{engine:?}: {refused:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_row_names_table_column_and_row() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let row = org("org_1");
        fresh
            .store
            .write("org", move |tx| deedbox_store::orgs::insert(tx, &row))
            .await
            .expect("new");
        fresh.raw("UPDATE orgs SET auto_vault = 7").await;
        let read = fresh
            .store
            .read("org", |tx| deedbox_store::orgs::get(tx, "org_1"))
            .await;
        let Err(StoreError::Corrupt {
            table, column, row, ..
        }) = read
        else {
            panic!("{engine:?}: {read:?}");
        };
        assert_eq!(
            (table, column, row.as_str()),
            ("orgs", "auto_vault", "org_1")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_answers_busy_at_once() {
    for engine in Engine::ALL {
        let mut fresh = Fresh::new(engine).await;
        fresh.config.queue_max = 4;
        fresh.config.pg_threads = 1;
        let store = Store::open(&fresh.config).expect("opens again");
        let slow = store.write("slow", |tx| {
            std::thread::sleep(std::time::Duration::from_millis(300));
            meta::set(tx, "slow", "1")
        });
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let writes = (0..16).map(|_| store.write("quick", |tx| meta::set(tx, "quick", "1")));
        let outcomes = futures::future::join_all(writes).await;
        let busy = outcomes
            .iter()
            .filter(|o| **o == Err(StoreError::Busy))
            .count();
        assert_eq!(busy, 12, "{engine:?}: {outcomes:?}");
        assert_eq!(slow.await, Ok(()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_caller_does_not_undo_its_write() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        drop(fresh.store.write("dropped", |tx| meta::set(tx, "a", "1")));
        for _ in 0..100 {
            if value(&fresh.store, "a").await.is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(
            value(&fresh.store, "a").await.as_deref(),
            Some("1"),
            "{engine:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_finishes_what_is_queued_and_refuses_the_rest() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let queued: Vec<_> = (0..50)
            .map(|n| {
                fresh
                    .store
                    .write("queued", move |tx| meta::set(tx, &format!("k{n}"), "1"))
            })
            .collect();
        fresh.store.close();
        for outcome in futures::future::join_all(queued).await {
            assert_eq!(outcome, Ok(()), "{engine:?}");
        }
        let late = fresh
            .store
            .write("late", |tx| meta::set(tx, "late", "1"))
            .await;
        assert!(
            matches!(late, Err(StoreError::Unavailable { .. })),
            "{engine:?}: {late:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_does_not_see_what_is_committed_meanwhile() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let store = fresh.store.clone();
        let (looked, wait) = std::sync::mpsc::channel();
        let (written, go_on) = std::sync::mpsc::channel();
        let go_on = std::sync::Mutex::new(go_on);
        let reader = tokio::spawn(async move {
            store
                .snapshot("snapshot", move |tx| {
                    let before = meta::get(tx, "a")?;
                    looked.send(()).expect("the writer waits");
                    go_on
                        .lock()
                        .expect("one reader")
                        .recv()
                        .expect("it was written");
                    Ok::<_, StoreError>((before, meta::get(tx, "a")?))
                })
                .await
        });
        tokio::task::spawn_blocking(move || wait.recv())
            .await
            .expect("joined")
            .expect("looked");
        fresh
            .store
            .write("between", |tx| meta::set(tx, "a", "1"))
            .await
            .expect("written");
        written.send(()).expect("the reader waits");
        assert_eq!(
            reader.await.expect("joined"),
            Ok((None, None)),
            "{engine:?}"
        );
    }
}
