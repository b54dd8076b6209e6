//! Timestamp tokens (RFC 3161), from the built-in authority or from strangers.

use const_oid::ObjectIdentifier;
use der::{
    Any, Decode, Sequence, Tag, Tagged,
    asn1::{Int, OctetString},
};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};
use x509_cert::{Certificate, spki::AlgorithmIdentifierOwned};

use super::{Problem, algorithm::DigestAlgorithm};
use crate::cms::{oids, read as cms};

/// A token whose own signature holds.
pub(crate) struct Token {
    pub time: OffsetDateTime,
    pub nonce: Option<Int>,
    pub authority: Certificate,
    pub certificates: Vec<Certificate>,
    digest: DigestAlgorithm,
    imprint: Vec<u8>,
}

/// `TSTInfo`. Own structure: DER types refuse the fractions of a second that many authorities write.
#[derive(Sequence)]
struct TstInfo {
    version: u8,
    policy: ObjectIdentifier,
    imprint: Imprint,
    serial: Int,
    time: Any,
    #[asn1(optional = "true")]
    accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    ordering: bool,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    authority: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Vec<Any>>,
}

#[derive(Sequence)]
struct Imprint {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

#[derive(Sequence)]
struct Accuracy {
    #[asn1(optional = "true")]
    seconds: Option<u64>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    millis: Option<u16>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    micros: Option<u16>,
}

/// Reads a token and checks its own signature. Whether its authority is trusted is another question.
pub(crate) fn read(token: &[u8]) -> Result<Token, Problem> {
    let signed = cms::read(token)?;
    if signed.content_type != oids::ID_CT_TST_INFO {
        return Err(Problem::Cms("not a timestamp token".to_owned()));
    }
    let missing = || Problem::Cms("the token has no content".to_owned());
    let content = signed.content.as_deref().ok_or_else(missing)?;
    if !signed.signs_digest(&signed.digest.digest(content)) {
        return Err(Problem::Digest);
    }
    signed.check(true)?;
    let info = TstInfo::from_der(content).map_err(|error| Problem::Cms(error.to_string()))?;
    let time = generalized(&info.time).ok_or_else(|| Problem::Cms("no usable time".to_owned()))?;
    Ok(Token {
        time,
        nonce: info.nonce,
        authority: signed.signer().clone(),
        digest: DigestAlgorithm::of(&info.imprint.algorithm)?,
        imprint: info.imprint.digest.into_bytes(),
        certificates: signed.certificates,
    })
}

impl Token {
    /// Whether the token is over these bytes.
    pub fn covers_bytes(&self, bytes: &[u8]) -> bool {
        self.digest.digest(bytes) == self.imprint
    }

    /// Whether the token is over this SHA-256 digest.
    pub fn covers(&self, digest: &[u8]) -> bool {
        self.digest == DigestAlgorithm::Sha256 && self.imprint == digest
    }

    /// The digest algorithm of the imprint.
    pub fn digest(&self) -> DigestAlgorithm {
        self.digest
    }

    /// The imprint.
    pub fn imprint(&self) -> &[u8] {
        &self.imprint
    }
}

/// `YYYYMMDDhhmmss[.f…]Z`.
fn generalized(value: &Any) -> Option<OffsetDateTime> {
    if value.tag() != Tag::GeneralizedTime {
        return None;
    }
    let text = std::str::from_utf8(value.value()).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.len() != 14
        || !text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return None;
    }
    let number = |from: usize, to: usize| whole[from..to].parse::<u8>().ok();
    let month = Month::try_from(number(4, 6)?).ok()?;
    let date = Date::from_calendar_date(whole[..4].parse().ok()?, month, number(6, 8)?).ok()?;
    let nanos = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let time = Time::from_hms_nano(number(8, 10)?, number(10, 12)?, number(12, 14)?, nanos).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn times_with_and_without_fractions_are_read() {
        let time =
            |text: &str| generalized(&Any::new(Tag::GeneralizedTime, text.as_bytes()).unwrap());
        assert_eq!(
            time("20260411100000Z"),
            Some(datetime!(2026-04-11 10:00 UTC))
        );
        assert_eq!(
            time("20260411100000.25Z"),
            Some(datetime!(2026-04-11 10:00:00.25 UTC))
        );
        for wrong in [
            "20260411100000",
            "20261311100000Z",
            "2026041110000.0Z",
            "Z",
            "é0260411100000Z",
        ] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }
}
