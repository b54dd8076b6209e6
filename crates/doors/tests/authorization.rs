//! Who may do what: every endpoint of the partner door against no key, a wrong key, every scope and a foreign id. An endpoint
//! that is not in the table fails the test.

mod support;

use std::collections::BTreeSet;

use deedbox_app::Scope;
use deedbox_doors::partner;
use http::Method;
use serde_json::{Value, json};
use support::{Answer, Client, Server, pdf};

/// What is sent to an endpoint so that the checks up to the scope are reached.
enum Sample {
    Nothing,
    Json(fn() -> Value),
    Form,
}

struct Row {
    number: &'static str,
    method: Method,
    path: &'static str,
    scope: Scope,
    sample: Sample,
}

fn row(
    number: &'static str,
    method: Method,
    path: &'static str,
    scope: Scope,
    sample: Sample,
) -> Row {
    Row {
        number,
        method,
        path,
        scope,
        sample,
    }
}

/// The table of partner-api.md §2, written by hand: it must not follow the code.
#[expect(clippy::too_many_lines, reason = "a table")]
fn table() -> Vec<Row> {
    use Sample::{Form, Json, Nothing};
    use Scope::{ComplianceRead, EnvelopesRead, EnvelopesWrite, EsignWrite, VaultRead, VaultWrite};
    let (get, post, patch) = (Method::GET, Method::POST, Method::PATCH);
    let embed = |widget: &'static str| match widget {
        "sign" => Json(
            || json!({"envelope_id": "env_000000000000", "user_email": "ana@example.com", "widget_type": "sign"}),
        ),
        _ => Json(
            || json!({"envelope_id": "env_000000000000", "user_email": "ana@example.com", "widget_type": "vault"}),
        ),
    };
    vec![
        row(
            "P1",
            get.clone(),
            "/partner/envelopes",
            EnvelopesRead,
            Nothing,
        ),
        row(
            "P2",
            get.clone(),
            "/partner/envelopes/{id}",
            EnvelopesRead,
            Nothing,
        ),
        row(
            "P3",
            get.clone(),
            "/partner/envelopes/{id}/status",
            EnvelopesRead,
            Nothing,
        ),
        row(
            "P4",
            post.clone(),
            "/partner/envelopes",
            EnvelopesWrite,
            Json(|| json!({})),
        ),
        row(
            "P6",
            post.clone(),
            "/partner/envelopes/{id}/void",
            EnvelopesWrite,
            Json(|| json!({})),
        ),
        row(
            "P7",
            post.clone(),
            "/partner/envelopes/{id}/remind",
            EnvelopesWrite,
            Json(|| json!({})),
        ),
        row(
            "P8",
            get.clone(),
            "/partner/envelopes/{id}/signing-links",
            EnvelopesRead,
            Nothing,
        ),
        row(
            "P9",
            get.clone(),
            "/partner/envelopes/{id}/document",
            EnvelopesRead,
            Nothing,
        ),
        row(
            "P10",
            get.clone(),
            "/partner/envelopes/{id}/events",
            EnvelopesRead,
            Nothing,
        ),
        row(
            "P11",
            get.clone(),
            "/partner/envelopes/{id}/evidence",
            ComplianceRead,
            Nothing,
        ),
        row(
            "P12",
            post.clone(),
            "/partner/envelopes/{id}/vault-in-signed",
            VaultWrite,
            Nothing,
        ),
        row(
            "P14",
            get.clone(),
            "/partner/envelopes/{id}/vault/signed-url",
            VaultRead,
            Nothing,
        ),
        row(
            "P15",
            get.clone(),
            "/partner/envelopes/{id}/vault/copy/signed-url",
            VaultRead,
            Nothing,
        ),
        row(
            "P16",
            get.clone(),
            "/partner/envelopes/{id}/vault/certificate",
            ComplianceRead,
            Nothing,
        ),
        row(
            "P17",
            get.clone(),
            "/partner/envelopes/{id}/compliance",
            ComplianceRead,
            Nothing,
        ),
        row(
            "P29",
            get.clone(),
            "/partner/templates",
            EnvelopesRead,
            Nothing,
        ),
        row(
            "P30",
            get,
            "/partner/templates/{template_id}",
            EnvelopesRead,
            Nothing,
        ),
        row(
            "P31",
            post.clone(),
            "/partner/templates",
            EnvelopesWrite,
            Form,
        ),
        row(
            "P32",
            post.clone(),
            "/partner/templates/{template_id}/fields",
            EnvelopesWrite,
            Json(|| json!({"fields": []})),
        ),
        row(
            "P33",
            patch,
            "/partner/webhook",
            EnvelopesWrite,
            Json(|| json!({})),
        ),
        row(
            "P35",
            post.clone(),
            "/embed/token",
            EsignWrite,
            embed("sign"),
        ),
        row("P35", post, "/embed/token", VaultRead, embed("vault")),
    ]
}

async fn call(client: &Client<'_>, row: &Row, envelope: &str, template: &str) -> Answer {
    let path = row
        .path
        .replace("{id}", envelope)
        .replace("{template_id}", template);
    let path = format!("{}{path}", partner::BASE);
    match row.sample {
        Sample::Nothing => client.send(row.method.clone(), &path, None, "").await,
        Sample::Json(body) => client.json(row.method.clone(), &path, &body()).await,
        Sample::Form => {
            client
                .form(&path, "b", &[("file", Some("a.pdf"), &pdf::contract())])
                .await
        }
    }
}

