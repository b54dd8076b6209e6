//! A whole door in a test: the real application on SQLite in a folder of its own, requests without sockets.

#![allow(dead_code, reason = "each test file uses its part")]

pub mod pdf;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{Router, body::Body};
use bytes::Bytes;
use deedbox_app::{
    App, Ports, Scope, Settings,
    api_key::NewKey,
    clock::{Clock, SystemEntropy},
};
use deedbox_core::Timestamp;
use deedbox_store::{Store, StoreConfig, objects::Objects};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

/// 2026-04-11T10:00:00Z, a whole minute.
const START: i64 = 1_775_901_600;

/// A clock that stands until it is moved.
pub struct ManualClock(AtomicI64);

impl ManualClock {
    pub fn pass_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A server without a socket.
pub struct Server {
    pub app: App,
    pub clock: Arc<ManualClock>,
    router: Router,
    _folder: TempDir,
}

impl Server {
    pub async fn start() -> Self {
        // The causes of internal errors stand in the log alone; cargo shows it for tests that fail.
        let _ = tracing_subscriber::fmt()
            .with_test_writer()
            .with_max_level(tracing::Level::WARN)
            .try_init();
        let folder = TempDir::new().expect("a folder");
        let data_dir = folder.path().to_owned();
        let store = Store::open(&StoreConfig::new("", &data_dir)).expect("a store");
        store.migrate().await.expect("a migrated store");
        let objects = Objects::open(&data_dir.join("objects").display().to_string())
            .expect("a folder of objects");
        let clock = Arc::new(ManualClock(AtomicI64::new(START * 1_000_000)));
        let public = "http://localhost:8080".parse().expect("an address");
        let mut settings = Settings::new(data_dir, public);
        settings.pdf_child = Some(pdf_child());
        let ports = Ports {
            store,
            objects,
            clock: clock.clone(),
            entropy: Arc::new(SystemEntropy),
        };
        let app = App::open(ports, settings).await.expect("an application");
        let router = deedbox_doors::router(app.clone());
        Self {
            app,
            clock,
            router,
            _folder: folder,
        }
    }

    /// A new organization; its id.
    pub async fn organization(&self, name: &str) -> String {
        self.app
            .create_org(name, None)
            .await
            .expect("an organization")
            .org_id
            .to_string()
    }

    /// A raw key of an organization.
    pub async fn key(&self, org: &str, scopes: &[Scope], rate_limit_rpm: u32) -> String {
        let new = NewKey {
            name: "Dealer backend".into(),
            scopes: scopes.to_vec(),
            rate_limit_rpm,
            webhook_url: None,
            webhook_secret: None,
        };
        self.app.create_key(org, new).await.expect("a key").api_key
    }

    /// A client of a new organization with every scope.
    pub async fn partner(&self) -> Client<'_> {
        let org = self.organization("First Example Bank").await;
        let key = self.key(&org, &Scope::ALL, 100_000).await;
        Client {
            server: self,
            headers: vec![("x-api-key".into(), key)],
        }
    }

    /// A client without a key.
    pub fn anybody(&self) -> Client<'_> {
        Client {
            server: self,
            headers: Vec::new(),
        }
    }

    pub fn with_key(&self, key: &str) -> Client<'_> {
        Client {
            server: self,
            headers: vec![("x-api-key".into(), key.into())],
        }
    }

    pub fn with_token(&self, token: &str) -> Client<'_> {
        Client {
            server: self,
            headers: vec![("authorization".into(), format!("Bearer {token}"))],
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a router never fails");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

/// The program that reads untrusted PDFs: an example of this package, which `cargo test` builds with the tests.
fn pdf_child() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a file");
    let child = test
        .ancestors()
        .nth(2)
        .expect("target/debug")
        .join("examples/pdf_child");
    assert!(
        child.exists(),
        "build it first: cargo build -p deedbox-doors --example pdf_child"
    );
    child
}

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Client<'a> {
    server: &'a Server,
    headers: Vec<(String, String)>,
}

