//! The signing door: what a signer's browser may say, and what it is told.

mod support;

use http::Method;
use serde_json::{Value, json};
use support::{Answer, Server, sign, snapshot, two_signers};

const SESSION: &str = "/api/signing/session";

fn slug(answer: &Answer) -> (u16, String) {
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16());
    (
        answer.status.as_u16(),
        problem["type"].as_str().unwrap().to_owned(),
    )
}

#[tokio::test]
async fn without_a_good_token_nothing_opens() {
    let server = Server::start().await;
    for client in [
        server.anybody(),
        server.with_token("nonsense"),
        server.with_token("a.b.c"),
        server.with_key("lk_0"),
    ] {
        for (method, path) in deedbox_doors::signing::addresses() {
            let path = format!("/api/signing{path}")
                .replace("{file}", "1.png")
                .replace("{field_id}", "fld_000000000000");
            let answer = client.json(method, &path, &json!({})).await;
            assert_eq!(slug(&answer), (401, "token-invalid".into()), "{path}");
        }
    }
    assert_eq!(
        slug(&server.anybody().get("/api/signing/nothing").await),
        (404, "not-found".into())
    );
    let wrong = server
        .anybody()
        .json(Method::DELETE, SESSION, &json!({}))
        .await;
    assert_eq!(slug(&wrong), (405, "method-not-allowed".into()));
    assert!(wrong.header("allow").is_some());
}

#[tokio::test]
async fn a_signer_goes_from_consent_to_signature() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let envelope = partner.envelope(&two_signers()).await;
    let id = envelope["envelope_id"].as_str().unwrap();
    let tokens = partner.tokens(id).await;
    let ana = server.with_token(&tokens[0]);
    let session = ana.get(SESSION).await.expect(200).json();
    let mut shown = session.clone();
    shown["disclosure"]["text"] = json!("…");
    snapshot("session", &shown);
    // Signing comes after consent, and a field belongs to its signer.
    let digest = session["document"]["sha256"].clone();
    let complete = json!({"document_sha256": digest, "intent": true});
    let early = ana.post("/api/signing/complete", &complete).await;
    assert_eq!(
        (slug(&early), early.json()["current_step"].clone()),
        ((409, "wrong-step".into()), json!("consent"))
    );
    let consent = json!({"disclosure_id": session["disclosure"]["id"], "accepted": true});
    let refused = ana
        .post(
            "/api/signing/consent",
            &json!({"disclosure_id": "x", "accepted": false}),
        )
        .await;
    assert_eq!(slug(&refused), (422, "validation".into()));
    assert_eq!(refused.json()["errors"][0]["pointer"], "/accepted");
    ana.post("/api/signing/consent", &consent).await.expect(200);
    let fields = session["fields"].as_array().unwrap();
    let other = fields.iter().find(|it| it["mine"] == false).unwrap()["field_id"]
        .as_str()
        .unwrap();
    let mark = json!({"value": {"kind": "drawn", "strokes": [[{"x": 0.1, "y": 0.5, "t": 0, "p": 0.5}, {"x": 0.9, "y": 0.5, "t": 9, "p": 0.5}]]}});
    let foreign = ana
        .json(Method::PUT, &format!("/api/signing/fields/{other}"), &mark)
        .await;
    assert_eq!(slug(&foreign), (403, "not-your-field".into()));
    let empty = ana.post("/api/signing/complete", &complete).await;
    assert_eq!(slug(&empty), (422, "validation".into()));
    let own = fields.iter().find(|it| it["mine"] == true).unwrap()["field_id"]
        .as_str()
        .unwrap();
    let own = format!("/api/signing/fields/{own}");
    let saved = ana.json(Method::PUT, &own, &mark).await.expect(200).json();
    assert_eq!(saved["value"]["kind"], "drawn");
    let wrong = json!({"document_sha256": "0".repeat(64), "intent": true});
    assert_eq!(
        slug(&ana.post("/api/signing/complete", &wrong).await),
        (409, "document-changed".into())
    );
    let done = ana
        .post("/api/signing/complete", &complete)
        .await
        .expect(200)
        .json();
    assert_eq!(
        done,
        json!({"status": "signed", "envelope_status": "viewed"})
    );
    // The same act again is the same answer; anything else is over.
    assert_eq!(
        ana.post("/api/signing/complete", &complete)
            .await
            .expect(200)
            .json(),
        done
    );
    assert_eq!(
        slug(&ana.json(Method::PUT, &own, &mark).await),
        (410, "envelope-closed".into())
    );
    assert_eq!(
        slug(&ana.post("/api/signing/decline", &json!({})).await),
        (410, "envelope-closed".into())
    );
    ana.get(SESSION).await.expect(200);
    // Ben signs on Ana's revision.
    let last = sign(&server.with_token(&tokens[1]))
        .await
        .expect(200)
        .json();
    assert_eq!(
        last,
        json!({"status": "signed", "envelope_status": "completed"})
    );
    let copy = ana.get("/api/signing/copy").await.expect(200);
    assert_eq!(copy.header("content-type"), Some("application/pdf"));
    assert!(copy.body.starts_with(b"%PDF-"));
}

