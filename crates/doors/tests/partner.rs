//! The partner door's conventions and endpoints, through the real application.

mod support;

use axum::body::Body;
use deedbox_app::Scope;
use http::Method;
use serde_json::{Value, json};
use support::{Answer, Client, Server, pdf, snapshot, two_signers};

const ENVELOPES: &str = "/api/v2/partner/envelopes";

fn paper() -> Value {
    json!({"customer_email": "ana@example.com", "customer_name": "Ana Example", "envelope_kind": "paper"})
}

async fn paper_envelope(partner: &Client<'_>) -> String {
    let made = partner.post(ENVELOPES, &paper()).await.expect(201).json();
    made["data"]["envelope_id"].as_str().unwrap().to_owned()
}

fn fields(answer: &Answer) -> Vec<String> {
    let details = answer.json()["details"].clone();
    let details = details.as_array().cloned().unwrap_or_default();
    details
        .iter()
        .map(|it| it["field"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn checks_come_in_the_order_of_the_contract() {
    let server = Server::start().await;
    let org = server.organization("First Example Bank").await;
    let reader = server.key(&org, &[Scope::EnvelopesRead], 10_000).await;
    let (anybody, reader) = (server.anybody(), server.with_key(&reader));
    let writer = server.partner().await;

    // Route and method come before the key.
    assert_eq!(
        anybody
            .get("/api/v2/partner/nothing")
            .await
            .expect(404)
            .error(),
        "Not found"
    );
    let put = anybody
        .json(Method::PUT, ENVELOPES, &json!({}))
        .await
        .expect(405);
    assert_eq!(put.error(), "Method not allowed");
    assert_eq!(put.header("allow"), Some("GET,HEAD,POST"));
    // The key comes before the scope, the scope before the body.
    anybody
        .send(Method::POST, ENVELOPES, Some("text/plain"), "x")
        .await
        .expect(401);
    reader
        .send(Method::POST, ENVELOPES, Some("text/plain"), "x")
        .await
        .expect(403);
    // Media type, size, syntax, values.
    let large = vec![b'x'; 1024 * 1024 + 1];
    let plain = writer
        .send(Method::POST, ENVELOPES, Some("text/plain"), large.clone())
        .await
        .expect(415);
    assert_eq!(plain.error(), "Unsupported content type");
    let large = writer
        .send(Method::POST, ENVELOPES, Some("application/json"), large)
        .await
        .expect(413);
    assert_eq!(large.error(), "Payload too large");
    let broken = writer
        .send(Method::POST, ENVELOPES, Some("application/json"), "{")
        .await
        .expect(400);
    assert_eq!(broken.error(), "Invalid JSON");
    let empty = writer
        .post(ENVELOPES, &json!({"unknown": 1}))
        .await
        .expect(422);
    assert_eq!(empty.error(), "Validation failed");
    assert_eq!(
        fields(&empty),
        ["customer_email", "customer_name", "template_id"]
    );
    // Values come before named resources.
    let unknown = format!("{ENVELOPES}/env_000000000000");
    writer
        .get(&format!("{unknown}/events?limit=0"))
        .await
        .expect(422);
    writer
        .post(&format!("{unknown}/void"), &json!({"reason": 7}))
        .await
        .expect(422);
    let unknown = writer
        .post(&format!("{unknown}/void"), &json!({}))
        .await
        .expect(404);
    assert_eq!(unknown.error(), "Envelope not found");
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own_and_is_not_stored() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let mut ids = Vec::new();
    for path in [
        ENVELOPES,
        "/api/v2/nothing",
        "/healthz",
        "/api/signing/session",
        "/verify",
    ] {
        let answer = partner.get(path).await;
        let id = answer.header("x-request-id").unwrap().to_owned();
        assert!(id.len() == 30 && id.starts_with("req_"), "{id}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        ids.push(id);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
}

#[tokio::test]
async fn a_key_over_its_rate_waits_for_the_next_window() {
    let server = Server::start().await;
    let org = server.organization("First Example Bank").await;
    let client = server.with_key(&server.key(&org, &[Scope::EnvelopesRead], 3).await);
    for remaining in ["2", "1", "0"] {
        let answer = client.get(ENVELOPES).await.expect(200);
        assert_eq!(answer.header("x-ratelimit-limit"), Some("3"));
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(remaining));
    }
    server.clock.pass_seconds(19);
    let over = client.get(ENVELOPES).await.expect(429);
    assert_eq!(
        (over.error().as_str(), over.header("retry-after")),
        ("Rate limit exceeded", Some("41"))
    );
    assert_eq!(over.header("x-ratelimit-reset"), Some("1775901660"));
    // The rate comes before the scope.
    client.post(ENVELOPES, &json!({})).await.expect(429);
    server.clock.pass_seconds(41);
    client.get(ENVELOPES).await.expect(200);
    client.post(ENVELOPES, &json!({})).await.expect(403);
}

#[tokio::test]
async fn the_same_key_and_request_is_answered_byte_for_byte_and_has_one_effect() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let keyed = partner.clone().header("idempotency-key", "order 4521");
    let first = keyed.post(ENVELOPES, &paper()).await.expect(201);
    assert_eq!(first.header("idempotency-replayed"), None);
    let reordered = r#"{ "envelope_kind":"paper","customer_name":"Ana Example", "customer_email":"ana@example.com"}"#;
    let again = keyed
        .send(Method::POST, ENVELOPES, Some("application/json"), reordered)
        .await
        .expect(201);
    assert_eq!(
        (again.header("idempotency-replayed"), &again.body),
        (Some("true"), &first.body)
    );
    assert_eq!(partner.get(ENVELOPES).await.json()["meta"]["total"], 1);
    let mut other = paper();
    other["customer_name"] = json!("Somebody Else");
    let other = keyed.post(ENVELOPES, &other).await.expect(409);
    assert_eq!(
        other.error(),
        "Idempotency-Key was used with a different request"
    );
    // The key belongs to one path, and lives for a day.
    keyed
        .post(&format!("{ENVELOPES}/env_000000000000/void"), &json!({}))
        .await
        .expect(404);
    server.clock.pass_seconds(24 * 3600 + 1);
    let later = keyed.post(ENVELOPES, &paper()).await.expect(201);
    assert_eq!(later.header("idempotency-replayed"), None);
}

#[tokio::test]
async fn a_refusal_does_not_burn_the_key() {
    let server = Server::start().await;
    let partner = server.partner().await.header("idempotency-key", "k");
    partner.post(ENVELOPES, &json!({})).await.expect(422);
    partner.post(ENVELOPES, &paper()).await.expect(201);
    let bad = server.partner().await.header("idempotency-key", "");
    assert_eq!(
        fields(&bad.post(ENVELOPES, &paper()).await.expect(422)),
        ["Idempotency-Key"]
    );
}

#[tokio::test]
async fn two_at_once_with_one_key_make_one_envelope() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let keyed = partner.clone().header("idempotency-key", "k");
    let body = paper();
    let answers = futures::future::join_all((0..8).map(|_| keyed.post(ENVELOPES, &body))).await;
    for answer in &answers {
        match answer.status.as_u16() {
            201 => {}
            409 => {
                assert_eq!(
                    answer.error(),
                    "Request with this Idempotency-Key is in progress"
                );
                assert_eq!(answer.header("retry-after"), Some("1"));
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(partner.get(ENVELOPES).await.json()["meta"]["total"], 1);
}

#[tokio::test]
async fn a_form_with_another_boundary_is_the_same_request() {
    let server = Server::start().await;
    let keyed = server.partner().await.header("idempotency-key", "k");
    let parts: [(&str, Option<&str>, &[u8]); 2] = [
        ("file", Some("a.pdf"), &pdf::contract()),
        ("name", None, b"Sale agreement"),
    ];
    let first = keyed
        .form("/api/v2/partner/templates", "one", &parts)
        .await
        .expect(201);
    let again = keyed
        .form("/api/v2/partner/templates", "another", &parts)
        .await
        .expect(201);
    assert_eq!(
        (again.header("idempotency-replayed"), &again.body),
        (Some("true"), &first.body)
    );
}

#[tokio::test]
async fn a_list_item_has_exactly_seven_keys_newest_first() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(paper_envelope(&partner).await);
        server.clock.pass_seconds(1);
    }
    let page = partner
        .get(&format!("{ENVELOPES}?limit=2"))
        .await
        .expect(200)
        .json();
    assert_eq!(page["meta"], json!({"page": 1, "limit": 2, "total": 3}));
    let keys: Vec<&String> = page["data"][0].as_object().unwrap().keys().collect();
    let expected = [
        "created_at",
        "customer_id",
        "envelope_id",
        "envelope_name",
        "external_id",
        "status",
        "updated_at",
    ];
    assert_eq!(keys, expected);
    made.reverse();
    let ids: Vec<&str> = page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["envelope_id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, made[..2]);
    let beyond = partner
        .get(&format!("{ENVELOPES}?page=9"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        beyond,
        json!({"data": [], "meta": {"page": 9, "limit": 20, "total": 3}})
    );
}

#[tokio::test]
async fn filters_are_checked_and_filter() {
    let server = Server::start().await;
    let partner = server.partner().await;
    paper_envelope(&partner).await;
    let total = async |query: &str| {
        partner
            .get(&format!("{ENVELOPES}?{query}"))
            .await
            .expect(200)
            .json()["meta"]["total"]
            .clone()
    };
    assert_eq!(total("status=pending").await, 1);
    assert_eq!(total("status=released").await, 0);
    assert_eq!(
        total("envelope_kind=paper&customer_id=cust_nobody").await,
        0
    );
    assert_eq!(total("unknown=ignored").await, 1);
    for bad in [
        "status=sentt",
        "envelope_kind=PDF",
        "limit=101",
        "limit=0",
        "page=0",
        "page=x",
        "limit=",
    ] {
        partner.get(&format!("{ENVELOPES}?{bad}")).await.expect(422);
    }
}

#[tokio::test]
async fn a_paper_envelope_is_pending_and_its_customer_is_found_again() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let first = partner.post(ENVELOPES, &paper()).await.expect(201).json()["data"].clone();
    let mut shouted = paper();
    shouted["customer_email"] = json!("ANA@example.com");
    let second = partner.post(ENVELOPES, &shouted).await.expect(201).json()["data"].clone();
    assert_eq!(
        (&first["status"], &first["expires_at"]),
        (&json!("pending"), &Value::Null)
    );
    assert_eq!(first["envelope_name"], "Document – Ana Example");
    assert_eq!(first["customer_id"], second["customer_id"]);
}

#[tokio::test]
async fn an_esign_envelope_is_sent_and_read_in_all_its_forms() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let envelope = partner.envelope(&two_signers()).await;
    let id = envelope["envelope_id"].as_str().unwrap();
    snapshot("envelope_full_form", &envelope);
    let status = partner
        .get(&format!("{ENVELOPES}/{id}/status"))
        .await
        .expect(200)
        .json();
    snapshot("envelope_status", &status);
    let links = partner
        .get(&format!("{ENVELOPES}/{id}/signing-links"))
        .await
        .expect(200)
        .json();
    snapshot("signing_links", &links);
    let mut trail = partner
        .get(&format!("{ENVELOPES}/{id}/events"))
        .await
        .expect(200)
        .json();
    // What an entry says of its event is the core's, and has its golden corpus there.
    for entry in trail["data"].as_array_mut().unwrap() {
        assert!(entry["data"].is_object());
        entry["data"] = json!("…");
    }
    snapshot("trail", &trail);
    let document = partner
        .get(&format!("{ENVELOPES}/{id}/document"))
        .await
        .expect(200)
        .json();
    snapshot("working_document", &document);
    let read = partner
        .get(&format!("{ENVELOPES}/{id}"))
        .await
        .expect(200)
        .json();
    assert_eq!(read["data"], envelope);
}

#[tokio::test]
async fn voiding_closes_and_a_closed_envelope_says_its_status() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let envelope = partner.envelope(&two_signers()).await;
    let path = format!("{ENVELOPES}/{}", envelope["envelope_id"].as_str().unwrap());
    let voided = partner
        .send(Method::POST, &format!("{path}/void"), None, Body::empty())
        .await
        .expect(200);
    assert_eq!(voided.json()["data"]["status"], "voided");
    for (method, call) in [
        (Method::POST, "void"),
        (Method::POST, "remind"),
        (Method::GET, "signing-links"),
        (Method::POST, "vault-in-signed"),
    ] {
        let refused = partner
            .send(method, &format!("{path}/{call}"), None, Body::empty())
            .await
            .expect(409);
        let details = json!([{"field": "status", "message": "voided"}]);
        let expected =
            json!({"error": "Envelope status does not allow this operation", "details": details});
        assert_eq!(refused.json(), expected, "{call}");
    }
    for call in [
        "vault/signed-url",
        "vault/copy/signed-url",
        "vault/certificate",
    ] {
        let missing = partner.get(&format!("{path}/{call}")).await.expect(404);
        assert_eq!(missing.error(), "Envelope is not vaulted", "{call}");
    }
}

#[tokio::test]
async fn reminders_have_a_cooldown_and_go_to_signers_only() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let envelope = partner.envelope(&two_signers()).await;
    let path = format!(
        "{ENVELOPES}/{}/remind",
        envelope["envelope_id"].as_str().unwrap()
    );
    let ben = partner
        .post(&path, &json!({"email": "BEN@example.com"}))
        .await
        .expect(200)
        .json();
    assert_eq!(ben["data"]["reminded"], json!(["ben@example.com"]));
    server.clock.pass_seconds(1);
    let rest = partner.post(&path, &json!({})).await.expect(200).json();
    assert_eq!(rest["data"]["reminded"], json!(["ana@example.com"]));
    let early = partner.post(&path, &json!({})).await.expect(429);
    assert_eq!(
        (early.error().as_str(), early.header("retry-after")),
        ("Reminder cooldown", Some("59"))
    );
    let stranger = partner
        .post(&path, &json!({"email": "eve@example.com"}))
        .await
        .expect(422);
    assert_eq!(fields(&stranger), ["email"]);
    let paper = format!("{ENVELOPES}/{}/remind", paper_envelope(&partner).await);
    let wrong_kind = partner.post(&paper, &json!({})).await.expect(409);
    assert_eq!(
        wrong_kind.json(),
        json!({"error": "Operation does not fit the envelope kind",
        "details": [{"field": "envelope_kind", "message": "paper"}]})
    );
}

#[tokio::test]
async fn templates_are_made_changed_and_read() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let id = partner.template(&["Buyer"]).await;
    let field = json!({"fields": [{"name": "buyer_date", "type": "date", "role": "Buyer", "placement":
        {"mode": "anchor", "text": "Date:", "offset_x": 0.06, "offset_y": 0.0, "w": 0.15, "h": 0.025}}]});
    let changed = partner
        .post(&format!("/api/v2/partner/templates/{id}/fields"), &field)
        .await
        .expect(200);
    snapshot("template_fields", &changed.json());
    let read = partner
        .get(&format!("/api/v2/partner/templates/{id}"))
        .await
        .expect(200)
        .json();
    snapshot("template", &read);
    let list = partner
        .get("/api/v2/partner/templates")
        .await
        .expect(200)
        .json();
    snapshot("templates", &list);
}

