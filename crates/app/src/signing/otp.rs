//! One-time codes: six digits, bound to the digest of the document shown, never stored in clear.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use deedbox_core::{
    Digest, EmailAddress, EnvelopeId, SignerId, Timestamp,
    envelope::{AuthKind, Command, Person, Refusal, Signer, masked_phone},
};
use deedbox_store::otp::{self, OtpChallenge};
use subtle::ConstantTimeEq as _;

use super::{open::Session, session::SessionView};
use crate::{App, error::Error, record::Loaded};

/// A code that went out.
#[derive(Clone, Debug)]
pub struct OtpSent {
    /// Through which channel.
    pub channel: AuthKind,
    /// Where to, masked.
    pub to_masked: String,
    /// When the code dies.
    pub expires_at: Timestamp,
    /// Before this no further one is sent.
    pub cooldown_until: Timestamp,
}

impl App {
    /// Makes a code for the session's current step and queues its message.
    ///
    /// # Errors
    /// [`Error::Refused`]: another step comes first, cooldown, locked.
    pub async fn signing_otp_send(
        &self,
        session: &Session,
        channel: AuthKind,
    ) -> Result<OtpSent, Error> {
        let code = self.six_digits();
        let sealed = self
            .keys()
            .wrap(&code_context(session, channel), code.as_bytes());
        let sealed_code = STANDARD.encode(sealed);
        let shown = latest_digest(&self.session_record(session).await?)?;
        let now = self.now();
        let policy = deedbox_core::Policy::default();
        let expires_at = now.plus_seconds(policy.otp_ttl_s);
        let challenge = OtpChallenge {
            envelope_id: session.envelope_id.to_string(),
            signer_id: session.signer_id.to_string(),
            channel: channel.as_str().to_owned(),
            code_sha256: code_digest(session, channel, &shown, &code),
            document_sha256: shown.to_string(),
            created_at: now.micros(),
            expires_at: expires_at.micros(),
            attempts: 0,
            locked_until: None,
            sent_at: None,
        };
        let command = |_: &_, _: &_| {
            Ok(Command::SendOtp {
                signer_id: session.signer_id.clone(),
                channel,
                document_sha256: shown,
                sealed_code: sealed_code.clone(),
            })
        };
        let put = move |tx: &mut deedbox_store::Tx<'_>| Ok(otp::put(tx, &challenge)?);
        let after = self.signer_command("otp", session, command, put).await?;
        let signer = after.signer(session)?;
        Ok(OtpSent {
            channel,
            to_masked: masked(signer, channel),
            expires_at,
            cooldown_until: now.plus_seconds(policy.otp_cooldown_s),
        })
    }

    /// Checks a code.
    ///
    /// # Errors
    /// [`Error::CodeWrong`], [`Error::CodeExpired`]; [`Error::Refused`] when no code is out, the step
    /// is locked or not the current one.
    pub async fn signing_otp_verify(
        &self,
        session: &Session,
        channel: AuthKind,
        code: &str,
    ) -> Result<SessionView, Error> {
        let key = (
            session.envelope_id.to_string(),
            session.signer_id.to_string(),
        );
        let challenge = self
            .store()
            .read("otp", move |tx| {
                otp::get(tx, &key.0, &key.1, channel.as_str())
            })
            .await?;
        let loaded = self.session_record(session).await?;
        loaded
            .envelope()
            .admit_step(&session.signer_id, channel.step(), self.now())?;
        let challenge = challenge.ok_or(Refusal::CodeNotSent)?;
        let shown = Digest::parse(&challenge.document_sha256).map_err(Error::internal)?;
        let given = code_digest(session, channel, &shown, code);
        let right: bool = given.ct_eq(&challenge.code_sha256).into();
        if right {
            self.pass_otp(session, channel, shown).await
        } else {
            self.fail_otp(session, channel).await
        }
    }

