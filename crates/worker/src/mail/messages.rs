//! The ways messages go on this server: as configured, or into the local outbox.

use std::path::Path;

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

/// How messages are to go.
#[derive(Clone, Copy)]
pub struct MessagesConfig<'a> {
    /// Where the outbox lies.
    pub data_dir: &'a Path,
    /// `DEEDBOX_SMTP_URL`; without it, e-mail goes to the outbox.
    pub smtp_url: Option<&'a str>,
    /// `DEEDBOX_SMS_URL`; without it, text messages go to the outbox.
    pub sms_url: Option<&'a str>,
    /// Host of the public address, which names the sender where the mail URL does not.
    pub public_host: &'a str,
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
    /// The ways as configured.
    ///
    /// # Errors
    /// [`MessagesConfigError`] when an address is there but cannot be used.
    pub fn try_new(config: MessagesConfig<'_>) -> Result<Self, MessagesConfigError> {
        let outbox = Outbox::within(config.data_dir);
        let email = match config.smtp_url {
            Some(url) => EmailWay::Smtp(Box::new(Smtp::try_new(url, config.public_host)?)),
            None => EmailWay::Outbox(outbox.clone()),
        };
        let phone = match config.sms_url {
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

    /// Asks the configured mail server whether it is there; the outbox always is.
    ///
    /// # Errors
    /// [`SendError`] with the server's answer.
    pub async fn probe(&self) -> Result<(), SendError> {
        match &self.email {
            EmailWay::Smtp(smtp) => smtp.probe().await,
            EmailWay::Outbox(_) => Ok(()),
        }
    }
}
