//! Signed URLs of the storage door: who holds one may fetch one object until it expires.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use deedbox_core::Timestamp;

use crate::{App, error::Error};

/// Why an object may be fetched; decides which state checks the download passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The single authoritative copy, for the controller (P14).
    Authoritative,
    /// The marked copy (P15).
    Copy,
    /// A revision of a document that is not vaulted yet (P9).
    Working,
    /// The authoritative bytes, once more, after a release (P18, P21).
    Released,
}

impl Purpose {
    const ALL: [Self; 4] = [
        Self::Authoritative,
        Self::Copy,
        Self::Working,
        Self::Released,
    ];

    /// Value of `X-Deedbox-Copy-Status`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authoritative => "authoritative",
            Self::Copy => "copy",
            Self::Working => "working",
            Self::Released => "released",
        }
    }
}

/// Bounds of `?expires=` in seconds (P14).
pub const EXPIRES_SECONDS: std::ops::RangeInclusive<u32> = 60..=86_400;
/// Default life of a signed URL in seconds (P14).
pub const EXPIRES_DEFAULT_SECONDS: u32 = 300;

/// A minted URL, with the four keys that every signed-URL answer has.
#[derive(Clone, Debug)]
pub struct SignedUrl {
    /// Absolute URL under the public address.
    pub url: String,
    /// File name the download suggests.
    pub filename: String,
    /// Life in seconds.
    pub expires_in: u32,
    /// End of life.
    pub expires_at: Timestamp,
}

impl App {
    /// Mints a URL for `bucket/path`.
    pub(crate) fn sign_url(
        &self,
        purpose: Purpose,
        bucket: &str,
        path: &str,
        filename: String,
        expires_in: u32,
    ) -> SignedUrl {
        let expires_at = self.now().plus_seconds(i64::from(expires_in));
        let expires = expires_at.epoch_seconds();
        let tag = hmac::sign(&self.url_key(), &message(purpose, bucket, path, expires));
        let token = format!("{}.{}", purpose.as_str(), URL_SAFE_NO_PAD.encode(tag));
        SignedUrl {
            url: self.settings().public(&format!(
                "/storage/{bucket}/{path}?expires={expires}&token={token}"
            )),
            filename,
            expires_in,
            expires_at,
        }
    }

    /// Checks a storage URL; what it was minted for.
    ///
    /// # Errors
    /// [`Error::UrlRefused`] when it is expired or anything in it was altered.
    pub fn check_url(
        &self,
        bucket: &str,
        path: &str,
        expires: i64,
        token: &str,
    ) -> Result<Purpose, Error> {
        let (name, tag) = token.split_once('.').ok_or(Error::UrlRefused)?;
        let purpose = Purpose::ALL
            .into_iter()
            .find(|it| it.as_str() == name)
            .ok_or(Error::UrlRefused)?;
        let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| Error::UrlRefused)?;
        hmac::verify(
            &self.url_key(),
            &message(purpose, bucket, path, expires),
            &tag,
        )
        .map_err(|_| Error::UrlRefused)?;
        if self.now().epoch_seconds() >= expires {
            return Err(Error::UrlRefused);
        }
        Ok(purpose)
    }

    fn url_key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &self.keys().derive("storage url"))
    }
}

fn message(purpose: Purpose, bucket: &str, path: &str, expires: i64) -> Vec<u8> {
    format!("GET\n{}\n{bucket}\n{path}\n{expires}", purpose.as_str()).into_bytes()
}