const NO_ENVELOPE: &str = "env_000000000000";
const NO_TEMPLATE: &str = "tmpl_000000000000";

#[test]
fn the_table_is_the_routers_list() {
    let declared: BTreeSet<_> = partner::endpoints()
        .iter()
        .flat_map(|endpoint| {
            let scopes = endpoint.access.scopes().to_vec();
            scopes
                .into_iter()
                .map(|scope| {
                    (
                        endpoint.number,
                        endpoint.method.to_string(),
                        endpoint.path,
                        scope,
                    )
                })
                .collect::<Vec<_>>()
        })
        .collect();
    let tested = table()
        .into_iter()
        .map(|row| (row.number, row.method.to_string(), row.path, row.scope));
    assert_eq!(declared, tested.collect());
}

#[tokio::test]
async fn without_a_good_key_every_endpoint_answers_401_and_no_rate() {
    let server = Server::start().await;
    let keys = [
        server.anybody(),
        server.with_key(""),
        server.with_key("lk_nonsense"),
        server.with_key(&format!("lk_{}", "0".repeat(40))),
        server.with_token(&format!("lk_{}", "0".repeat(40))),
    ];
    for row in table() {
        for client in &keys {
            let answer = call(client, &row, NO_ENVELOPE, NO_TEMPLATE)
                .await
                .expect(401);
            assert_eq!(
                answer.json(),
                json!({"error": "Invalid or inactive API key"}),
                "{}",
                row.number
            );
            assert!(
                answer.header("x-ratelimit-limit").is_none(),
                "{}",
                row.number
            );
        }
    }
}

#[tokio::test]
async fn a_deactivated_or_rotated_key_is_dead_at_once() {
    let server = Server::start().await;
    let org = server.organization("First Example Bank").await;
    let key = server.key(&org, &Scope::ALL, 100).await;
    let id = server.app.list_keys(&org).await.unwrap()[0].key_id.clone();
    server
        .with_key(&key)
        .get("/api/v2/partner/envelopes")
        .await
        .expect(200);
    let rotated = server.app.rotate_key(&id).await.unwrap();
    server
        .with_key(&key)
        .get("/api/v2/partner/envelopes")
        .await
        .expect(401);
    server
        .with_key(&rotated)
        .get("/api/v2/partner/envelopes")
        .await
        .expect(200);
    server.app.deactivate_key(&id).await.unwrap();
    server
        .with_key(&rotated)
        .get("/api/v2/partner/envelopes")
        .await
        .expect(401);
}

#[tokio::test]
async fn a_key_gets_403_exactly_when_the_scope_is_missing() {
    let server = Server::start().await;
    let org = server.organization("First Example Bank").await;
    for scope in Scope::ALL {
        let others: Vec<Scope> = Scope::ALL.into_iter().filter(|it| *it != scope).collect();
        let (only, all_but) = (
            server.key(&org, &[scope], 10_000).await,
            server.key(&org, &others, 10_000).await,
        );
        for row in table() {
            let refused = |answer: &Answer| answer.status == 403;
            let with_only = call(&server.with_key(&only), &row, NO_ENVELOPE, NO_TEMPLATE).await;
            assert_eq!(
                refused(&with_only),
                scope != row.scope,
                "{} with {scope:?} alone",
                row.number
            );
            let without = call(&server.with_key(&all_but), &row, NO_ENVELOPE, NO_TEMPLATE).await;
            assert_eq!(
                refused(&without),
                scope == row.scope,
                "{} with all but {scope:?}",
                row.number
            );
            if refused(&without) {
                let details = json!([{"field": "scope", "message": scope.as_str()}]);
                assert_eq!(
                    without.json(),
                    json!({"error": "Insufficient scope", "details": details})
                );
                assert!(
                    without.header("x-ratelimit-remaining").is_some(),
                    "{}",
                    row.number
                );
            }
        }
    }
}

#[tokio::test]
async fn another_organizations_id_is_answered_as_one_that_does_not_exist() {
    let server = Server::start().await;
    let owner = server.partner().await;
    let paper = json!({"customer_email": "ana@example.com", "customer_name": "Ana Example", "envelope_kind": "paper"});
    let made = owner
        .post("/api/v2/partner/envelopes", &paper)
        .await
        .expect(201)
        .json();
    let envelope = made["data"]["envelope_id"].as_str().unwrap();
    let template = owner.template(&["Buyer"]).await;
    let stranger = server.partner().await;
    for row in table().iter().filter(|row| row.path.contains('{')) {
        let foreign = call(&stranger, row, envelope, &template).await.expect(404);
        let unknown = call(&stranger, row, NO_ENVELOPE, NO_TEMPLATE)
            .await
            .expect(404);
        let no_id = call(&stranger, row, "%00'", "%ff").await.expect(404);
        assert_eq!(
            (&foreign.body, &foreign.body),
            (&unknown.body, &no_id.body),
            "{}",
            row.number
        );
        let own = call(&owner, row, envelope, &template).await;
        assert_ne!(
            own.body, foreign.body,
            "{} hides even what is one's own",
            row.number
        );
    }
    let foreign =
        json!({"envelope_id": envelope, "user_email": "ana@example.com", "widget_type": "sign"});
    let answer = stranger
        .post("/api/v2/embed/token", &foreign)
        .await
        .expect(404);
    assert_eq!(answer.error(), "Envelope not found");
}
