//! Keys and clocks as this crate sees them: two small traits.

/// How a signature is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256; the signature is the ASN.1 form.
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384; the signature is the ASN.1 form.
    EcdsaP384Sha384,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaPkcs1Sha256,
}

/// A failure of a key or of the token that holds it.
#[derive(Debug, thiserror::Error)]
#[error("the key could not sign: {0}")]
pub struct SignerError(pub String);

/// A key with its certificate: in memory, in a token, or far away.
///
/// Implement it for PKCS#11, a key service or a smart card; [`crate::SoftSigner`] is the built-in one.
pub trait Signer {
    /// The algorithm of [`Signer::sign`].
    fn algorithm(&self) -> Algorithm;

    /// The signer's certificate, DER.
    fn certificate(&self) -> &[u8];

    /// The certificates above the signer's, DER, issuer first. Embed at least the issuer, otherwise
    /// validation depends on what the verifier happens to have.
    fn chain(&self) -> &[Vec<u8>];

    /// Signs `message` (not its hash).
    ///
    /// # Errors
    /// When the key cannot be used.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError>;
}

/// Why no timestamp token came.
#[derive(Debug, thiserror::Error)]
pub enum TimestampError {
    /// The authority could not be reached or refused.
    #[error("no timestamp: {0}")]
    Unavailable(String),
    /// An answer came but it is not a token for what was asked.
    #[error("the timestamp token does not answer the request: {0}")]
    Mismatch(String),
}

/// A source of RFC 3161 time: the built-in [`crate::Tsa`] or one behind a URL.
pub trait Timestamper {
    /// A timestamp token (a DER `ContentInfo`) over a SHA-256 imprint.
    ///
    /// # Errors
    /// When no token can be had. Nothing may stand in for one.
    fn token(&self, imprint: &[u8; 32]) -> Result<Vec<u8>, TimestampError>;

    /// Upper bound for the size of a token in bytes, used to reserve space. Foreign authorities with
    /// long RSA chains stay under the default.
    fn size_bound(&self) -> usize {
        12 * 1024
    }
}

impl<T: Signer + ?Sized> Signer for &T {
    fn algorithm(&self) -> Algorithm {
        (**self).algorithm()
    }
    fn certificate(&self) -> &[u8] {
        (**self).certificate()
    }
    fn chain(&self) -> &[Vec<u8>] {
        (**self).chain()
    }
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        (**self).sign(message)
    }
}
