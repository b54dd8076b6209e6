//! kill -9 at any moment of the last signature and of vault-in: what was acknowledged is there after
//! the restart, nothing is there by half, and the same call then succeeds.

use std::time::Duration;

use deedbox_testkit::actors::{Engine, Scene, SceneOptions, Signer};
use deedbox_testkit::server::Installation;
use deedbox_testkit::validators::{file_of, qpdf_check};
use serde_json::Value;

/// Moments after the call was sent. The first ones fall before the work, the last ones after it.
const MOMENTS_MS: [u64; 10] = [0, 1, 2, 3, 5, 8, 12, 18, 30, 60];

fn scene(engine: Engine) -> Scene {
    let options = SceneOptions {
        engine,
        ..SceneOptions::default()
    };
    Scene::with(Installation::built_binary(), &options)
}

#[tokio::test]
async fn the_last_signature_is_there_whole_or_not_at_all_on_sqlite() {
    cut_during_the_last_signature(Engine::Sqlite).await;
}

#[tokio::test]
async fn the_last_signature_is_there_whole_or_not_at_all_on_postgres() {
    cut_during_the_last_signature(Engine::Postgres).await;
}

#[tokio::test]
async fn a_record_is_vaulted_whole_or_not_at_all_on_sqlite() {
    cut_during_vault_in(Engine::Sqlite).await;
}

#[tokio::test]
async fn a_record_is_vaulted_whole_or_not_at_all_on_postgres() {
    cut_during_vault_in(Engine::Postgres).await;
}

async fn cut_during_the_last_signature(engine: Engine) {
    let mut scene = scene(engine);
    let template = scene.sample_template().await;
    for moment in MOMENTS_MS {
        let envelope = scene.partner.envelope_for_two(&template).await;
        let links = links(&scene, &envelope).await;
        let _ = Signer::open(&links[0]).sign().await;
        let last = Signer::open(&links[1]);
        let session = last.consent().await;
        last.fill_all(&session).await;
        let session = last.session().await;

        let call = tokio::spawn(acknowledged(last.request(reqwest::Method::POST, "/complete").json(
            &serde_json::json!({"document_sha256": session["document"]["sha256"], "intent": true}),
        )));
        tokio::time::sleep(Duration::from_millis(moment)).await;
        scene = scene.after_a_power_cut();
        let acknowledged = call.await.expect("the call ends");

        let status = scene.partner.status(&envelope).await;
        assert!(
            status == "completed" || !acknowledged,
            "an acknowledged signature is lost: {status}"
        );
        if status != "completed" {
            assert_eq!(status, "viewed", "after {moment} ms");
            let again = self::links(&scene, &envelope).await;
            let _ = Signer::open(&again[0]).sign().await;
        }
        assert_sealed(&scene, &envelope).await;
    }
}

async fn cut_during_vault_in(engine: Engine) {
    let mut scene = scene(engine);
    let template = scene.sample_template().await;
    for moment in MOMENTS_MS {
        let envelope = scene.partner.envelope_for_two(&template).await;
        scene.all_sign(&envelope).await;
        let path = format!("/partner/envelopes/{envelope}/vault-in-signed");

        let call = tokio::spawn(acknowledged(
            scene.partner.request(reqwest::Method::POST, &path),
        ));
        tokio::time::sleep(Duration::from_millis(moment)).await;
        scene = scene.after_a_power_cut();
        let acknowledged = call.await.expect("the call ends");

        let before = scene.partner.look(&envelope).await;
        assert!(
            before["status"] == "vaulted" || !acknowledged,
            "an acknowledged vault-in is lost"
        );
        assert_whole(&before, moment);
        let after = scene.partner.vault_in(&envelope).await.data();
        assert_eq!(
            after["compliance"]["score"], 100,
            "after {moment} ms: {after}"
        );
        let stored: Vec<Value> = scene.partner.trail(&envelope).await;
        let times = stored
            .iter()
            .filter(|entry| entry["type"] == "vault.stored")
            .count();
        assert_eq!(times, 1, "vaulted once, after {moment} ms");
    }
}

/// Either everything of a vault-in is there or nothing of it.
fn assert_whole(envelope: &Value, moment: u64) {
    let vaulted = envelope["status"] == "vaulted";
    assert!(
        vaulted || envelope["status"] == "completed",
        "after {moment} ms: {envelope}"
    );
    assert_eq!(envelope["vaulted"], vaulted, "{envelope}");
    assert_eq!(envelope["document_hash"].is_string(), vaulted, "{envelope}");
    assert_eq!(envelope["vaulted_at"].is_string(), vaulted, "{envelope}");
}

async fn assert_sealed(scene: &Scene, envelope: &str) {
    assert_eq!(scene.partner.status(envelope).await, "completed");
    let sealed = scene
        .partner
        .download(&format!("/partner/envelopes/{envelope}/document"))
        .await;
    let verdict = qpdf_check(file_of(&sealed).path());
    assert!(verdict.clean, "{}", verdict.messages);
    let trail = scene.partner.trail(envelope).await;
    let signed = trail
        .iter()
        .filter(|entry| entry["type"] == "envelope.signed")
        .count();
    assert_eq!(signed, 2, "each signature is on the trail once");
}

async fn links(scene: &Scene, envelope: &str) -> Vec<String> {
    let links = scene.partner.links(envelope).await;
    links
        .into_iter()
        .filter_map(|link| link.signing_url)
        .collect()
}

/// Whether the server said yes before it died.
async fn acknowledged(request: reqwest::RequestBuilder) -> bool {
    match request.send().await {
        Ok(response) if response.status().is_success() => response.bytes().await.is_ok(),
        _ => false,
    }
}
