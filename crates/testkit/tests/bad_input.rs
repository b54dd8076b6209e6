//! What must be refused, and leaves nothing behind.

use deedbox_testkit::actors::{Partner, Scene, sample_fields};
use deedbox_testkit::chance::Chance;
use deedbox_testkit::contract::{Contract, Shape};
use deedbox_testkit::damage::damage;
use deedbox_testkit::repository;
use deedbox_testkit::server::Installation;
use serde_json::{Value, json};

async fn templates(partner: &Partner) -> Value {
    partner
        .get("/partner/templates")
        .await
        .expect_status(200)
        .json()["meta"]["total"]
        .clone()
}

#[tokio::test]
async fn what_is_no_usable_pdf_is_refused_by_name_and_leaves_nothing() {
    let scene = Scene::start(Installation::built_binary());
    let sound = std::fs::read(repository::sample_contract()).expect("the sample contract");
    let cases: [(&str, Vec<u8>, u16); 5] = [
        ("text", b"Dear Sir or Madam".to_vec(), 422),
        ("nothing", Vec::new(), 422),
        ("a header alone", b"%PDF-1.7\n".to_vec(), 422),
        ("with a password", with_password(), 422),
        ("too large", vec![b'x'; 26_214_401], 413),
    ];
    for (what, bytes, status) in cases {
        let name = [("name", what.to_owned())];
        let reply = scene
            .partner
            .upload("/partner/templates", bytes, &name)
            .await;
        assert_eq!(reply.status, status, "{what}: {reply:?}");
        assert!(!reply.error().is_empty());
    }
    let pages = Contract::new(501).bytes();
    let reply = scene
        .partner
        .upload("/partner/templates", pages, &[("name", "long".into())])
        .await;
    assert_eq!(reply.status, 422, "501 pages: {reply:?}");
    assert_eq!(templates(&scene.partner).await, 0);

    let _ = scene
        .partner
        .template(sound, "fine", &sample_fields())
        .await;
    assert_eq!(templates(&scene.partner).await, 1);
}

fn with_password() -> Vec<u8> {
    let source = deedbox_testkit::validators::file_of(&Contract::new(1).bytes());
    let target = deedbox_testkit::validators::file_of(&[]);
    let status = std::process::Command::new("qpdf")
        .args(["--encrypt", "open sesame", "owner", "256", "--"])
        .args([source.path(), target.path()])
        .status();
    assert!(status.expect("qpdf is installed").success());
    std::fs::read(target.path()).expect("qpdf wrote the file")
}

#[tokio::test]
async fn every_structure_of_pdf_is_signed_sealed_vaulted_and_verified() {
    let scene = Scene::start(Installation::built_binary());
    for shape in Shape::ALL {
        let fields = json!([
            {"name": "a", "type": "signature", "role": "Buyer",
             "placement": {"mode": "absolute", "page": 1, "x": 0.1, "y": 0.6, "w": 0.3, "h": 0.06}},
            {"name": "b", "type": "signature", "role": "Co-Signer",
             "placement": {"mode": "absolute", "page": 3, "x": 0.5, "y": 0.1, "w": 0.3, "h": 0.06}},
        ]);
        let template = scene
            .partner
            .template(shape.bytes(), &format!("{shape:?}"), &fields)
            .await;
        let envelope = scene.partner.envelope_for_two(&template).await;
        scene.all_sign(&envelope).await;
        let vaulted = scene.partner.vault_in(&envelope).await.data();
        let path = format!("/partner/envelopes/{envelope}/compliance");
        let checks = scene.partner.get(&path).await.data();
        assert_eq!(vaulted["compliance"]["score"], 100, "{shape:?}: {checks:#}");

        let path = format!("/partner/envelopes/{envelope}/vault/signed-url");
        let file = deedbox_testkit::validators::file_of(&scene.partner.download(&path).await);
        let roots = deedbox_testkit::validators::embedded_roots(file.path());
        deedbox_testkit::validators::assert_accepted(file.path(), &[roots.path()], 4);
    }
}

#[tokio::test]
async fn damaged_files_never_make_the_server_fail() {
    let scene = Scene::start(Installation::built_binary());
    let sound = std::fs::read(repository::sample_contract()).expect("the sample contract");
    let mut chance = Chance::seeded(2);
    for round in 0..40 {
        let name = [("name", format!("damaged {round}"))];
        let pdf = damage(&sound, &mut chance);
        let reply = scene.partner.upload("/partner/templates", pdf, &name).await;
        assert!(
            matches!(reply.status, 201 | 422),
            "round {round}: {reply:?}"
        );
    }
    let panicked = scene
        .server
        .log()
        .into_iter()
        .find(|line| line.contains("panicked"));
    assert_eq!(panicked, None);
}
