//! One attempt at one delivery.

use std::time::{Duration, Instant};

use deedbox_core::time::Timestamp;
use secrecy::SecretString;

use super::{headers::headers, schedule::next_attempt_at};
use crate::outbound::{Outbound, OutboundError, Request};

/// One event on its way to one receiver. Address and secret are read afresh for each attempt,
/// because a change of either holds for retries too (partner-api P33); the body never changes.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_field_names,
    reason = "`delivery_id` stands beside `event_id`"
)]
pub struct Delivery {
    /// `dlv_…`, the same on every attempt.
    pub delivery_id: String,
    /// `evt_…`, the same for every receiver of the event.
    pub event_id: String,
    /// Name out of the event catalogue.
    pub event_type: String,
    /// Where to.
    pub url: String,
    /// What signs it, if anything does.
    pub secret: Option<SecretString>,
    /// The stored bytes, identical on every attempt.
    pub body: Vec<u8>,
    /// When the first attempt was made, once one was.
    pub first_attempt_at: Option<Timestamp>,
    /// How many attempts were made before this one.
    pub attempts_made: u32,
}

/// What became of one attempt; a row of the deliveries list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// 1, 2, …
    pub number: u32,
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub duration: Duration,
    /// The receiver's status, if it answered.
    pub status: Option<u16>,
    /// The beginning of the receiver's body, for people; not necessarily complete or UTF-8 before.
    pub response: String,
    /// Why there was no answer, if there was none.
    pub error: Option<String>,
    /// What follows from it.
    pub outcome: Outcome,
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver has it: any 2xx.
    Delivered,
    /// To be tried again at the given instant.
    Retry(Timestamp),
    /// The last attempt failed.
    Dead,
}

/// Makes one attempt. `time_max` is the whole time the receiver has.
pub async fn attempt(
    outbound: &Outbound,
    delivery: &Delivery,
    now: Timestamp,
    time_max: Duration,
) -> Attempt {
    let number = delivery.attempts_made + 1;
    let begun = Instant::now();
    let answer = match headers(delivery, number, now) {
        Ok(headers) => {
            let body = delivery.body.clone();
            outbound
                .post(Request {
                    target: &delivery.url,
                    headers,
                    body,
                    time_max,
                })
                .await
        }
        Err(error) => Err(OutboundError::Broken(error.to_string())),
    };
    let (status, response, error) = match answer {
        Ok(answer) => (Some(answer.status), shown(&answer.body), None),
        Err(error) => (None, String::new(), Some(error.to_string())),
    };
    let outcome = outcome(delivery, number, status, now);
    Attempt {
        number,
        at: now,
        duration: begun.elapsed(),
        status,
        response,
        error,
        outcome,
    }
}

fn outcome(delivery: &Delivery, number: u32, status: Option<u16>, now: Timestamp) -> Outcome {
    if status.is_some_and(|status| (200..300).contains(&status)) {
        return Outcome::Delivered;
    }
    let first_at = delivery.first_attempt_at.unwrap_or(now);
    next_attempt_at(&delivery.delivery_id, first_at, number, now)
        .map_or(Outcome::Dead, Outcome::Retry)
}

/// Text for a list: no control characters, which a database or a terminal might take amiss.
fn shown(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    text.chars()
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect()
}