#[tokio::test]
async fn a_template_is_refused_by_the_name_of_its_faulty_part() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let path = "/api/v2/partner/templates";
    let contract = pdf::contract();
    let nothing = partner.form(path, "b", &[]).await.expect(422);
    assert_eq!(fields(&nothing), ["file", "name"]);
    let no_pdf = partner
        .form(
            path,
            "b",
            &[("file", Some("a.pdf"), b"PK"), ("name", None, b"A")],
        )
        .await
        .expect(422);
    assert_eq!(fields(&no_pdf), ["file"]);
    let cut = partner
        .form(
            path,
            "b",
            &[
                ("file", Some("a.pdf"), &contract[..9]),
                ("name", None, b"A"),
            ],
        )
        .await
        .expect(422);
    assert_eq!(fields(&cut), ["file"]);
    let specs = br#"[{"name":"x","type":"stamp"}]"#;
    let parts: [(&str, Option<&str>, &[u8]); 3] = [
        ("file", Some("a.pdf"), &contract),
        ("name", None, b"A"),
        ("fields", None, specs),
    ];
    assert_eq!(
        fields(&partner.form(path, "b", &parts).await.expect(422)),
        ["fields[0].type"]
    );
    let anchor = br#"[{"name":"x","type":"text","placement":{"mode":"anchor","text":"nowhere","w":0.1,"h":0.1}}]"#;
    let parts: [(&str, Option<&str>, &[u8]); 3] = [
        ("file", Some("a.pdf"), &contract),
        ("name", None, b"A"),
        ("fields", None, anchor),
    ];
    partner.form(path, "b", &parts).await.expect(422);
    let large = vec![b'x'; 25 * 1024 * 1024 + 1];
    partner
        .form(
            path,
            "b",
            &[("file", Some("a.pdf"), &large), ("name", None, b"A")],
        )
        .await
        .expect(413);
    partner
        .send(Method::POST, path, Some("multipart/form-data"), "x")
        .await
        .expect(400);
    partner.post(path, &json!({})).await.expect(415);
    assert_eq!(partner.get(path).await.json()["meta"]["total"], 0);
}

