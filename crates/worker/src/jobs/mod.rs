//! What each kind of job does. One file per kind; everything that decides is in `app`.

mod commands;
mod deliver;
mod letters;
mod notify;
mod one_time_code;
mod request;

use deedbox_app::{App, Error, job::DELIVER};
use deedbox_core::job::JobKind;
use deedbox_store::jobs::Job;

use crate::{
    mail::{Composer, Messages},
    outbound::Outbound,
    run::{Outcome, Work},
};

/// Everything that handlers need.
pub struct Handlers {
    app: App,
    messages: Messages,
    composer: Composer,
    /// Or why there is none: deliveries then wait until the operator mends it.
    outbound: Result<Outbound, String>,
}

impl Handlers {
    /// Handlers that send by `messages` and deliver by `outbound`.
    #[must_use]
    pub fn new(app: App, messages: Messages, outbound: Result<Outbound, String>) -> Self {
        Self {
            app,
            messages,
            composer: Composer::new(),
            outbound,
        }
    }

    async fn handle(&self, job: &Job) -> Result<Outcome, Fault> {
        if job.kind == DELIVER {
            return self.deliver(job).await;
        }
        let kind: JobKind = serde_json::from_str(&job.payload)
            .map_err(|error| Fault::Final(format!("the payload cannot be read: {error}")))?;
        let envelope_id = job
            .envelope_id
            .as_deref()
            .ok_or(Fault::Final("the job names no envelope".into()))?;
        match kind {
            JobKind::Invite { signer_id } | JobKind::Remind { signer_id } => {
                self.request(job, envelope_id, &signer_id).await
            }
            JobKind::SendOtp {
                signer_id,
                channel,
                sealed_code,
                expires_at,
            } => {
                let code = one_time_code::Code {
                    channel,
                    sealed: sealed_code,
                    expires_at,
                };
                self.one_time_code(job, envelope_id, &signer_id, code).await
            }
            JobKind::NotifyCompleted
            | JobKind::NotifyDeclined { .. }
            | JobKind::NotifyVoided { .. }
            | JobKind::NotifyExpired => self.notify(job, envelope_id, &kind).await,
            JobKind::Sweep => self.sweep(job, envelope_id).await,
            JobKind::Expire => self.expire(envelope_id).await,
            JobKind::AutoVault { actor } => self.auto_vault(envelope_id, actor).await,
            later @ (JobKind::LapseRelease { .. }
            | JobKind::LapseTransfer { .. }
            | JobKind::SendTransferLink { .. }
            | JobKind::SendConsentLink { .. }) => Ok(self.keep(&later)),
        }
    }
}

impl Handlers {
    /// A job of a kind that another version of deedbox does: kept for it, not given up.
    fn keep(&self, kind: &JobKind) -> Outcome {
        Outcome::Again {
            error: format!("this version does not do {}", kind.as_str()),
            at: Some(self.app.now().plus_days(1)),
        }
    }
}

impl Work for Handlers {
    async fn run(&self, job: &Job) -> Outcome {
        match self.handle(job).await {
            Ok(outcome) => outcome,
            Err(Fault::Passing(error)) => Outcome::again(error),
            Err(Fault::Final(error)) => Outcome::never(error),
        }
    }
}

/// Why a job could not be done. The texts are for the operator: no links, codes or addresses.
enum Fault {
    /// It may go better later.
    Passing(String),
    /// It will never go better.
    Final(String),
}

impl From<Error> for Fault {
    /// What a use case refuses will be refused again; faults of machines may pass.
    fn from(error: Error) -> Self {
        match error {
            Error::Conflict | Error::Busy | Error::Storage(_) | Error::Internal(_) => {
                Self::Passing(error.to_string())
            }
            refusal => Self::Final(refusal.to_string()),
        }
    }
}
