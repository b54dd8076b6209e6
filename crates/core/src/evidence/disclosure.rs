//! The texts that signers agree to. A text is never edited: a change is a new version with a new id, and the
//! digest of the text that was shown stands in the signer's consent.

use crate::digest::Digest;
use crate::names::names;

names! {
    /// What a text is for.
    DisclosureKind {
        /// Consent to electronic records (15 USC 7001(c)) and agreement on the signing method
        /// (Ley 527 de 1999, Decreto 2364 de 2012 art. 1).
        ElectronicRecords = "electronic_records",
        /// Express authorization to treat biometric data (Ley 1581 de 2012 arts. 5, 6 and 12), always separate.
        BiometricRelease = "biometric_release",
    }
}

/// A text, as it is shown and hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disclosure {
    /// Kind, version and language in one: names exactly this text for ever.
    pub id: &'static str,
    /// What it is for.
    pub kind: DisclosureKind,
    /// Its version, from 1.
    pub version: u32,
    /// Its language.
    pub locale: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The text, paragraphs divided by empty lines.
    pub text: &'static str,
    /// SHA-256 of the text's UTF-8 bytes.
    pub sha256: Digest,
}

struct Source {
    id: &'static str,
    kind: DisclosureKind,
    version: u32,
    locale: &'static str,
    title: &'static str,
    text: &'static str,
}

/// Newest first within each kind and language; older versions stay, so that old consents can be shown.
const SOURCES: [Source; 4] = [
    Source {
        id: "electronic-records-1-en",
        kind: DisclosureKind::ElectronicRecords,
        version: 1,
        locale: "en",
        title: "Consent to electronic records and signatures",
        text: include_str!("disclosure/electronic-records-1-en.txt"),
    },
    Source {
        id: "electronic-records-1-es",
        kind: DisclosureKind::ElectronicRecords,
        version: 1,
        locale: "es",
        title: "Consentimiento para documentos y firmas electrónicos",
        text: include_str!("disclosure/electronic-records-1-es.txt"),
    },
    Source {
        id: "biometric-release-1-en",
        kind: DisclosureKind::BiometricRelease,
        version: 1,
        locale: "en",
        title: "Authorization to use your biometric data",
        text: include_str!("disclosure/biometric-release-1-en.txt"),
    },
    Source {
        id: "biometric-release-1-es",
        kind: DisclosureKind::BiometricRelease,
        version: 1,
        locale: "es",
        title: "Autorización para el tratamiento de sus datos biométricos",
        text: include_str!("disclosure/biometric-release-1-es.txt"),
    },
];

impl Source {
    fn disclosure(&self) -> Disclosure {
        Disclosure {
            id: self.id,
            kind: self.kind,
            version: self.version,
            locale: self.locale,
            title: self.title,
            text: self.text,
            sha256: Digest::of(self.text.as_bytes()),
        }
    }
}

/// The text in force for a purpose, in a language; English where there is no translation.
#[must_use]
pub fn disclosure(kind: DisclosureKind, locale: &str) -> Disclosure {
    let of = |wanted: &str| {
        SOURCES
            .iter()
            .find(|it| it.kind == kind && it.locale == wanted)
    };
    of(locale)
        .or_else(|| of("en"))
        .unwrap_or(&SOURCES[0])
        .disclosure()
}

/// Every text there ever was.
pub fn disclosures() -> impl Iterator<Item = Disclosure> {
    SOURCES.iter().map(Source::disclosure)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digests of texts that signers have agreed to. A line here is never changed; a new version gets a new line.
    const PUBLISHED: [(&str, &str); 4] = include!("disclosure/published.in");

    #[test]
    fn a_published_text_is_never_edited() {
        let present: Vec<_> = disclosures()
            .map(|it| (it.id, it.sha256.to_string()))
            .collect();
        let present: Vec<_> = present
            .iter()
            .map(|(id, sha256)| (*id, sha256.as_str()))
            .collect();
        assert_eq!(present, PUBLISHED);
    }

    #[test]
    fn every_element_of_15_usc_7001_c_is_there() {
        let text = disclosure(DisclosureKind::ElectronicRecords, "en").text;
        for part in [
            "on paper",
            "withdraw",
            "fee",
            "applies to",
            "e-mail address",
            "computer or phone",
        ] {
            assert!(text.contains(part), "{part}");
        }
        let text = disclosure(DisclosureKind::ElectronicRecords, "es").text;
        for part in [
            "en papel",
            "retirar",
            "costo",
            "Ley 527 de 1999",
            "Decreto 2364 de 2012",
        ] {
            assert!(text.contains(part), "{part}");
        }
    }

    #[test]
    fn an_unknown_language_gets_english() {
        assert_eq!(
            disclosure(DisclosureKind::BiometricRelease, "fr").locale,
            "en"
        );
        assert_eq!(
            disclosure(DisclosureKind::BiometricRelease, "es").locale,
            "es"
        );
    }
}
