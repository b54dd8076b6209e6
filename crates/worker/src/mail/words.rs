//! The words, one file per language. Both files have exactly the same keys: they are read into
//! the same types, which know no others and want all.

use std::{fmt, str::FromStr};

use serde::Deserialize;

use super::message::MessageKind;

/// A language the messages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Locale {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    /// The language tag.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A language that the messages are not written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a language of messages; use en or es")]
pub struct UnknownLocale;

impl FromStr for Locale {
    type Err = UnknownLocale;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        match tag {
            "en" => Ok(Self::En),
            "es" => Ok(Self::Es),
            _ => Err(UnknownLocale),
        }
    }
}

/// All words of one language. Each is a template over the names listed in the files' heads.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Catalog {
    pub frame: Frame,
    invitation: Words,
    reminder: Words,
    otp: Words,
    completed: Words,
    declined: Words,
    voided: Words,
    expired: Words,
}

/// What stands around every message.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Frame {
    pub greeting: String,
    pub from: String,
    pub role: String,
    pub expires: String,
    pub signed: String,
    pub by: String,
    pub when: String,
    pub link_help: String,
    pub keep_private: String,
    pub questions: String,
    pub sent_with: String,
    pub unsubscribe: String,
}

/// The words of one kind of message.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub subject: String,
    pub preheader: String,
    pub status: String,
    pub heading: String,
    pub lead: String,
    pub quote: String,
    pub button: String,
    pub note: String,
    pub why: String,
    pub phone: String,
}

impl Catalog {
    /// The words of one kind.
    pub fn words(&self, kind: MessageKind) -> &Words {
        match kind {
            MessageKind::Invitation => &self.invitation,
            MessageKind::Reminder => &self.reminder,
            MessageKind::Otp => &self.otp,
            MessageKind::Completed => &self.completed,
            MessageKind::Declined => &self.declined,
            MessageKind::Voided => &self.voided,
            MessageKind::Expired => &self.expired,
        }
    }

    /// The words of one language.
    pub fn of(locale: Locale) -> Self {
        let text = match locale {
            Locale::En => include_str!("templates/en.toml"),
            Locale::Es => include_str!("templates/es.toml"),
        };
        toml::from_str(text).expect("the files of words are checked by a test")
    }
}
