//! E-mail addresses: kept as they were written, compared without regard to case.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest address that is accepted (RFC 5321 §4.5.3.1.3, less the angle brackets).
pub const MAX_LENGTH: usize = 254;

/// A mail address. Equality, order and hash ignore the case of ASCII letters, because two signers whose addresses
/// differ only in case are one person to every mail system in use.
#[derive(Clone)]
pub struct EmailAddress(String);

/// The text is no mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an e-mail address of at most 254 characters, e.g. ana@example.com")]
pub struct InvalidEmail;

impl EmailAddress {
    /// Reads an address, trimmed.
    ///
    /// # Errors
    /// [`InvalidEmail`] when it has no local part, no domain with a dot, white space, control characters or
    /// angle brackets, or is too long.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let sound = text.len() <= MAX_LENGTH && local_is_sound(local) && domain_is_sound(domain);
        if sound {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidEmail)
        }
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form to look it up by: ASCII letters in lower case.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// For evidence and screens that must not show the whole: `a***@example.com`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let first: String = local.chars().take(1).collect();
        format!("{first}***@{domain}")
    }
}

fn local_is_sound(local: &str) -> bool {
    let sound = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"@".contains(c);
    let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    !local.is_empty() && local.len() <= 64 && !dots && local.chars().all(sound)
}

fn domain_is_sound(domain: &str) -> bool {
    let label = |l: &str| {
        let inside = l.chars().all(|c| c.is_alphanumeric() || c == '-');
        !l.is_empty() && l.len() <= 63 && inside && !l.starts_with('-') && !l.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for EmailAddress {}

impl PartialOrd for EmailAddress {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EmailAddress {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for EmailAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EmailAddress {
    /// Masked, so that no log prints a person's address by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailAddress({})", self.masked())
    }
}

impl Serialize for EmailAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_make_another_address_but_is_kept() {
        let written = EmailAddress::parse(" Ana.Example@Example.com ").unwrap();
        assert_eq!(
            written,
            EmailAddress::parse("ana.example@example.COM").unwrap()
        );
        assert_eq!(written.as_str(), "Ana.Example@Example.com");
        assert_eq!(written.masked(), "A***@Example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(250));
        let bad = [
            "",
            "ana",
            "ana@",
            "@example.com",
            "ana@host",
            "a na@example.com",
            "a@b..c",
            "a@-b.c",
            &long,
        ];
        for text in bad {
            assert_eq!(EmailAddress::parse(text), Err(InvalidEmail), "{text}");
        }
    }
}
