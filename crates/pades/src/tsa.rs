//! RFC 3161 time: the built-in authority, and requests to and answers from others.

use const_oid::ObjectIdentifier;
use der::{
    Any, Decode, Encode, Sequence,
    asn1::{BitString, GeneralizedTime, Int, OctetString},
};
use time::OffsetDateTime;
use x509_cert::spki::AlgorithmIdentifier;
use x509_tsp::{Accuracy, MessageImprint, TimeStampReq, TspVersion, TstInfo};

use crate::{
    cms::{self, oids},
    signer::{Signer, TimestampError, Timestamper},
    verify::token,
};

/// RFC 3161 §2.4.2: bits of `PKIFailureInfo`.
const BAD_ALG: u8 = 0;
const BAD_REQUEST: u8 = 2;
const BAD_DATA_FORMAT: u8 = 5;
const UNACCEPTED_POLICY: u8 = 15;
const UNACCEPTED_EXTENSION: u8 = 16;
const SYSTEM_FAILURE: u8 = 25;

const GRANTED: u8 = 0;
const GRANTED_WITH_MODS: u8 = 1;
const REJECTION: u8 = 2;

/// A timestamp authority with its key. It has no clock: every call brings the time.
pub struct Tsa {
    signer: Box<dyn Signer + Send + Sync>,
    policy: ObjectIdentifier,
    accuracy_seconds: u64,
}

/// The policy is not an object identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the timestamp policy {0:?} is not an object identifier")]
pub struct PolicyError(String);

impl Tsa {
    /// An authority that signs with `signer` (its certificate's only extended key usage must be
    /// timeStamping, see [`crate::Authority::issue_tsa`]) under the policy with this dotted OID.
    ///
    /// # Errors
    /// When the policy is no object identifier.
    pub fn new(
        signer: impl Signer + Send + Sync + 'static,
        policy: &str,
    ) -> Result<Self, PolicyError> {
        let policy = ObjectIdentifier::new(policy).map_err(|_| PolicyError(policy.to_owned()))?;
        Ok(Self {
            signer: Box::new(signer),
            policy,
            accuracy_seconds: 1,
        })
    }

    /// A token over a SHA-256 imprint.
    ///
    /// `serial` must be unique for this authority (64 random bits are); `nonce` is the content of
    /// the request's INTEGER, echoed. The time is written in whole seconds, accuracy one second.
    ///
    /// # Errors
    /// When the key fails.
    pub fn token(
        &self,
        imprint: &[u8; 32],
        now: OffsetDateTime,
        serial: u64,
        nonce: Option<&[u8]>,
    ) -> Result<Vec<u8>, TimestampError> {
        let imprint = message_imprint(oids::ID_SHA_256, imprint).map_err(unavailable)?;
        let nonce = nonce.map(Int::new).transpose().map_err(unavailable)?;
        self.issue(imprint, now, serial, nonce)
    }

    /// The authority's certificate, DER, for validation material.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        self.signer.certificate()
    }

    /// This authority at one instant, as a [`Timestamper`].
    #[must_use]
    pub fn at(&self, now: OffsetDateTime, serial: u64) -> Stamp<'_> {
        Stamp {
            tsa: self,
            now,
            serial,
        }
    }

    /// Answers a `TimeStampReq` (DER) with a `TimeStampResp` (DER), as HTTP would carry them
    /// (RFC 3161 §3.4: `application/timestamp-query` and `application/timestamp-reply`). A request
    /// that cannot be served gets a rejection, never silence.
    #[must_use]
    pub fn respond(&self, request: &[u8], now: OffsetDateTime, serial: u64) -> Vec<u8> {
        match self.grant(request, now, serial) {
            Ok(token) => response(GRANTED, None, Some(token)),
            Err(reason) => response(REJECTION, Some(reason), None),
        }
    }

    fn grant(&self, request: &[u8], now: OffsetDateTime, serial: u64) -> Result<Any, u8> {
        let request = TimeStampReq::from_der(request).map_err(|_| BAD_DATA_FORMAT)?;
        if request.extensions.is_some() {
            return Err(UNACCEPTED_EXTENSION);
        }
        if request
            .req_policy
            .is_some_and(|policy| policy != self.policy)
        {
            return Err(UNACCEPTED_POLICY);
        }
        let imprint = &request.message_imprint;
        let length = digest_length(imprint.hash_algorithm.oid).ok_or(BAD_ALG)?;
        if imprint.hashed_message.as_bytes().len() != length {
            return Err(BAD_REQUEST);
        }
        // certReq is not consulted: PDF needs the certificates inside the token.
        let token = self
            .issue(request.message_imprint, now, serial, request.nonce)
            .map_err(|_| SYSTEM_FAILURE)?;
        Any::from_der(&token).map_err(|_| SYSTEM_FAILURE)
    }

    fn issue(
        &self,
        message_imprint: MessageImprint,
        now: OffsetDateTime,
        serial: u64,
        nonce: Option<Int>,
    ) -> Result<Vec<u8>, TimestampError> {
        let info = TstInfo {
            version: TspVersion::V1,
            policy: self.policy,
            message_imprint,
            serial_number: positive(serial).map_err(unavailable)?,
            gen_time: generalized(now)?,
            accuracy: Some(Accuracy {
                seconds: Some(self.accuracy_seconds),
                millis: None,
                micros: None,
            }),
            ordering: false,
            nonce,
            tsa: None,
            extensions: None,
        };
        let info = info.to_der().map_err(unavailable)?;
        cms::timestamp_content(&info, &*self.signer)
            .map_err(|error| TimestampError::Unavailable(error.to_string()))
    }

    fn size_bound(&self) -> usize {
        cms::size_bound(&*self.signer, None) + 256
    }
}

