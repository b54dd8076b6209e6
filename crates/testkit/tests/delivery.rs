//! Messages and webhooks, as they arrive.

use std::time::Duration;

use deedbox_testkit::actors::{Scene, SceneOptions};
use deedbox_testkit::server::Installation;
use deedbox_testkit::smtp::Sink;
use deedbox_testkit::webhook::Receiver;
use serde_json::json;

const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn invitations_go_to_each_signer_through_a_relay() {
    let sink = Sink::start();
    let env = vec![("DEEDBOX_SMTP_URL".to_owned(), sink.url())];
    let options = SceneOptions {
        env,
        ..SceneOptions::default()
    };
    let scene = Scene::with(Installation::built_binary(), &options);
    let template = scene.sample_template().await;
    let _ = scene.partner.envelope_for_two(&template).await;

    let mails = tokio::task::spawn_blocking(move || sink.wait_for(2, PATIENCE)).await;
    let mut to: Vec<String> = mails
        .expect("mails")
        .into_iter()
        .flat_map(|mail| mail.to)
        .collect();
    to.sort();
    assert_eq!(to, ["ana@example.com", "ben@example.com"]);
}

#[tokio::test]
async fn without_a_relay_messages_lie_in_the_local_outbox() {
    let scene = Scene::start(Installation::built_binary());
    let template = scene.sample_template().await;
    let envelope = scene.partner.envelope_for_two(&template).await;
    let invitations = wait_for_outbox(&scene, 2).await;
    for message in &invitations {
        assert_eq!(message["kind"], "invitation", "{message}");
        assert_eq!(message["channel"], "email");
        assert_eq!(message["envelope_id"], envelope.as_str());
        let text = message["text"].as_str().expect("a text");
        assert!(text.contains(&format!("/sign/{envelope}#token=")), "{text}");
        let html = message["html"].as_str().expect("a page");
        assert!(html.contains("/sign/"), "{html}");
    }
}

#[tokio::test]
async fn a_sequential_envelope_invites_the_second_signer_after_the_first() {
    let scene = Scene::start(Installation::built_binary());
    let template = scene.sample_template().await;
    let envelope = scene
        .partner
        .envelope(&json!({
            "customer_email": "ana@example.com", "customer_name": "Ana Torres",
            "template_id": template, "signing_order": "sequential", "locale": "es",
            "signers": [
                {"email": "ana@example.com", "name": "Ana Torres", "role": "Buyer"},
                {"email": "ben@example.com", "name": "Ben Okafor", "role": "Co-Signer"},
            ],
        }))
        .await;
    let first = wait_for_outbox(&scene, 1).await;
    assert_eq!(first[0]["to"], "ana@example.com");
    let links = scene.partner.links(&envelope).await;
    assert_eq!(links[1].signing_url, None, "not Ben's turn");

    let url = links[0].signing_url.clone().expect("Ana's turn");
    let _ = deedbox_testkit::actors::Signer::open(&url).sign().await;
    let both = wait_for_outbox(&scene, 2).await;
    assert!(
        both.iter()
            .any(|message| message["to"] == "ben@example.com"),
        "{both:#?}"
    );
}

#[tokio::test]
async fn a_power_cut_after_the_commit_loses_no_webhook() {
    let receiver = Receiver::start().await;
    let webhook = Some((receiver.url(), "a-secret-of-the-partner".to_owned()));
    let options = SceneOptions {
        webhook,
        ..SceneOptions::default()
    };
    let scene = Scene::with(Installation::built_binary(), &options);
    let template = scene.sample_template().await;
    let envelope = scene.partner.envelope_for_two(&template).await;
    let scene = scene.after_a_power_cut();

    let patience = Duration::from_secs(45);
    let both = |all: &[deedbox_testkit::webhook::Delivery]| {
        ["envelope.created", "envelope.sent"].iter().all(|wanted| {
            all.iter().any(|one| {
                let body = one.json();
                body["event_type"] == *wanted && body["envelope_id"] == envelope.as_str()
            })
        })
    };
    let _ = receiver.wait_until(patience, both).await;
    scene.server.stop();
}

async fn wait_for_outbox(scene: &Scene, count: usize) -> Vec<serde_json::Value> {
    for _ in 0..400 {
        let messages = scene.outbox();
        if messages.len() >= count {
            return messages;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!(
        "{} of {count} messages: {:#?}",
        scene.outbox().len(),
        scene.server.log()
    );
}
