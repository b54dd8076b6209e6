//! The instance's certificate authority: short-lived certificates for people, long-lived ones for
//! the seal and the timestamp authority, and revocation lists (RFC 5280).

use std::fmt;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint,
    CustomExtension, DistinguishedName, DnType, IsCa, Issuer, KeyIdMethod, KeyUsagePurpose,
    RevokedCertParams, SanType, SerialNumber,
};
use time::OffsetDateTime;

use crate::softkey::{KeyError, KeyKind, SoftKey, SoftSigner};

/// RFC 5280 Appendix A: `ub-common-name`.
const MAX_COMMON_NAME: usize = 64;
/// RFC 5280 Appendix A: `ub-serial-number`.
const MAX_SERIAL_NUMBER: usize = 64;
/// RFC 8398: an e-mail address that is not ASCII.
const SMTP_UTF8_MAILBOX: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 8, 9];
const SERIAL_NUMBER: [u64; 4] = [2, 5, 4, 5];
const EXTENDED_KEY_USAGE: [u64; 4] = [2, 5, 29, 37];
/// `SEQUENCE { id-kp-timeStamping }`.
const TIME_STAMPING_ONLY: [u8; 12] = [
    0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08,
];

/// A certificate or list could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// A name or address cannot stand in a certificate.
    #[error("{field} cannot stand in a certificate: {reason}")]
    Name {
        /// Which value.
        field: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The end of the validity is not after its start.
    #[error("the validity ends before it starts")]
    Validity,
    /// The authority's certificate cannot be read.
    #[error("the authority's certificate cannot be read")]
    Authority,
    /// The key could not be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The certificate could not be encoded or signed.
    #[error("the certificate could not be made: {0}")]
    Encoding(String),
}

/// From when until when a certificate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// First instant.
    pub from: OffsetDateTime,
    /// Last instant.
    pub until: OffsetDateTime,
}

/// An organisation's name in a certificate: the authority itself, the seal, the timestamp authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Subject common name, e.g. `Acme Seal 2026`.
    pub common_name: String,
    /// Subject organization, when there is one.
    pub organization: Option<String>,
}

/// The person a signing certificate is issued to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Subject common name, in any script; longer than 64 characters is cut (RFC 5280).
    pub name: String,
    /// Subject serialNumber: what the instance calls this signer, to tell two of one name apart.
    pub id: String,
    /// Subject alternative name; not only ASCII (RFC 8398).
    pub email: Option<String>,
}

/// One entry of a revocation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Serial number of the certificate, as its DER content bytes.
    pub serial: Vec<u8>,
    /// When it was revoked.
    pub at: OffsetDateTime,
}

/// A certificate authority with its key. The issuer is parsed once, so that issuing is only key
/// generation, encoding and one signature.
pub struct Authority {
    issuer: Issuer<'static, SoftKey>,
    certificate: Vec<u8>,
    crl_url: Option<String>,
}

