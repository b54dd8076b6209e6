//! P7: a reminder to signers whose turn it is.

use deedbox_core::{EmailAddress, EnvelopeId, Timestamp, envelope::Command};

use crate::{App, caller::Caller, error::Error};

/// Who was reminded.
#[derive(Clone, Debug)]
pub struct Reminded {
    /// The envelope.
    pub envelope_id: EnvelopeId,
    /// Addresses.
    pub reminded: Vec<String>,
    /// When.
    pub reminded_at: Timestamp,
}

impl App {
    /// Reminds one pending signer, or all.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`]: status, no pending signer, cooldown.
    pub async fn envelope_remind(
        &self,
        caller: &Caller,
        envelope_id: &str,
        email: Option<EmailAddress>,
    ) -> Result<Reminded, Error> {
        let command = |_: &_| Command::Remind {
            email: email.clone(),
        };
        let (after, ctx) = self
            .command(
                "remind",
                Some(&caller.org),
                envelope_id,
                &caller.actor(),
                command,
                |_| Ok(()),
            )
            .await?;
        let envelope = after.envelope();
        let now = ctx.now;
        let reminded = envelope
            .signers
            .iter()
            .filter(|it| it.reminded_at == Some(now));
        Ok(Reminded {
            envelope_id: envelope.envelope_id.clone(),
            reminded: reminded.map(|it| it.email().to_owned()).collect(),
            reminded_at: now,
        })
    }
}
