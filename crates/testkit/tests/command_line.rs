//! The binary's commands, as an operator types them.

use deedbox_testkit::actors::Scene;
use deedbox_testkit::server::Installation;

fn installation() -> Installation {
    Installation::new(Installation::built_binary())
}

#[test]
fn commands_answer_one_json_object_and_refusals_one_line() {
    let installation = installation();
    let org = installation.cli(&["org", "create", "--name", "Harborlight Motors"]);
    assert!(
        org["org_id"]
            .as_str()
            .is_some_and(|id| id.starts_with("org_")),
        "{org}"
    );
    assert!(
        org["tenant_id"].as_str().is_some_and(|id| id.len() == 36),
        "{org}"
    );

    let words = [
        "key",
        "create",
        "--org",
        "org_000000000000",
        "--name",
        "x",
        "--scope",
        "vault:read",
    ];
    let refusal = installation
        .try_cli(&words)
        .expect_err("no such organization");
    assert_eq!(refusal.code, Some(1));
    assert!(refusal.reason.starts_with("error: "), "{}", refusal.stderr);

    let usage = installation
        .try_cli(&["org", "create"])
        .expect_err("no name");
    assert_eq!(usage.code, Some(2), "{}", usage.stderr);
}

#[test]
fn the_doctor_is_content_with_the_embedded_default() {
    let installation = installation();
    let _ = installation.cli(&["migrate"]);
    let report = installation.cli(&["doctor"]);
    assert_eq!(report["ok"], true, "{report:#}");
}

#[test]
fn a_second_server_on_the_same_folder_is_refused() {
    let installation = installation();
    let server = installation.serve();
    let output = installation
        .command()
        .args(["serve", "--listen", "127.0.0.1:0"])
        .output()
        .expect("the binary starts");
    assert_eq!(output.status.code(), Some(1));
    server.stop();
}

#[tokio::test]
async fn a_key_rotated_or_deactivated_while_the_server_runs_is_dead_at_once() {
    let scene = Scene::start(Installation::built_binary());
    let org = scene.org_id.as_str();
    let words = [
        "key",
        "create",
        "--org",
        org,
        "--name",
        "b",
        "--scope",
        "envelopes:read",
    ];
    let key = scene.installation.cli(&words);
    let (id, raw) = (
        key["key_id"].as_str().expect("id"),
        key["api_key"].as_str().expect("key"),
    );
    let partner = deedbox_testkit::actors::Partner::new(scene.server.base_url(), raw);
    let _ = partner.get("/partner/envelopes").await.expect_status(200);

    let rotated = scene.installation.cli(&["key", "rotate", "--key", id]);
    let _ = partner.get("/partner/envelopes").await.expect_status(401);
    let raw = rotated["api_key"].as_str().expect("a new key");
    let partner = deedbox_testkit::actors::Partner::new(scene.server.base_url(), raw);
    let _ = partner.get("/partner/envelopes").await.expect_status(200);

    let _ = scene.installation.cli(&["key", "deactivate", "--key", id]);
    let _ = partner.get("/partner/envelopes").await.expect_status(401);
}

#[test]
fn the_demo_does_the_main_job_and_says_so() {
    let report = installation().cli(&["demo"]);
    assert_eq!(report["compliant"], true, "{report}");
    assert_eq!(report["verified"], true, "{report}");
    assert!(
        report["document_sha256"]
            .as_str()
            .is_some_and(|hash| hash.len() == 64),
        "{report}"
    );
}

#[test]
fn a_server_asked_to_end_ends_and_exits_with_nothing_wrong() {
    let server = installation().serve();
    assert!(server.base_url().starts_with("http://127.0.0.1:"));
    server.stop();
}
