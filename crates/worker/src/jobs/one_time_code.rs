//! `send_otp`: hand a one-time code to its channel.

use deedbox_core::{Timestamp, envelope::AuthKind, ids::SignerId};
use deedbox_store::jobs::Job;

use super::{Fault, Handlers, letters::Way};
use crate::{
    mail::{Channel, Subject},
    run::Outcome,
};

/// A code on its way.
pub(super) struct Code {
    /// By which channel.
    pub channel: AuthKind,
    /// Sealed by the app, so that no row holds it in clear.
    pub sealed: String,
    /// After this it is of no use.
    pub expires_at: Timestamp,
}

impl Handlers {
    /// Sends a code, unless it has run out while it waited.
    pub(super) async fn one_time_code(
        &self,
        job: &Job,
        envelope_id: &str,
        signer_id: &SignerId,
        code: Code,
    ) -> Result<Outcome, Fault> {
        let now = self.app.now();
        if now >= code.expires_at {
            return Ok(Outcome::Done);
        }
        let head = self.app.letterhead(envelope_id).await?;
        let way = head.envelope.signer(signer_id).and_then(|signer| {
            channel(code.channel)
                .and_then(|channel| Way::over(channel, signer))
                .map(|way| (signer, way))
        });
        let Some((signer, way)) = way else {
            return Err(Fault::Final(
                "the signer has no address on this channel".into(),
            ));
        };
        let subject = Subject::Otp {
            code: self.app.open_code(
                &head.envelope.envelope_id,
                signer_id,
                code.channel,
                &code.sealed,
            )?,
            valid_min: minutes(now, code.expires_at),
            host: self
                .app
                .settings()
                .public_url
                .host_str()
                .unwrap_or_default()
                .to_owned(),
        };
        self.send(job, &head, signer, way, subject).await
    }
}

fn channel(kind: AuthKind) -> Option<Channel> {
    match kind {
        AuthKind::EmailOtp => Some(Channel::Email),
        AuthKind::SmsOtp => Some(Channel::Sms),
        AuthKind::WhatsappOtp => Some(Channel::Whatsapp),
        AuthKind::Biometric => None,
    }
}

/// Whole minutes left, rounded up: a code sent at once lives "10 minutes".
fn minutes(now: Timestamp, expires_at: Timestamp) -> u32 {
    u32::try_from(now.seconds_until(expires_at).div_ceil(60)).unwrap_or(u32::MAX)
}