    async fn pass_otp(
        &self,
        session: &Session,
        channel: AuthKind,
        shown: Digest,
    ) -> Result<SessionView, Error> {
        let command = |_: &_, _: &_| {
            let signer_id = session.signer_id.clone();
            Ok(Command::PassOtp {
                signer_id,
                channel,
                document_sha256: shown,
            })
        };
        let (envelope, signer) = (
            session.envelope_id.to_string(),
            session.signer_id.to_string(),
        );
        let clear = move |tx: &mut deedbox_store::Tx<'_>| {
            Ok(otp::clear(tx, &envelope, &signer, channel.as_str())?)
        };
        match self
            .signer_command("otp passed", session, command, clear)
            .await
        {
            Ok(after) => self.session_view(session, &after).await,
            Err(Error::Refused(Refusal::CodeExpired)) => Err(Error::CodeExpired),
            Err(error) => Err(error),
        }
    }

    async fn fail_otp(&self, session: &Session, channel: AuthKind) -> Result<SessionView, Error> {
        let command = |_: &_, _: &_| {
            Ok(Command::FailOtp {
                signer_id: session.signer_id.clone(),
                channel,
            })
        };
        let after = match self
            .signer_command("otp failed", session, command, |_| Ok(()))
            .await
        {
            Err(Error::Refused(Refusal::CodeExpired)) => return Err(Error::CodeExpired),
            other => other?,
        };
        let step = after.signer(session)?.auth_step(channel);
        let now = self.now();
        if let Some(until) = step
            .and_then(|it| it.locked_until)
            .filter(|until| *until > now)
        {
            return Err(Error::TooMany {
                retry_after: now.seconds_until(until),
            });
        }
        let failures = step.map_or(0, |it| it.failures);
        let max = deedbox_core::Policy::default().otp_attempts_max;
        Err(Error::CodeWrong {
            attempts_left: max.saturating_sub(failures),
        })
    }

    /// Six digits, each of the million equally likely.
    fn six_digits(&self) -> String {
        const CODES: u64 = 1_000_000;
        loop {
            let mut bytes = [0; 8];
            self.entropy().fill(&mut bytes);
            let number = u64::from_be_bytes(bytes);
            // The few numbers above the last whole million would favour small codes.
            if number < u64::MAX - u64::MAX % CODES {
                return format!("{:06}", number % CODES);
            }
        }
    }

    /// The code of a `send_otp` job in clear, for its message.
    ///
    /// # Errors
    /// [`Error::Internal`] when the sealed code is not ours.
    pub fn open_code(
        &self,
        envelope_id: &EnvelopeId,
        signer_id: &SignerId,
        channel: AuthKind,
        sealed_code: &str,
    ) -> Result<String, Error> {
        let context = format!("otp:{envelope_id}:{signer_id}:{channel}");
        let sealed = STANDARD.decode(sealed_code).map_err(Error::internal)?;
        String::from_utf8(self.keys().unwrap(&context, &sealed)?.to_vec()).map_err(Error::internal)
    }
}

fn code_context(session: &Session, channel: AuthKind) -> String {
    format!(
        "otp:{}:{}:{channel}",
        session.envelope_id, session.signer_id
    )
}

/// Where a code went, so masked that its owner knows it.
fn masked(signer: &Signer, channel: AuthKind) -> String {
    let Person { email, phone, .. } = &signer.person;
    let target = if channel.needs_phone() {
        phone.as_deref().map(masked_phone)
    } else {
        email.as_ref().map(EmailAddress::masked)
    };
    target.unwrap_or_default()
}

/// The code's digest, salted with what it is bound to, so that it opens no other step or document.
fn code_digest(session: &Session, channel: AuthKind, shown: &Digest, code: &str) -> Vec<u8> {
    let bound = format!("{}:{shown}:{code}", code_context(session, channel));
    Digest::of(bound.as_bytes()).as_bytes().to_vec()
}

fn latest_digest(loaded: &Loaded) -> Result<Digest, Error> {
    let latest = loaded.envelope().latest_revision();
    latest
        .map(|it| it.sha256)
        .ok_or_else(|| Error::internal("sent without a document"))
}
