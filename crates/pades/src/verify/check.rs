//! One signature: its bytes, its CMS, its timestamp.

use lopdf::Document;
use time::OffsetDateTime;
use x509_cert::Certificate;

use super::{
    Problem, SignatureReport,
    algorithm::DigestAlgorithm,
    embedded::Embedded,
    report::{Chain, TimestampReport},
    revisions::Digests,
    subject::subject,
    token::{self, Token},
};
use crate::{
    cms::read::{self as cms, Signed},
    dictionary::Kind,
    tail::at,
};

/// A signature after the checks that need no trust.
pub(crate) struct Checked {
    pub report: SignatureReport,
    /// The signer's certificate.
    pub signer: Option<Certificate>,
    /// What the signature brings along.
    pub certificates: Vec<Certificate>,
    pub crls: Vec<x509_cert::crl::CertificateList>,
    /// The authority of the timestamp, when the token itself holds.
    pub authority: Option<Certificate>,
}

/// Checks one signature.
pub(crate) fn check(
    pdf: &[u8],
    doc: &Document,
    digests: &Digests,
    embedded: &Embedded<'_>,
) -> Checked {
    let mut checked = blank(pdf, doc, embedded);
    let outcome = match &embedded.contents {
        Err(problem) => Err(problem.clone()),
        Ok(contents) => {
            checked.report.byte_range_sane = true;
            let bytes = Covered {
                pdf,
                digests,
                range: embedded.byte_range,
            };
            match (embedded.kind, embedded.sub_filter.as_str()) {
                (Kind::Signature, "ETSI.CAdES.detached") => {
                    checked.signature(contents, &bytes, true)
                }
                (Kind::Signature, "adbe.pkcs7.detached") => {
                    checked.signature(contents, &bytes, false)
                }
                (Kind::DocTimestamp, "ETSI.RFC3161") => checked.doc_timestamp(contents, &bytes),
                (_, other) => Err(Problem::SubFilter(other.to_owned())),
            }
        }
    };
    if let Err(problem) = outcome {
        checked.report.problems.push(problem);
    }
    checked
}

/// The bytes that a byte range covers.
struct Covered<'a> {
    pdf: &'a [u8],
    digests: &'a Digests,
    range: [u64; 4],
}

impl Covered<'_> {
    fn digest(&self, algorithm: DigestAlgorithm) -> Vec<u8> {
        let [_, first, second, rest] = self.range.map(at);
        let tail = &self.pdf[second..second + rest];
        match (algorithm, self.digests.at(first)) {
            (DigestAlgorithm::Sha256, Some(state)) => state.after(tail).digest(),
            _ => algorithm.digest_parts(&self.pdf[..first], tail),
        }
    }
}

fn blank(pdf: &[u8], doc: &Document, embedded: &Embedded<'_>) -> Checked {
    let [_, _, second, rest] = embedded.byte_range;
    let covered_until = second.saturating_add(rest).min(pdf.len() as u64);
    let (certification, lock) = embedded.restrictions(doc);
    let report = SignatureReport {
        field: embedded.field.clone(),
        object: embedded.id.0,
        kind: embedded.kind,
        sub_filter: embedded.sub_filter.clone(),
        name: embedded.text(b"Name"),
        reason: embedded.text(b"Reason"),
        location: embedded.text(b"Location"),
        claimed_time: embedded.claimed_time(),
        byte_range: embedded.byte_range,
        byte_range_sane: false,
        digest_ok: false,
        signature_ok: false,
        covered_until,
        covers_whole_file: covered_until == pdf.len() as u64,
        signer: None,
        chain: Chain::default(),
        timestamp: None,
        proven_time: None,
        level: None,
        certification,
        lock,
        changes: Vec::new(),
        problems: Vec::new(),
    };
    Checked {
        report,
        signer: None,
        certificates: Vec::new(),
        crls: Vec::new(),
        authority: None,
    }
}

impl Checked {
    fn signature(
        &mut self,
        contents: &[u8],
        bytes: &Covered<'_>,
        certificate_named: bool,
    ) -> Result<(), Problem> {
        let signed = cms::read(contents)?;
        if signed.content_type != crate::cms::oids::ID_DATA || signed.content.is_some() {
            return Err(Problem::Cms("the signature is not detached".to_owned()));
        }
        self.signer = Some(signed.signer().clone());
        self.report.signer = Some(subject(signed.signer()));
        self.report.digest_ok = signed.signs_digest(&bytes.digest(signed.digest));
        if !self.report.digest_ok {
            self.report.problems.push(Problem::Digest);
        }
        signed.check(certificate_named)?;
        self.report.signature_ok = true;
        self.signature_timestamp(&signed);
        self.certificates.extend(signed.certificates);
        self.crls = signed.crls;
        Ok(())
    }

    /// B-T: the first token counts, but every token must hold.
    fn signature_timestamp(&mut self, signed: &Signed) {
        for token in &signed.tokens {
            let read = token::read(token).and_then(|token| {
                let covers = token.covers_bytes(&signed.signature);
                if covers {
                    Ok(token)
                } else {
                    Err(Problem::TimestampMismatch)
                }
            });
            match read {
                Ok(token) => self.timestamped(token),
                Err(problem) => self.report.problems.push(problem),
            }
        }
    }

    fn doc_timestamp(&mut self, contents: &[u8], bytes: &Covered<'_>) -> Result<(), Problem> {
        let token = token::read(contents)?;
        self.report.signature_ok = true;
        self.report.digest_ok = bytes.digest(token.digest()) == token.imprint();
        self.signer = Some(token.authority.clone());
        self.report.signer = Some(subject(&token.authority));
        if !self.report.digest_ok {
            return Err(Problem::Digest);
        }
        self.timestamped(token);
        Ok(())
    }

    fn timestamped(&mut self, token: Token) {
        if self.report.timestamp.is_none() {
            self.report.timestamp = Some(report(token.time, &token.authority));
            self.authority = Some(token.authority);
        }
        self.certificates.extend(token.certificates);
    }
}

fn report(time: OffsetDateTime, authority: &Certificate) -> TimestampReport {
    TimestampReport {
        time,
        authority: Some(subject(authority)),
        ok: false,
        chain: Chain::default(),
        problem: None,
    }
}
