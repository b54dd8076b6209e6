use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use url::Url;

use super::{Reply, client};

/// A signer who opened a signing link.
#[derive(Clone, Debug)]
pub struct Signer {
    client: reqwest::Client,
    base: String,
    token: String,
}

impl Signer {
    /// Opens a link `{public}/sign/{envelope_id}#token={token}`.
    ///
    /// # Panics
    /// When the link has another form.
    #[must_use]
    pub fn open(link: &str) -> Self {
        let url = Url::parse(link).expect("a link is a URL");
        let token = url
            .fragment()
            .and_then(|fragment| fragment.strip_prefix("token="));
        Self {
            client: client(),
            base: url.origin().ascii_serialization(),
            token: token
                .expect("a link carries its token in the fragment")
                .to_owned(),
        }
    }

    /// A request to a path below `/api/signing`, with the token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/api/signing{path}", self.base);
        self.client.request(method, url).bearer_auth(&self.token)
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        Reply::to(self.request(Method::GET, path)).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        Reply::to(self.request(Method::POST, path).json(body)).await
    }

    /// The session as the page loads it.
    ///
    /// # Panics
    /// When the link does not open.
    pub async fn session(&self) -> Value {
        self.get("/session").await.expect_status(200).json()
    }

    /// Agrees to sign electronically, where the session asks for it, and answers the session after it.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn consent(&self) -> Value {
        let session = self.session().await;
        if session["current_step"] != "consent" {
            return session;
        }
        let body = json!({"disclosure_id": session["disclosure"]["id"], "accepted": true});
        self.post("/consent", &body).await.expect_status(200).json()
    }

    /// Sets a field.
    pub async fn fill(&self, field_id: &str, value: &Value) -> Reply {
        let request = self.request(Method::PUT, &format!("/fields/{field_id}"));
        Reply::to(request.json(&json!({"value": value}))).await
    }

    /// Fills every open field of one's own: signatures typed, text and dates with something fitting.
    ///
    /// # Panics
    /// When a field refuses its value.
    pub async fn fill_all(&self, session: &Value) {
        let name = session["signer"]["name"].as_str().unwrap_or("Signer");
        for field in session["fields"].as_array().expect("fields") {
            let open =
                field["mine"] == true && field["readonly"] != true && field["value"].is_null();
            if open {
                let id = field["field_id"].as_str().expect("a field id");
                let _ = self
                    .fill(id, &fitting(field, name))
                    .await
                    .expect_status(200);
            }
        }
    }

    /// Confirms the document shown and signs it.
    pub async fn complete(&self, session: &Value) -> Reply {
        let sha256 = &session["document"]["sha256"];
        self.post(
            "/complete",
            &json!({"document_sha256": sha256, "intent": true}),
        )
        .await
    }

    /// Goes all the way: opens, agrees, fills, signs. Answers what completing answered.
    ///
    /// # Panics
    /// When a step is refused.
    pub async fn sign(&self) -> Value {
        let session = self.consent().await;
        self.fill_all(&session).await;
        self.complete(&session).await.expect_status(200).json()
    }

    /// Declines.
    pub async fn decline(&self, reason: &str) -> Reply {
        self.post("/decline", &json!({"reason": reason})).await
    }
}

fn fitting(field: &Value, name: &str) -> Value {
    match field["type"].as_str().expect("a field type") {
        "signature" => json!({"kind": "typed", "text": name, "font": "dancing-script"}),
        "initials" => json!({"kind": "drawn", "strokes": [stroke()]}),
        "date" | "datenow" => json!("2026-04-11"),
        "checkbox" => json!(true),
        "select" | "radio" => field["options"][0].clone(),
        "phone" => json!("+15550100"),
        _ => json!("as agreed"),
    }
}

/// A wave from left to right, as a finger would draw it.
fn stroke() -> Value {
    let points = (0_u8..20).map(|step| {
        let x = 0.1 + 0.04 * f64::from(step);
        let y = 0.5 + 0.3 * (f64::from(step) * 0.8).sin();
        json!({"x": x, "y": y, "t": u32::from(step) * 16, "p": 0.5})
    });
    points.collect()
}
