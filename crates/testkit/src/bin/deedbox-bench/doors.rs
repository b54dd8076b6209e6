//! What is measured from outside, through the doors.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use deedbox_testkit::actors::{ALL_SCOPES, Partner, Scene, SceneOptions, Signer};
use deedbox_testkit::contract::Contract;
use deedbox_testkit::server::{Installation, Server};
use deedbox_testkit::webhook::Receiver;
use serde_json::{Value, json};

use crate::report::{Goal, Report, quantile};
use crate::{Effort, status};

const MB: f64 = 1024.0 * 1024.0;
const SECRET: &str = "whsec-of-the-bench-0001";

pub async fn measure(binary: PathBuf, report: &mut Report, effort: Effort) {
    let receiver = Receiver::start().await;
    let webhook = Some((receiver.url(), SECRET.to_owned()));
    let scene = Scene::with(
        binary,
        &SceneOptions {
            webhook,
            ..SceneOptions::default()
        },
    );
    let small = template(&scene.partner, "100 kB", 85_000).await;
    let large = template(&scene.partner, "5 MB", 4_800_000).await;

    let sent = create_and_send(&scene.partner, &small, report, effort).await;
    // Each envelope told of two events; what follows is measured on a server that has caught up.
    let _ = receiver.wait_for(2 * sent, Duration::from_mins(5)).await;
    completion(&scene.partner, &small, "100 kB", &receiver, report, effort).await;
    completion(&scene.partner, &large, "5 MB", &receiver, report, effort).await;
    vaulting(&scene.partner, &small, report, effort).await;
    status_reads(&scene, &small, report, effort).await;
    peak_memory(&scene, &large, report).await;

    let Scene {
        installation,
        server,
        ..
    } = scene;
    server.stop();
    starting(&installation, report, effort).await;
}

/// A template with 8 fields for two signers, from a file of about so many bytes.
async fn template(partner: &Partner, name: &str, picture_bytes: usize) -> String {
    let pdf = Contract::new(10).with_picture(picture_bytes).bytes();
    let fields: Vec<Value> = ["Buyer", "Co-Signer"]
        .into_iter()
        .zip([0.62, 0.72])
        .flat_map(|(role, y)| {
            ["signature", "text", "date", "text"].into_iter().zip([0.1, 0.35, 0.55, 0.75]).map(
                move |(kind, x)| {
                    json!({
                        "name": format!("{role} {kind} {x}"), "type": kind, "role": role,
                        "placement": {"mode": "absolute", "page": 10, "x": x, "y": y, "w": 0.18, "h": 0.04},
                    })
                },
            )
        })
        .collect();
    partner.template(pdf, name, &Value::Array(fields)).await
}

