//! Deliveries to receivers of every temper.

use std::time::Duration;

use deedbox_core::time::Timestamp;
use secrecy::SecretString;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

use super::*;
use crate::outbound::{Guard, Outbound};

const BODY: &[u8] = br#"{"event_type":"vault.stored","event_id":"evt_9f3a2b1c4d5e6f7a8b9c0d1e"}"#;
const SECOND: Duration = Duration::from_secs(1);

fn now() -> Timestamp {
    Timestamp::from_micros(1_775_902_500_000_000)
}

fn delivery(url: String) -> Delivery {
    Delivery {
        delivery_id: "dlv_0123456789abcdef01234567".into(),
        event_id: "evt_9f3a2b1c4d5e6f7a8b9c0d1e".into(),
        event_type: "vault.stored".into(),
        url,
        secret: Some(SecretString::from("a secret of the partner")),
        body: BODY.to_vec(),
        first_attempt_at: None,
        attempts_made: 0,
    }
}

fn lab() -> Outbound {
    Outbound::try_new(Guard {
        allow_private: true,
    })
    .expect("a client")
}

async fn receiver(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

async fn received(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.expect("recording is on")
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request
        .headers
        .get(name)
        .map(|value| value.to_str().expect("text"))
}

#[tokio::test]
async fn a_delivery_carries_exactly_the_documented_headers_and_the_stored_bytes() {
    let server = receiver(ResponseTemplate::new(204)).await;
    let made = attempt(&lab(), &delivery(server.uri()), now(), SECOND).await;
    assert_eq!(
        (made.outcome, made.status, made.number),
        (Outcome::Delivered, Some(204), 1)
    );

    let requests = received(&server).await;
    let request = &requests[0];
    assert_eq!(request.method.as_str(), "POST");
    assert_eq!(request.body, BODY);
    let timestamp = "1775902500";
    let standard = standard_signature(
        "a secret of the partner",
        "evt_9f3a2b1c4d5e6f7a8b9c0d1e",
        1_775_902_500,
        BODY,
    );
    for (name, value) in [
        ("content-type", "application/json"),
        ("user-agent", "Loyva-Webhooks/1.0"),
        ("x-loyva-event", "vault.stored"),
        ("x-loyva-delivery", "dlv_0123456789abcdef01234567"),
        (
            "x-loyva-signature",
            &loyva_signature("a secret of the partner", BODY),
        ),
        ("x-loyva-attempt", "1"),
        ("webhook-id", "evt_9f3a2b1c4d5e6f7a8b9c0d1e"),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", &standard),
    ] {
        assert_eq!(header(request, name), Some(value), "{name}");
    }
    let ours = request.headers.keys().filter(|name| {
        let name = name.as_str();
        name.starts_with("x-") || name.starts_with("webhook-")
    });
    assert_eq!(ours.count(), 7);
}

#[tokio::test]
async fn without_a_secret_nothing_is_signed() {
    let server = receiver(ResponseTemplate::new(200)).await;
    let unsigned = Delivery {
        secret: None,
        ..delivery(server.uri())
    };
    attempt(&lab(), &unsigned, now(), SECOND).await;
    let request = &received(&server).await[0];
    assert_eq!(header(request, "x-loyva-signature"), None);
    assert_eq!(header(request, "webhook-signature"), None);
    assert_eq!(
        header(request, "webhook-id"),
        Some("evt_9f3a2b1c4d5e6f7a8b9c0d1e")
    );
}

#[tokio::test]
async fn a_retry_differs_in_attempt_time_and_standard_signature_alone() {
    let server = receiver(ResponseTemplate::new(500)).await;
    let first = delivery(server.uri());
    let made = attempt(&lab(), &first, now(), SECOND).await;
    let Outcome::Retry(at) = made.outcome else {
        panic!("a retry, not {:?}", made.outcome)
    };
    assert!((54..=66).contains(&now().seconds_until(at)));

    let again = Delivery {
        attempts_made: 1,
        first_attempt_at: Some(now()),
        ..first
    };
    attempt(&lab(), &again, at, SECOND).await;
    let requests = received(&server).await;
    assert_eq!(requests[0].body, requests[1].body);
    for name in [
        "x-loyva-delivery",
        "x-loyva-signature",
        "webhook-id",
        "x-loyva-event",
    ] {
        assert_eq!(
            header(&requests[0], name),
            header(&requests[1], name),
            "{name}"
        );
    }
    assert_eq!(header(&requests[1], "x-loyva-attempt"), Some("2"));
    assert_ne!(
        header(&requests[0], "webhook-signature"),
        header(&requests[1], "webhook-signature")
    );
}

#[tokio::test]
async fn any_2xx_is_success_and_every_other_answer_is_not() {
    for (status, delivered) in [
        (200, true),
        (201, true),
        (299, true),
        (301, false),
        (400, false),
        (410, false),
        (503, false),
    ] {
        let server = receiver(ResponseTemplate::new(status)).await;
        let made = attempt(&lab(), &delivery(server.uri()), now(), SECOND).await;
        assert_eq!(made.status, Some(status));
        assert_eq!(made.outcome == Outcome::Delivered, delivered, "{status}");
    }
}

#[tokio::test]
async fn redirects_are_failures_and_never_followed() {
    let elsewhere = receiver(ResponseTemplate::new(200)).await;
    for status in [301, 302, 303, 307, 308] {
        let to = ResponseTemplate::new(status).insert_header("location", elsewhere.uri());
        let server = receiver(to).await;
        let made = attempt(&lab(), &delivery(server.uri()), now(), SECOND).await;
        assert!(matches!(made.outcome, Outcome::Retry(_)), "{status}");
    }
    assert!(received(&elsewhere).await.is_empty());
}

#[tokio::test]
async fn a_receiver_that_takes_too_long_has_failed() {
    let server = receiver(ResponseTemplate::new(200).set_delay(Duration::from_secs(5))).await;
    let made = attempt(
        &lab(),
        &delivery(server.uri()),
        now(),
        Duration::from_millis(150),
    )
    .await;
    assert_eq!(made.error.as_deref(), Some("no answer within 150 ms"));
    assert!(matches!(made.outcome, Outcome::Retry(_)));
    assert!(made.duration < SECOND);
}

#[tokio::test]
async fn only_the_beginning_of_an_answer_is_kept() {
    let server = receiver(ResponseTemplate::new(200).set_body_string("x".repeat(1_000_000))).await;
    let made = attempt(&lab(), &delivery(server.uri()), now(), SECOND).await;
    assert_eq!(made.response.len(), 4096);
    assert_eq!(made.outcome, Outcome::Delivered);
}

#[tokio::test]
async fn after_the_sixth_failure_a_delivery_is_dead() {
    let server = receiver(ResponseTemplate::new(500)).await;
    let last = Delivery {
        attempts_made: ATTEMPTS_MAX - 1,
        first_attempt_at: Some(now()),
        ..delivery(server.uri())
    };
    let made = attempt(&lab(), &last, now(), SECOND).await;
    assert_eq!((made.number, made.outcome), (6, Outcome::Dead));
}

#[tokio::test]
async fn a_target_that_became_private_is_refused_at_delivery_and_nothing_is_sent() {
    let server = receiver(ResponseTemplate::new(200)).await;
    let strict = Outbound::try_new(Guard::default()).expect("a client");
    let url = server.uri().replace("http://", "https://");
    let made = attempt(&strict, &delivery(url), now(), SECOND).await;
    assert!(
        made.error
            .is_some_and(|error| error.starts_with("target refused"))
    );
    assert!(matches!(made.outcome, Outcome::Retry(_)));
    assert!(received(&server).await.is_empty());
}

#[tokio::test]
async fn nobody_listening_is_an_error_without_the_url() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let url = format!("http://{address}/in?key=hidden");
    let made = attempt(&lab(), &delivery(url), now(), SECOND).await;
    let error = made.error.expect("an error");
    assert!(
        error.starts_with("could not connect") && !error.contains("hidden"),
        "{error}"
    );
}
