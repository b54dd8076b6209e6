//! The headers of a delivery, as partner-api 10.1 lists them.

use deedbox_core::time::Timestamp;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::ExposeSecret;

use super::{
    deliver::Delivery,
    signature::{loyva_signature, standard_signature},
};

const USER_AGENT: HeaderValue = HeaderValue::from_static("Loyva-Webhooks/1.0");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

const LOYVA_EVENT: HeaderName = HeaderName::from_static("x-loyva-event");
const LOYVA_DELIVERY: HeaderName = HeaderName::from_static("x-loyva-delivery");
const LOYVA_ATTEMPT: HeaderName = HeaderName::from_static("x-loyva-attempt");
const LOYVA_SIGNATURE: HeaderName = HeaderName::from_static("x-loyva-signature");
const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// The headers of attempt number `attempt` (from 1) at `now`. The signatures are there only if a
/// secret is set.
///
/// # Errors
/// When an id or the event type cannot be a header value: a corrupt row.
pub fn headers(
    delivery: &Delivery,
    attempt: u32,
    now: Timestamp,
) -> Result<HeaderMap, http::header::InvalidHeaderValue> {
    let timestamp = now.epoch_seconds();
    let mut headers = HeaderMap::with_capacity(9);
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.insert(header::USER_AGENT, USER_AGENT);
    headers.insert(LOYVA_EVENT, delivery.event_type.parse()?);
    headers.insert(LOYVA_DELIVERY, delivery.delivery_id.parse()?);
    headers.insert(LOYVA_ATTEMPT, attempt.into());
    headers.insert(WEBHOOK_ID, delivery.event_id.parse()?);
    headers.insert(WEBHOOK_TIMESTAMP, timestamp.into());
    if let Some(secret) = &delivery.secret {
        let secret = secret.expose_secret();
        let loyva = loyva_signature(secret, &delivery.body);
        let standard = standard_signature(secret, &delivery.event_id, timestamp, &delivery.body);
        headers.insert(LOYVA_SIGNATURE, loyva.parse()?);
        headers.insert(WEBHOOK_SIGNATURE, standard.parse()?);
    }
    Ok(headers)
}
