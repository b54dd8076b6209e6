//! What anybody may reach: health, keys, pages, verification, signed downloads.

mod support;

use axum::body::Body;
use http::Method;
use serde_json::json;
use support::{Client, Server, pdf};

async fn vaulted(partner: &Client<'_>) -> String {
    let id = partner.completed_envelope().await;
    let path = format!("/api/v2/partner/envelopes/{id}/vault-in-signed");
    partner
        .send(Method::POST, &path, None, Body::empty())
        .await
        .expect(200);
    id
}

async fn signed_url(partner: &Client<'_>, path: &str) -> String {
    let url = partner.get(path).await.expect(200).json()["data"]["signed_url"].clone();
    url.as_str()
        .unwrap()
        .strip_prefix("http://localhost:8080")
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn health_readiness_and_metrics_are_told_to_anyone() {
    let server = Server::start().await;
    let anybody = server.anybody();
    assert_eq!(
        anybody.get("/healthz").await.expect(200).json(),
        json!({"ok": true})
    );
    assert_eq!(anybody.get("/readyz").await.expect(200).json()["ok"], true);
    let metrics = anybody.get("/metrics").await.expect(200);
    let text = String::from_utf8_lossy(&metrics.body).into_owned();
    assert!(
        text.contains("deedbox_http_requests_total{door=\"public\",class=\"2xx\"} 2\n"),
        "{text}"
    );
    anybody
        .json(Method::POST, "/healthz", &json!({}))
        .await
        .expect(405);
}

#[tokio::test]
async fn public_keys_have_the_contracts_form() {
    let server = Server::start().await;
    let keys = server
        .anybody()
        .get("/.well-known/deedbox-keys.json")
        .await
        .expect(200)
        .json();
    let keys = keys["keys"].as_array().unwrap();
    assert!(!keys.is_empty());
    for key in keys {
        assert_eq!(
            (
                key["alg"].as_str(),
                key["public_key"].as_str().unwrap().len()
            ),
            (Some("Ed25519"), 43)
        );
        assert!(
            ["certificate", "control", "log", "receipt"]
                .contains(&key["purpose"].as_str().unwrap())
        );
    }
}

#[tokio::test]
async fn pages_allow_no_inline_code_and_no_frame() {
    let server = Server::start().await;
    for path in ["/", "/verify", "/sign/env_000000000000", "/sign/%00"] {
        let page = server.anybody().get(path).await;
        // Without a build of web/ the page is a notice.
        assert!([200, 503].contains(&page.status.as_u16()), "{path}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.contains("script-src 'self';") && policy.ends_with("frame-ancestors 'none'"),
            "{policy}"
        );
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.header("x-frame-options"), None);
    }
    server.anybody().get("/assets/nothing.js").await.expect(404);
    server.anybody().get("/nothing").await.expect(404);
}

#[tokio::test]
async fn a_signed_url_gives_the_bytes_with_their_digest_until_it_expires() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let id = vaulted(&partner).await;
    let url = signed_url(
        &partner,
        &format!("/api/v2/partner/envelopes/{id}/vault/signed-url"),
    )
    .await;
    let hash = partner
        .get(&format!("/api/v2/partner/envelopes/{id}/status"))
        .await
        .json()["data"]["document_hash"]
        .clone();
    let anybody = server.anybody();
    let whole = anybody.get(&url).await.expect(200);
    assert_eq!(
        whole.header("etag"),
        Some(format!("\"{}\"", hash.as_str().unwrap()).as_str())
    );
    assert_eq!(whole.header("x-deedbox-copy-status"), Some("authoritative"));
    assert_eq!(whole.header("cache-control"), Some("private, no-store"));
    let name = format!("attachment; filename=\"{id}_authoritative.pdf\"");
    assert_eq!(whole.header("content-disposition"), Some(name.as_str()));
    assert!(
        whole
            .header("repr-digest")
            .unwrap()
            .starts_with("sha-256=:")
    );
    let part = anybody
        .clone()
        .header("range", "bytes=0-4")
        .get(&url)
        .await
        .expect(206);
    assert_eq!(&part.body[..], b"%PDF-");
    assert_eq!(
        part.header("content-range"),
        Some(format!("bytes 0-4/{}", whole.body.len()).as_str())
    );
    anybody
        .clone()
        .header("range", "bytes=99999999-")
        .get(&url)
        .await
        .expect(416);
    anybody
        .send(Method::HEAD, &url, None, Body::empty())
        .await
        .expect(405);
    // One altered character, another path, the end of its life.
    let refused = anybody.get(&format!("{url}x")).await.expect(403);
    assert_eq!(refused.error(), "URL expired or signature invalid");
    anybody
        .get(&url.replace("ucc-vault", "ucc-copies"))
        .await
        .expect(403);
    anybody
        .get(url.split_once('?').unwrap().0)
        .await
        .expect(403);
    server.clock.pass_seconds(300);
    anybody.get(&url).await.expect(403);
}

