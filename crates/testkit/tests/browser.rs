//! Two people sign through the real pages in a real browser: one on a desktop who draws, one on a
//! phone who passes a one-time code and types. What comes out is judged by programs that are not ours.

use std::path::Path;
use std::process::Command;

use deedbox_testkit::actors::Scene;
use deedbox_testkit::repository;
use deedbox_testkit::server::Installation;
use deedbox_testkit::validators::{assert_accepted, embedded_roots, file_of};
use serde_json::{Value, json};

#[tokio::test]
async fn two_people_sign_in_a_browser_one_of_them_on_a_phone() {
    let scene = Scene::start(Installation::built_binary());
    let template = scene.sample_template().await;
    let envelope = scene
        .partner
        .envelope(&json!({
            "customer_email": "ana@example.com",
            "customer_name": "Ana Torres",
            "template_id": template,
            "locale": "es",
            "signers": [
                {"email": "ana@example.com", "name": "Ana Torres", "role": "Buyer"},
                {"email": "ben@example.com", "name": "Ben Okafor", "role": "Co-Signer",
                 "auth": ["email_otp"]},
            ],
        }))
        .await;
    let links = scene.partner.links(&envelope).await;
    let links: Vec<String> = links
        .into_iter()
        .filter_map(|link| link.signing_url)
        .collect();
    let outbox = scene.installation.data_dir().join("outbox");
    let base = scene.server.base_url().to_owned();
    let journey = tokio::task::spawn_blocking(move || browse(&base, &links, &outbox)).await;
    let journey = journey.expect("the browser journey does not panic");
    assert_eq!(journey["ok"], true, "{journey}");

    assert_eq!(scene.partner.status(&envelope).await, "completed");
    let path = format!("/partner/envelopes/{envelope}/document");
    let sealed = file_of(&scene.partner.download(&path).await);
    let roots = embedded_roots(sealed.path());
    assert_accepted(sealed.path(), &[roots.path()], 3);

    let trail = scene.partner.trail(&envelope).await;
    let kinds: Vec<&str> = trail
        .iter()
        .filter_map(|entry| entry["type"].as_str())
        .collect();
    for kind in [
        "document.opened",
        "signer.consented",
        "signer.otp_verified",
        "field.signed",
    ] {
        assert!(kinds.contains(&kind), "{kind} is not in {kinds:?}");
    }
}

fn browse(base: &str, links: &[String], outbox: &Path) -> Value {
    let pictures = tempfile::tempdir().expect("a folder for pictures");
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let output = Command::new("node")
        .arg("e2e/two-signers.mjs")
        .args(links)
        .current_dir(repository::root().join("web"))
        .env("BASE_URL", base)
        .env("CHROMIUM", chromium)
        .env("OUTBOX", outbox)
        .env("SCREENSHOTS", pictures.path())
        .output()
        .expect("node is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the journey failed: {said}");
    serde_json::from_slice(&output.stdout).expect("the journey ends with one JSON line")
}
