//! A signer declines; every link of the envelope dies with the commit.

use deedbox_core::envelope::{Command, SignerStatus};

use super::open::Session;
use crate::{App, envelope::decide::kill_links, error::Error};

impl App {
    /// Declines to sign.
    ///
    /// # Errors
    /// [`Error::Refused`] when the envelope is closed or it is not this signer's turn.
    pub async fn signing_decline(
        &self,
        session: &Session,
        reason: Option<String>,
    ) -> Result<SignerStatus, Error> {
        let command = |_: &_, _: &_| {
            Ok(Command::Decline {
                signer_id: session.signer_id.clone(),
                reason: reason.clone(),
            })
        };
        let kill = kill_links(session.envelope_id.to_string(), self.now().micros());
        let after = self
            .signer_command("decline", session, command, kill)
            .await?;
        Ok(after.signer(session)?.status)
    }
}