impl Authority {
    /// Makes a self-signed authority.
    ///
    /// # Errors
    /// When a name is not usable or the validity is reversed.
    pub fn create(key: SoftKey, name: &Organization, validity: Validity) -> Result<Self, CaError> {
        let mut params = params(validity)?;
        params.distinguished_name = organization_name(name)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key).map_err(encoding)?.der().to_vec();
        let issuer = Issuer::new(params, key);
        Ok(Self {
            issuer,
            certificate,
            crl_url: None,
        })
    }

    /// Takes an authority that was stored.
    ///
    /// # Errors
    /// When the certificate cannot be read.
    pub fn load(certificate: Vec<u8>, key: SoftKey) -> Result<Self, CaError> {
        let issuer = Issuer::from_ca_cert_der(&certificate.as_slice().into(), key)
            .map_err(|_| CaError::Authority)?;
        Ok(Self {
            issuer,
            certificate,
            crl_url: None,
        })
    }

    /// Writes `url` as CRL distribution point into every certificate issued from now on.
    #[must_use]
    pub fn with_crl_url(mut self, url: impl Into<String>) -> Self {
        self.crl_url = Some(url.into());
        self
    }

    /// The authority's certificate, DER.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The authority's key, to be stored.
    #[must_use]
    pub fn key(&self) -> &SoftKey {
        self.issuer.key()
    }

    /// A fresh P-256 key with a certificate for `person`: for one signature, then to be dropped.
    ///
    /// # Errors
    /// See [`Authority::issue_person`].
    pub fn signer_for(&self, person: &Person, validity: Validity) -> Result<SoftSigner, CaError> {
        let key = SoftKey::generate(KeyKind::P256)?;
        let certificate = self.issue_person(&key, person, validity)?;
        Ok(self.join(key, certificate))
    }

    /// Joins a key with a certificate of this authority.
    #[must_use]
    pub fn join(&self, key: SoftKey, certificate: Vec<u8>) -> SoftSigner {
        SoftSigner::new(key, certificate, vec![self.certificate.clone()])
    }

    /// A signing certificate: keyUsage digitalSignature and nonRepudiation, no EKU.
    ///
    /// # Errors
    /// When the name, id or e-mail cannot stand in a certificate, or the validity is reversed.
    pub fn issue_person(
        &self,
        key: &SoftKey,
        person: &Person,
        validity: Validity,
    ) -> Result<Vec<u8>, CaError> {
        let mut params = params(validity)?;
        params
            .distinguished_name
            .push(DnType::CommonName, common_name(&person.name)?);
        let id = cut(&person.id, MAX_SERIAL_NUMBER);
        if !id.is_empty() {
            params
                .distinguished_name
                .push(DnType::from_oid(&SERIAL_NUMBER), printable(&id)?);
        }
        params
            .subject_alt_names
            .extend(person.email.as_deref().map(mailbox).transpose()?);
        params.key_usages = signing_usages();
        self.issue(key, params)
    }

    /// A certificate for the instance's seal.
    ///
    /// # Errors
    /// When a name cannot stand in a certificate, or the validity is reversed.
    pub fn issue_seal(
        &self,
        key: &SoftKey,
        name: &Organization,
        validity: Validity,
    ) -> Result<Vec<u8>, CaError> {
        let mut params = params(validity)?;
        params.distinguished_name = organization_name(name)?;
        params.key_usages = signing_usages();
        self.issue(key, params)
    }

    /// A certificate for a timestamp authority: the only extended key usage is timeStamping, and it
    /// is critical (RFC 3161 §2.3).
    ///
    /// # Errors
    /// When a name cannot stand in a certificate, or the validity is reversed.
    pub fn issue_tsa(
        &self,
        key: &SoftKey,
        name: &Organization,
        validity: Validity,
    ) -> Result<Vec<u8>, CaError> {
        let mut params = params(validity)?;
        params.distinguished_name = organization_name(name)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        // rcgen writes its own extendedKeyUsage as non-critical.
        let content = TIME_STAMPING_ONLY.to_vec();
        let mut usage = CustomExtension::from_oid_content(&EXTENDED_KEY_USAGE, content);
        usage.set_criticality(true);
        params.custom_extensions.push(usage);
        self.issue(key, params)
    }

    /// The authority's revocation list. `number` must grow with every list.
    ///
    /// # Errors
    /// When `next_update` is not after `this_update`.
    pub fn crl(
        &self,
        number: u64,
        this_update: OffsetDateTime,
        next_update: OffsetDateTime,
        revoked: &[Revoked],
    ) -> Result<Vec<u8>, CaError> {
        let revoked_certs = revoked
            .iter()
            .map(|entry| RevokedCertParams {
                serial_number: SerialNumber::from_slice(&entry.serial),
                revocation_time: entry.at,
                reason_code: None,
                invalidity_date: None,
            })
            .collect();
        let params = CertificateRevocationListParams {
            this_update,
            next_update,
            crl_number: SerialNumber::from(number),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = params.signed_by(&self.issuer).map_err(encoding)?;
        Ok(list.der().to_vec())
    }

    fn issue(&self, key: &SoftKey, mut params: CertificateParams) -> Result<Vec<u8>, CaError> {
        params.is_ca = IsCa::ExplicitNoCa;
        params.use_authority_key_identifier_extension = true;
        if let Some(url) = &self.crl_url {
            params.crl_distribution_points = vec![CrlDistributionPoint {
                uris: vec![url.clone()],
            }];
        }
        let certificate = params.signed_by(key, &self.issuer).map_err(encoding)?;
        Ok(certificate.der().to_vec())
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority")
            .field("crl_url", &self.crl_url)
            .finish_non_exhaustive()
    }
}

fn signing_usages() -> Vec<KeyUsagePurpose> {
    vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::ContentCommitment,
    ]
}

fn params(validity: Validity) -> Result<CertificateParams, CaError> {
    if validity.until <= validity.from {
        return Err(CaError::Validity);
    }
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.not_before = validity.from;
    params.not_after = validity.until;
    Ok(params)
}

fn organization_name(name: &Organization) -> Result<DistinguishedName, CaError> {
    let mut distinguished = DistinguishedName::new();
    if let Some(organization) = &name.organization {
        distinguished.push(DnType::OrganizationName, cut(organization, MAX_COMMON_NAME));
    }
    distinguished.push(DnType::CommonName, common_name(&name.common_name)?);
    Ok(distinguished)
}

fn common_name(name: &str) -> Result<String, CaError> {
    let name = cut(name.trim(), MAX_COMMON_NAME);
    if name.is_empty() {
        return Err(CaError::Name {
            field: "the name",
            reason: "it is empty",
        });
    }
    Ok(name)
}

/// The first `limit` characters, without control characters.
fn cut(text: &str, limit: usize) -> String {
    text.chars()
        .filter(|character| !character.is_control())
        .take(limit)
        .collect()
}

