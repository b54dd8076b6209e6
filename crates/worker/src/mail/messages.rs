//! The ways messages go on this server: as configured, or into the local outbox.

use std::path::Path;

use deedbox_app::doctor::Check;

use super::{
    message::{Channel, Message, SendError},
    outbox::Outbox,
    phone::{PhoneGateway, PhoneUrlError},
    smtp::{Smtp, SmtpUrlError},
};

/// The port through which every message to a person leaves.
pub struct Messages {
    email: EmailWay,
    phone: PhoneWay,
}

enum EmailWay {
    Smtp(Box<Smtp>),
    Outbox(Outbox),
}

enum PhoneWay {
    Gateway(Box<PhoneGateway>),
    Outbox(Outbox),
}

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub enum MessagesConfigError {
    /// Of e-mail.
    #[error(transparent)]
    Smtp(#[from] SmtpUrlError),
    /// Of text messages.
    #[error(transparent)]
    Phone(#[from] PhoneUrlError),
}

impl Messages {
    /// The ways as configured: `smtp_url` is `DEEDBOX_SMTP_URL`, `sms_url` is `DEEDBOX_SMS_URL`;
    /// what has none goes into the folder `outbox`. E-mail comes from `mail_from`.
    ///
    /// # Errors
    /// [`MessagesConfigError`] when an address is there but cannot be used.
    pub fn open(
        outbox: &Path,
        smtp_url: Option<&str>,
        sms_url: Option<&str>,
        mail_from: &str,
    ) -> Result<Self, MessagesConfigError> {
        let outbox = Outbox::at(outbox);
        let email = match smtp_url {
            Some(url) => EmailWay::Smtp(Box::new(Smtp::try_new(url, mail_from)?)),
            None => EmailWay::Outbox(outbox.clone()),
        };
        let phone = match sms_url {
            Some(url) => PhoneWay::Gateway(Box::new(PhoneGateway::try_new(url)?)),
            None => PhoneWay::Outbox(outbox),
        };
        Ok(Self { email, phone })
    }

    /// Sends `message` by the way its channel goes here.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn send(&self, message: &Message) -> Result<(), SendError> {
        match message.channel {
            Channel::Email => match &self.email {
                EmailWay::Smtp(smtp) => smtp.send(message).await,
                EmailWay::Outbox(outbox) => outbox.put(message).await,
            },
            Channel::Sms | Channel::Whatsapp => match &self.phone {
                PhoneWay::Gateway(gateway) => gateway.send(message).await,
                PhoneWay::Outbox(outbox) => outbox.put(message).await,
            },
        }
    }

    /// Asks the configured mail server whether it is there and lets us in; the outbox always does.
    /// For `deedbox doctor`.
    pub async fn check(&self) -> Check {
        match &self.email {
            EmailWay::Smtp(smtp) => match smtp.probe().await {
                Ok(()) => Check::passed("mail", "the relay answers and lets us in"),
                Err(error) => Check::failed("mail", format!("DEEDBOX_SMTP_URL: {error}")),
            },
            EmailWay::Outbox(outbox) => {
                let folder = outbox.folder().display();
                Check::passed(
                    "mail",
                    format!("no relay configured; messages are files in {folder}"),
                )
            }
        }
    }
}
