//! `deedbox demo`: the main job, whole, over HTTP, as a partner and two signers would do it.

mod partner;
mod receiver;
mod signer;

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context as _, ensure};
use clap::Args;
use deedbox_app::{
    Scope,
    api_key::NewKey,
    clock::{Clock as _, SystemClock},
    verify::{Verdict, verify_offline},
};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use self::{partner::Partner, receiver::Receiver};
use crate::{
    command::serve::{Running, start, stop_signal},
    config::{Config, Flags},
    console,
};

const CONTRACT: &[u8] = include_bytes!("../../../assets/sample-contract.pdf");
const STEPS: u64 = 9;
/// How long the webhook may take to arrive before the demo calls it a failure.
const WEBHOOK_WAIT: Duration = Duration::from_secs(15);

/// Do the main job once, whole.
#[derive(Args)]
pub struct Demo {
    /// Leave the server running, with an envelope of your own to sign
    #[arg(long)]
    keep: bool,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
}

impl Demo {
    /// Runs the demo; exit 0 only when every step came out as it should.
    pub async fn run(self, flags: &Flags) -> anyhow::Result<ExitCode> {
        let mut config = Config::load(flags)?;
        // The demo's own webhook receiver listens on loopback.
        config.allow_private_webhooks = true;
        let stopped = self.keep.then(stop_signal).transpose()?;
        let stop = CancellationToken::new();
        let running = start(&config, self.listen, true, stop.clone()).await?;
        let steps = Steps::new(flags.json);
        let shown = show(&running, &config, &steps).await?;
        steps.finish();
        let answer = json!({
            "envelope_id": shown.envelope_id,
            "document_sha256": shown.document_sha256,
            "compliant": shown.compliant,
            "verified": shown.verified,
            "console_url": format!("{}/", running.base()),
        });
        console::answer(
            flags.json,
            &answer,
            &shown.words(&running.base(), self.keep),
        )?;
        if let Some(stopped) = stopped {
            stopped.await;
        }
        stop.cancel();
        running.ended().await?;
        Ok(if shown.compliant && shown.verified {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// What the demo showed.
struct Shown {
    envelope_id: String,
    document_sha256: String,
    compliant: bool,
    verified: bool,
    yours_to_sign: String,
    api_key: String,
    files: PathBuf,
}

impl Shown {
    fn words(&self, base: &str, keep: bool) -> String {
        let Self {
            envelope_id,
            document_sha256,
            yours_to_sign,
            api_key,
            ..
        } = self;
        let files = self.files.display();
        let record = format!(
            "\nThe record {envelope_id} is vaulted and verified.\n  \
             document   {document_sha256}\n  files      {files}\n"
        );
        let server = format!(
            "\nThe server stays up:\n  sign one yourself   {yours_to_sign}\n  \
             verify a document   {base}/verify\n  partner API key     {api_key}\n  \
             API                 {base}/api/v2\n\nCtrl-C stops it."
        );
        if keep { record + &server } else { record }
    }
}

async fn show(running: &Running, config: &Config, steps: &Steps) -> anyhow::Result<Shown> {
    let base = running.base();
    let receiver = Receiver::start().await?;
    let api_key = organization(running, steps).await?;
    let partner = Partner::new(&base, &api_key)?;
    partner.webhook(&receiver.url, receiver.secret).await?;

    let template = partner.template(CONTRACT).await?;
    steps.done("template", &format!("{template}, from a 3-page contract"));

    let envelope_id = partner.envelope(&template).await?;
    steps.done(
        "envelope",
        &format!("{envelope_id}, sent to Ana Torres and Ben Okafor"),
    );

    for link in partner.links(&envelope_id).await? {
        let name = signer::sign(&base, &link).await?;
        steps.done("signed", &format!("by {name}"));
    }

    let vaulted = partner.vault_in(&envelope_id).await?;
    let document_sha256 = text(&vaulted, "document_hash")?;
    steps.done(
        "vaulted",
        &format!("{}, SHA-256 {document_sha256}", text(&vaulted, "asset_id")?),
    );

    let certificate = partner.certificate(&envelope_id).await?;
    let compliant = certificate["compliance"]["compliant"] == json!(true);
    steps.done("certificate", &words_of(&certificate));

    let delivered = receiver.wait_for("vault.stored", WEBHOOK_WAIT).await;
    let delivered = delivered.context("the webhook for vault.stored did not arrive")?;
    steps.done("webhook", &format!("vault.stored received, {delivered}"));

    let files = config.data_dir.join("demo");
    let verified = verify(&partner, &envelope_id, &files).await?;
    steps.done("verified", "deedbox verify, offline: genuine");
    ensure!(verified, "the vaulted document does not verify as genuine");

    let yours = partner.envelope(&template).await?;
    let yours_to_sign = partner
        .links(&yours)
        .await?
        .into_iter()
        .next()
        .context("no link")?;
    Ok(Shown {
        envelope_id,
        document_sha256,
        compliant,
        verified,
        yours_to_sign,
        api_key,
        files,
    })
}

/// An organization with its control key, and a partner key with every scope.
async fn organization(running: &Running, steps: &Steps) -> anyhow::Result<String> {
    let party = Some("Northfield Member Credit Union");
    let org = running
        .app
        .create_org("Harborlight Motors, Inc.", party)
        .await?;
    let key = NewKey {
        name: "Dealer back end".to_owned(),
        scopes: Scope::ALL.to_vec(),
        rate_limit_rpm: 600,
        webhook_url: None,
        webhook_secret: None,
    };
    let made = running.app.create_key(org.org_id.as_str(), key).await?;
    steps.done(
        "organization",
        &format!("{}, with key {}", org.org_id, made.key_id),
    );
    Ok(made.api_key)
}

/// Fetches document and evidence as a buyer would, keeps both, and verifies them offline.
async fn verify(partner: &Partner, envelope_id: &str, files: &PathBuf) -> anyhow::Result<bool> {
    let document = partner.authoritative(envelope_id).await?;
    let evidence = serde_json::to_vec_pretty(&partner.evidence(envelope_id).await?)?;
    std::fs::create_dir_all(files)?;
    std::fs::write(files.join("authoritative.pdf"), &document)?;
    std::fs::write(files.join("evidence.json"), &evidence)?;
    let report = verify_offline(&document, Some(&evidence), None, SystemClock.now())
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(report.verdict == Verdict::Genuine)
}

fn words_of(certificate: &Value) -> String {
    let score = &certificate["compliance"]["score"];
    let id = certificate["certificate_id"].as_str().unwrap_or_default();
    format!("{id}, UCC §9-105 score {score}")
}

/// A text of an answer that must be there.
fn text(value: &Value, key: &str) -> anyhow::Result<String> {
    value[key]
        .as_str()
        .map(str::to_owned)
        .with_context(|| format!("the answer lacks {key}"))
}

/// The steps as a person watches them: a bar on a terminal, and a line for each that is done.
struct Steps(ProgressBar);

impl Steps {
    fn new(quiet: bool) -> Self {
        if quiet {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(STEPS);
        let style = ProgressStyle::with_template("{spinner} {bar:30} {pos}/{len}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(bar)
    }

    fn done(&self, what: &str, detail: &str) {
        let line = format!("  ✓ {what:13} {detail}");
        if self.0.is_hidden() {
            eprintln!("{line}");
        } else {
            self.0.println(line);
        }
        self.0.inc(1);
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}
