//! Tokens: opaque link tokens, API keys, and embed tokens (JWT).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    App,
    clock::Entropy,
    error::{Error, TokenRefusal},
};

/// Life of an embed token in seconds (partner-api.md §11).
pub const EMBED_SECONDS: i64 = 900;

/// SHA-256 of a token: the only form in which tokens are stored.
#[must_use]
pub fn digest(raw: &str) -> [u8; 32] {
    Sha256::digest(raw.as_bytes()).into()
}

/// A fresh API key: `lk_` and 40 hex digits (160 bits).
pub(crate) fn new_api_key(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; 20];
    entropy.fill(&mut bytes);
    format!("lk_{}", hex::encode(bytes))
}

/// Whether a string has the form of an API key; others need no look-up.
#[must_use]
pub fn is_api_key(raw: &str) -> bool {
    raw.strip_prefix("lk_").is_some_and(|hex| {
        hex.len() == 40
            && hex
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

/// A fresh link or session token of 256 bits.
pub(crate) fn new_token(entropy: &dyn Entropy) -> String {
    URL_SAFE_NO_PAD.encode(entropy.seed())
}

/// Which widget an embed token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Widget {
    /// The signing page.
    Sign,
    /// The vault widget.
    Vault,
}

impl Widget {
    /// The widget's name on the wire and in the path.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Vault => "vault",
        }
    }
}

/// Claims of an embed token; names are the vendor's.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmbedClaims {
    /// The one envelope.
    pub envelope_id: String,
    /// Its organization.
    pub org_id: String,
    /// For whom the token was made.
    pub user_email: String,
    /// The one widget.
    pub widget_type: Widget,
    /// Issued, epoch seconds.
    pub iat: i64,
    /// Expires, epoch seconds.
    pub exp: i64,
    /// Host of the embed address, without port.
    pub aud: String,
    /// Unique per token.
    pub jti: String,
}

impl App {
    /// Signs claims for a widget with HMAC-SHA256.
    pub(crate) fn embed_jwt(&self, claims: &EmbedClaims) -> Result<String, Error> {
        let key = EncodingKey::from_secret(&self.keys().derive("embed token"));
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).map_err(Error::internal)
    }

    /// Opens an embed token: algorithm, audience and life are checked (RFC 8725).
    pub(crate) fn open_embed_jwt(&self, token: &str) -> Result<EmbedClaims, Error> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[self.embed_host()]);
        validation.set_required_spec_claims(&["exp", "aud"]);
        // The application's clock decides about life, so that time stays an argument.
        validation.validate_exp = false;
        let key = DecodingKey::from_secret(&self.keys().derive("embed token"));
        let claims = jsonwebtoken::decode::<EmbedClaims>(token, &key, &validation)
            .map_err(|_| Error::Token(TokenRefusal::Invalid))?
            .claims;
        if self.now().epoch_seconds() >= claims.exp {
            return Err(Error::Token(TokenRefusal::Expired));
        }
        Ok(claims)
    }

    /// Host of the embed address, the audience of embed tokens.
    pub(crate) fn embed_host(&self) -> &str {
        self.settings().embed_url.host_str().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    #[test]
    fn a_new_api_key_has_the_documented_form() {
        let key = new_api_key(&SystemEntropy);
        assert_eq!(key.len(), 43);
        assert!(is_api_key(&key));
        assert!(!is_api_key("lk_XYZ"));
        assert!(!is_api_key(&key.to_uppercase()));
    }
}
