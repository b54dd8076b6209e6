//! Webhook deliveries as the worker makes them: what the next attempt sends, and what became of it.

use deedbox_core::Timestamp;
use deedbox_store::{Tx, api_keys, deliveries, feed};

use crate::{App, error::Error, webhook::open_secret};

/// One event on its way to one key's webhook, read afresh for each attempt: a changed URL or secret
/// holds for retries too (partner-api P33).
#[derive(Clone)]
pub struct PendingDelivery {
    /// `dlv_…`.
    pub delivery_id: String,
    /// `evt_…`.
    pub event_id: String,
    /// Name of the event.
    pub event_type: String,
    /// Where to.
    pub url: String,
    /// What signs it, in clear.
    pub secret: Option<String>,
    /// The stored bytes.
    pub body: Vec<u8>,
    /// When the first attempt was made.
    pub first_at: Option<Timestamp>,
    /// Attempts made so far.
    pub attempts: u32,
}

/// What became of an attempt.
#[derive(Clone, Debug)]
pub struct DeliveryAttempt {
    /// Its number, from 1.
    pub number: u32,
    /// When it was made.
    pub at: Timestamp,
    /// The receiver's HTTP status, if it answered.
    pub status: Option<u16>,
    /// What went wrong, for the deliveries list.
    pub error: Option<String>,
    /// Whether the receiver has it.
    pub delivered: bool,
    /// When it is tried again; `None`: never.
    pub next_at: Option<Timestamp>,
}

struct Found {
    delivery: deliveries::Delivery,
    announcement: feed::Announcement,
    key_id: String,
    url: String,
    secret: Option<Vec<u8>>,
}

impl App {
    /// What the next attempt at a delivery sends. `None` when nothing is to be sent any more: it
    /// arrived, it is dead, or its key was deactivated or has no URL, which ends it.
    ///
    /// # Errors
    /// When the store refuses, or the secret cannot be opened.
    pub async fn pending_delivery(
        &self,
        delivery_id: &str,
    ) -> Result<Option<PendingDelivery>, Error> {
        let id = delivery_id.to_owned();
        let Some(found) = self
            .store()
            .snapshot("delivery", move |tx| find(tx, &id))
            .await?
        else {
            self.end_delivery(delivery_id).await?;
            return Ok(None);
        };
        let Found {
            delivery,
            announcement,
            key_id,
            url,
            secret,
        } = found;
        let secret = secret
            .map(|wrapped| open_secret(self, &key_id, &wrapped))
            .transpose()?;
        Ok(Some(PendingDelivery {
            delivery_id: delivery.delivery_id,
            event_id: announcement.event_id,
            event_type: announcement.event_type,
            url,
            secret,
            body: announcement.body,
            first_at: delivery.first_at.map(Timestamp::from_micros),
            attempts: u32::try_from(delivery.attempts).unwrap_or(u32::MAX),
        }))
    }

    /// Writes down what became of an attempt. A delivery that was ended meanwhile stays ended.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn delivery_attempted(
        &self,
        delivery_id: &str,
        attempt: DeliveryAttempt,
    ) -> Result<(), Error> {
        let (id, now) = (delivery_id.to_owned(), self.now().micros());
        self.store()
            .write("delivery attempted", move |tx| {
                let Some(delivery) = deliveries::get(tx, &id)?.filter(is_pending) else {
                    return Ok(());
                };
                let after = after(delivery, &attempt, now);
                deliveries::update(tx, &after)?;
                Ok(())
            })
            .await
    }

    async fn end_delivery(&self, delivery_id: &str) -> Result<(), Error> {
        let (id, now) = (delivery_id.to_owned(), self.now().micros());
        self.store()
            .write("delivery ended", move |tx| {
                if let Some(delivery) = deliveries::get(tx, &id)?.filter(is_pending) {
                    let state = "ended".to_owned();
                    let ended = deliveries::Delivery {
                        state,
                        next_at: None,
                        updated_at: now,
                        ..delivery
                    };
                    deliveries::update(tx, &ended)?;
                }
                Ok(())
            })
            .await
    }
}

fn is_pending(delivery: &deliveries::Delivery) -> bool {
    delivery.state == "pending"
}

fn find(tx: &mut Tx<'_>, delivery_id: &str) -> Result<Option<Found>, Error> {
    let Some(delivery) = deliveries::get(tx, delivery_id)?.filter(is_pending) else {
        return Ok(None);
    };
    let Some(key) = api_keys::get(tx, &delivery.key_id)?.filter(|key| key.active) else {
        return Ok(None);
    };
    let (Some(url), Some(announcement)) = (key.webhook_url, feed::get(tx, &delivery.event_id)?)
    else {
        return Ok(None);
    };
    let secret = key.webhook_secret_wrapped;
    Ok(Some(Found {
        delivery,
        announcement,
        key_id: key.key_id,
        url,
        secret,
    }))
}

fn after(
    delivery: deliveries::Delivery,
    attempt: &DeliveryAttempt,
    now: i64,
) -> deliveries::Delivery {
    let state = match (attempt.delivered, attempt.next_at) {
        (true, _) => "delivered",
        (false, Some(_)) => "pending",
        (false, None) => "dead",
    };
    deliveries::Delivery {
        state: state.to_owned(),
        attempts: i64::from(attempt.number),
        next_at: attempt
            .next_at
            .filter(|_| !attempt.delivered)
            .map(Timestamp::micros),
        last_status: attempt.status.map(i64::from),
        last_error: attempt.error.clone(),
        first_at: delivery.first_at.or(Some(attempt.at.micros())),
        updated_at: now,
        ..delivery
    }
}