/// RFC 5280 Appendix A demands `PrintableString` for serialNumber.
fn printable(text: &str) -> Result<rcgen::DnValue, CaError> {
    rcgen::string::PrintableString::try_from(text)
        .map(rcgen::DnValue::PrintableString)
        .map_err(|_| CaError::Name {
            field: "the signer's id",
            reason: "only letters, digits, blanks and '()+,-./:=? are possible",
        })
}

fn mailbox(email: &str) -> Result<SanType, CaError> {
    if email.is_empty() || email.chars().any(char::is_control) {
        return Err(CaError::Name {
            field: "the e-mail",
            reason: "it is empty or not one line",
        });
    }
    Ok(match rcgen::string::Ia5String::try_from(email) {
        Ok(ascii) => SanType::Rfc822Name(ascii),
        Err(_) => SanType::OtherName((SMTP_UTF8_MAILBOX.to_vec(), email.into())),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn encoding(error: rcgen::Error) -> CaError {
    CaError::Encoding(error.to_string())
}

#[cfg(test)]
mod tests {
    use der::Decode;
    use time::macros::datetime;
    use x509_cert::{Certificate, ext::pkix::ExtendedKeyUsage};

    use super::*;

    fn validity() -> Validity {
        Validity {
            from: datetime!(2026-04-11 10:00 UTC),
            until: datetime!(2026-04-11 10:15 UTC),
        }
    }

    fn authority() -> Authority {
        let name = Organization {
            common_name: "CA".into(),
            organization: Some("Example".into()),
        };
        Authority::create(SoftKey::generate(KeyKind::P256).unwrap(), &name, validity()).unwrap()
    }

    fn person(name: &str, email: &str) -> Person {
        Person {
            name: name.into(),
            id: "signer-1".into(),
            email: Some(email.into()),
        }
    }

    #[test]
    fn names_of_any_script_are_certified() {
        let authority = authority();
        let key = SoftKey::generate(KeyKind::P256).unwrap();
        for (name, email) in [
            ("Ana Núñez", "ana@example.com"),
            ("李 博", "bo@example.com"),
            ("نور", "نور@example.com"),
        ] {
            let der = authority
                .issue_person(&key, &person(name, email), validity())
                .unwrap();
            let subject = crate::verify::subject(&Certificate::from_der(&der).unwrap());
            assert_eq!(subject.common_name.as_deref(), Some(name));
            assert_eq!(subject.email.as_deref(), Some(email));
            assert_eq!(subject.serial_number.as_deref(), Some("signer-1"));
        }
    }

    #[test]
    fn what_cannot_stand_in_a_certificate_is_refused_and_what_is_too_long_is_cut() {
        let authority = authority();
        let key = SoftKey::generate(KeyKind::P256).unwrap();
        let issue = |person: &Person| authority.issue_person(&key, person, validity());
        assert!(issue(&person(" \n", "a@example.com")).is_err());
        assert!(issue(&person("Ana", "a@example.com\r\nBcc: b")).is_err());
        let der = issue(&person(&"é".repeat(200), "a@example.com")).unwrap();
        let subject = crate::verify::subject(&Certificate::from_der(&der).unwrap());
        assert_eq!(
            subject.common_name.unwrap().chars().count(),
            MAX_COMMON_NAME
        );
        let reversed = Validity {
            from: validity().until,
            until: validity().from,
        };
        assert!(matches!(
            authority.issue_person(&key, &person("Ana", "a@example.com"), reversed),
            Err(CaError::Validity)
        ));
    }

    #[test]
    fn a_timestamp_certificate_has_one_critical_extended_usage() {
        let key = SoftKey::generate(KeyKind::P256).unwrap();
        let name = Organization {
            common_name: "TSA".into(),
            organization: None,
        };
        let der = authority().issue_tsa(&key, &name, validity()).unwrap();
        let certificate = Certificate::from_der(&der).unwrap();
        let (critical, usage) = certificate
            .tbs_certificate
            .get::<ExtendedKeyUsage>()
            .unwrap()
            .unwrap();
        assert!(critical);
        assert_eq!(usage.0.len(), 1);
    }

    #[test]
    fn a_stored_authority_goes_on_issuing() {
        let authority = authority();
        let key = SoftKey::from_pkcs8(&authority.key().to_pkcs8().unwrap()).unwrap();
        let loaded = Authority::load(authority.certificate().to_vec(), key)
            .unwrap()
            .with_crl_url("https://example.com/ca.crl");
        let signer = loaded
            .signer_for(&person("Ana", "ana@example.com"), validity())
            .unwrap();
        let leaf = Certificate::from_der(crate::Signer::certificate(&signer)).unwrap();
        let root = Certificate::from_der(authority.certificate()).unwrap();
        assert_eq!(leaf.tbs_certificate.issuer, root.tbs_certificate.subject);
        assert!(
            loaded
                .crl(1, validity().from, validity().until, &[])
                .is_ok()
        );
        assert!(
            loaded
                .crl(1, validity().until, validity().from, &[])
                .is_err()
        );
    }
}
