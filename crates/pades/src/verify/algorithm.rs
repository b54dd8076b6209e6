//! The algorithms that are accepted, by object identifier.

use aws_lc_rs::{
    digest,
    signature::{self, UnparsedPublicKey, VerificationAlgorithm},
};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::Problem;
use crate::cms::oids;

/// Hash functions that still resist collisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DigestAlgorithm {
    Sha256,
    Sha384,
    Sha512,
}

impl DigestAlgorithm {
    pub fn of(identifier: &AlgorithmIdentifierOwned) -> Result<Self, Problem> {
        // RFC 5754 §2: parameters absent, NULL tolerated.
        if identifier
            .parameters
            .as_ref()
            .is_some_and(|parameters| !parameters.is_null())
        {
            return Err(Problem::Algorithm(identifier.oid.to_string()));
        }
        match identifier.oid {
            oids::ID_SHA_256 => Ok(Self::Sha256),
            oids::ID_SHA_384 => Ok(Self::Sha384),
            oids::ID_SHA_512 => Ok(Self::Sha512),
            oids::ID_SHA_1 => Err(Problem::Algorithm("SHA-1".to_owned())),
            other => Err(Problem::Algorithm(other.to_string())),
        }
    }

    fn implementation(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }

    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        digest::digest(self.implementation(), bytes)
            .as_ref()
            .to_vec()
    }

    /// The digest of two parts as one.
    pub fn digest_parts(self, first: &[u8], second: &[u8]) -> Vec<u8> {
        let mut context = digest::Context::new(self.implementation());
        context.update(first);
        context.update(second);
        context.finish().as_ref().to_vec()
    }

    /// SHA-1, only to read the old signing-certificate attribute.
    pub fn sha1(bytes: &[u8]) -> Vec<u8> {
        digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes)
            .as_ref()
            .to_vec()
    }
}

/// A signature scheme; the curve comes from the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureAlgorithm {
    Ecdsa(DigestAlgorithm),
    RsaPkcs1(DigestAlgorithm),
    RsaPss(DigestAlgorithm),
    Ed25519,
}

impl SignatureAlgorithm {
    /// Reads an identifier. `digest` is the one that goes with bare `rsaEncryption` and
    /// `id-ecPublicKey`, which some signers write.
    pub fn of(
        identifier: &AlgorithmIdentifierOwned,
        digest: DigestAlgorithm,
    ) -> Result<Self, Problem> {
        Ok(match identifier.oid {
            oids::ECDSA_WITH_SHA_256 => Self::Ecdsa(DigestAlgorithm::Sha256),
            oids::ECDSA_WITH_SHA_384 => Self::Ecdsa(DigestAlgorithm::Sha384),
            oids::ECDSA_WITH_SHA_512 => Self::Ecdsa(DigestAlgorithm::Sha512),
            oids::ID_EC_PUBLIC_KEY => Self::Ecdsa(digest),
            oids::RSA_ENCRYPTION => Self::RsaPkcs1(digest),
            oids::SHA_256_WITH_RSA_ENCRYPTION => Self::RsaPkcs1(DigestAlgorithm::Sha256),
            oids::SHA_384_WITH_RSA_ENCRYPTION => Self::RsaPkcs1(DigestAlgorithm::Sha384),
            oids::SHA_512_WITH_RSA_ENCRYPTION => Self::RsaPkcs1(DigestAlgorithm::Sha512),
            oids::ID_RSASSA_PSS => Self::RsaPss(digest),
            oids::ID_ED_25519 => Self::Ed25519,
            other => return Err(Problem::Algorithm(other.to_string())),
        })
    }

    /// Whether `signature` over `message` was made with the key.
    pub fn verify(self, key: &SubjectPublicKeyInfoOwned, message: &[u8], value: &[u8]) -> bool {
        let Some(key_bytes) = key.subject_public_key.as_bytes() else {
            return false;
        };
        self.implementation(key).is_some_and(|algorithm| {
            UnparsedPublicKey::new(algorithm, key_bytes)
                .verify(message, value)
                .is_ok()
        })
    }

    fn implementation(
        self,
        key: &SubjectPublicKeyInfoOwned,
    ) -> Option<&'static dyn VerificationAlgorithm> {
        use DigestAlgorithm::{Sha256, Sha384, Sha512};
        match (self, key.algorithm.oid) {
            (Self::Ecdsa(digest), oids::ID_EC_PUBLIC_KEY) => ecdsa(digest, key),
            (Self::RsaPkcs1(digest), oids::RSA_ENCRYPTION) => Some(match digest {
                Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
                Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
            }),
            (Self::RsaPss(digest), oids::RSA_ENCRYPTION | oids::ID_RSASSA_PSS) => {
                Some(match digest {
                    Sha256 => &signature::RSA_PSS_2048_8192_SHA256,
                    Sha384 => &signature::RSA_PSS_2048_8192_SHA384,
                    Sha512 => &signature::RSA_PSS_2048_8192_SHA512,
                })
            }
            (Self::Ed25519, oids::ID_ED_25519) => Some(&signature::ED25519),
            _ => None,
        }
    }
}

fn ecdsa(
    digest: DigestAlgorithm,
    key: &SubjectPublicKeyInfoOwned,
) -> Option<&'static dyn VerificationAlgorithm> {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    let curve = key.algorithm.parameters.as_ref()?.decode_as().ok()?;
    Some(match (curve, digest) {
        (oids::SECP_256_R_1, Sha256) => &signature::ECDSA_P256_SHA256_ASN1,
        (oids::SECP_256_R_1, Sha384) => &signature::ECDSA_P256_SHA384_ASN1,
        (oids::SECP_256_R_1, Sha512) => &signature::ECDSA_P256_SHA512_ASN1,
        (oids::SECP_384_R_1, Sha256) => &signature::ECDSA_P384_SHA256_ASN1,
        (oids::SECP_384_R_1, Sha384) => &signature::ECDSA_P384_SHA384_ASN1,
        (oids::SECP_384_R_1, Sha512) => &signature::ECDSA_P384_SHA512_ASN1,
        (oids::SECP_521_R_1, Sha256) => &signature::ECDSA_P521_SHA256_ASN1,
        (oids::SECP_521_R_1, Sha384) => &signature::ECDSA_P521_SHA384_ASN1,
        (oids::SECP_521_R_1, Sha512) => &signature::ECDSA_P521_SHA512_ASN1,
        _ => return None,
    })
}
