//! Reading signatures from strangers, strictly.
//!
//! Much of a CMS is not covered by its signature. Whatever is not covered must therefore have the
//! one form that a signer would have written, so that no byte can be changed unnoticed.

use cms::{
    cert::CertificateChoices,
    content_info::{CmsVersion, ContentInfo},
    revocation::RevocationInfoChoice,
    signed_data::{SignedData, SignerIdentifier, SignerInfo},
};
use const_oid::ObjectIdentifier;
use der::{Decode, Encode, Header, Reader as _, SliceReader, asn1::OctetString};
use x509_cert::{
    Certificate, attr::Attributes, crl::CertificateList, ext::pkix::SubjectKeyIdentifier,
};

use super::oids;
use crate::verify::{
    Problem,
    algorithm::{DigestAlgorithm, SignatureAlgorithm},
};

/// Certificates in one CMS that are looked at.
const MAX_CERTIFICATES: usize = 32;

/// Unsigned attributes that a CAdES signature may have (EN 319 122-1, RFC 5126); anything else is
/// not accepted, because a renamed timestamp attribute would vanish from view.
const UNSIGNED_ATTRIBUTES: [&str; 14] = [
    "1.2.840.113549.1.9.6",
    "1.2.840.113549.1.9.16.2.14",
    "1.2.840.113549.1.9.16.2.21",
    "1.2.840.113549.1.9.16.2.22",
    "1.2.840.113549.1.9.16.2.23",
    "1.2.840.113549.1.9.16.2.24",
    "1.2.840.113549.1.9.16.2.25",
    "1.2.840.113549.1.9.16.2.26",
    "1.2.840.113549.1.9.16.2.27",
    "1.2.840.113549.1.9.16.2.48",
    "1.2.840.113583.1.1.8",
    "0.4.0.1733.2.4",
    "0.4.0.1733.2.5",
    "0.4.0.19122.1.3",
];

/// A parsed CMS with exactly one signer.
pub(crate) struct Signed {
    pub content_type: ObjectIdentifier,
    /// The content when it is inside (timestamp tokens).
    pub content: Option<Vec<u8>>,
    pub certificates: Vec<Certificate>,
    /// Index of the signer's certificate.
    signer: usize,
    pub crls: Vec<CertificateList>,
    pub digest: DigestAlgorithm,
    signature_algorithm: SignatureAlgorithm,
    attributes: Attributes,
    pub signature: Vec<u8>,
    /// Timestamp tokens over the signature, DER.
    pub tokens: Vec<Vec<u8>>,
}

/// Reads the value of `/Contents`: one DER structure, then nothing but zero bytes.
pub(crate) fn read(contents: &[u8]) -> Result<Signed, Problem> {
    let (der, padding) = split(contents).map_err(cms)?;
    if padding.iter().any(|&byte| byte != 0) {
        return Err(Problem::Cms(
            "there is something behind the signature".to_owned(),
        ));
    }
    let outer = ContentInfo::from_der(der).map_err(cms)?;
    if outer.content_type != oids::ID_SIGNED_DATA {
        return Err(Problem::Cms("not SignedData".to_owned()));
    }
    let data: SignedData = outer.content.decode_as().map_err(cms)?;
    // The decoder passes over tagged fields that it does not expect. What it did not read would be
    // missing here. (Not compared byte by byte: many signers do not sort their sets.)
    if data.encoded_len().map_err(cms)? != outer.content.encoded_len().map_err(cms)? {
        return Err(Problem::Cms("there are unknown parts in it".to_owned()));
    }
    signed(&data)
}

fn split(contents: &[u8]) -> der::Result<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(contents)?;
    let header = Header::decode(&mut reader)?;
    let length = (reader.position() + header.length)?;
    let length = usize::try_from(length)?;
    contents
        .split_at_checked(length)
        .ok_or_else(|| der::ErrorKind::Failed.into())
}

fn signed(data: &SignedData) -> Result<Signed, Problem> {
    let [info] = data.signer_infos.0.as_slice() else {
        return Err(Problem::Cms("there must be exactly one signer".to_owned()));
    };
    let digest = DigestAlgorithm::of(&info.digest_alg)?;
    let signature_algorithm = SignatureAlgorithm::of(&info.signature_algorithm, digest)?;
    check_versions(data, info)?;
    match data.digest_algorithms.as_slice() {
        [only] if only.oid == info.digest_alg.oid => {}
        _ => return Err(Problem::Cms("the digest algorithms disagree".to_owned())),
    }
    let certificates = certificates(data)?;
    let signer = certificates
        .iter()
        .position(|certificate| names(&info.sid, certificate))
        .ok_or_else(|| Problem::Cms("the signer's certificate is not inside".to_owned()))?;
    let attributes = info
        .signed_attrs
        .clone()
        .ok_or_else(|| Problem::Cms("there are no signed attributes".to_owned()))?;
    let content = data.encap_content_info.econtent.as_ref().map(|content| {
        content
            .decode_as::<OctetString>()
            .map(OctetString::into_bytes)
            .map_err(cms)
    });
    Ok(Signed {
        content_type: data.encap_content_info.econtent_type,
        content: content.transpose()?,
        signer,
        crls: crls(data),
        digest,
        signature_algorithm,
        attributes,
        signature: info.signature.as_bytes().to_vec(),
        tokens: tokens(info)?,
        certificates,
    })
}

