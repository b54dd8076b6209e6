//! What each noun promises, on both engines.

mod common;

use common::{announcement, asset, customer, envelope, event, org};
use deedbox_store::api_keys::{self, ApiKey};
use deedbox_store::certificates::{self, Certificate};
use deedbox_store::drafts::{self, Draft};
use deedbox_store::feed;
use deedbox_store::idempotency::{self, Begin, IdempotencyKey};
use deedbox_store::keys::{self, StoredKey};
use deedbox_store::links::{self, LinkToken};
use deedbox_store::otp::{self, OtpChallenge};
use deedbox_store::page::PageRequest;
use deedbox_store::revisions::{self, Revision};
use deedbox_store::sessions::{self, Session};
use deedbox_store::templates::{self, Template, TemplateVersion};
use deedbox_store::testing::{Engine, Fresh};
use deedbox_store::{
    StoreError, Tx, assets, attempts, customers, envelopes, events, meta, orgs, plans,
};

/// Runs a test body in one write transaction on each engine.
async fn on_both(name: &'static str, body: fn(&mut Tx<'_>) -> Result<(), StoreError>) {
    ending(name, body, &Ok(())).await;
}

/// The same for a body whose last statement is refused, which ends its transaction.
async fn on_both_refused(name: &'static str, body: fn(&mut Tx<'_>) -> Result<(), StoreError>) {
    ending(name, body, &Err(StoreError::Aborted)).await;
}

async fn ending(
    name: &'static str,
    body: fn(&mut Tx<'_>) -> Result<(), StoreError>,
    outcome: &Result<(), StoreError>,
) {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        assert_eq!(&fresh.store.write(name, body).await, outcome, "{engine:?}");
    }
}

