//! What a certificate may be used for, and when (RFC 5280 §4.2, RFC 3161 §2.3).

use const_oid::{ObjectIdentifier, db::rfc5280};
use time::OffsetDateTime;
use x509_cert::{
    Certificate,
    ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage},
    time::Time,
};

use super::subject::display_name;

/// id-kp-timeStamping.
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// id-kp-OCSPSigning.
const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
/// id-kp-serverAuth.
const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");

/// What a certificate is to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Signing,
    Timestamping,
}

/// An authority: basicConstraints, keyCertSign, and valid at that time.
pub(crate) fn authority(
    certificate: &Certificate,
    below: usize,
    moment: OffsetDateTime,
) -> Result<(), String> {
    let tbs = &certificate.tbs_certificate;
    let (_, constraints) = tbs
        .get::<BasicConstraints>()
        .ok()
        .flatten()
        .filter(|(_, constraints)| constraints.ca)
        .ok_or_else(|| "an issuer is not an authority".to_owned())?;
    if constraints
        .path_len_constraint
        .is_some_and(|limit| below > usize::from(limit))
    {
        return Err("an issuer may not stand so high".to_owned());
    }
    if !key_usage(certificate, KeyUsage::key_cert_sign) {
        return Err("an issuer may not sign certificates".to_owned());
    }
    known_extensions(certificate)?;
    valid_at(certificate, moment)
}

/// The certificate of a signer or of a timestamp authority.
pub(crate) fn usable(
    leaf: &Certificate,
    moment: OffsetDateTime,
    purpose: Purpose,
) -> Result<(), String> {
    known_extensions(leaf)?;
    let signs = |usage: &KeyUsage| usage.digital_signature() || usage.non_repudiation();
    if !key_usage(leaf, signs) {
        return Err("the certificate is not made for signatures".to_owned());
    }
    let tbs = &leaf.tbs_certificate;
    let usage = tbs
        .get::<ExtendedKeyUsage>()
        .map_err(|error| error.to_string())?;
    let fits = match (purpose, &usage) {
        // RFC 3161 §2.3: critical, and nothing else in it.
        (Purpose::Timestamping, Some((critical, usage))) => *critical && usage.0 == [TIME_STAMPING],
        (Purpose::Timestamping, None) => false,
        (Purpose::Signing, Some((_, usage))) => usage
            .0
            .iter()
            .any(|oid| ![TIME_STAMPING, OCSP_SIGNING, SERVER_AUTH].contains(oid)),
        (Purpose::Signing, None) => true,
    };
    if !fits {
        return Err("the certificate is made for something else".to_owned());
    }
    valid_at(leaf, moment)
}

fn key_usage(certificate: &Certificate, test: impl Fn(&KeyUsage) -> bool) -> bool {
    match certificate.tbs_certificate.get::<KeyUsage>() {
        Ok(Some((_, usage))) => test(&usage),
        Ok(None) => true,
        Err(_) => false,
    }
}

/// RFC 5280 §4.2: a critical extension that is not understood rejects the certificate.
fn known_extensions(certificate: &Certificate) -> Result<(), String> {
    const KNOWN: [ObjectIdentifier; 6] = [
        rfc5280::ID_CE_BASIC_CONSTRAINTS,
        rfc5280::ID_CE_KEY_USAGE,
        rfc5280::ID_CE_EXT_KEY_USAGE,
        rfc5280::ID_CE_SUBJECT_ALT_NAME,
        rfc5280::ID_CE_CERTIFICATE_POLICIES,
        rfc5280::ID_CE_CRL_DISTRIBUTION_POINTS,
    ];
    let mut extensions = certificate.tbs_certificate.extensions.iter().flatten();
    match extensions.find(|extension| extension.critical && !KNOWN.contains(&extension.extn_id)) {
        Some(unknown) => Err(format!("unknown critical extension {}", unknown.extn_id)),
        None => Ok(()),
    }
}

fn valid_at(certificate: &Certificate, moment: OffsetDateTime) -> Result<(), String> {
    let validity = &certificate.tbs_certificate.validity;
    let name = || display_name(&certificate.tbs_certificate.subject);
    if moment < instant(validity.not_before) {
        Err(format!("the certificate of {} was not yet valid", name()))
    } else if moment > instant(validity.not_after) {
        Err(format!("the certificate of {} had expired", name()))
    } else {
        Ok(())
    }
}

/// A certificate's time.
pub(crate) fn instant(time: Time) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + time.to_unix_duration()
}
