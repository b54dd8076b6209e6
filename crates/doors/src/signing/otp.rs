//! `POST /api/signing/otp` and `/otp/verify`: one-time codes.

use deedbox_core::envelope::AuthKind;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    endpoint::{Answer, Call, Endpoint},
    wire::SessionView,
};
use crate::http::{
    fields::{Faults, Fields, Slot},
    problem::Problem,
};

/// Sends a code.
pub(crate) const SEND: Endpoint = Endpoint::post("/otp", |call| Box::pin(send(call)));
/// Checks a code.
pub(crate) const VERIFY: Endpoint = Endpoint::post("/otp/verify", |call| Box::pin(verify(call)));

/// Where to send a code.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `send` reads")]
pub(super) struct SendCode {
    /// `email`, `sms` or `whatsapp`.
    #[schema(example = "email")]
    channel: String,
}

/// A code that was sent.
#[derive(Debug, Serialize, ToSchema)]
struct CodeSent {
    #[schema(example = "email")]
    channel: &'static str,
    /// The address, so masked that its owner knows it.
    #[schema(example = "a***@example.com")]
    to_masked: String,
    expires_at: String,
    /// Before this time no further code is sent.
    cooldown_until: String,
}

/// The code that the signer typed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `verify` reads")]
pub(super) struct VerifyCode {
    #[schema(example = "email")]
    channel: String,
    /// Six digits.
    #[schema(example = "123456")]
    code: String,
}

/// Channels of the steps that are passed by a code.
const CHANNELS: [AuthKind; 3] = [AuthKind::EmailOtp, AuthKind::SmsOtp, AuthKind::WhatsappOtp];

const fn channel_name(step: AuthKind) -> &'static str {
    match step {
        AuthKind::SmsOtp => "sms",
        AuthKind::WhatsappOtp => "whatsapp",
        AuthKind::EmailOtp | AuthKind::Biometric => "email",
    }
}

fn channel(slot: &Slot<'_>) -> Option<AuthKind> {
    slot.one_of(&CHANNELS, channel_name)
}

/// Send a one-time code
#[utoipa::path(
    post, path = "/otp", operation_id = "sendCode", tag = "Signing",
    request_body = SendCode,
    responses((status = 200, description = "Sent", body = CodeSent)),
)]
pub(super) async fn send(mut call: Call) -> Result<Answer, Problem> {
    let (body, faults) = (call.take_json(), Faults::default());
    let step = channel(&Fields::of_json(&body, &faults).required("channel"));
    faults.check()?;
    let sent = call
        .app
        .signing_otp_send(&call.session, faults.value(step)?)
        .await?;
    Ok(Answer::json(&CodeSent {
        channel: channel_name(sent.channel),
        to_masked: sent.to_masked,
        expires_at: sent.expires_at.to_iso(),
        cooldown_until: sent.cooldown_until.to_iso(),
    }))
}

/// Verify a one-time code
#[utoipa::path(
    post, path = "/otp/verify", operation_id = "verifyCode", tag = "Signing",
    request_body = VerifyCode,
    responses((status = 200, description = "The session", body = SessionView)),
)]
pub(super) async fn verify(mut call: Call) -> Result<Answer, Problem> {
    let (step, code) = read(&call.take_json())?;
    let session = call
        .app
        .signing_otp_verify(&call.session, step, &code)
        .await?;
    Ok(Answer::json(&SessionView::from(session)))
}

fn read(body: &Value) -> Result<(AuthKind, String), Problem> {
    let faults = Faults::default();
    let body = Fields::of_json(body, &faults);
    let step = channel(&body.required("channel"));
    let six_digits = |text: &str| {
        let good = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        good.then(|| text.to_owned())
    };
    let code = body.required("code").form(six_digits, "must be six digits");
    faults.check()?;
    Ok((faults.value(step)?, faults.value(code)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_code_is_six_digits() {
        let good = read(&json!({"channel": "sms", "code": " 012345 "})).unwrap();
        assert_eq!(good, (AuthKind::SmsOtp, "012345".into()));
        for bad in [
            json!("12345"),
            json!("1234567"),
            json!("12345a"),
            json!(123_456),
        ] {
            let problem = read(&json!({"channel": "email", "code": bad})).unwrap_err();
            assert_eq!(problem.errors[0].pointer, "/code");
        }
        assert!(read(&json!({"channel": "biometric", "code": "123456"})).is_err());
    }
}