impl Client<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        media: Option<&str>,
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(media) = media {
            request = request.header(header::CONTENT_TYPE, media);
        }
        self.server
            .send(request.body(body.into()).expect("a request"))
            .await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Body::empty()).await
    }

    pub async fn json(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.send(method, path, Some("application/json"), body.to_string())
            .await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.json(Method::POST, path, body).await
    }

    pub async fn form(
        &self,
        path: &str,
        boundary: &str,
        parts: &[(&str, Option<&str>, &[u8])],
    ) -> Answer {
        let media = format!("multipart/form-data; boundary={boundary}");
        self.send(Method::POST, path, Some(&media), form(boundary, parts))
            .await
    }

    /// A sent envelope with these signers, each with a signature field.
    pub async fn envelope(&self, signers: &Value) -> Value {
        let template = self.template(&["Buyer", "Co-Signer"]).await;
        let body = serde_json::json!({
            "customer_email": "ana@example.com", "customer_name": "Ana Example", "template_id": template,
            "external_id": "ext_order_4521", "metadata": {"deal": "4482", "_hidden": true}, "signers": signers
        });
        self.post("/api/v2/partner/envelopes", &body)
            .await
            .expect(201)
            .json()["data"]
            .clone()
    }

    /// The tokens of an envelope's signers whose turn it is.
    pub async fn tokens(&self, envelope: &str) -> Vec<String> {
        let path = format!("/api/v2/partner/envelopes/{envelope}/signing-links");
        let links = self.get(&path).await.expect(200).json();
        let links = links["data"]["signing_links"]
            .as_array()
            .expect("links")
            .clone();
        let urls = links.iter().filter_map(|it| it["signing_url"].as_str());
        urls.map(|url| token_of(url).to_owned()).collect()
    }

    /// An envelope that both signers signed; its id.
    pub async fn completed_envelope(&self) -> String {
        let envelope = self.envelope(&two_signers()).await;
        let id = envelope["envelope_id"].as_str().expect("an id").to_owned();
        for token in self.tokens(&id).await {
            sign(&self.server.with_token(&token)).await.expect(200);
        }
        id
    }

    /// A template from the sample contract with a signature field for each role.
    pub async fn template(&self, roles: &[&str]) -> String {
        let field = |(index, role): (usize, &&str)| {
            serde_json::json!({"name": format!("sig{index}"), "type": "signature", "role": role, "placement":
                {"mode": "absolute", "page": 2, "x": 0.1 + 0.4 * f64::from(u8::try_from(index).unwrap()), "y": 0.7, "w": 0.3, "h": 0.06}})
        };
        let fields: Vec<Value> = roles.iter().enumerate().map(field).collect();
        let fields = Value::from(fields).to_string();
        let parts: [(&str, Option<&str>, &[u8]); 3] = [
            ("file", Some("sale.pdf"), &pdf::contract()),
            ("name", None, b"Sale agreement"),
            ("fields", None, fields.as_bytes()),
        ];
        let made = self
            .form("/api/v2/partner/templates", "x", &parts)
            .await
            .expect(201);
        made.json()["data"]["template_id"]
            .as_str()
            .expect("an id")
            .to_owned()
    }
}

/// Compares a wire shape with the committed one. Ids, digests and tokens differ from run to run and are masked.
#[track_caller]
pub fn snapshot(name: &str, value: &Value) {
    let filters = vec![
        (
            r"(env|cust|tmpl|org|ast|cert|key|fld)_[0-9a-z]{12}",
            "${1}_…",
        ),
        (r"[0-9a-f]{64}", "[sha256]"),
        (
            r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "[uuid]",
        ),
        (r"token=[A-Za-z0-9_.-]+", "token=…"),
    ];
    insta::with_settings!({filters => filters, snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_json_snapshot!(name, value);
    });
}

/// Ana and Ben, each with a role of the sample template.
pub fn two_signers() -> Value {
    serde_json::json!([
        {"email": "ana@example.com", "name": "Ana Example", "role": "Buyer"},
        {"email": "ben@example.com", "name": "Ben Example", "role": "Co-Signer"}
    ])
}

/// A bearer token out of a signing link.
pub fn token_of(url: &str) -> &str {
    url.split_once("#token=").expect("a link with a token").1
}

/// Everything one signer does on the page, up to the signature.
pub async fn sign(signer: &Client<'_>) -> Answer {
    let session = signer.get("/api/signing/session").await.expect(200).json();
    let disclosure = &session["disclosure"]["id"];
    let consent = serde_json::json!({"disclosure_id": disclosure, "accepted": true});
    let session = signer
        .post("/api/signing/consent", &consent)
        .await
        .expect(200)
        .json();
    for field in session["fields"].as_array().expect("fields") {
        if field["mine"] == true && field["type"] == "signature" {
            let path = format!(
                "/api/signing/fields/{}",
                field["field_id"].as_str().expect("an id")
            );
            let mark = serde_json::json!({"value": {"kind": "typed", "text": "Ana Example", "font": "caveat"}});
            signer.json(Method::PUT, &path, &mark).await.expect(200);
        }
    }
    let shown =
        serde_json::json!({"document_sha256": session["document"]["sha256"], "intent": true});
    signer.post("/api/signing/complete", &shown).await
}

/// The bytes of a form; a part with a file name is a file.
pub fn form(boundary: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, filename, bytes) in parts {
        let filename = filename
            .map(|it| format!("; filename=\"{it}\""))
            .unwrap_or_default();
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{filename}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(
            self.status.as_u16(),
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn error(&self) -> String {
        self.json()["error"]
            .as_str()
            .unwrap_or_else(|| panic!("no error: {self:?}"))
            .to_owned()
    }
}
