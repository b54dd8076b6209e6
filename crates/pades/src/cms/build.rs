//! Building signatures.

use cms::{
    cert::{CertificateChoices, IssuerAndSerialNumber},
    content_info::{CmsVersion, ContentInfo},
    signed_data::{
        CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo,
        SignerInfos,
    },
};
use const_oid::ObjectIdentifier;
use der::{
    Any, Decode, Encode, Tag,
    asn1::{OctetString, SetOfVec},
};
use sha2::{Digest, Sha256, Sha384};
use x509_cert::{
    Certificate,
    attr::{Attribute, Attributes},
    spki::AlgorithmIdentifierOwned,
};

use super::oids;
use crate::{
    sign::SignError,
    signer::{Algorithm, Signer, Timestamper},
};

/// Everything of a CMS that is neither certificates, signature nor token, generously.
const FRAME: usize = 1024;
/// The largest signature of [`Algorithm`] (RSA-4096).
const LARGEST_SIGNATURE: usize = 512;

/// An upper bound for the size of a signature by `signer`, for [`crate::SignatureDict::reserve`].
#[must_use]
pub fn size_bound(signer: &dyn Signer, timestamper: Option<&dyn Timestamper>) -> usize {
    let certificates =
        signer.certificate().len() + signer.chain().iter().map(Vec::len).sum::<usize>();
    FRAME
        + LARGEST_SIGNATURE
        + certificates
        + timestamper.map_or(0, |timestamper| timestamper.size_bound() + 64)
}

/// A detached CAdES signature over content whose digest is `digest`: PAdES B-B, and B-T with a
/// timestamper. The digest is SHA-256, or SHA-384 for P-384 keys.
///
/// The signed attributes are contentType, messageDigest and signingCertificateV2, nothing else:
/// EN 319 142-1 forbids signingTime (the dictionary's `/M` has it).
///
/// # Errors
/// When the key or the timestamper fails, or the signer's certificate cannot be decoded.
pub fn build(
    digest: &[u8],
    signer: &dyn Signer,
    timestamper: Option<&dyn Timestamper>,
) -> Result<Vec<u8>, SignError> {
    signed_data(oids::ID_DATA, None, digest, signer, timestamper)
}

/// A timestamp token: the same with `TSTInfo` inside.
pub(crate) fn timestamp_content(
    tst_info: &[u8],
    signer: &dyn Signer,
) -> Result<Vec<u8>, SignError> {
    let digest = hash_for(signer.algorithm(), tst_info);
    let content = OctetString::new(tst_info).and_then(|octets| Any::encode_from(&octets));
    signed_data(
        oids::ID_CT_TST_INFO,
        Some(content.map_err(der)?),
        &digest,
        signer,
        None,
    )
}

fn hash_for(algorithm: Algorithm, bytes: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::EcdsaP384Sha384 => Sha384::digest(bytes).to_vec(),
        Algorithm::EcdsaP256Sha256 | Algorithm::RsaPkcs1Sha256 => Sha256::digest(bytes).to_vec(),
    }
}

pub(crate) fn signed_data(
    content_type: ObjectIdentifier,
    content: Option<Any>,
    digest: &[u8],
    signer: &dyn Signer,
    timestamper: Option<&dyn Timestamper>,
) -> Result<Vec<u8>, SignError> {
    let leaf = Certificate::from_der(signer.certificate()).map_err(der)?;
    let attributes = signed_attributes(content_type, digest, signer.certificate()).map_err(der)?;
    // RFC 5652 §5.4: what is signed is the SET OF encoding, not the [0] that is stored.
    let signature = signer.sign(&attributes.to_der().map_err(der)?)?;
    let unsigned_attrs = timestamper
        .map(|source| token_attribute(source, &signature))
        .transpose()?;
    let (digest_alg, signature_algorithm) = algorithms(signer.algorithm());
    // RFC 5652 §5.1: version 3 when the content is not id-data.
    let version = if content.is_some() {
        CmsVersion::V3
    } else {
        CmsVersion::V1
    };
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: leaf.tbs_certificate.issuer.clone(),
            serial_number: leaf.tbs_certificate.serial_number.clone(),
        }),
        digest_alg: digest_alg.clone(),
        signed_attrs: Some(attributes),
        signature_algorithm,
        signature: OctetString::new(signature).map_err(der)?,
        unsigned_attrs,
    };
    let data = SignedData {
        version,
        digest_algorithms: SetOfVec::try_from(vec![digest_alg]).map_err(der)?,
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: content_type,
            econtent: content,
        },
        certificates: Some(certificates(leaf, signer.chain()).map_err(der)?),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![info]).map_err(der)?),
    };
    wrap(&data).map_err(der)
}

