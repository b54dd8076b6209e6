//! A signer: what the signing page does with a link, over HTTP.

use anyhow::{Context as _, bail};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::text;

/// Opens a signing link, consents, signs every field with a typed name, and finishes.
pub async fn sign(base: &str, link: &str) -> anyhow::Result<String> {
    let token = link
        .split_once("#token=")
        .context("a link without token")?
        .1;
    let page = Page {
        http: Client::builder().no_proxy().build()?,
        base,
        token,
    };
    let session = page.get("/session").await?;
    let name = text(&session["signer"], "name")?;
    let disclosure = text(&session["disclosure"], "id")?;
    page.post(
        "/consent",
        &json!({"disclosure_id": disclosure, "accepted": true}),
    )
    .await?;
    let fields = session["fields"].as_array().context("no fields")?;
    let to_sign = |field: &&Value| field["mine"] == json!(true) && field["type"] == "signature";
    for field in fields.iter().filter(to_sign) {
        let value = json!({"kind": "typed", "text": name, "font": "dancing-script"});
        page.put(
            &format!("/fields/{}", text(field, "field_id")?),
            &json!({"value": value}),
        )
        .await?;
    }
    let shown = text(&session["document"], "sha256")?;
    page.post(
        "/complete",
        &json!({"document_sha256": shown, "intent": true}),
    )
    .await?;
    Ok(name)
}

struct Page<'a> {
    http: Client,
    base: &'a str,
    token: &'a str,
}

impl Page<'_> {
    fn url(&self, path: &str) -> String {
        format!("{}/api/signing{path}", self.base)
    }

    async fn send(&self, request: RequestBuilder) -> anyhow::Result<Value> {
        let response = request.bearer_auth(self.token).send().await?;
        let (status, url) = (response.status(), response.url().clone());
        let answer: Value = response
            .json()
            .await
            .with_context(|| format!("{url}: no JSON"))?;
        if !status.is_success() {
            bail!("{url}: {status} {answer}");
        }
        Ok(answer)
    }

    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.send(self.http.get(self.url(path))).await
    }

    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.send(self.http.post(self.url(path)).json(body)).await
    }

    async fn put(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.send(self.http.put(self.url(path)).json(body)).await
    }
}
