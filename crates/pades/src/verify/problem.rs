//! What can be wrong with a file or a signature.

use serde::Serialize;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "problem", content = "detail", rename_all = "snake_case")]
pub enum Problem {
    /// The file is not a PDF that can be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// The cross-reference data is damaged; readers may disagree on what the file says.
    #[error("the cross-reference data is damaged")]
    DamagedXref,
    /// The file is encrypted with a password.
    #[error("the file is encrypted")]
    Encrypted,
    /// A limit of this verifier was reached.
    #[error("too much to verify: {0}")]
    TooMuch(String),
    /// A signature dictionary that no form field refers to.
    #[error("object {0} is a signature that no form field refers to")]
    OrphanSignature(u32),
    /// The byte range is not what it must be.
    #[error("the byte range is wrong: {0}")]
    ByteRange(String),
    /// The sub-filter is not one this verifier knows.
    #[error("the signature format {0} is not supported")]
    SubFilter(String),
    /// The CMS structure is broken or not what a PDF signature must be.
    #[error("the signature value cannot be read: {0}")]
    Cms(String),
    /// An algorithm that is unknown or too weak.
    #[error("the algorithm {0} is not accepted")]
    Algorithm(String),
    /// The bytes were changed after signing.
    #[error("the signed bytes were changed")]
    Digest,
    /// The signature does not fit the certificate's key.
    #[error("the signature does not fit the certificate")]
    Signature,
    /// The signed attributes name another certificate.
    #[error("the signature names another certificate than the one it brings")]
    CertificateSwapped,
    /// A certificate beside the signature that no known authority issued.
    #[error("the signature brings a certificate that nobody vouches for")]
    StrayCertificate,
    /// The timestamp is over something else.
    #[error("the timestamp is over something else")]
    TimestampMismatch,
    /// The token's chain ends in no trusted root.
    #[error("the timestamp's authority is not trusted")]
    TimestampUntrusted,
}
