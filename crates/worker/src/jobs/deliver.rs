//! `deliver`: one attempt at a webhook delivery.

use deedbox_app::delivery::{DeliveryAttempt, PendingDelivery};
use deedbox_store::jobs::Job;
use secrecy::SecretString;

use super::{Fault, Handlers};
use crate::{
    outbound::REQUEST_TIME_MAX,
    run::Outcome,
    webhook::{self, Attempt, Delivery},
};

impl Handlers {
    pub(super) async fn deliver(&self, job: &Job) -> Result<Outcome, Fault> {
        let outbound = self
            .outbound
            .as_ref()
            .map_err(|error| Fault::Passing(error.clone()))?;
        let Some(pending) = self.app.pending_delivery(&job.payload).await? else {
            return Ok(Outcome::Done);
        };
        let delivery = delivery(pending);
        let made = webhook::attempt(outbound, &delivery, self.app.now(), REQUEST_TIME_MAX).await;
        self.app
            .delivery_attempted(&job.payload, row(&made))
            .await?;
        Ok(outcome(&made))
    }
}

fn delivery(pending: PendingDelivery) -> Delivery {
    Delivery {
        delivery_id: pending.delivery_id,
        event_id: pending.event_id,
        event_type: pending.event_type,
        url: pending.url,
        secret: pending.secret.map(SecretString::from),
        body: pending.body,
        first_attempt_at: pending.first_at,
        attempts_made: pending.attempts,
    }
}

fn row(made: &Attempt) -> DeliveryAttempt {
    let delivered = made.outcome == webhook::Outcome::Delivered;
    DeliveryAttempt {
        number: made.number,
        at: made.at,
        status: made.status,
        error: (!delivered).then(|| reason(made)),
        delivered,
        next_at: match made.outcome {
            webhook::Outcome::Retry(at) => Some(at),
            webhook::Outcome::Delivered | webhook::Outcome::Dead => None,
        },
    }
}

/// A dead delivery is a row of the deliveries list, from where it can be replayed; the job that
/// made its attempts has done all it could.
fn outcome(made: &Attempt) -> Outcome {
    match made.outcome {
        webhook::Outcome::Delivered | webhook::Outcome::Dead => Outcome::Done,
        webhook::Outcome::Retry(at) => Outcome::Again {
            error: reason(made),
            at: Some(at),
        },
    }
}

fn reason(made: &Attempt) -> String {
    match (&made.error, made.status) {
        (Some(error), _) => error.clone(),
        (None, Some(status)) => format!("the receiver answered {status}"),
        (None, None) => "no answer".to_owned(),
    }
}