impl std::fmt::Debug for Tsa {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tsa")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

/// A [`Tsa`] at one instant. Use it for one token: the serial number is used up.
#[derive(Debug)]
pub struct Stamp<'a> {
    tsa: &'a Tsa,
    now: OffsetDateTime,
    serial: u64,
}

impl Timestamper for Stamp<'_> {
    fn token(&self, imprint: &[u8; 32]) -> Result<Vec<u8>, TimestampError> {
        self.tsa.token(imprint, self.now, self.serial, None)
    }

    fn size_bound(&self) -> usize {
        self.tsa.size_bound()
    }
}

/// A `TimeStampReq` (DER) for a SHA-256 imprint, asking for the certificates. `nonce` should be
/// random; check the answer with [`token_of_response`].
///
/// # Errors
/// When it cannot be encoded.
pub fn request(imprint: &[u8; 32], nonce: u64) -> Result<Vec<u8>, TimestampError> {
    TimeStampReq {
        version: TspVersion::V1,
        message_imprint: message_imprint(oids::ID_SHA_256, imprint).map_err(unavailable)?,
        req_policy: None,
        nonce: Some(positive(nonce).map_err(unavailable)?),
        cert_req: true,
        extensions: None,
    }
    .to_der()
    .map_err(unavailable)
}

/// The token of a `TimeStampResp` (DER), after checking that it was granted, answers this imprint
/// and nonce, and that its signature holds. Trust in the authority is for [`crate::verify`].
///
/// # Errors
/// [`TimestampError::Unavailable`] for a rejection, [`TimestampError::Mismatch`] for a token that is
/// not the answer.
pub fn token_of_response(
    response: &[u8],
    imprint: &[u8; 32],
    nonce: u64,
) -> Result<Vec<u8>, TimestampError> {
    let response = Response::from_der(response)
        .map_err(|error| TimestampError::Unavailable(format!("unreadable answer: {error}")))?;
    let status = response.status.code();
    if status != Some(GRANTED) && status != Some(GRANTED_WITH_MODS) {
        return Err(TimestampError::Unavailable(format!(
            "refused with status {status:?}"
        )));
    }
    let mismatch = |reason: &str| TimestampError::Mismatch(reason.to_owned());
    let token = response
        .token
        .ok_or_else(|| mismatch("no token in the answer"))?;
    let token = token.to_der().map_err(unavailable)?;
    let read =
        token::read(&token).map_err(|problem| TimestampError::Mismatch(problem.to_string()))?;
    if !read.covers(imprint) {
        return Err(mismatch("the imprint is another one"));
    }
    let nonce = positive(nonce).map_err(unavailable)?;
    if read.nonce.as_ref() != Some(&nonce) {
        return Err(mismatch("the nonce is another one"));
    }
    Ok(token)
}

/// `TimeStampResp`. Own structure: the one of x509-tsp borrows and cannot be built freely.
#[derive(Sequence)]
struct Response {
    status: Status,
    #[asn1(optional = "true")]
    token: Option<Any>,
}

#[derive(Sequence)]
struct Status {
    code: Int,
    #[asn1(optional = "true")]
    text: Option<Vec<Any>>,
    #[asn1(optional = "true")]
    failure: Option<BitString>,
}

impl Status {
    fn code(&self) -> Option<u8> {
        match self.code.as_bytes() {
            [code] => Some(*code),
            _ => None,
        }
    }
}