async fn create_and_send(
    partner: &Partner,
    template: &str,
    report: &mut Report,
    effort: Effort,
) -> usize {
    let made = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let end = began + effort.window;
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let (partner, template, made) =
                (partner.clone(), template.to_owned(), Arc::clone(&made));
            tokio::spawn(async move {
                while Instant::now() < end {
                    let _ = partner.envelope_for_two(&template).await;
                    made.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for client in clients {
        client.await.expect("a client ends");
    }
    #[expect(clippy::cast_precision_loss, reason = "far fewer envelopes than 2^52")]
    let per_second = made.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64();
    report.add(
        "create + send, 4 clients",
        per_second,
        "/s",
        Goal::AtLeast(500.0),
    );
    made.load(Ordering::Relaxed)
}

/// Lets the first signer sign whole and the last up to the last call; answers that signer, ready.
async fn all_but_the_last_call(partner: &Partner, template: &str) -> (String, Signer, Value) {
    let envelope = partner.envelope_for_two(template).await;
    let mut signers: Vec<Signer> = partner
        .links(&envelope)
        .await
        .iter()
        .map(|link| Signer::open(link.signing_url.as_deref().expect("a link")))
        .collect();
    let last = signers.pop().expect("two signers");
    for signer in signers {
        let _ = signer.sign().await;
    }
    let session = last.consent().await;
    last.fill_all(&session).await;
    let session = last.session().await;
    (envelope, last, session)
}

async fn completion(
    partner: &Partner,
    template: &str,
    size: &str,
    receiver: &Receiver,
    report: &mut Report,
    effort: Effort,
) {
    let mut sealed = Vec::new();
    let mut told = Vec::new();
    for _ in 0..effort.times {
        let (envelope, last, session) = all_but_the_last_call(partner, template).await;
        receiver.forget();
        let began = Instant::now();
        let _ = last.complete(&session).await.expect_status(200);
        sealed.push(began.elapsed());
        let arrived = completed_webhook(receiver, &envelope).await;
        told.push(arrived.saturating_duration_since(began));
    }
    let what = format!("last signature → sealed and stored, {size}, median");
    report.add_time(what, quantile(&mut sealed, 0.5), 10.0);
    if size == "100 kB" {
        let webhook = "webhook after completion";
        report.add_time(format!("{webhook}, p50"), quantile(&mut told, 0.5), 10.0);
        report.add_time(format!("{webhook}, p95"), quantile(&mut told, 0.95), 30.0);
    }
}

async fn completed_webhook(receiver: &Receiver, envelope: &str) -> Instant {
    let is_it = |body: &Value| {
        body["event_type"] == "envelope.completed" && body["envelope_id"] == envelope
    };
    let patience = Duration::from_secs(30);
    let all = receiver
        .wait_until(patience, |all| {
            all.iter().rev().any(|one| is_it(&one.json()))
        })
        .await;
    all.iter()
        .rev()
        .find(|one| is_it(&one.json()))
        .expect("it arrived")
        .arrived
}

async fn vaulting(partner: &Partner, template: &str, report: &mut Report, effort: Effort) {
    let mut times = Vec::new();
    for _ in 0..effort.times {
        let (envelope, last, session) = all_but_the_last_call(partner, template).await;
        let _ = last.complete(&session).await.expect_status(200);
        let began = Instant::now();
        let _ = partner.vault_in(&envelope).await.expect_status(200);
        times.push(began.elapsed());
    }
    report.add_time(
        "completed → vaulted with certificate, median",
        quantile(&mut times, 0.5),
        50.0,
    );
}

async fn status_reads(scene: &Scene, template: &str, report: &mut Report, effort: Effort) {
    let envelope = scene.partner.envelope_for_two(template).await;
    // A key of its own, so that its limit is out of the way of so many reads.
    let mut words = vec!["key", "create", "--org", &scene.org_id, "--name", "reads"];
    words.extend(["--rate-limit-rpm", "1000000"]);
    words.extend(ALL_SCOPES.iter().flat_map(|scope| ["--scope", scope]));
    let key = scene.installation.cli(&words);
    let key = key["api_key"].as_str().expect("a key");

    let address = scene.server.base_url().trim_start_matches("http://");
    let path = format!("/api/v2/partner/envelopes/{envelope}/status");
    let (per_second, mut times) = status::read(address, &path, key, 8, effort.window).await;
    report.add(
        "GET status, 8 connections",
        per_second,
        "/s",
        Goal::AtLeast(20_000.0),
    );
    report.add_time(
        "GET status, 8 connections, p99",
        quantile(&mut times, 0.99),
        5.0,
    );
}

async fn peak_memory(scene: &Scene, template: &str, report: &mut Report) {
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let (partner, template) = (scene.partner.clone(), template.to_owned());
            tokio::spawn(async move {
                for _ in 0..3 {
                    let (_, last, session) = all_but_the_last_call(&partner, &template).await;
                    let _ = last.complete(&session).await.expect_status(200);
                }
            })
        })
        .collect();
    for client in clients {
        client.await.expect("a client ends");
    }
    let peak = megabytes(scene.server.peak_resident_bytes());
    report.add(
        "peak memory, 5 MB files, 4 clients",
        peak,
        "MB",
        Goal::AtMost(150.0),
    );
}

async fn starting(installation: &Installation, report: &mut Report, effort: Effort) {
    let mut times = Vec::new();
    for _ in 0..effort.times.min(10) {
        let server = installation.serve();
        times.push(server.start_took());
        // Listening has to mean answering.
        let ready = reqwest::get(server.url("/readyz"))
            .await
            .expect("an answer");
        assert!(ready.status().is_success(), "{ready:?}");
        server.stop();
    }
    report.add_time(
        "cold start to ready, median",
        quantile(&mut times, 0.5),
        150.0,
    );
    let server: Server = installation.serve();
    tokio::time::sleep(Duration::from_secs(2)).await;
    report.add(
        "idle memory",
        megabytes(server.resident_bytes()),
        "MB",
        Goal::AtMost(40.0),
    );
}

#[expect(
    clippy::cast_precision_loss,
    reason = "far less memory than 2^52 bytes"
)]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / MB
}
