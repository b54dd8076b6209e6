use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Reply, client};

/// A partner's back end with an API key.
#[derive(Clone, Debug)]
pub struct Partner {
    client: reqwest::Client,
    base: String,
    key: String,
}

/// One signer's link, as P8 gives it.
#[derive(Clone, Debug, Deserialize)]
pub struct Link {
    /// The signer's e-mail address.
    pub email: String,
    /// Where the signer signs; none while it is not their turn and after they signed.
    pub signing_url: Option<String>,
    /// The signer's state.
    pub status: String,
}

impl Partner {
    /// A partner of the server at `base` (no slash at the end) with this key.
    #[must_use]
    pub fn new(base: &str, key: &str) -> Self {
        Self {
            client: client(),
            base: base.to_owned(),
            key: key.to_owned(),
        }
    }

    /// The same partner, after its server moved to another address.
    #[must_use]
    pub fn at(mut self, base: &str) -> Self {
        base.clone_into(&mut self.base);
        self
    }

    /// A request to a path below `/api/v2`, with the key.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/api/v2{path}", self.base);
        self.client
            .request(method, url)
            .header("x-api-key", &self.key)
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        Reply::to(self.request(Method::GET, path)).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        Reply::to(self.request(Method::POST, path).json(body)).await
    }

    /// POST with no body.
    pub async fn post_empty(&self, path: &str) -> Reply {
        Reply::to(self.request(Method::POST, path)).await
    }

    /// POST with a JSON body and an `Idempotency-Key`.
    pub async fn post_once(&self, path: &str, key: &str, body: &Value) -> Reply {
        Reply::to(
            self.request(Method::POST, path)
                .header("idempotency-key", key)
                .json(body),
        )
        .await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&self, path: &str, body: &Value) -> Reply {
        Reply::to(self.request(Method::PATCH, path).json(body)).await
    }

    /// POST of a PDF with further text parts.
    ///
    /// # Panics
    /// Never: the media type is one.
    pub async fn upload(&self, path: &str, pdf: Vec<u8>, texts: &[(&str, String)]) -> Reply {
        let file = Part::bytes(pdf).file_name("contract.pdf");
        let file = file.mime_str("application/pdf").expect("a media type");
        let form = texts
            .iter()
            .fold(Form::new().part("file", file), |form, (name, value)| {
                form.text((*name).to_owned(), value.clone())
            });
        Reply::to(self.request(Method::POST, path).multipart(form)).await
    }

    /// Makes a template (P31) and answers its id.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn template(&self, pdf: Vec<u8>, name: &str, fields: &Value) -> String {
        let texts = [("name", name.to_owned()), ("fields", fields.to_string())];
        let data = self.upload("/partner/templates", pdf, &texts).await.data();
        text(&data, "template_id")
    }

    /// Makes and sends an envelope (P4) and answers its id.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn envelope(&self, body: &Value) -> String {
        text(
            &self.post("/partner/envelopes", body).await.data(),
            "envelope_id",
        )
    }

    /// Makes and sends an envelope from a template to Ana (Buyer) and Ben (Co-Signer).
    ///
    /// # Panics
    /// When it is refused.
    pub async fn envelope_for_two(&self, template_id: &str) -> String {
        self.envelope(&json!({
            "customer_email": "ana@example.com",
            "customer_name": "Ana Torres",
            "template_id": template_id,
            "signers": [
                {"email": "ana@example.com", "name": "Ana Torres", "role": "Buyer"},
                {"email": "ben@example.com", "name": "Ben Okafor", "role": "Co-Signer"},
            ],
        }))
        .await
    }

    /// Where each signer signs (P8).
    ///
    /// # Panics
    /// When it is refused.
    pub async fn links(&self, envelope_id: &str) -> Vec<Link> {
        let path = format!("/partner/envelopes/{envelope_id}/signing-links");
        let mut data = self.get(&path).await.data();
        serde_json::from_value(data["signing_links"].take()).expect("signing links")
    }

    /// The full form of an envelope (P2).
    ///
    /// # Panics
    /// When there is none.
    pub async fn look(&self, envelope_id: &str) -> Value {
        self.get(&format!("/partner/envelopes/{envelope_id}"))
            .await
            .data()
    }

    /// The status of an envelope (P3).
    ///
    /// # Panics
    /// When there is none.
    pub async fn status(&self, envelope_id: &str) -> String {
        text(
            &self
                .get(&format!("/partner/envelopes/{envelope_id}/status"))
                .await
                .data(),
            "status",
        )
    }

    /// Vaults a completed envelope (P12).
    pub async fn vault_in(&self, envelope_id: &str) -> Reply {
        self.post_empty(&format!("/partner/envelopes/{envelope_id}/vault-in-signed"))
            .await
    }

    /// Everything on the envelope's trail (P10).
    ///
    /// # Panics
    /// When there is none.
    pub async fn trail(&self, envelope_id: &str) -> Vec<Value> {
        let path = format!("/partner/envelopes/{envelope_id}/events?limit=200");
        let data = self.get(&path).await.data();
        data.as_array().expect("a list").clone()
    }

    /// Fetches the bytes behind a path that answers a signed URL (P9, P14, P15).
    ///
    /// # Panics
    /// When either is refused.
    pub async fn download(&self, path: &str) -> Vec<u8> {
        let data = self.get(path).await.data();
        let url = data["signed_url"].as_str().expect("a signed URL");
        Reply::to(self.client.get(url))
            .await
            .expect_status(200)
            .body
            .to_vec()
    }
}

fn text(data: &Value, key: &str) -> String {
    data[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key} in {data}"))
        .to_owned()
}