fn wrap(signed: &SignedData) -> der::Result<Vec<u8>> {
    let content = Any::encode_from(signed)?;
    ContentInfo {
        content_type: oids::ID_SIGNED_DATA,
        content,
    }
    .to_der()
}

fn certificates(leaf: Certificate, chain: &[Vec<u8>]) -> der::Result<CertificateSet> {
    let mut set = SetOfVec::new();
    set.insert(CertificateChoices::Certificate(leaf))?;
    for certificate in chain {
        set.insert(CertificateChoices::Certificate(Certificate::from_der(
            certificate,
        )?))?;
    }
    Ok(CertificateSet(set))
}

fn signed_attributes(
    content_type: ObjectIdentifier,
    digest: &[u8],
    certificate: &[u8],
) -> der::Result<Attributes> {
    let reference = oids::SigningCertificateV2 {
        certs: vec![oids::EssCertIdV2 {
            hash_algorithm: None,
            cert_hash: OctetString::new(Sha256::digest(certificate).as_slice())?,
            issuer_serial: None,
        }],
        policies: None,
    };
    let mut attributes = Attributes::new();
    attributes.insert(attribute(
        oids::ID_CONTENT_TYPE,
        Any::encode_from(&content_type)?,
    )?)?;
    attributes.insert(attribute(
        oids::ID_MESSAGE_DIGEST,
        Any::new(Tag::OctetString, digest)?,
    )?)?;
    attributes.insert(attribute(
        oids::ID_AA_SIGNING_CERTIFICATE_V_2,
        Any::encode_from(&reference)?,
    )?)?;
    Ok(attributes)
}

fn token_attribute(
    timestamper: &dyn Timestamper,
    signature: &[u8],
) -> Result<Attributes, SignError> {
    let token = timestamper.token(&Sha256::digest(signature).into())?;
    let token = Any::from_der(&token).map_err(der)?;
    let attribute = attribute(oids::ID_AA_TIME_STAMP_TOKEN, token).map_err(der)?;
    SetOfVec::try_from(vec![attribute]).map_err(der)
}

fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute {
        oid,
        values: SetOfVec::try_from(vec![value])?,
    })
}

/// Digest and signature algorithm identifiers. Parameters are absent except for RSA, where RFC 4055
/// §5 demands NULL.
fn algorithms(algorithm: Algorithm) -> (AlgorithmIdentifierOwned, AlgorithmIdentifierOwned) {
    let plain = |oid| AlgorithmIdentifierOwned {
        oid,
        parameters: None,
    };
    match algorithm {
        Algorithm::EcdsaP256Sha256 => (plain(oids::ID_SHA_256), plain(oids::ECDSA_WITH_SHA_256)),
        Algorithm::EcdsaP384Sha384 => (plain(oids::ID_SHA_384), plain(oids::ECDSA_WITH_SHA_384)),
        Algorithm::RsaPkcs1Sha256 => (
            plain(oids::ID_SHA_256),
            AlgorithmIdentifierOwned {
                oid: oids::SHA_256_WITH_RSA_ENCRYPTION,
                parameters: Some(Any::null()),
            },
        ),
    }
}

fn der(error: der::Error) -> SignError {
    SignError::Certificate(error.to_string())
}
