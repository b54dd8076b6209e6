//! The names in a certificate.

use const_oid::{ObjectIdentifier, db::rfc4519};
use der::{Encode, Tag, Tagged};
use sha2::{Digest, Sha256};
use x509_cert::{
    Certificate,
    ext::pkix::{SubjectAltName, name::GeneralName},
    name::Name,
};

use super::{report::Subject, usage::instant};

/// The subject of a certificate, for the report.
pub(crate) fn subject(certificate: &Certificate) -> Subject {
    let tbs = &certificate.tbs_certificate;
    let der = certificate.to_der().unwrap_or_default();
    Subject {
        common_name: part(&tbs.subject, rfc4519::CN),
        organization: part(&tbs.subject, rfc4519::O),
        serial_number: part(&tbs.subject, rfc4519::SERIAL_NUMBER),
        email: email(certificate),
        issuer: part(&tbs.issuer, rfc4519::CN),
        certificate_serial: hex::encode(tbs.serial_number.as_bytes()),
        certificate_sha256: hex::encode(Sha256::digest(der)),
        valid_from: instant(tbs.validity.not_before),
        valid_until: instant(tbs.validity.not_after),
    }
}

/// The name people know a certificate by.
pub(crate) fn display_name(name: &Name) -> String {
    part(name, rfc4519::CN)
        .or_else(|| part(name, rfc4519::O))
        .unwrap_or_else(|| "(no name)".to_owned())
}

fn part(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    let mut parts = name.0.iter().flat_map(|set| set.0.iter());
    let value = &parts.find(|part| part.oid == oid)?.value;
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::TeletexString => {
            Some(String::from_utf8_lossy(value.value()).into_owned())
        }
        Tag::BmpString => {
            let pairs = value.value().chunks_exact(2);
            let units = pairs.map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            Some(
                char::decode_utf16(units)
                    .map(|unit| unit.unwrap_or('\u{fffd}'))
                    .collect(),
            )
        }
        _ => None,
    }
}

fn email(certificate: &Certificate) -> Option<String> {
    let (_, names) = certificate.tbs_certificate.get::<SubjectAltName>().ok()??;
    names.0.iter().find_map(|name| match name {
        GeneralName::Rfc822Name(address) => Some(address.as_str().to_owned()),
        // RFC 8398 SmtpUTF8Mailbox.
        GeneralName::OtherName(other) if other.type_id.to_string() == "1.3.6.1.5.5.7.8.9" => {
            Some(String::from_utf8_lossy(other.value.value()).into_owned())
        }
        _ => None,
    })
}
