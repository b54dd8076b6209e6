//! `deedbox serve`: everything in one process.

use std::{net::SocketAddr, process::ExitCode};

use anyhow::Context as _;
use clap::Args;
use deedbox_app::App;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    config::{Config, Flags},
    wiring,
};

/// Serve the API, the signing pages and the workers.
#[derive(Args)]
pub struct Serve {
    /// Address to listen on
    #[arg(long, env = "DEEDBOX_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Leave the jobs to `deedbox worker`
    #[arg(long)]
    no_worker: bool,
}

impl Serve {
    /// Serves until SIGTERM or SIGINT, then drains.
    pub async fn run(self, flags: &Flags) -> anyhow::Result<ExitCode> {
        let config = Config::load(flags)?;
        let stopped = stop_signal()?;
        let stop = CancellationToken::new();
        let running = start(&config, self.listen, !self.no_worker, stop.clone()).await?;
        eprintln!("listening on {}", running.base());
        stopped.await;
        tracing::info!("draining");
        stop.cancel();
        running.ended().await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A server that is up.
pub struct Running {
    /// Where it listens.
    address: SocketAddr,
    /// The application behind it.
    pub app: App,
    serving: JoinHandle<()>,
    working: Option<JoinHandle<()>>,
}

impl Running {
    /// Its address as a URL, without a slash at the end.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until everything in flight is done.
    pub async fn ended(self) -> anyhow::Result<()> {
        self.serving.await?;
        if let Some(working) = self.working {
            working.await?;
        }
        self.app.close().await;
        Ok(())
    }
}

/// Starts a server; it ends after `stop`.
pub async fn start(
    config: &Config,
    listen: SocketAddr,
    work: bool,
    stop: CancellationToken,
) -> anyhow::Result<Running> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    let app = wiring::open_as(
        config,
        true,
        Some(Url::parse(&format!("http://{address}"))?),
    )
    .await?;
    let messages = work.then(|| wiring::messages(config)).transpose()?;
    let working = messages.map(|it| deedbox_worker::start(app.clone(), it, stop.clone()));
    let options = deedbox_doors::Options {
        proxy_hops: config.proxy_hops,
        ..deedbox_doors::Options::default()
    };
    let router = deedbox_doors::router_with(app.clone(), options);
    let serving = tokio::spawn(deedbox_doors::serve(
        listener,
        router,
        stop.cancelled_owned(),
    ));
    Ok(Running {
        address,
        app,
        serving,
        working,
    })
}

/// Listens for SIGTERM and SIGINT from now on; the future ends with the first. Call it before telling
/// anybody that the process is up: until then a signal would end it without draining.
pub fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
