//! A webhook receiver on loopback, as a partner would run one.

use std::time::Duration;

use axum::{Router, extract::State, http::HeaderMap, routing::post};
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch};

/// Secret that signs the deliveries; of this demo only.
const SECRET: &str = "demo-secret-of-this-machine";

/// The receiver.
pub struct Receiver {
    /// Where it listens.
    pub url: String,
    /// The secret it expects.
    pub secret: &'static str,
    received: watch::Receiver<Vec<(String, String)>>,
}

type Seen = watch::Sender<Vec<(String, String)>>;

impl Receiver {
    /// Starts listening on a free port.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/webhooks", listener.local_addr()?);
        let (seen, received) = watch::channel(Vec::new());
        let router = Router::new()
            .route("/webhooks", post(receive))
            .with_state(seen);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            url,
            secret: SECRET,
            received,
        })
    }

    /// Waits for an event; its delivery id.
    pub async fn wait_for(&self, event_type: &str, at_most: Duration) -> Option<String> {
        let mut received = self.received.clone();
        let arrived =
            |seen: &Vec<(String, String)>| seen.iter().any(|(name, _)| name == event_type);
        let seen = tokio::time::timeout(at_most, received.wait_for(arrived))
            .await
            .ok()?
            .ok()?;
        seen.iter()
            .find(|(name, _)| name == event_type)
            .map(|(_, id)| id.clone())
    }
}

async fn receive(State(seen): State<Seen>, headers: HeaderMap, body: String) {
    let delivery = headers
        .get("X-Loyva-Delivery")
        .and_then(|it| it.to_str().ok());
    let event: Value = serde_json::from_str(&body).unwrap_or_default();
    if let (Some(delivery), Some(name)) = (delivery, event["event_type"].as_str()) {
        seen.send_modify(|seen| seen.push((name.to_owned(), delivery.to_owned())));
    }
}