#[tokio::test]
async fn the_vault_answers_its_urls_its_certificate_and_its_checks() {
    let server = Server::start().await;
    let partner = server.partner().await;
    let id = vaulted(&partner).await;
    let path = |rest: &str| format!("/api/v2/partner/envelopes/{id}/{rest}");
    let url = partner
        .get(&path("vault/signed-url?expires=60"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&url["data"]["expires_in"], &url["data"]["expires_at"]),
        (&json!(60), &json!("2026-04-11T10:01:00.000Z"))
    );
    for bad in ["59", "86401", "abc", ""] {
        partner
            .get(&path(&format!("vault/signed-url?expires={bad}")))
            .await
            .expect(422);
    }
    let copy = signed_url(&partner, &path("vault/copy/signed-url")).await;
    let copy = server.anybody().get(&copy).await.expect(200);
    assert_eq!(copy.header("x-deedbox-copy-status"), Some("copy"));
    let checks =
        partner.get(&path("compliance")).await.expect(200).json()["data"]["compliance"]["checks"]
            .clone();
    let requirements: Vec<&str> = checks
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["requirement"].as_str().unwrap())
        .collect();
    assert_eq!(requirements.len(), 8);
    assert_eq!(requirements[0], "Single authoritative copy");
    let certificate = partner
        .get(&path("vault/certificate"))
        .await
        .expect(200)
        .json()["data"]
        .clone();
    assert_eq!(
        certificate["certificate_type"],
        "ucc_9105_electronic_chattel_paper"
    );
    let same = format!(
        "vault/certificate?certificate_id={}",
        certificate["certificate_id"].as_str().unwrap()
    );
    assert_eq!(
        partner.get(&path(&same)).await.expect(200).json()["data"],
        certificate
    );
    let again = partner
        .send(Method::POST, &path("vault-in-signed"), None, Body::empty())
        .await
        .expect(200)
        .json();
    assert_eq!(
        again["data"]["certificate_id"],
        certificate["certificate_id"]
    );
    partner.get(&path("document")).await.expect(409);
    let bundle = partner.get(&path("evidence")).await.expect(200).json();
    assert_eq!(bundle["data"]["bundle_version"], "1.0");
}

#[tokio::test]
async fn anyone_may_verify_a_file_but_not_endlessly() {
    let server = Server::start().await;
    let anybody = server.anybody();
    let verdict = anybody
        .form(
            "/api/verify",
            "b",
            &[("file", Some("a.pdf"), &pdf::contract())],
        )
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&verdict["verdict"], &verdict["copy_status"]),
        (&json!("unknown"), &json!("unknown"))
    );
    let missing = anybody.form("/api/verify", "b", &[]).await.expect(422);
    assert_eq!(missing.json()["errors"][0]["pointer"], "/file");
    anybody.post("/api/verify", &json!({})).await.expect(415);
    for _ in 0..27 {
        anybody.form("/api/verify", "b", &[]).await.expect(422);
    }
    let over = anybody.form("/api/verify", "b", &[]).await.expect(429);
    assert!(over.header("retry-after").is_some());
}