fn response(status: u8, failure: Option<u8>, token: Option<Any>) -> Vec<u8> {
    let encode = || -> der::Result<Vec<u8>> {
        let failure = failure.map(failure_bits).transpose()?;
        let status = Status {
            code: Int::new(&[status])?,
            text: None,
            failure,
        };
        Response { status, token }.to_der()
    };
    // Nothing in it can fail to encode; an empty body would still be read as a refusal.
    encode().unwrap_or_default()
}

/// A named bit list, DER: trailing zero bits left out.
fn failure_bits(bit: u8) -> der::Result<BitString> {
    let mut bytes = vec![0; usize::from(bit) / 8 + 1];
    bytes[usize::from(bit) / 8] = 0x80 >> (bit % 8);
    BitString::new(7 - bit % 8, bytes)
}

fn message_imprint(oid: ObjectIdentifier, digest: &[u8]) -> der::Result<MessageImprint> {
    Ok(MessageImprint {
        hash_algorithm: AlgorithmIdentifier {
            oid,
            parameters: None,
        },
        hashed_message: OctetString::new(digest)?,
    })
}

fn digest_length(oid: ObjectIdentifier) -> Option<usize> {
    match oid {
        oids::ID_SHA_256 => Some(32),
        oids::ID_SHA_384 => Some(48),
        oids::ID_SHA_512 => Some(64),
        _ => None,
    }
}

/// A positive INTEGER.
fn positive(value: u64) -> der::Result<Int> {
    let bytes = value.to_be_bytes();
    let skip = (value.leading_zeros() / 8).min(7) as usize;
    let mut content = Vec::with_capacity(9);
    if bytes[skip] & 0x80 != 0 {
        content.push(0);
    }
    content.extend_from_slice(&bytes[skip..]);
    Int::new(&content)
}

fn generalized(at: OffsetDateTime) -> Result<GeneralizedTime, TimestampError> {
    let seconds = u64::try_from(at.unix_timestamp())
        .map_err(|_| TimestampError::Unavailable("the time is before 1970".to_owned()))?;
    GeneralizedTime::from_unix_duration(std::time::Duration::from_secs(seconds))
        .map_err(unavailable)
}

fn unavailable(error: der::Error) -> TimestampError {
    TimestampError::Unavailable(error.to_string())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::{Authority, KeyKind, Organization, SoftKey, Validity};

    const NOW: OffsetDateTime = datetime!(2026-04-11 10:00:00.7 UTC);

    fn tsa() -> Tsa {
        let name = |text: &str| Organization {
            common_name: text.to_owned(),
            organization: None,
        };
        let validity = Validity {
            from: NOW - time::Duration::days(1),
            until: NOW + time::Duration::days(1),
        };
        let key = || SoftKey::generate(KeyKind::P256).unwrap();
        let authority = Authority::create(key(), &name("CA"), validity).unwrap();
        let own = key();
        let certificate = authority.issue_tsa(&own, &name("TSA"), validity).unwrap();
        Tsa::new(authority.join(own, certificate), "1.2.3.4").unwrap()
    }

    #[test]
    fn a_request_is_answered_with_its_imprint_and_nonce() {
        let (tsa, imprint) = (tsa(), [7; 32]);
        for nonce in [0, 1, 0x80, 0xffff, u64::MAX] {
            let answer = tsa.respond(&request(&imprint, nonce).unwrap(), NOW, 1);
            let token = token_of_response(&answer, &imprint, nonce).unwrap();
            let read = token::read(&token).unwrap();
            assert_eq!(read.time, datetime!(2026-04-11 10:00 UTC));
            assert!(token_of_response(&answer, &[8; 32], nonce).is_err());
            assert!(token_of_response(&answer, &imprint, nonce ^ 1).is_err());
        }
    }

    #[test]
    fn what_cannot_be_served_is_rejected_in_words() {
        let tsa = tsa();
        for request in [&b""[..], b"nonsense", &[0x30, 0x00]] {
            let answer = tsa.respond(request, NOW, 1);
            let refusal = token_of_response(&answer, &[0; 32], 1).unwrap_err();
            assert!(
                refusal.to_string().contains("refused with status"),
                "{refusal}"
            );
        }
    }

    #[test]
    fn a_failure_is_a_named_bit_list_without_trailing_zeros() {
        assert_eq!(
            failure_bits(BAD_ALG).unwrap().to_der().unwrap(),
            [3, 2, 7, 0x80]
        );
        assert_eq!(failure_bits(UNACCEPTED_EXTENSION).unwrap().unused_bits(), 7);
        assert_eq!(
            failure_bits(BAD_DATA_FORMAT).unwrap().to_der().unwrap(),
            [3, 2, 2, 4]
        );
    }
}
