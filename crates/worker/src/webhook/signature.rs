//! The two signatures a delivery carries.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// What Standard Webhooks libraries put before a base64 secret.
const SECRET_PREFIX: &str = "whsec_";

/// `X-Loyva-Signature`: `sha256=` and the lower-case hex HMAC-SHA256 of the raw body. The key is
/// the secret's UTF-8 bytes, whatever its form (partner-api 10.1).
#[must_use]
pub fn loyva_signature(secret: &str, body: &[u8]) -> String {
    let tag = hmac_sha256(secret.as_bytes(), &[body]);
    format!("sha256={}", hex::encode(tag))
}

/// `webhook-signature` of Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of
/// `{id}.{timestamp}.{body}`. A secret of the form `whsec_<base64>` is decoded first, as those
/// libraries do; any other is used as it stands.
#[must_use]
pub fn standard_signature(secret: &str, id: &str, timestamp: i64, body: &[u8]) -> String {
    let prefix = format!("{id}.{timestamp}.");
    let tag = hmac_sha256(&standard_key(secret), &[prefix.as_bytes(), body]);
    format!("v1,{}", STANDARD.encode(tag))
}

fn standard_key(secret: &str) -> Vec<u8> {
    secret
        .strip_prefix(SECRET_PREFIX)
        .and_then(|encoded| STANDARD.decode(encoded).ok())
        .unwrap_or_else(|| secret.as_bytes().to_vec())
}

fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loyva_signature_is_hex_over_the_raw_body() {
        // RFC 4231, test case 2.
        assert_eq!(
            loyva_signature("Jefe", b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn the_standard_signature_matches_the_published_example() {
        // The worked example of the Standard Webhooks specification.
        let signature = standard_signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_that_is_not_base64_is_used_as_it_stands() {
        let key = standard_key("whsec_not base64!");
        assert_eq!(key, b"whsec_not base64!");
        assert_eq!(standard_key("a plain secret 1"), b"a plain secret 1");
    }

    #[test]
    fn a_whsec_secret_is_decoded_for_the_standard_signature_only() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let literal = hmac_sha256(secret.as_bytes(), &[b"{}"]);
        assert_eq!(
            loyva_signature(secret, b"{}"),
            format!("sha256={}", hex::encode(literal))
        );
    }
}
