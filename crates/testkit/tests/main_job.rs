//! The main job through the real doors, on both engines, judged by programs that are not ours.

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use deedbox_testkit::actors::{Engine, Scene, SceneOptions};
use deedbox_testkit::server::Installation;
use deedbox_testkit::validators::{assert_accepted, embedded_roots, file_of};
use deedbox_testkit::webhook::{Delivery, Receiver};
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};

const SECRET: &str = "a-secret-of-the-partner";
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn the_main_job_is_done_on_sqlite() {
    main_job(Engine::Sqlite).await;
}

#[tokio::test]
async fn the_main_job_is_done_on_postgres() {
    main_job(Engine::Postgres).await;
}

async fn main_job(engine: Engine) {
    let receiver = Receiver::start().await;
    let webhook = Some((receiver.url(), SECRET.to_owned()));
    let options = SceneOptions {
        engine,
        webhook,
        ..SceneOptions::default()
    };
    let scene = Scene::with(Installation::built_binary(), &options);

    let template = scene.sample_template().await;
    let envelope = scene.partner.envelope_for_two(&template).await;
    assert_eq!(scene.partner.status(&envelope).await, "sent");
    scene.all_sign(&envelope).await;
    assert_eq!(scene.partner.status(&envelope).await, "completed");

    let path = format!("/partner/envelopes/{envelope}");
    let sealed = scene.partner.download(&format!("{path}/document")).await;
    assert_sound(&sealed, 3);

    let vaulted = scene.partner.vault_in(&envelope).await.data();
    assert_eq!(vaulted["compliance"]["score"], 100, "{vaulted}");
    let authoritative = scene
        .partner
        .download(&format!("{path}/vault/signed-url"))
        .await;
    assert!(
        authoritative.starts_with(&sealed),
        "the sealed file is a prefix of the vaulted one"
    );
    assert_eq!(
        hex::encode(Sha256::digest(&authoritative)),
        vaulted["document_hash"]
    );
    assert_sound(&authoritative, 4);

    let copy = scene
        .partner
        .download(&format!("{path}/vault/copy/signed-url"))
        .await;
    assert_ne!(copy, authoritative);

    let told = told_until_compliance(&receiver, &envelope).await;
    assert_told_everything(&told);
    told.iter().for_each(assert_signed);
    assert_verifies_offline(&scene, &envelope, &authoritative).await;
}

/// All signatures of a file are there and accepted by pyHanko, pdfsig and qpdf.
fn assert_sound(pdf: &[u8], signatures: usize) {
    let file = file_of(pdf);
    let roots = embedded_roots(file.path());
    assert_accepted(file.path(), &[roots.path()], signatures);
}

async fn told_until_compliance(receiver: &Receiver, envelope: &str) -> Vec<Delivery> {
    let ends = |one: &Delivery| one.header("x-loyva-event") == Some("vault.compliance.passed");
    let mut all = receiver
        .wait_until(PATIENCE, |all| all.iter().any(ends))
        .await;
    all.retain(|one| one.json()["envelope_id"] == envelope);
    all
}

fn assert_told_everything(told: &[Delivery]) {
    let mut types: Vec<String> = told
        .iter()
        .map(|one| {
            one.json()["event_type"]
                .as_str()
                .expect("a type")
                .to_owned()
        })
        .collect();
    types.sort();
    let expected = [
        "envelope.completed",
        "envelope.created",
        "envelope.sent",
        "envelope.signed",
        "envelope.signed",
        "envelope.viewed",
        "envelope.viewed",
        "vault.compliance.passed",
        "vault.stored",
    ];
    assert_eq!(types, expected);
}

/// Both signatures of a webhook hold over the very bytes that arrived.
fn assert_signed(told: &Delivery) {
    let mac = |message: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key");
        mac.update(message);
        mac.finalize().into_bytes()
    };
    let ours = format!("sha256={}", hex::encode(mac(&told.body)));
    assert_eq!(told.header("x-loyva-signature"), Some(ours.as_str()));

    let id = told.header("webhook-id").expect("an id");
    let time = told.header("webhook-timestamp").expect("a time");
    assert_eq!(told.json()["event_id"], id);
    let message = [id.as_bytes(), b".", time.as_bytes(), b".", &told.body].concat();
    let standard = format!("v1,{}", BASE64.encode(mac(&message)));
    assert_eq!(told.header("webhook-signature"), Some(standard.as_str()));
    assert_eq!(told.header("x-loyva-attempt"), Some("1"));
}

async fn assert_verifies_offline(scene: &Scene, envelope: &str, pdf: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("room for a file");
        path
    };
    let evidence = scene
        .partner
        .get(&format!("/partner/envelopes/{envelope}/evidence"))
        .await;
    let evidence = file("evidence.json", &evidence.expect_status(200).body);
    let verify = |pdf: PathBuf| {
        let words = ["verify".into(), pdf, "--evidence".into(), evidence.clone()];
        scene
            .installation
            .command()
            .args(words)
            .arg("--json")
            .output()
            .expect("it starts")
    };
    let verdict = |bytes: &[u8]| -> Value { serde_json::from_slice(bytes).expect("JSON") };

    let genuine = verify(file("genuine.pdf", pdf));
    assert_eq!(
        verdict(&genuine.stdout)["verdict"],
        "genuine",
        "{genuine:?}"
    );
    assert!(genuine.status.success());

    for at in [pdf.len() / 3, pdf.len() / 2, pdf.len() - 300] {
        let mut bytes = pdf.to_vec();
        bytes[at] ^= 1;
        let altered = verify(file("altered.pdf", &bytes));
        assert_eq!(
            verdict(&altered.stdout)["verdict"],
            "altered",
            "byte {at}: {altered:?}"
        );
        assert_eq!(altered.status.code(), Some(1));
    }
}
