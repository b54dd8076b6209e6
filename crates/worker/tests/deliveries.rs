//! From a committed event to a receiver: the whole application, a real store, a real worker.

use std::{path::Path, sync::Arc, time::Duration};

use deedbox_app::{
    App, Caller, Change, Ports, Scope, Settings, api_key::NewKey, clock::SystemEntropy,
    envelope::NewEnvelope,
};
use deedbox_core::{
    EmailAddress,
    envelope::{Kind, SigningOrder},
};
use deedbox_store::{Store, StoreConfig, deliveries, objects::Objects};
use deedbox_testkit::webhook::{Answer, Receiver};
use deedbox_worker::mail::Messages;
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(10);
const SECRET: &str = "a secret of the partner";

struct Bench {
    app: App,
    folder: tempfile::TempDir,
    stop: CancellationToken,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&StoreConfig::new("", folder.path())).expect("a store");
        store.migrate().await.expect("migrated");
        let url = format!("file://{}", folder.path().join("objects").display());
        let objects = Objects::open(&url).expect("objects");
        let public = "http://127.0.0.1:8080".parse().expect("a URL");
        let mut settings = Settings::new(folder.path().to_owned(), public);
        settings.allow_private_webhooks = true;
        let ports = Ports {
            entropy: Arc::new(SystemEntropy),
            ..Ports::system(store, objects)
        };
        let app = App::open(ports, settings).await.expect("an application");
        Self {
            app,
            folder,
            stop: CancellationToken::new(),
        }
    }

    fn work(&self) {
        let messages = Messages::open(&self.outbox(), None, None, "no-reply@example.com");
        drop(deedbox_worker::start(
            self.app.clone(),
            messages.expect("an outbox"),
            self.stop.clone(),
        ));
    }

    fn outbox(&self) -> std::path::PathBuf {
        Path::join(self.folder.path(), "outbox")
    }

    async fn partner(&self, webhook_url: String) -> Caller {
        let org = self
            .app
            .create_org("Northwind Motors", None)
            .await
            .expect("an organization");
        let key = NewKey {
            name: "dealer back end".into(),
            scopes: Scope::ALL.to_vec(),
            rate_limit_rpm: 1000,
            webhook_url: Some(webhook_url),
            webhook_secret: Some(SECRET.into()),
        };
        let made = self
            .app
            .create_key(org.org_id.as_str(), key)
            .await
            .expect("a key");
        self.app
            .authenticate(&made.api_key)
            .await
            .expect("read")
            .expect("a caller")
    }

    /// A paper envelope: the least that makes an event.
    async fn event(&self, caller: &Caller) -> String {
        let new = NewEnvelope {
            customer_email: EmailAddress::parse("ana@example.com").expect("an address"),
            customer_name: "Ana Example".into(),
            customer_id: None,
            template_id: None,
            signers: None,
            kind: Kind::Paper,
            name: None,
            external_id: None,
            metadata: serde_json::Map::new(),
            signing_order: SigningOrder::Parallel,
            expires_at: None,
            message: None,
            locale: None,
            secured_party: None,
            prefill: Vec::new(),
        };
        let made = Box::pin(self.app.envelope_create(caller, new))
            .await
            .expect("an envelope");
        made.envelope_id.to_string()
    }

    async fn delivery(&self, org_id: &str) -> deliveries::Delivery {
        let org_id = org_id.to_owned();
        let request = deedbox_store::page::PageRequest { page: 1, limit: 10 };
        let page = self
            .app
            .store()
            .read("deliveries", move |tx| {
                deliveries::page(tx, &org_id, None, request)
            })
            .await
            .expect("read");
        page.items.into_iter().next().expect("a delivery")
    }

    async fn until(&self, org_id: &str, state: &str) -> deliveries::Delivery {
        for _ in 0..400 {
            let delivery = self.delivery(org_id).await;
            if delivery.state == state {
                return delivery;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never {state}: {:?}", self.delivery(org_id).await)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_reaches_its_receiver_signed_and_within_moments_of_its_commit() {
    let receiver = Receiver::start().await;
    let bench = Bench::new().await;
    let caller = bench.partner(receiver.url()).await;
    bench.work();
    let envelope_id = bench.event(&caller).await;
    let arrived = receiver.wait_for(1, PATIENCE).await.remove(0);
    assert_eq!(arrived.json()["event_type"], "envelope.created");
    assert_eq!(arrived.json()["envelope_id"], envelope_id);
    assert_eq!(arrived.header("x-loyva-event"), Some("envelope.created"));
    assert_eq!(arrived.header("x-loyva-attempt"), Some("1"));
    assert_eq!(
        arrived.header("webhook-id"),
        arrived.json()["event_id"].as_str()
    );
    let signature = deedbox_worker::webhook::loyva_signature(SECRET, &arrived.body);
    assert_eq!(
        arrived.header("x-loyva-signature"),
        Some(signature.as_str())
    );

    let delivery = bench.until(caller.org.as_str(), "delivered").await;
    assert_eq!(
        arrived.header("x-loyva-delivery"),
        Some(delivery.delivery_id.as_str())
    );
    assert_eq!(
        (delivery.attempts, delivery.last_status, delivery.next_at),
        (1, Some(200), None)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_delivery_is_written_down_with_its_next_attempt() {
    let receiver = Receiver::start().await;
    receiver.answer_always(Answer::Status(503));
    let bench = Bench::new().await;
    let caller = bench.partner(receiver.url()).await;
    bench.work();
    bench.event(&caller).await;
    receiver.wait_for(1, PATIENCE).await;
    for _ in 0..200 {
        if bench.delivery(caller.org.as_str()).await.attempts == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let delivery = bench.delivery(caller.org.as_str()).await;
    assert_eq!((delivery.state.as_str(), delivery.attempts), ("pending", 1));
    assert_eq!(delivery.last_status, Some(503));
    assert_eq!(
        delivery.last_error.as_deref(),
        Some("the receiver answered 503")
    );
    let pause_s = (delivery.next_at.expect("a next attempt")
        - delivery.first_at.expect("a first attempt"))
        / 1_000_000;
    assert!((54..=66).contains(&pause_s), "{pause_s}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cleared_url_ends_what_was_pending() {
    let receiver = Receiver::start().await;
    let bench = Bench::new().await;
    let caller = bench.partner(receiver.url()).await;
    bench.event(&caller).await;
    bench
        .app
        .webhook_update(&caller, Change::Clear, Change::Keep)
        .await
        .expect("cleared");
    bench.work();
    bench.until(caller.org.as_str(), "ended").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(receiver.deliveries().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_url_and_secret_hold_for_what_is_already_pending() {
    let (before, after) = (Receiver::start().await, Receiver::start().await);
    let bench = Bench::new().await;
    let caller = bench.partner(before.url()).await;
    bench.event(&caller).await;
    let url = Change::Set(after.url());
    let secret = Change::Set("another secret of theirs".to_owned());
    bench
        .app
        .webhook_update(&caller, url, secret)
        .await
        .expect("changed");
    bench.work();
    let arrived = after.wait_for(1, PATIENCE).await.remove(0);
    let signature =
        deedbox_worker::webhook::loyva_signature("another secret of theirs", &arrived.body);
    assert_eq!(
        arrived.header("x-loyva-signature"),
        Some(signature.as_str())
    );
    assert!(before.deliveries().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_key_gets_nothing_more() {
    let receiver = Receiver::start().await;
    let bench = Bench::new().await;
    let caller = bench.partner(receiver.url()).await;
    bench.event(&caller).await;
    bench
        .app
        .deactivate_key(caller.key.as_str())
        .await
        .expect("deactivated");
    bench.work();
    bench.until(caller.org.as_str(), "ended").await;
    assert!(receiver.deliveries().is_empty());
}
