//! Every statement, on both engines, before anything runs it.

use crate::nouns::statements;
use crate::store::EngineKind;
use crate::testing::Fresh;

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_is_prepared_on_both_engines() {
    for engine in EngineKind::ALL {
        let fresh = Fresh::new(engine).await;
        for sql in statements() {
            let text = if engine == EngineKind::Sqlite {
                sql.sqlite()
            } else {
                sql.postgres()
            };
            let prepared = fresh.store.read("prepare", move |tx| tx.prepare(sql)).await;
            assert_eq!(prepared, Ok(()), "{engine:?}: {text}");
        }
    }
}

/// A statement that scans a table is slow at a million rows, however fast it is in a test.
#[tokio::test(flavor = "multi_thread")]
async fn no_statement_scans_a_table_that_grows() {
    // Few rows ever: organizations, keys of the instance, one window per API key.
    const SMALL: &[&str] = &["orgs", "keys", "rate_windows"];
    let fresh = Fresh::new(EngineKind::Sqlite).await;
    let mut found = Vec::new();
    for sql in statements() {
        if SMALL.contains(&sql.table) || sql.sqlite().starts_with("INSERT") {
            continue;
        }
        let plan = fresh
            .store
            .read("plan", move |tx| tx.plan(sql))
            .await
            .expect("a plan");
        let slow = plan.into_iter().filter(|step| {
            step.starts_with("SCAN") && !step.contains("USING") || step.contains("TEMP B-TREE")
        });
        found.extend(slow.map(|step| format!("{step}: {}", sql.sqlite())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn migrating_again_changes_nothing_and_the_version_is_known() {
    for engine in EngineKind::ALL {
        let fresh = Fresh::empty(engine);
        assert_eq!(fresh.store.migration_version().await, Ok(0), "{engine:?}");
        let newest = crate::migrate::newest();
        for _ in 0..2 {
            assert_eq!(
                fresh.store.migrate().await.expect("migrated"),
                newest,
                "{engine:?}"
            );
            assert_eq!(
                fresh.store.migration_version().await,
                Ok(newest),
                "{engine:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_program_is_refused() {
    for engine in EngineKind::ALL {
        let fresh = Fresh::new(engine).await;
        fresh
            .raw("INSERT INTO schema_migrations (version) VALUES (999)")
            .await;
        let refused = fresh.store.migrate().await.expect_err("refused");
        assert!(
            matches!(refused, crate::OpenError::Newer { found: 999, .. }),
            "{refused}"
        );
    }
}
