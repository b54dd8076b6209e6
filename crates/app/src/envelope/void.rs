//! P6: the sender withdraws an envelope; its links die with the commit.

use deedbox_core::{EnvelopeId, Timestamp, envelope::Command};

use super::decide::kill_links;
use crate::{App, caller::Caller, error::Error};

/// A withdrawn envelope.
#[derive(Clone, Debug)]
pub struct Voided {
    /// Its id.
    pub envelope_id: EnvelopeId,
    /// When.
    pub voided_at: Timestamp,
    /// Why, as given.
    pub reason: Option<String>,
}

impl App {
    /// Voids an envelope.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when the status does not allow it.
    pub async fn envelope_void(
        &self,
        caller: &Caller,
        envelope_id: &str,
        reason: Option<String>,
    ) -> Result<Voided, Error> {
        let command = |_: &_| Command::Void {
            reason: reason.clone(),
        };
        let kill = kill_links(envelope_id.to_owned(), self.now().micros());
        let (after, ctx) = self
            .command(
                "void",
                Some(&caller.org),
                envelope_id,
                &caller.actor(),
                command,
                kill,
            )
            .await?;
        let envelope_id = after.envelope().envelope_id.clone();
        Ok(Voided {
            envelope_id,
            voided_at: ctx.now,
            reason,
        })
    }
}
