//! Two people sign one envelope in a real browser, on the real pages of the real binary: one on a
//! desktop who draws, one on a phone who types and has to give a one-time code first.

use std::path::PathBuf;
use std::process::Command;

use deedbox_testkit::actors::{Partner, Scene};
use deedbox_testkit::repository;
use deedbox_testkit::server::Installation;
use deedbox_testkit::validators::{assert_accepted, embedded_roots, file_of};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn two_people_sign_in_a_browser_one_of_them_on_a_phone() {
    let scene = Scene::start(Installation::built_binary());
    let envelope = envelope(&scene.partner).await;
    let links = scene.partner.links(&envelope).await;
    let links = links
        .into_iter()
        .map(|link| link.signing_url.expect("everybody's turn"));

    let links = links.collect();
    let outcome = tokio::task::block_in_place(|| in_the_browser(&scene, links));
    assert_eq!(
        scene.partner.status(&envelope).await,
        "completed",
        "{outcome}"
    );

    let sealed = scene
        .partner
        .download(&format!("/partner/envelopes/{envelope}/document"))
        .await;
    let file = file_of(&sealed);
    let roots = embedded_roots(file.path());
    assert_accepted(file.path(), &[roots.path()], 3);
}

/// An envelope with a field of every type on the sample contract.
async fn envelope(partner: &Partner) -> String {
    let pdf = std::fs::read(repository::sample_contract()).expect("the sample contract");
    let kinds = [
        "text", "date", "datenow", "checkbox", "select", "radio", "phone", "initials",
    ];
    let rows = (0_u8..).zip(kinds).map(|(row, kind)| {
        let options = if matches!(kind, "select" | "radio") {
            json!(["blue", "grey"])
        } else {
            json!(null)
        };
        let role = if row % 2 == 0 { "Buyer" } else { "Co-Signer" };
        json!({
            "name": kind, "type": kind, "role": role, "options": options,
            "placement": {"mode": "absolute", "page": 1 + row % 3, "x": 0.62,
                          "y": 0.76 + 0.06 * f64::from(row / 3), "w": 0.2, "h": 0.03},
        })
    });
    let signatures = [
        ("Buyer", "Buyer signature:"),
        ("Co-Signer", "Co-buyer signature:"),
    ];
    let signatures = signatures.map(|(role, anchor)| {
        json!({
            "name": "signature", "type": "signature", "role": role,
            "placement": {"mode": "anchor", "text": anchor, "offset_x": 0.15, "offset_y": -0.025, "w": 0.3, "h": 0.04},
        })
    });
    let fields: Vec<Value> = rows.chain(signatures).collect();
    let template = partner
        .template(pdf, "Instalment sale", &Value::Array(fields))
        .await;
    partner
        .envelope(&json!({
            "customer_email": "ana@example.com", "customer_name": "Ana Torres", "template_id": template,
            "message": "Please sign by Friday.",
            "signers": [
                {"email": "ana@example.com", "name": "Ana Torres", "role": "Buyer"},
                {"email": "ben@example.com", "name": "Ben Okafor", "role": "Co-Signer", "auth": ["email_otp"]},
            ],
        }))
        .await
}

/// Runs the web workspace's script with two people; answers what it said.
fn in_the_browser(scene: &Scene, links: Vec<String>) -> String {
    let pictures = repository::root().join("target/e2e-screenshots");
    let output = Command::new("node")
        .arg("e2e/two-signers.mjs")
        .args(links)
        .current_dir(repository::root().join("web"))
        .env("BASE_URL", scene.server.base_url())
        .env("OUTBOX", scene.installation.data_dir().join("outbox"))
        .env("SCREENSHOTS", &pictures)
        .env("CHROMIUM", chromium())
        .output()
        .expect("node is installed (`scripts/setup test`)");
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{said}\nserver: {:#?}",
        scene.server.log()
    );
    said
}

fn chromium() -> PathBuf {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let usual = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];
    let mut all = named.into_iter().chain(usual.map(PathBuf::from));
    all.find(|path| path.is_file())
        .expect("Chromium is installed (`scripts/setup test`)")
}