/// RFC 5652 §5.1 and §5.3.
fn check_versions(data: &SignedData, info: &SignerInfo) -> Result<(), Problem> {
    let signer = match info.sid {
        SignerIdentifier::IssuerAndSerialNumber(_) => CmsVersion::V1,
        SignerIdentifier::SubjectKeyIdentifier(_) => CmsVersion::V3,
    };
    let plain = data.encap_content_info.econtent_type == oids::ID_DATA && signer == CmsVersion::V1;
    let expected = if plain {
        CmsVersion::V1
    } else {
        CmsVersion::V3
    };
    if info.version == signer && data.version == expected {
        Ok(())
    } else {
        Err(Problem::Cms("a version number is wrong".to_owned()))
    }
}

fn certificates(data: &SignedData) -> Result<Vec<Certificate>, Problem> {
    let set = data.certificates.iter().flat_map(|set| set.0.iter());
    let certificates: Vec<Certificate> = set
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
            CertificateChoices::Other(_) => None,
        })
        .collect();
    if certificates.len() > MAX_CERTIFICATES {
        return Err(Problem::TooMuch("certificates in one signature".to_owned()));
    }
    Ok(certificates)
}

fn crls(data: &SignedData) -> Vec<CertificateList> {
    let set = data.crls.iter().flat_map(|set| set.0.iter());
    set.filter_map(|choice| match choice {
        RevocationInfoChoice::Crl(list) => Some(list.clone()),
        RevocationInfoChoice::Other(_) => None,
    })
    .take(MAX_CERTIFICATES)
    .collect()
}

fn names(sid: &SignerIdentifier, certificate: &Certificate) -> bool {
    let tbs = &certificate.tbs_certificate;
    match sid {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            id.issuer == tbs.issuer && id.serial_number == tbs.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => {
            matches!(tbs.get::<SubjectKeyIdentifier>(), Ok(Some((_, own))) if own == *id)
        }
    }
}

fn tokens(info: &SignerInfo) -> Result<Vec<Vec<u8>>, Problem> {
    let mut tokens = Vec::new();
    for attribute in info
        .unsigned_attrs
        .iter()
        .flat_map(|attributes| attributes.iter())
    {
        if !UNSIGNED_ATTRIBUTES
            .iter()
            .any(|known| attribute.oid.to_string() == *known)
        {
            return Err(Problem::Cms(format!(
                "unknown unsigned attribute {}",
                attribute.oid
            )));
        }
        if attribute.oid == oids::ID_AA_TIME_STAMP_TOKEN {
            for value in attribute.values.iter() {
                tokens.push(value.to_der().map_err(cms)?);
            }
        }
    }
    Ok(tokens)
}

impl Signed {
    /// The signer's certificate.
    pub fn signer(&self) -> &Certificate {
        &self.certificates[self.signer]
    }

    /// Whether the signed attributes carry this digest of the content.
    pub fn signs_digest(&self, digest: &[u8]) -> bool {
        self.attribute::<OctetString>(oids::ID_MESSAGE_DIGEST)
            .is_some_and(|signed| signed.as_bytes() == digest)
    }

    /// Checks the signature over the attributes, the content type, and that the attributes name the
    /// signer's certificate. `certificate_named` says whether that last attribute must be there.
    pub fn check(&self, certificate_named: bool) -> Result<(), Problem> {
        if self.attribute::<ObjectIdentifier>(oids::ID_CONTENT_TYPE) != Some(self.content_type) {
            return Err(Problem::Cms(
                "the signed content type is another one".to_owned(),
            ));
        }
        self.check_certificate_named(certificate_named)?;
        let message = self.attributes.to_der().map_err(cms)?;
        let key = &self.signer().tbs_certificate.subject_public_key_info;
        if self
            .signature_algorithm
            .verify(key, &message, &self.signature)
        {
            Ok(())
        } else {
            Err(Problem::Signature)
        }
    }

    /// EN 319 122-1 §5.2.2: without this a certificate with the same key could be slipped in.
    fn check_certificate_named(&self, required: bool) -> Result<(), Problem> {
        let certificate = self.signer().to_der().map_err(cms)?;
        let v2: Option<oids::SigningCertificateV2> =
            self.attribute(oids::ID_AA_SIGNING_CERTIFICATE_V_2);
        if let Some(first) = v2.as_ref().and_then(|list| list.certs.first()) {
            let digest = match &first.hash_algorithm {
                Some(algorithm) => DigestAlgorithm::of(algorithm)?,
                None => DigestAlgorithm::Sha256,
            };
            return same(&digest.digest(&certificate), &first.cert_hash);
        }
        let v1: Option<oids::SigningCertificateV2> =
            self.attribute(oids::ID_AA_SIGNING_CERTIFICATE);
        match v1.as_ref().and_then(|list| list.certs.first()) {
            // SHA-1 is what version 1 has; it only chooses among certificates that also verify.
            Some(first) => same(&DigestAlgorithm::sha1(&certificate), &first.cert_hash),
            None if required => Err(Problem::Cms("no signing-certificate attribute".to_owned())),
            None => Ok(()),
        }
    }

    fn attribute<'a, T: der::Choice<'a> + der::DecodeValue<'a>>(
        &'a self,
        oid: ObjectIdentifier,
    ) -> Option<T> {
        let mut found = self
            .attributes
            .iter()
            .filter(|attribute| attribute.oid == oid);
        let attribute = found.next()?;
        if found.next().is_some() || attribute.values.len() != 1 {
            return None;
        }
        attribute.values.get(0)?.decode_as().ok()
    }
}

fn same(digest: &[u8], named: &OctetString) -> Result<(), Problem> {
    if named.as_bytes() == digest {
        Ok(())
    } else {
        Err(Problem::CertificateSwapped)
    }
}

fn cms(error: der::Error) -> Problem {
    Problem::Cms(error.to_string())
}
