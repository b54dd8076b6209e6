//! One command on one envelope: load, decide, commit, and again when another writer was faster.

use deedbox_core::{
    Actor, Context, OrgId,
    envelope::{Command, Envelope},
};
use deedbox_store::{Tx, links};

use crate::{App, error::Error, record::Loaded};

/// How often a command is decided again because another process wrote first.
pub(crate) const ATTEMPTS: u32 = 8;

impl App {
    /// Decides `command` on an organization's envelope and commits it with what `extra` writes.
    pub(crate) async fn command<F>(
        &self,
        name: &'static str,
        org: Option<&OrgId>,
        envelope_id: &str,
        actor: &Actor,
        command: impl Fn(&Envelope) -> Command,
        extra: F,
    ) -> Result<(Loaded, Context), Error>
    where
        F: FnMut(&mut Tx<'_>) -> Result<(), Error> + Clone + Send + 'static,
    {
        let _turn = self.locks().of(envelope_id).await;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let mut loaded = match org {
                Some(org) => self.load(org.as_str(), envelope_id).await?,
                None => self.load_any(envelope_id).await?,
            };
            let ctx = self.context(actor.clone());
            let outcome = loaded.execute(command(loaded.envelope()), &ctx)?;
            match self
                .commit(name, loaded, &ctx, outcome, extra.clone())
                .await
            {
                Err(Error::Conflict) if attempt < ATTEMPTS => {}
                Err(error) => return Err(error),
                Ok(after) => return Ok((after, ctx)),
            }
        }
    }
}

/// Kills every link of an envelope, in the transaction that closes it.
pub(crate) fn kill_links(
    envelope_id: String,
    now: i64,
) -> impl FnMut(&mut Tx<'_>) -> Result<(), Error> + Clone + Send + 'static {
    move |tx| {
        links::revoke_envelope(tx, &envelope_id, now)?;
        Ok(())
    }
}
