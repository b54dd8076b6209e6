//! What a message has to say, before it is put into words.

use deedbox_core::time::Timestamp;
use url::Url;

use super::{message::MessageKind, words::Locale};

/// One message to be written: to whom, in whose name, about what.
#[derive(Clone)]
pub struct Notice {
    /// The reader's language.
    pub locale: Locale,
    /// The reader's name.
    pub name: String,
    /// The organization that sends the document, as it wants to look.
    pub brand: Brand,
    /// The document's name.
    pub document: String,
    /// What there is to say.
    pub subject: Subject,
    /// Where one click stops reminders, where the server offers it.
    pub unsubscribe: Option<Url>,
}

/// How the sending organization looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// Its name.
    pub name: String,
    /// An image of it, at least 80 px high, shown 40 px high.
    pub logo: Option<Url>,
    /// The one colour of buttons, as `#rrggbb`; anything else is the product's own.
    pub accent: Option<String>,
}

impl Brand {
    /// A brand that is a name alone.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            logo: None,
            accent: None,
        }
    }
}

/// What a message says, with all that is particular to it.
#[derive(Clone)]
pub enum Subject {
    /// Please sign.
    Invitation {
        /// In what role.
        role: String,
        /// The sender's own words.
        message: Option<Quote>,
        /// The signer's own link.
        link: Url,
        /// Until when.
        expires_at: Option<Timestamp>,
    },
    /// Please sign, again.
    Reminder {
        /// In what role.
        role: String,
        /// The sender's own words.
        message: Option<Quote>,
        /// The signer's own link.
        link: Url,
        /// Until when.
        expires_at: Option<Timestamp>,
    },
    /// A one-time code.
    Otp {
        /// Six digits.
        code: String,
        /// How long it lives, in minutes.
        valid_min: u32,
        /// Host of the page that asks for it: phones fill the code in on that page only.
        host: String,
    },
    /// Everybody signed.
    Completed {
        /// Where the reader gets their copy.
        link: Url,
        /// When the last one signed.
        completed_at: Timestamp,
        /// Who signed, in order.
        signers: Vec<SignedBy>,
    },
    /// Somebody declined.
    Declined {
        /// Who.
        by: String,
        /// Why, in their words.
        reason: Option<Quote>,
        /// When.
        declined_at: Timestamp,
    },
    /// The sender withdrew the document.
    Voided {
        /// Why, in their words.
        reason: Option<Quote>,
        /// When.
        voided_at: Timestamp,
    },
    /// The time to sign has passed.
    Expired {
        /// When it ran out.
        expired_at: Timestamp,
    },
}

/// Somebody's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote(pub String);

/// One signature of a completed document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBy {
    /// Who.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

impl Subject {
    /// The kind of message it makes.
    #[must_use]
    pub fn kind(&self) -> MessageKind {
        match self {
            Self::Invitation { .. } => MessageKind::Invitation,
            Self::Reminder { .. } => MessageKind::Reminder,
            Self::Otp { .. } => MessageKind::Otp,
            Self::Completed { .. } => MessageKind::Completed,
            Self::Declined { .. } => MessageKind::Declined,
            Self::Voided { .. } => MessageKind::Voided,
            Self::Expired { .. } => MessageKind::Expired,
        }
    }
}

/// One sample notice of each kind: what tests render, and what previews show.
///
/// # Panics
/// Never: the sample addresses are constants.
#[must_use]
pub fn samples(locale: Locale) -> Vec<Notice> {
    MessageKind::ALL
        .into_iter()
        .map(|kind| sample(kind, locale))
        .collect()
}

fn april_11() -> Timestamp {
    Timestamp::from_micros(1_775_901_600_000_000)
}

fn sample(kind: MessageKind, locale: Locale) -> Notice {
    let note = match locale {
        Locale::En => {
            "Hi Ana, here is the lease we talked about on Tuesday.\nThe delivery date is on page 2."
        }
        Locale::Es => {
            "Hola Ana, este es el arrendamiento del que hablamos el martes.\nLa fecha de entrega \
             está en la página 2."
        }
    };
    Notice {
        locale,
        name: "Ana Example".into(),
        brand: Brand::named("Northwind Motors"),
        document: match locale {
            Locale::En => "Vehicle lease agreement – Ana Example".into(),
            Locale::Es => "Contrato de arrendamiento de vehículo – Ana Example".into(),
        },
        subject: sample_subject(kind, locale, note),
        unsubscribe: None,
    }
}

fn sample_subject(kind: MessageKind, locale: Locale, note: &str) -> Subject {
    let role = if locale == Locale::En {
        "Buyer"
    } else {
        "Compradora"
    }
    .to_owned();
    let message = Some(Quote(note.to_owned()));
    match kind {
        MessageKind::Invitation => Subject::Invitation {
            role,
            message,
            link: sample_link(),
            expires_at: Some(april_11().plus_days(30)),
        },
        MessageKind::Reminder => Subject::Reminder {
            role,
            message,
            link: sample_link(),
            expires_at: Some(april_11().plus_days(30)),
        },
        MessageKind::Otp => Subject::Otp {
            code: "402917".into(),
            valid_min: 10,
            host: "sign.example.com".into(),
        },
        MessageKind::Completed => Subject::Completed {
            link: sample_link(),
            completed_at: april_11(),
            signers: vec![
                SignedBy {
                    name: "Ana Example".into(),
                    at: april_11().plus_seconds(-5400),
                },
                SignedBy {
                    name: "Ben Sample".into(),
                    at: april_11(),
                },
            ],
        },
        MessageKind::Declined => Subject::Declined {
            by: "Ben Sample".into(),
            reason: Some(Quote(match locale {
                Locale::En => "The mileage limit is not what we agreed.".into(),
                Locale::Es => "El límite de kilometraje no es el acordado.".into(),
            })),
            declined_at: april_11(),
        },
        MessageKind::Voided => Subject::Voided {
            reason: Some(Quote(match locale {
                Locale::En => "Replaced by a corrected version.".into(),
                Locale::Es => "Se sustituye por una versión corregida.".into(),
            })),
            voided_at: april_11(),
        },
        MessageKind::Expired => Subject::Expired {
            expired_at: april_11().plus_days(30),
        },
    }
}

fn sample_link() -> Url {
    "https://sign.example.com/sign/env_x7k9m2p4q1w3#token=sT3vYk1mQ8pXw2Zr6LbN4dHa"
        .parse()
        .expect("a constant URL")
}
