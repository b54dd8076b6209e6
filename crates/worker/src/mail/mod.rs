//! Messages to people: what they say, and the ways they go.

mod accent;
mod compose;
mod date;
mod message;
mod messages;
mod notice;
mod outbox;
mod phone;
mod plain;
mod smtp;
mod view;
mod wording;
mod words;

pub use compose::{Composed, Composer};
pub use message::{Channel, Message, MessageKind, SendError};
pub use messages::{Messages, MessagesConfigError};
pub use notice::{Brand, Notice, Quote, SignedBy, Subject, samples};
pub use outbox::Outbox;
pub use phone::PhoneGateway;
pub use smtp::{Smtp, SmtpUrlError};
pub use words::Locale;

#[cfg(test)]
mod tests;
