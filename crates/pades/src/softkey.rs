//! Private keys in memory.

use std::fmt;

use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair,
        RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use zeroize::Zeroizing;

use crate::signer::{Algorithm, Signer, SignerError};

/// The kinds of key that can be made here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// ECDSA on P-256: the default, understood by every viewer and the fastest.
    P256,
    /// ECDSA on P-384.
    P384,
    /// RSA with 2048 bits.
    Rsa2048,
    /// RSA with 3072 bits.
    Rsa3072,
}

/// A key could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The random source or the key generation failed.
    #[error("the key could not be generated")]
    Generation,
    /// The bytes are not a PKCS#8 key of a supported kind.
    #[error("not an unencrypted PKCS#8 key for P-256, P-384 or RSA of 2048 to 4096 bits")]
    Unsupported,
}

/// A private key in memory. Its memory is wiped when it is dropped (the C library frees keys with
/// `OPENSSL_cleanse`), and it never prints.
pub struct SoftKey(Inner);

enum Inner {
    Ecdsa(EcdsaKeyPair, Algorithm),
    Rsa(RsaKeyPair),
}

impl SoftKey {
    /// Makes a new key.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        let ecdsa = |curve, algorithm| {
            EcdsaKeyPair::generate(curve).map(|key| Inner::Ecdsa(key, algorithm))
        };
        match kind {
            KeyKind::P256 => ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING, Algorithm::EcdsaP256Sha256),
            KeyKind::P384 => ecdsa(&ECDSA_P384_SHA384_ASN1_SIGNING, Algorithm::EcdsaP384Sha384),
            KeyKind::Rsa2048 => RsaKeyPair::generate(KeySize::Rsa2048).map(Inner::Rsa),
            KeyKind::Rsa3072 => RsaKeyPair::generate(KeySize::Rsa3072).map(Inner::Rsa),
        }
        .map(Self)
        .map_err(|_| KeyError::Generation)
    }

    /// Reads an unencrypted PKCS#8 key; the kind is found out.
    ///
    /// # Errors
    /// When it is no key of a supported kind.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let p256 = || EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, der);
        let p384 = || EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING, der);
        if let Ok(key) = p256() {
            Ok(Self(Inner::Ecdsa(key, Algorithm::EcdsaP256Sha256)))
        } else if let Ok(key) = p384() {
            Ok(Self(Inner::Ecdsa(key, Algorithm::EcdsaP384Sha384)))
        } else {
            let key = RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::Unsupported)?;
            Ok(Self(Inner::Rsa(key)))
        }
    }

    /// The key as PKCS#8, to be wrapped and stored.
    ///
    /// # Errors
    /// When the key cannot be encoded.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        match &self.0 {
            Inner::Ecdsa(key, _) => key.to_pkcs8v1().map(|der| der.as_ref().to_vec()),
            Inner::Rsa(key) => key.as_der().map(|der| der.as_ref().to_vec()),
        }
        .map(Zeroizing::new)
        .map_err(|_| KeyError::Unsupported)
    }

    /// The algorithm this key signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Inner::Ecdsa(_, algorithm) => *algorithm,
            Inner::Rsa(_) => Algorithm::RsaPkcs1Sha256,
        }
    }

    /// Signs `message` (not its hash).
    ///
    /// # Errors
    /// When the library refuses.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let rng = SystemRandom::new();
        let failed = |_| SignerError("the cryptographic library refused".to_owned());
        match &self.0 {
            Inner::Ecdsa(key, _) => key
                .sign(&rng, message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(failed),
            Inner::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &rng, message, &mut signature)
                    .map_err(failed)?;
                Ok(signature)
            }
        }
    }
}

impl fmt::Debug for SoftKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SoftKey({:?}, ..)", self.algorithm())
    }
}

impl rcgen::PublicKeyData for SoftKey {
    fn der_bytes(&self) -> &[u8] {
        match &self.0 {
            Inner::Ecdsa(key, _) => key.public_key().as_ref(),
            Inner::Rsa(key) => key.public_key().as_ref(),
        }
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        match self.algorithm() {
            Algorithm::EcdsaP256Sha256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            Algorithm::EcdsaP384Sha384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            Algorithm::RsaPkcs1Sha256 => &rcgen::PKCS_RSA_SHA256,
        }
    }
}

impl rcgen::SigningKey for SoftKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Self::sign(self, message).map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

/// A [`SoftKey`] with its certificates: the built-in [`Signer`].
#[derive(Debug)]
pub struct SoftSigner {
    key: SoftKey,
    certificate: Vec<u8>,
    chain: Vec<Vec<u8>>,
}

impl SoftSigner {
    /// Joins a key with its certificate (DER) and the certificates above it, issuer first.
    #[must_use]
    pub fn new(key: SoftKey, certificate: Vec<u8>, chain: Vec<Vec<u8>>) -> Self {
        Self {
            key,
            certificate,
            chain,
        }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &SoftKey {
        &self.key
    }
}

impl Signer for SoftSigner {
    fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.key.sign(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_key_survives_storage() {
        for kind in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
            let key = SoftKey::generate(kind).unwrap();
            let back = SoftKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
            assert_eq!(
                rcgen::PublicKeyData::der_bytes(&key),
                rcgen::PublicKeyData::der_bytes(&back)
            );
        }
    }

    #[test]
    fn a_key_does_not_print() {
        let key = SoftKey::generate(KeyKind::P256).unwrap();
        assert_eq!(format!("{key:?}"), "SoftKey(EcdsaP256Sha256, ..)");
    }
}
