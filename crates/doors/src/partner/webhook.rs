//! P33 `PATCH /partner/webhook`: where the calling key's events go.

use deedbox_app::{Change, Scope};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    answer::{Answer, Data},
    endpoint::{Call, Endpoint},
    error::Error,
};
use crate::http::fields::{Faults, Fields};

pub(crate) const ENDPOINT: Endpoint =
    Endpoint::patch("P33", "/partner/webhook", Scope::EnvelopesWrite, |call| {
        Box::pin(handle(call))
    });

/// What to change. An absent key stays, `null` clears.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct UpdateWebhook {
    /// `https` and publicly reachable.
    #[schema(format = "uri", max_length = 2048)]
    webhook_url: Option<String>,
    #[schema(min_length = 16, max_length = 256)]
    webhook_secret: Option<String>,
}

/// The calling key's webhook.
#[derive(Debug, Serialize, ToSchema)]
struct Webhook {
    webhook_url: Option<String>,
    webhook_secret_set: bool,
    updated_at: String,
}

/// Configure the webhook
///
/// Takes effect on the next delivery, retries included. The secret is never returned.
#[utoipa::path(
    patch, path = "/partner/webhook", operation_id = "updateWebhook", tag = "Webhooks",
    request_body = Option<UpdateWebhook>,
    responses((status = 200, description = "The webhook as it is now", body = Data<Webhook>)),
)]
async fn handle(mut call: Call) -> Result<Answer, Error> {
    let (url, secret) = read(&call.take_json())?;
    let webhook = call.app.webhook_update(&call.caller, url, secret).await?;
    Ok(Answer::ok(Webhook {
        webhook_url: webhook.url,
        webhook_secret_set: webhook.secret_set,
        updated_at: webhook.updated_at.to_iso(),
    }))
}

fn read(body: &Value) -> Result<(Change<String>, Change<String>), Error> {
    let faults = Faults::default();
    let body = Fields::of_json(body, &faults);
    let url = change(
        &body,
        "webhook_url",
        body.optional("webhook_url").text(1..=2048),
    );
    let secret = change(
        &body,
        "webhook_secret",
        body.optional("webhook_secret").text(16..=256),
    );
    faults.check()?;
    Ok((url, secret))
}

fn change<T>(body: &Fields<'_>, key: &str, value: Option<T>) -> Change<T> {
    match value {
        Some(value) => Change::Set(value),
        // A value of a wrong form is a fault by now, so what is named here without a value is `null`.
        None if body.names(key) => Change::Clear,
        None => Change::Keep,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn absent_keeps_and_null_clears() {
        let (url, secret) = read(&json!({"webhook_url": null})).unwrap();
        assert!(matches!(url, Change::Clear) && matches!(secret, Change::Keep));
        let (url, _) = read(&json!({"webhook_url": "https://example.com/hook"})).unwrap();
        assert!(matches!(url, Change::Set(url) if url == "https://example.com/hook"));
    }

    #[test]
    fn a_short_secret_is_refused() {
        let error = read(&json!({"webhook_secret": "fifteen chars.."})).unwrap_err();
        assert_eq!(error.body.details[0].field, "webhook_secret");
        assert!(read(&json!({"webhook_secret": "sixteen chars..."})).is_ok());
    }
}
