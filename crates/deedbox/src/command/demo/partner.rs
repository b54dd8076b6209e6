//! The partner's back end: the Partner API over HTTP.

use anyhow::{Context as _, bail};
use reqwest::{Client, RequestBuilder, multipart};
use serde_json::{Value, json};

use super::text;

/// A client with its key.
pub struct Partner {
    http: Client,
    api: String,
    key: String,
}

impl Partner {
    pub fn new(base: &str, key: &str) -> anyhow::Result<Self> {
        let http = Client::builder().no_proxy().build()?;
        Ok(Self {
            http,
            api: format!("{base}/api/v2/partner"),
            key: key.to_owned(),
        })
    }

    async fn send(&self, request: RequestBuilder) -> anyhow::Result<Value> {
        let response = request.header("X-API-Key", &self.key).send().await?;
        let (status, url) = (response.status(), response.url().clone());
        let answer: Value = response
            .json()
            .await
            .with_context(|| format!("{url}: no JSON"))?;
        if !status.is_success() {
            bail!("{url}: {status} {answer}");
        }
        Ok(answer["data"].clone())
    }

    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.send(self.http.get(format!("{}{path}", self.api)))
            .await
    }

    pub async fn webhook(&self, url: &str, secret: &str) -> anyhow::Result<()> {
        let body = json!({"webhook_url": url, "webhook_secret": secret});
        let request = self.http.patch(format!("{}/webhook", self.api)).json(&body);
        self.send(request).await.map(drop)
    }

    pub async fn template(&self, contract: &'static [u8]) -> anyhow::Result<String> {
        let file = multipart::Part::bytes(contract)
            .file_name("contract.pdf")
            .mime_str("application/pdf")?;
        let form = multipart::Form::new()
            .part("file", file)
            .text("name", "Retail instalment sale contract")
            .text("fields", fields().to_string());
        let request = self
            .http
            .post(format!("{}/templates", self.api))
            .multipart(form);
        text(&self.send(request).await?, "template_id")
    }

    pub async fn envelope(&self, template: &str) -> anyhow::Result<String> {
        let body = json!({
            "customer_email": "ana.torres@example.com",
            "customer_name": "Ana Torres",
            "template_id": template,
            "external_id": "HM-2026-04417",
            "envelope_name": "Instalment contract HM-2026-04417",
            "message": "Please read the contract and sign by Friday. Call us with any question.",
            "signers": [
                {"email": "ana.torres@example.com", "name": "Ana Torres", "role": "Buyer"},
                {"email": "ben.okafor@example.com", "name": "Ben Okafor", "role": "Co-Buyer"},
            ],
        });
        let request = self
            .http
            .post(format!("{}/envelopes", self.api))
            .json(&body);
        text(&self.send(request).await?, "envelope_id")
    }

    pub async fn links(&self, envelope_id: &str) -> anyhow::Result<Vec<String>> {
        let answer = self
            .get(&format!("/envelopes/{envelope_id}/signing-links"))
            .await?;
        let links = answer["signing_links"]
            .as_array()
            .context("no signing links")?;
        links.iter().map(|link| text(link, "signing_url")).collect()
    }

    pub async fn vault_in(&self, envelope_id: &str) -> anyhow::Result<Value> {
        let url = format!("{}/envelopes/{envelope_id}/vault-in-signed", self.api);
        self.send(self.http.post(url)).await
    }

    pub async fn certificate(&self, envelope_id: &str) -> anyhow::Result<Value> {
        self.get(&format!("/envelopes/{envelope_id}/vault/certificate"))
            .await
    }

    pub async fn evidence(&self, envelope_id: &str) -> anyhow::Result<Value> {
        self.get(&format!("/envelopes/{envelope_id}/evidence"))
            .await
    }

    pub async fn authoritative(&self, envelope_id: &str) -> anyhow::Result<Vec<u8>> {
        let answer = self
            .get(&format!("/envelopes/{envelope_id}/vault/signed-url"))
            .await?;
        let response = self.http.get(text(&answer, "signed_url")?).send().await?;
        Ok(response.error_for_status()?.bytes().await?.to_vec())
    }
}

type Box4 = (f64, f64, f64, f64);

/// Where the signers sign: found by the words printed in the contract.
fn fields() -> Value {
    // Left edge, top and size of a field, from the top left of the words, in fractions of the page.
    let anchored = |name: &str, kind: &str, role: &str, text: &str, (x, y, w, h): Box4| {
        json!({
            "name": name, "type": kind, "role": role,
            "placement": {
                "mode": "anchor", "text": text, "occurrence": 1,
                "offset_x": x, "offset_y": y, "w": w, "h": h,
            },
        })
    };
    let signature = (0.145, -0.042, 0.3, 0.05);
    json!([
        anchored(
            "buyer_signature",
            "signature",
            "Buyer",
            "Buyer signature:",
            signature
        ),
        anchored(
            "buyer_date",
            "datenow",
            "Buyer",
            "Buyer date:",
            (0.085, -0.015, 0.16, 0.026)
        ),
        anchored(
            "co_buyer_signature",
            "signature",
            "Co-Buyer",
            "Co-buyer signature:",
            signature
        ),
        anchored(
            "co_buyer_date",
            "datenow",
            "Co-Buyer",
            "Co-buyer date:",
            (0.105, -0.015, 0.14, 0.026)
        ),
    ])
}