fn duplicate<T: std::fmt::Debug>(outcome: Result<T, StoreError>, constraint: &str) {
    let error = outcome.expect_err("refused");
    assert_eq!(
        error,
        StoreError::Duplicate {
            constraint: constraint.to_owned()
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn organizations_come_back_as_they_were_stored() {
    on_both("orgs", |tx| {
        let mut row = org("org_1");
        orgs::insert(tx, &row)?;
        assert_eq!(orgs::get(tx, "org_1")?.as_ref(), Some(&row));
        row.auto_vault = true;
        row.secured_party_name = Some("Second Example Bank — ñ".to_owned());
        row.updated_at = 9;
        assert!(orgs::update(tx, &row)?);
        assert_eq!(orgs::by_tenant(tx, "tenant of org_1")?.as_ref(), Some(&row));
        assert!(!orgs::update(tx, &org("org_2"))?);
        assert_eq!(orgs::all(tx)?, vec![row]);
        Ok(())
    })
    .await;
}

fn api_key(key_id: &str, digest: u8) -> ApiKey {
    ApiKey {
        key_id: key_id.to_owned(),
        org_id: "org_1".to_owned(),
        name: "Dealer backend".to_owned(),
        key_sha256: [digest; 32],
        scopes: "[]".to_owned(),
        rate_limit_rpm: 100,
        webhook_url: None,
        webhook_secret_wrapped: None,
        active: true,
        created_at: 1,
        updated_at: 1,
        rotated_at: None,
        last_used_at: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_key_is_found_by_its_new_digest_only() {
    on_both("api_keys", |tx| {
        let mut key = api_key("key_1", 1);
        api_keys::insert(tx, &key)?;
        api_keys::insert(tx, &api_key("key_2", 2))?;
        assert!(api_keys::rotate(tx, "key_1", &[3; 32], 7)?);
        assert_eq!(api_keys::by_hash(tx, &[1; 32])?, None);
        let found = api_keys::by_hash(tx, &[3; 32])?.expect("rotated");
        assert_eq!(
            (found.key_id.as_str(), found.rotated_at),
            ("key_1", Some(7))
        );
        assert!(api_keys::listening(tx, "org_1")?.is_empty());
        key.webhook_url = Some("https://example.com/hook".to_owned());
        assert!(api_keys::update(tx, &key)?);
        assert_eq!(api_keys::listening(tx, "org_1")?.len(), 1);
        key.active = false;
        assert!(api_keys::update(tx, &key)?);
        assert!(api_keys::listening(tx, "org_1")?.is_empty());
        assert!(api_keys::used(tx, "key_1", 100_000_000)?);
        assert!(!api_keys::used(tx, "key_1", 130_000_000)?);
        assert!(api_keys::used(tx, "key_1", 161_000_000)?);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_by_time_and_by_hand() {
    on_both("sessions", |tx| {
        let session = Session {
            token_sha256: [1; 32],
            org_id: "org_1".to_owned(),
            user_id: "user_1".to_owned(),
            created_at: 1,
            expires_at: 100,
            revoked_at: None,
        };
        sessions::insert(tx, &session)?;
        sessions::insert(
            tx,
            &Session {
                token_sha256: [2; 32],
                ..session.clone()
            },
        )?;
        assert_eq!(sessions::live(tx, &[1; 32], 99)?, Some(session));
        assert_eq!(sessions::live(tx, &[1; 32], 100)?, None);
        assert!(sessions::revoke(tx, &[1; 32], 50)?);
        assert_eq!(sessions::live(tx, &[1; 32], 51)?, None);
        assert_eq!(sessions::revoke_user(tx, "user_1", 52)?, 1);
        assert_eq!(sessions::purge(tx, 101)?, 2);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_found_by_address_in_any_case_and_made_once() {
    on_both("customers", |tx| {
        let made = customers::find_or_create(tx, &customer("cust_1", "Ana@example.com"))?;
        let again = customers::find_or_create(tx, &customer("cust_2", "ANA@EXAMPLE.COM"))?;
        assert_eq!(again, made);
        customers::find_or_create(tx, &customer("cust_3", "ben@example.com"))?;
        let all = customers::page(tx, "org_1", None, PageRequest { page: 1, limit: 1 })?;
        assert_eq!((all.items.len(), all.total), (1, 2));
        let first = PageRequest { page: 1, limit: 20 };
        let one = customers::page(tx, "org_1", Some("ana@example.com"), first)?;
        assert_eq!((one.items, one.total), (vec![made.clone()], 1));
        assert_eq!(customers::get(tx, "org_2", "cust_1")?, None);
        assert_eq!(customers::get(tx, "org_1", "cust_1")?, Some(made));
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_customer_is_made_by_many_requests_at_once() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let requests = (0..24).map(|number| {
            let fresh_row = customer(&format!("cust_{number}"), "ana@example.com");
            fresh
                .store
                .write("find", move |tx| customers::find_or_create(tx, &fresh_row))
        });
        let found = futures::future::join_all(requests).await;
        let first = found[0].clone().expect("found");
        assert!(
            found.iter().all(|f| f.as_ref() == Ok(&first)),
            "{engine:?}: {found:?}"
        );
        let page = PageRequest { page: 1, limit: 20 };
        let page = fresh
            .store
            .read("page", move |tx| customers::page(tx, "org_1", None, page));
        let page = page.await.expect("readable");
        assert_eq!(page.total, 1, "{engine:?}");
    }
}

fn template(template_id: &str, version: i64) -> (Template, TemplateVersion) {
    let template = Template {
        template_id: template_id.to_owned(),
        template_uuid: format!("uuid of {template_id}"),
        org_id: "org_1".to_owned(),
        name: "Lease".to_owned(),
        description: None,
        version,
        created_at: 1,
        updated_at: 1,
    };
    let version = TemplateVersion {
        template_id: template_id.to_owned(),
        version,
        document: Some(r#"{"pages":2}"#.to_owned()),
        roles: r#"["Buyer"]"#.to_owned(),
        fields: "[]".to_owned(),
        data_key_wrapped: Some(vec![4; 60]),
        created_at: 1,
    };
    (template, version)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_version_is_made_by_one_of_two_who_read_the_same() {
    on_both("templates", |tx| {
        let (mut row, first) = template("tmpl_1", 1);
        templates::insert(tx, &row, &first)?;
        templates::versions::insert(
            tx,
            &TemplateVersion {
                version: 2,
                ..first.clone()
            },
        )?;
        row.version = 2;
        templates::update(tx, &row, 1)?;
        let current = templates::current(tx, "org_1", "tmpl_1")?.expect("there");
        assert_eq!((current.0.version, current.1.version), (2, 2));
        let page = templates::page(tx, "org_1", PageRequest { page: 1, limit: 20 })?;
        assert_eq!((page.items.len(), page.total), (1, 1));
        let history = templates::versions::history(tx, "tmpl_1")?;
        assert_eq!(
            history.iter().map(|v| v.version).collect::<Vec<_>>(),
            [1, 2]
        );
        let stale = templates::update(tx, &row, 1).expect_err("stale");
        assert!(matches!(
            stale,
            StoreError::VersionConflict { expected: 1, .. }
        ));
        assert!(templates::delete(tx, "org_1", "tmpl_1")?);
        assert_eq!(templates::versions::history(tx, "tmpl_1")?, []);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_envelope_is_found_by_both_its_names_and_only_in_its_organization() {
    on_both("envelopes", |tx| {
        let row = envelope("env_1", "org_1");
        envelopes::insert(tx, &row)?;
        assert_eq!(envelopes::get(tx, "org_1", "env_1")?.as_ref(), Some(&row));
        assert_eq!(envelopes::get(tx, "org_2", "env_1")?, None);
        assert_eq!(envelopes::find(tx, "env_1")?.as_ref(), Some(&row));
        assert_eq!(
            envelopes::by_document(tx, "org_1", "uuid of env_1")?.as_ref(),
            Some(&row)
        );
        assert_eq!(envelopes::by_document(tx, "org_2", "uuid of env_1")?, None);
        let mut vaulted = row.clone();
        vaulted.seq = 5;
        vaulted.status = "vaulted".to_owned();
        vaulted.vault_state = "vaulted".to_owned();
        vaulted.vaulted = true;
        vaulted.compliant = true;
        vaulted.vaulted_at = Some(77);
        vaulted.document_hash = Some("ab".to_owned());
        vaulted.head = [3; 32];
        envelopes::update(tx, &row, &vaulted)?;
        assert_eq!(
            envelopes::get(tx, "org_1", "env_1")?.as_ref(),
            Some(&vaulted)
        );
        let status = envelopes::status(tx, "org_1", "env_1")?.expect("there");
        assert_eq!(
            (status.status.as_str(), status.vaulted_at),
            ("vaulted", Some(77))
        );
        assert_eq!(envelopes::status(tx, "org_2", "env_1")?, None);
        assert_eq!(envelopes::vaulted_after(tx, "", 10)?, vec![vaulted]);
        assert_eq!(envelopes::vaulted_after(tx, "env_1", 10)?, []);
        plans::put(tx, "env_1", b"plan", 1)?;
        plans::put(tx, "env_1", b"later plan", 2)?;
        assert_eq!(
            plans::get(tx, "env_1")?.as_deref(),
            Some(b"later plan".as_slice())
        );
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_is_read_whole_in_parts_and_by_page() {
    on_both_refused("events", |tx| {
        let entries: Vec<_> = (1..=8).map(|seq| event("env_1", seq)).collect();
        events::append(tx, &entries[..1])?;
        events::append(tx, &entries[1..])?;
        assert_eq!(events::stream(tx, "env_1", 0)?, entries);
        assert_eq!(events::stream(tx, "env_1", 6)?, entries[6..]);
        assert_eq!(events::page(tx, "env_1", 3, 3)?, entries[3..6]);
        assert_eq!(events::last(tx, "env_1")?, Some((8, [2; 32])));
        assert_eq!(events::last(tx, "env_2")?, None);
        let taken = events::append(tx, &[event("env_1", 8)]).expect_err("taken");
        let subject = "env_1".to_owned();
        assert_eq!(
            taken,
            StoreError::VersionConflict {
                subject,
                expected: 7
            }
        );
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_numbers_each_organization_by_itself() {
    on_both("feed", |tx| {
        feed::announce(
            tx,
            &[
                announcement("evt_1", "org_1"),
                announcement("evt_2", "org_1"),
            ],
        )?;
        feed::announce(
            tx,
            &[
                announcement("evt_3", "org_2"),
                announcement("evt_4", "org_1"),
            ],
        )?;
        let told = feed::after(tx, "org_1", 0, 10)?;
        let ids: Vec<_> = told
            .iter()
            .map(|a| (a.event_id.as_str(), a.position))
            .collect();
        assert_eq!(ids, [("evt_1", 1), ("evt_2", 2), ("evt_4", 3)]);
        assert_eq!(feed::position(tx, "org_1", "evt_2")?, Some(2));
        assert_eq!(feed::position(tx, "org_2", "evt_2")?, None);
        assert_eq!(feed::after(tx, "org_1", 2, 10)?.len(), 1);
        assert_eq!(feed::of_envelope(tx, "org_2", "env_1")?.len(), 1);
        assert_eq!(feed::get(tx, "evt_3")?.expect("there").org_id, "org_2");
        Ok(())
    })
    .await;
}

fn request(key: &str) -> IdempotencyKey {
    IdempotencyKey {
        org_id: "org_1".to_owned(),
        scope: "POST /partner/envelopes".to_owned(),
        key: key.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_replays_refuses_and_is_freed() {
    on_both("idempotency", |tx| {
        let (key, print) = (request("k"), [1; 32]);
        let begin = |tx: &mut Tx<'_>, print: &[u8; 32], owner: &str, now: i64| {
            idempotency::begin(tx, &key, print, owner, now, now + 60)
        };
        assert_eq!(begin(tx, &print, "a", 0)?, Begin::Started);
        assert_eq!(begin(tx, &print, "b", 1)?, Begin::InProgress);
        assert_eq!(begin(tx, &[2; 32], "b", 1)?, Begin::Mismatch);
        assert!(idempotency::abandon(tx, &key, "a")?);
        assert_eq!(begin(tx, &[2; 32], "b", 2)?, Begin::Started);
        // Its process died: when the lease has ended another request gets the key.
        assert_eq!(begin(tx, &print, "c", 62)?, Begin::Started);
        assert!(!idempotency::finish(tx, &key, "b", 201, b"late", 1000)?);
        assert!(idempotency::finish(tx, &key, "c", 201, b"answer", 1000)?);
        let replay = Begin::Replay {
            status: 201,
            answer: b"answer".to_vec(),
        };
        assert_eq!(begin(tx, &print, "d", 999)?, replay);
        assert_eq!(begin(tx, &[3; 32], "d", 999)?, Begin::Mismatch);
        assert_eq!(begin(tx, &[3; 32], "e", 1000)?, Begin::Started);
        assert_eq!(idempotency::clear_running(tx)?, 1);
        assert_eq!(idempotency::purge(tx, 5000)?, 0);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_requests_with_one_key_one_is_started() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let requests = (0..24).map(|number| {
            let (key, owner) = (request("k"), format!("owner {number}"));
            fresh.store.write("begin", move |tx| {
                idempotency::begin(tx, &key, &[1; 32], &owner, 0, 60)
            })
        });
        let outcomes = futures::future::join_all(requests).await;
        let started = outcomes
            .iter()
            .filter(|o| **o == Ok(Begin::Started))
            .count();
        let waiting = outcomes
            .iter()
            .filter(|o| **o == Ok(Begin::InProgress))
            .count();
        assert_eq!((started, waiting), (1, 23), "{engine:?}: {outcomes:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_window_is_exact_and_opens_anew() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let hits = (0..30).map(|_| fresh.store.rate_hit("key_1", 60, 10));
        let hits = futures::future::join_all(hits).await;
        let allowed = hits
            .iter()
            .filter(|hit| hit.as_ref().is_ok_and(|h| h.allowed))
            .count();
        assert_eq!(allowed, 10, "{engine:?}");
        assert!(
            fresh
                .store
                .rate_hit("key_2", 60, 10)
                .await
                .expect("counted")
                .allowed
        );
        let next = fresh
            .store
            .rate_hit("key_1", 120, 10)
            .await
            .expect("counted");
        assert_eq!((next.allowed, next.remaining), (true, 9), "{engine:?}");
        // A request that read the clock just before the turn counts in the window that is open.
        let late = fresh
            .store
            .rate_hit("key_1", 60, 10)
            .await
            .expect("counted");
        assert_eq!(late.remaining, 8, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_are_counted_locked_and_forgotten() {
    on_both("attempts", |tx| {
        let hit = |tx: &mut Tx<'_>, now| attempts::hit(tx, "login", "ana@example.com", now, 100);
        assert_eq!(hit(tx, 10)?.hits, 1);
        assert_eq!(hit(tx, 20)?.hits, 2);
        assert_eq!(hit(tx, 109)?.hits, 3);
        assert_eq!(hit(tx, 110)?.hits, 1);
        attempts::lock(tx, "login", "ana@example.com", 500)?;
        let locked = hit(tx, 120)?;
        assert_eq!((locked.hits, locked.locked_until), (1, Some(500)));
        assert_eq!(attempts::purge(tx, 400)?, 0);
        attempts::clear(tx, "login", "ana@example.com")?;
        assert_eq!(attempts::get(tx, "login", "ana@example.com")?, None);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn revisions_have_one_successor() {
    on_both_refused("revisions", |tx| {
        let revision = |n: i64| Revision {
            envelope_id: "env_1".to_owned(),
            n,
            kind: "signed".to_owned(),
            byte_offset: n * 100,
            length: 100,
            sha256: format!("{n:064}"),
            bucket: "work".to_owned(),
            path: format!("env_1/{n}"),
            data_key_wrapped: None,
            tail: "{}".to_owned(),
            created_at: n,
        };
        for n in 0..3 {
            revisions::append(tx, &revision(n))?;
        }
        assert_eq!(
            revisions::all(tx, "env_1")?,
            [revision(0), revision(1), revision(2)]
        );
        assert_eq!(revisions::latest(tx, "env_1")?, Some(revision(2)));
        assert_eq!(
            revisions::by_hash(tx, &format!("{:064}", 1), 10)?,
            [revision(1)]
        );
        let taken = revisions::append(tx, &revision(2)).expect_err("taken");
        assert!(matches!(
            taken,
            StoreError::VersionConflict { expected: 1, .. }
        ));
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_signer_entered_is_kept_and_forgotten() {
    on_both("drafts", |tx| {
        let draft = |field: &str, value: &[u8]| Draft {
            envelope_id: "env_1".to_owned(),
            signer_id: "s1".to_owned(),
            field_id: field.to_owned(),
            value: value.to_vec(),
            updated_at: 1,
        };
        drafts::put(tx, &draft("fld_b", b"1"))?;
        drafts::put(tx, &draft("fld_a", b"2"))?;
        drafts::put(tx, &draft("fld_b", b"3"))?;
        let kept = drafts::of_signer(tx, "env_1", "s1")?;
        assert_eq!(kept, [draft("fld_a", b"2"), draft("fld_b", b"3")]);
        assert!(drafts::clear_field(tx, "env_1", "s1", "fld_a")?);
        assert_eq!(drafts::clear_signer(tx, "env_1", "s1")?, 1);
        assert_eq!(drafts::clear(tx, "env_1")?, 0);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_die_with_their_envelope() {
    on_both("links", |tx| {
        for digest in 1..=2 {
            links::insert(
                tx,
                &LinkToken {
                    token_sha256: [digest; 32],
                    envelope_id: "env_1".to_owned(),
                    signer_id: format!("s{digest}"),
                    kind: "signing".to_owned(),
                    created_at: 1,
                    expires_at: None,
                    revoked_at: None,
                },
            )?;
        }
        assert_eq!(links::revoke_signer(tx, "env_1", "s1", 5)?, 1);
        assert_eq!(links::revoke_envelope(tx, "env_1", 6)?, 1);
        assert_eq!(links::get(tx, &[1; 32])?.expect("kept").revoked_at, Some(5));
        assert_eq!(links::get(tx, &[2; 32])?.expect("kept").revoked_at, Some(6));
        assert_eq!(links::get(tx, &[3; 32])?, None);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_code_forgives_no_wrong_tries() {
    on_both("otp", |tx| {
        let challenge = |code: u8| OtpChallenge {
            envelope_id: "env_1".to_owned(),
            signer_id: "s1".to_owned(),
            channel: "email".to_owned(),
            code_sha256: vec![code; 32],
            document_sha256: "ab".to_owned(),
            created_at: 1,
            expires_at: 600,
            attempts: 0,
            locked_until: None,
            sent_at: None,
        };
        otp::put(tx, &challenge(1))?;
        assert_eq!(otp::failed(tx, "env_1", "s1", "email")?, 1);
        assert_eq!(otp::failed(tx, "env_1", "s1", "email")?, 2);
        otp::put(tx, &challenge(2))?;
        let open = otp::get(tx, "env_1", "s1", "email")?.expect("open");
        assert_eq!((open.code_sha256, open.attempts), (vec![2; 32], 2));
        otp::lock(tx, "env_1", "s1", "email", 900)?;
        otp::sent(tx, "env_1", "s1", "email", 3)?;
        let locked = otp::get(tx, "env_1", "s1", "email")?.expect("open");
        assert_eq!(
            (locked.attempts, locked.locked_until, locked.sent_at),
            (0, Some(900), Some(3))
        );
        otp::clear(tx, "env_1", "s1", "email")?;
        assert_eq!(otp::failed(tx, "env_1", "s1", "email")?, 0);
        assert_eq!(otp::clear_envelope(tx, "env_1")?, 0);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_live_authoritative_copy_is_refused_by_the_database() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let insert = |row| {
            fresh
                .store
                .write("asset", move |tx| assets::insert(tx, &row))
        };
        insert(asset("ast_1", "env_1", "s1")).await.expect("first");
        duplicate(
            insert(asset("ast_2", "env_2", "s1")).await,
            "assets_live_source",
        );
        duplicate(
            insert(asset("ast_3", "env_1", "s3")).await,
            "assets_live_envelope",
        );
        let released = fresh
            .store
            .write("release", |tx| assets::set_live(tx, "ast_1", false));
        assert_eq!(released.await, Ok(true));
        insert(asset("ast_2", "env_2", "s1"))
            .await
            .expect("the first is no longer live");
        let revive = fresh
            .store
            .write("revive", |tx| assets::set_live(tx, "ast_1", true))
            .await;
        duplicate(revive, "assets_live_source");
        let seen = fresh.store.read("seen", |tx| {
            Ok::<_, StoreError>((
                assets::live_by_source(tx, "s1")?.expect("live").asset_id,
                assets::live_count(tx, "env_1")?,
                assets::of_envelope(tx, "env_1")?.len(),
                assets::by_hash(tx, "hash of ast_2")?.len(),
            ))
        });
        assert_eq!(seen.await, Ok(("ast_2".to_owned(), 0, 1, 1)), "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_numbered_and_the_newest_is_found() {
    on_both_refused("certificates", |tx| {
        let certificate = |n: i64| Certificate {
            certificate_id: format!("cert_{n}"),
            envelope_id: "env_1".to_owned(),
            kind: "ucc".to_owned(),
            n,
            issued_at: n,
            supersedes: (n > 1).then(|| format!("cert_{}", n - 1)),
            body: format!(r#"{{"n":{n}}}"#),
        };
        certificates::insert(tx, &certificate(1))?;
        certificates::insert(tx, &certificate(2))?;
        assert_eq!(
            certificates::latest(tx, "env_1", "ucc")?,
            Some(certificate(2))
        );
        assert_eq!(certificates::latest(tx, "env_1", "completion")?, None);
        assert_eq!(
            certificates::get(tx, "env_1", "cert_1")?,
            Some(certificate(1))
        );
        assert_eq!(certificates::get(tx, "env_2", "cert_1")?, None);
        assert_eq!(certificates::all(tx, "env_1")?.len(), 2);
        let again = Certificate {
            certificate_id: "cert_x".to_owned(),
            ..certificate(2)
        };
        duplicate(certificates::insert(tx, &again), "certificates_n");
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purpose_has_one_active_key_per_owner() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let key = |id: &str, org: Option<&str>| StoredKey {
            key_id: id.to_owned(),
            purpose: "control".to_owned(),
            org_id: org.map(str::to_owned),
            alg: "Ed25519".to_owned(),
            wrapped: vec![1],
            public: vec![2],
            certificate: None,
            not_before: 1,
            not_after: None,
            created_at: 1,
            active: true,
        };
        let insert = |row| fresh.store.write("key", move |tx| keys::insert(tx, &row));
        insert(key("key_1", None)).await.expect("the instance's");
        insert(key("key_2", Some("org_1")))
            .await
            .expect("an organization's");
        duplicate(insert(key("key_3", None)).await, "keys_active");
        duplicate(insert(key("key_3", Some("org_1"))).await, "keys_active");
        fresh
            .store
            .write("retire", |tx| keys::retire(tx, "key_1"))
            .await
            .expect("retired");
        insert(key("key_3", None)).await.expect("the next");
        let active = fresh
            .store
            .read("active", |tx| keys::active(tx, "control", None))
            .await;
        assert_eq!(
            active.expect("readable").expect("active").key_id,
            "key_3",
            "{engine:?}"
        );
        assert_eq!(format!("{:?}", key("key_9", None)).find("wrapped"), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_writer_of_a_name_wins() {
    for engine in Engine::ALL {
        let fresh = Fresh::new(engine).await;
        let writes = (0..16).map(|number| {
            let value = number.to_string();
            fresh.store.write("instance", move |tx| {
                meta::get_or_set(tx, "instance", &value)
            })
        });
        let values = futures::future::join_all(writes).await;
        assert!(
            values.iter().all(|v| v == &values[0] && v.is_ok()),
            "{engine:?}: {values:?}"
        );
    }
}