#[tokio::test]
async fn a_signer_sees_pages_text_and_document() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let envelope = partner.envelope(&two_signers()).await;
    let tokens = partner
        .tokens(envelope["envelope_id"].as_str().unwrap())
        .await;
    let ana = server.with_token(&tokens[0]);
    let session = ana.get(SESSION).await.expect(200).json();
    let page = ana
        .get("/api/signing/pages/1.png?w=800&d=00")
        .await
        .expect(200);
    assert_eq!(page.header("content-type"), Some("image/png"));
    assert_eq!(page.header("cache-control"), Some("private, max-age=600"));
    assert!(page.body.starts_with(b"\x89PNG"));
    let text = ana
        .get("/api/signing/pages/1.json")
        .await
        .expect(200)
        .json();
    assert!(text["runs"].to_string().contains("agreement"), "{text}");
    assert_eq!(
        slug(&ana.get("/api/signing/pages/1.png?w=801").await),
        (422, "validation".into())
    );
    assert_eq!(
        slug(&ana.get("/api/signing/pages/99.png").await),
        (404, "not-found".into())
    );
    assert_eq!(
        slug(&ana.get("/api/signing/pages/1.pdf").await),
        (404, "not-found".into())
    );
    let document = ana.get("/api/signing/document").await.expect(200);
    let etag = format!("\"{}\"", session["document"]["sha256"].as_str().unwrap());
    assert_eq!(document.header("etag"), Some(etag.as_str()));
}

#[tokio::test]
async fn declining_closes_the_links_of_everyone() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let envelope = partner.envelope(&two_signers()).await;
    let tokens = partner
        .tokens(envelope["envelope_id"].as_str().unwrap())
        .await;
    let (ana, ben) = (server.with_token(&tokens[0]), server.with_token(&tokens[1]));
    ana.get(SESSION).await.expect(200);
    let declined = ana
        .post("/api/signing/decline", &json!({"reason": "wrong price"}))
        .await
        .expect(200);
    assert_eq!(declined.json(), json!({"status": "declined"}));
    assert_eq!(
        slug(&ana.get(SESSION).await),
        (410, "envelope-closed".into())
    );
    assert_eq!(
        slug(&ben.get(SESSION).await),
        (410, "envelope-closed".into())
    );
}

#[tokio::test]
async fn an_embed_token_opens_one_session_for_fifteen_minutes() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let envelope = partner.envelope(&two_signers()).await;
    let ask = json!({"envelope_id": envelope["envelope_id"], "user_email": "ben@example.com", "widget_type": "sign"});
    let token = partner
        .post("/api/v2/embed/token", &ask)
        .await
        .expect(200)
        .json()["data"]["token"]
        .clone();
    let token = token.as_str().unwrap();
    let ben = server.with_token(token);
    assert_eq!(
        ben.get(SESSION).await.expect(200).json()["signer"]["email"],
        "ben@example.com"
    );
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", token.split('.').nth(1).unwrap());
    assert_eq!(
        slug(&server.with_token(&unsigned).get(SESSION).await),
        (401, "token-invalid".into())
    );
    server.clock.pass_seconds(900);
    assert_eq!(slug(&ben.get(SESSION).await), (401, "token-expired".into()));
}

#[tokio::test]
async fn signers_in_sequence_wait_for_their_turn() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let template = partner.template(&["Buyer", "Co-Signer"]).await;
    let body = json!({"customer_email": "ana@example.com", "customer_name": "Ana Example", "template_id": template,
        "signing_order": "sequential", "signers": two_signers()});
    let envelope = partner
        .post("/api/v2/partner/envelopes", &body)
        .await
        .expect(201)
        .json()["data"]
        .clone();
    let statuses: Vec<&Value> = envelope["signers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["status"])
        .collect();
    assert_eq!(statuses, ["sent", "waiting"]);
    let ask = json!({"envelope_id": envelope["envelope_id"], "user_email": "ben@example.com", "widget_type": "sign"});
    let token = partner
        .post("/api/v2/embed/token", &ask)
        .await
        .expect(200)
        .json()["data"]["token"]
        .clone();
    let ben = server.with_token(token.as_str().unwrap());
    assert_eq!(slug(&ben.get(SESSION).await), (409, "not-your-turn".into()));
}
