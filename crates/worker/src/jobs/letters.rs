//! What all messages about an envelope have in common: the letterhead, the way to the reader, and
//! one job per reader.

use deedbox_app::letter::Letterhead;
use deedbox_core::{
    Timestamp,
    envelope::{AuthKind, Signer},
    ids::SignerId,
};
use deedbox_store::jobs::{Job, NewJob};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::{Fault, Handlers};
use crate::{
    mail::{Brand, Channel, Locale, Message, Notice, SendError, Subject},
    run::Outcome,
};

/// Key in a job's payload that narrows it to one reader.
const READER: &str = "reader";

impl Handlers {
    /// A link of the signer's own.
    pub(super) async fn link(&self, head: &Letterhead, to: &Signer) -> Result<Url, Fault> {
        let link = self.app.letter_link(&head.envelope.envelope_id, to).await?;
        link.parse()
            .map_err(|_| Fault::Final("the public address makes no valid link".into()))
    }

    /// Writes a message and hands it over. What the way refuses for good is given up.
    pub(super) async fn send(
        &self,
        job: &Job,
        head: &Letterhead,
        to: &Signer,
        way: Way,
        subject: Subject,
    ) -> Result<Outcome, Fault> {
        let message = self.message(job, head, to, way, subject)?;
        match self.messages.send(&message).await {
            Ok(()) => Ok(Outcome::Done),
            Err(SendError::Permanent(error)) => Err(Fault::Final(error)),
            Err(SendError::Transient(error)) => Err(Fault::Passing(error)),
        }
    }

    fn message(
        &self,
        job: &Job,
        head: &Letterhead,
        to: &Signer,
        way: Way,
        subject: Subject,
    ) -> Result<Message, Fault> {
        let kind = subject.kind();
        let notice = notice(head, to, subject);
        let words = self
            .composer
            .compose(&notice)
            .map_err(|error| Fault::Final(error.to_string()))?;
        let created_at = Timestamp::from_micros(job.created_at);
        let is_mail = way.channel == Channel::Email;
        Ok(Message {
            id: Message::id_for(&job.job_id, &way.to, created_at),
            channel: way.channel,
            to: way.to,
            subject: if is_mail {
                words.subject
            } else {
                String::new()
            },
            text: if is_mail { words.text } else { words.phone },
            html: is_mail.then_some(words.html),
            created_at,
            envelope_id: Some(head.envelope.envelope_id.to_string()),
            signer_id: Some(to.signer_id.to_string()),
            kind,
            to_name: notice.name,
            from_name: notice.brand.name,
            unsubscribe: notice.unsubscribe,
        })
    }
}

fn notice(head: &Letterhead, to: &Signer, subject: Subject) -> Notice {
    let sender = &head.sender;
    Notice {
        locale: head.envelope.locale.parse::<Locale>().unwrap_or_default(),
        name: to.name().to_owned(),
        brand: Brand {
            name: sender.name.clone(),
            logo: sender.logo_url.as_deref().and_then(|url| url.parse().ok()),
            accent: sender.accent.clone(),
        },
        document: head.envelope.name.clone().unwrap_or_default(),
        subject,
        unsubscribe: None,
    }
}

/// A channel and the address on it.
pub(super) struct Way {
    /// The channel.
    pub channel: Channel,
    /// E-mail address or E.164 number.
    pub to: String,
}

impl Way {
    /// The way to a signer: e-mail if there is an address, else the phone, by WhatsApp if that is
    /// how the signer identifies, else by text message. `None` when the person was erased.
    pub fn to(signer: &Signer) -> Option<Self> {
        Self::over(Channel::Email, signer).or_else(|| {
            let by_whatsapp = signer.auth_step(AuthKind::WhatsappOtp).is_some();
            Self::over(
                if by_whatsapp {
                    Channel::Whatsapp
                } else {
                    Channel::Sms
                },
                signer,
            )
        })
    }

    /// The way to a signer on one channel.
    pub fn over(channel: Channel, signer: &Signer) -> Option<Self> {
        let to = match channel {
            Channel::Email => signer.person.email.as_ref().map(ToString::to_string),
            Channel::Sms | Channel::Whatsapp => signer.person.phone.clone(),
        };
        to.map(|to| Self { channel, to })
    }
}

/// The reader a job was narrowed to.
pub(super) fn reader(job: &Job) -> Option<SignerId> {
    let payload: Value = serde_json::from_str(&job.payload).ok()?;
    SignerId::parse(payload.get(READER)?.as_str()?).ok()
}

/// One job per reader in place of `job`: a mailbox that refuses or a server that fails half-way
/// must not make the others read the same message twice.
pub(super) fn one_each<'a>(
    job: &Job,
    readers: impl Iterator<Item = &'a Signer>,
) -> Result<Outcome, Fault> {
    let mut payload: Value = serde_json::from_str(&job.payload)
        .map_err(|error| Fault::Final(format!("the payload cannot be read: {error}")))?;
    let jobs = readers.map(|signer| {
        payload[READER] = json!(signer.signer_id);
        narrowed(job, &signer.signer_id, &payload)
    });
    Ok(Outcome::Split(jobs.collect()))
}

fn narrowed(job: &Job, to: &SignerId, payload: &Value) -> NewJob {
    NewJob {
        job_id: derived_id(&job.job_id, to.as_ref()),
        lane: job.lane.clone(),
        kind: job.kind.clone(),
        dedupe_key: Some(format!("{}/{to}", job.job_id)),
        org_id: job.org_id.clone(),
        envelope_id: job.envelope_id.clone(),
        payload: payload.to_string(),
        due_at: job.due_at,
        created_at: job.created_at,
    }
}

/// The id of a job that follows from another: always the same one, so that it is made once.
pub(super) fn derived_id(job_id: &str, label: &str) -> String {
    let digest = Sha256::new()
        .chain_update(job_id)
        .chain_update(label)
        .finalize();
    format!("job_{}", hex::encode(&digest[..12]))
}
