//! From a certificate to a trusted root (RFC 5280 §6, the part that PDF signatures need).

use const_oid::{ObjectIdentifier, db::rfc5280};
use der::{Decode, Encode, Tag, Tagged};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use x509_cert::{
    Certificate,
    crl::CertificateList,
    ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName, name::GeneralName},
    name::Name,
    spki::AlgorithmIdentifierOwned,
    time::Time,
};

use super::{
    algorithm::{DigestAlgorithm, SignatureAlgorithm},
    report::{Chain, Revocation, Subject},
};

/// Certificates in one path.
const MAX_PATH: usize = 8;
/// Signature verifications spent on one path; crossed certificates grow exponentially otherwise.
const MAX_CHECKS: usize = 64;
/// Different certificates of one file that are considered.
const MAX_POOL: usize = 1024;
/// Revocation lists of one file that are considered.
const MAX_LISTS: usize = 64;
/// Signature verifications spent on finding out who is vouched for.
const MAX_VOUCHERS: usize = 4096;

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

/// Everything known: what is trusted, and what files bring along.
#[derive(Default)]
pub(crate) struct Pool {
    pub roots: Vec<Certificate>,
    others: Vec<Certificate>,
    /// Whether somebody vouches for each of `others`.
    vouched: Vec<bool>,
    lists: Vec<CertificateList>,
    /// The revocation lists whose signature holds, with their issuers.
    settled: Vec<(CertificateList, Certificate)>,
}

impl Pool {
    pub fn new(roots: &[Vec<u8>]) -> Self {
        let roots = roots
            .iter()
            .filter_map(|der| Certificate::from_der(der).ok())
            .collect();
        Self {
            roots,
            ..Self::default()
        }
    }

    /// Adds certificates that a file brings; they are only steps, never anchors.
    pub fn add(&mut self, certificates: &[Certificate]) {
        for certificate in certificates {
            if self.others.len() < MAX_POOL && !self.others.contains(certificate) {
                self.others.push(certificate.clone());
            }
        }
    }

    /// Adds revocation lists that a file brings.
    pub fn add_lists(&mut self, lists: impl IntoIterator<Item = CertificateList>) {
        let room = MAX_LISTS.saturating_sub(self.lists.len());
        self.lists.extend(lists.into_iter().take(room));
    }

    /// Finds out who vouches for whom and who signed the lists, once everything is added.
    pub fn settle(&mut self) {
        let mut budget = MAX_VOUCHERS;
        self.vouched = self
            .others
            .iter()
            .map(|certificate| {
                let mut issuers = self.roots.iter().chain(&self.others).filter(|issuer| {
                    issuer.tbs_certificate.subject == certificate.tbs_certificate.issuer
                });
                issuers.any(|issuer| {
                    budget = budget.saturating_sub(1);
                    budget > 0 && issued(issuer, certificate)
                })
            })
            .collect();
        let lists = std::mem::take(&mut self.lists);
        for list in lists {
            let issuer = self.roots.iter().chain(&self.others).find(|issuer| {
                issuer.tbs_certificate.subject == list.tbs_cert_list.issuer
                    && signed_by(&list, issuer)
            });
            if let Some(issuer) = issuer.cloned() {
                self.settled.push((list, issuer));
            }
        }
    }

    /// Judges `leaf` at `moment`.
    pub fn judge(&self, leaf: &Certificate, moment: OffsetDateTime, purpose: Purpose) -> Chain {
        let mut search = Search {
            pool: self,
            moment,
            checks: 0,
            problem: None,
        };
        let mut path = vec![leaf];
        let problem = match usable(leaf, moment, purpose) {
            Err(problem) => Some(problem),
            Ok(()) if search.extend(&mut path) => None,
            Ok(()) => Some(
                search
                    .problem
                    .unwrap_or_else(|| "no way to a trusted root".to_owned()),
            ),
        };
        let revocation = self.revocation(&path, moment);
        let problem = match (problem, revocation) {
            (None, Revocation::Revoked) => Some("a certificate was revoked".to_owned()),
            (problem, _) => problem,
        };
        Chain {
            trusted: problem.is_none(),
            at: Some(moment),
            path: path
                .iter()
                .map(|step| display_name(&step.tbs_certificate.subject))
                .collect(),
            revocation,
            problem,
        }
    }

    /// Whether somebody vouches for `certificate`: it is a root, or some known key signed it.
    pub fn vouched(&self, certificate: &Certificate) -> bool {
        self.roots.contains(certificate)
            || self
                .others
                .iter()
                .position(|other| other == certificate)
                .is_some_and(|at| self.vouched.get(at) == Some(&true))
    }

    fn revocation(&self, path: &[&Certificate], moment: OffsetDateTime) -> Revocation {
        let mut worst = Revocation::Good;
        for pair in path.windows(2) {
            match self.listed(pair[0], pair[1], moment) {
                Revocation::Good => {}
                Revocation::Unknown => worst = Revocation::Unknown,
                Revocation::Revoked => return Revocation::Revoked,
            }
        }
        if path.len() < 2 {
            Revocation::Unknown
        } else {
            worst
        }
    }

