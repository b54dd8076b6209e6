//! Forms of single values that more than one endpoint reads.

use deedbox_core::{Digest, EmailAddress, Timestamp, template::value::is_e164};

use super::fields::Slot;

/// An e-mail address.
pub(crate) fn email(slot: &Slot<'_>) -> Option<EmailAddress> {
    let message = "must be an e-mail address of at most 254 characters, e.g. ana@example.com";
    slot.form(|text| EmailAddress::parse(text).ok(), message)
}

/// An instant with any offset.
pub(crate) fn instant(slot: &Slot<'_>) -> Option<Timestamp> {
    let message = "must be a time in ISO 8601 with offset, e.g. 2026-04-11T10:00:00.000Z";
    slot.form(|text| Timestamp::parse(text).ok(), message)
}

/// A SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(slot: &Slot<'_>) -> Option<Digest> {
    slot.form(
        |text| Digest::parse(text).ok(),
        "must be 64 lower-case hexadecimal digits",
    )
}

/// A phone number of ITU-T E.164.
pub(crate) fn phone(slot: &Slot<'_>) -> Option<String> {
    let message = "must be a phone number in E.164 form, e.g. +573000000000";
    slot.form(|text| is_e164(text).then(|| text.to_owned()), message)
}
