//! Feeds damaged PDFs to a running server, from outside: through the upload of a template and through
//! the open verification door.
//!
//! `make fuzz`, or `deedbox-fuzz [SECONDS] [SEED]`. Inputs are the contracts of the testkit and what
//! `DEEDBOX_PDF_CORPUS` names. An input counts as found when the server answers 5xx or nothing, calls
//! a damaged file genuine, logs a panic, or takes longer than the limit of the contract; it is kept under
//! `target/fuzz/`. Exit code 1 when there is one.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use deedbox_testkit::actors::{Partner, Reply, Scene};
use deedbox_testkit::chance::Chance;
use deedbox_testkit::contract::{Contract, Shape};
use deedbox_testkit::damage::damage;
use deedbox_testkit::repository;
use deedbox_testkit::server::Installation;
use reqwest::multipart::{Form, Part};

/// The child process may take 10 s; the rest is the door's own work on a busy machine.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(15);
/// Larger files would only make the runs fewer.
const INPUT_BYTES_MAX: u64 = 1_000_000;

#[tokio::main]
async fn main() -> ExitCode {
    let mut words = std::env::args()
        .skip(1)
        .filter_map(|word| word.parse::<u64>().ok());
    let time = Duration::from_secs(words.next().unwrap_or(60));
    let seed = words.next().unwrap_or_else(seed_of_today);
    let inputs = inputs();
    eprintln!(
        "fuzz: {} files, {} s, seed {seed}",
        inputs.len(),
        time.as_secs()
    );

    let scene = Scene::start(Installation::built_binary());
    let mut run = Run {
        scene,
        found: 0,
        tried: 0,
    };
    let mut chance = Chance::seeded(seed);
    let began = Instant::now();
    while began.elapsed() < time {
        let input: &Vec<u8> = chance.one_of(&inputs);
        let pdf = damage(input, &mut chance);
        run.try_one(&pdf).await;
    }
    eprintln!("fuzz: {} damaged files, {} found", run.tried, run.found);
    ExitCode::from(u8::from(run.found > 0))
}

struct Run {
    scene: Scene,
    tried: u64,
    found: u64,
}

impl Run {
    async fn try_one(&mut self, pdf: &[u8]) {
        self.tried += 1;
        let began = Instant::now();
        let upload = upload(&self.scene.partner, pdf).await;
        let verify = verify(&self.scene, pdf).await;
        let panicked = self
            .scene
            .server
            .log()
            .iter()
            .any(|line| line.contains("panicked at"));
        let complaints = [
            (upload.status >= 500).then(|| format!("upload answered {}", upload.status)),
            (verify.status >= 500).then(|| format!("verify answered {}", verify.status)),
            called_genuine(&verify).then(|| "a damaged file was called genuine".to_owned()),
            panicked.then(|| "the server logged a panic".to_owned()),
            (began.elapsed() > ANSWER_TIME_MAX * 2).then(|| format!("took {:?}", began.elapsed())),
        ];
        for complaint in complaints.into_iter().flatten() {
            self.keep(pdf, &complaint);
        }
    }

    fn keep(&mut self, pdf: &[u8], complaint: &str) {
        self.found += 1;
        let folder = repository::root().join("target/fuzz");
        let file = folder.join(format!("found-{:04}.pdf", self.found));
        std::fs::create_dir_all(&folder).expect("a folder in target");
        std::fs::write(&file, pdf).expect("room in target");
        eprintln!("fuzz: {complaint}: {}", file.display());
    }
}

async fn upload(partner: &Partner, pdf: &[u8]) -> Reply {
    partner
        .upload(
            "/partner/templates",
            pdf.to_vec(),
            &[("name", "fuzz".to_owned())],
        )
        .await
}

async fn verify(scene: &Scene, pdf: &[u8]) -> Reply {
    let form = Form::new().part("file", Part::bytes(pdf.to_vec()).file_name("fuzz.pdf"));
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    Reply::to(client.post(scene.server.url("/api/verify")).multipart(form)).await
}

fn called_genuine(reply: &Reply) -> bool {
    serde_json::from_slice::<serde_json::Value>(&reply.body)
        .is_ok_and(|answer| answer["verdict"] == "genuine")
}

fn seed_of_today() -> u64 {
    std::time::UNIX_EPOCH
        .elapsed()
        .map_or(1, |since| since.as_secs() / 86_400)
}

fn inputs() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Shape::ALL.iter().map(|shape| shape.bytes()).collect();
    all.push(Contract::new(20).bytes());
    all.extend(std::fs::read(repository::sample_contract()));
    all.extend(
        corpus_files()
            .iter()
            .filter_map(|path| std::fs::read(path).ok()),
    );
    all
}

fn corpus_files() -> Vec<PathBuf> {
    let mut open: Vec<PathBuf> = repository::corpus().into_iter().collect();
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let small = entry
                .metadata()
                .is_ok_and(|data| data.len() <= INPUT_BYTES_MAX);
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if small && path.extension().is_some_and(|extension| extension == "pdf") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
