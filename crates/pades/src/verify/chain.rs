//! From a certificate to a trusted root (RFC 5280 §6, the part that PDF signatures need).

use der::{Decode, Encode};
use time::OffsetDateTime;
use x509_cert::{Certificate, crl::CertificateList, spki::AlgorithmIdentifierOwned};

use super::{
    algorithm::{DigestAlgorithm, SignatureAlgorithm},
    report::{Chain, Revocation},
    subject::display_name,
    usage::{Purpose, authority, instant, usable},
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