    fn listed(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        moment: OffsetDateTime,
    ) -> Revocation {
        let mut answer = Revocation::Unknown;
        for (list, _) in self.settled.iter().filter(|(_, signer)| signer == issuer) {
            let entries = list.tbs_cert_list.revoked_certificates.iter().flatten();
            let revoked = entries
                .filter(|entry| entry.serial_number == certificate.tbs_certificate.serial_number)
                .any(|entry| instant(entry.revocation_date) <= moment);
            if revoked {
                return Revocation::Revoked;
            }
            answer = Revocation::Good;
        }
        answer
    }
}

struct Search<'a> {
    pool: &'a Pool,
    moment: OffsetDateTime,
    checks: usize,
    problem: Option<String>,
}

impl<'a> Search<'a> {
    /// Extends `path` to a root, depth first.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> bool {
        let last = path[path.len() - 1];
        if self.pool.roots.contains(last) {
            return true;
        }
        if path.len() == MAX_PATH {
            return false;
        }
        let pool = self.pool;
        for (candidate, root) in pool
            .roots
            .iter()
            .map(|root| (root, true))
            .chain(pool.others.iter().map(|other| (other, false)))
        {
            if !self.may_issue(candidate, last, path) {
                continue;
            }
            path.push(candidate);
            if root || self.extend(path) {
                return true;
            }
            path.pop();
        }
        false
    }

    fn may_issue(
        &mut self,
        candidate: &'a Certificate,
        last: &Certificate,
        path: &[&Certificate],
    ) -> bool {
        let name = &candidate.tbs_certificate.subject;
        if *name != last.tbs_certificate.issuer || path.contains(&candidate) {
            return false;
        }
        self.checks += 1;
        if self.checks > MAX_CHECKS || !issued(candidate, last) {
            return false;
        }
        // The leaf does not count for pathLenConstraint.
        match authority(candidate, path.len() - 1, self.moment) {
            Ok(()) => true,
            Err(problem) => {
                self.problem = Some(problem);
                false
            }
        }
    }
}

/// Whether the key of `issuer` signed `certificate`, which names it.
fn issued(issuer: &Certificate, certificate: &Certificate) -> bool {
    issuer.tbs_certificate.subject == certificate.tbs_certificate.issuer
        && certificate.tbs_certificate.signature == certificate.signature_algorithm
        && certificate.tbs_certificate.to_der().is_ok_and(|message| {
            verified(
                issuer,
                &certificate.signature_algorithm,
                &message,
                certificate.signature.as_bytes(),
            )
        })
}

fn signed_by(list: &CertificateList, issuer: &Certificate) -> bool {
    list.tbs_cert_list.to_der().is_ok_and(|message| {
        verified(
            issuer,
            &list.signature_algorithm,
            &message,
            list.signature.as_bytes(),
        )
    })
}

fn verified(
    issuer: &Certificate,
    algorithm: &AlgorithmIdentifierOwned,
    message: &[u8],
    signature: Option<&[u8]>,
) -> bool {
    let key = &issuer.tbs_certificate.subject_public_key_info;
    // A bare key algorithm is not possible in certificates; the digest is then of no effect.
    SignatureAlgorithm::of(algorithm, DigestAlgorithm::Sha256)
        .ok()
        .zip(signature)
        .is_some_and(|(algorithm, signature)| algorithm.verify(key, message, signature))
}

/// An authority: basicConstraints, keyCertSign, and valid at that time.
fn authority(
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

fn usable(leaf: &Certificate, moment: OffsetDateTime, purpose: Purpose) -> Result<(), String> {
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

fn instant(time: Time) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + time.to_unix_duration()
}

/// The subject of a certificate, for the report.
pub(crate) fn subject(certificate: &Certificate) -> Subject {
    let tbs = &certificate.tbs_certificate;
    let der = certificate.to_der().unwrap_or_default();
    Subject {
        common_name: part(&tbs.subject, const_oid::db::rfc4519::CN),
        organization: part(&tbs.subject, const_oid::db::rfc4519::O),
        serial_number: part(&tbs.subject, const_oid::db::rfc4519::SERIAL_NUMBER),
        email: email(certificate),
        issuer: part(&tbs.issuer, const_oid::db::rfc4519::CN),
        certificate_serial: hex::encode(tbs.serial_number.as_bytes()),
        certificate_sha256: hex::encode(Sha256::digest(der)),
        valid_from: instant(tbs.validity.not_before),
        valid_until: instant(tbs.validity.not_after),
    }
}

fn display_name(name: &Name) -> String {
    part(name, const_oid::db::rfc4519::CN)
        .or_else(|| part(name, const_oid::db::rfc4519::O))
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