#[tokio::test]
async fn the_webhook_keeps_clears_and_never_tells_its_secret() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let patch = async |body: Value| {
        partner
            .json(Method::PATCH, "/api/v2/partner/webhook", &body)
            .await
    };
    let set = patch(json!({"webhook_url": "https://hooks.example.com/in", "webhook_secret": "sixteen characters"})).await.expect(200);
    assert_eq!(set.json()["data"]["webhook_secret_set"], true);
    assert!(!String::from_utf8_lossy(&set.body).contains("sixteen"));
    let kept = patch(json!({})).await.expect(200).json();
    assert_eq!(kept["data"]["webhook_url"], "https://hooks.example.com/in");
    let cleared = patch(json!({"webhook_url": null, "webhook_secret": null}))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (
            &cleared["data"]["webhook_url"],
            &cleared["data"]["webhook_secret_set"]
        ),
        (&Value::Null, &json!(false))
    );
    for bad in [
        "http://hooks.example.com",
        "https://127.0.0.1/x",
        "https://10.0.0.1",
        "nonsense",
    ] {
        assert_eq!(
            fields(&patch(json!({"webhook_url": bad})).await.expect(422)),
            ["webhook_url"],
            "{bad}"
        );
    }
    patch(json!({"webhook_secret": "short"})).await.expect(422);
}

#[tokio::test]
async fn an_embed_token_is_for_a_signer_of_an_envelope_that_is_out() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let envelope = partner.envelope(&two_signers()).await;
    let id = envelope["envelope_id"].as_str().unwrap();
    let ask = async |email: &str, widget: &str| {
        let body = json!({"envelope_id": id, "user_email": email, "widget_type": widget});
        partner.post("/api/v2/embed/token", &body).await
    };
    let token = ask("Ana@example.com", "sign").await.expect(200).json()["data"].clone();
    assert!(
        token["embed_url"]
            .as_str()
            .unwrap()
            .contains(&format!("/sign/{id}#token=eyJ"))
    );
    assert_eq!(token["expires_at"], "2026-04-11T10:15:00.000Z");
    let stranger = ask("eve@example.com", "sign").await.expect(422).json();
    assert_eq!(
        stranger["details"],
        json!([{"field": "user_email", "message": "not a signer of this envelope"}])
    );
    ask("ana@example.com", "vault").await.expect(409);
    ask("ana@example.com", "both").await.expect(422);
    ask("nonsense", "sign").await.expect(422);
}
