//! The deadline, as its timer says it.

use deedbox_core::{
    Actor,
    envelope::{Command, Refusal},
};

use super::decide::kill_links;
use crate::{App, error::Error};

impl App {
    /// Lets an envelope expire whose deadline has passed. Done twice, or after it ended otherwise, it
    /// does nothing.
    ///
    /// # Errors
    /// [`Error::Refused`] with `NotYetDue` when the deadline was moved: the job asks again later.
    pub async fn envelope_expire(&self, envelope_id: &str) -> Result<(), Error> {
        let kill = kill_links(envelope_id.to_owned(), self.now().micros());
        let timer = Actor::system("timer");
        let done = self
            .command(
                "expire",
                None,
                envelope_id,
                &timer,
                |_| Command::Expire,
                kill,
            )
            .await;
        match done {
            Ok(_) | Err(Error::Refused(Refusal::StatusDoesNotAllow { .. })) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
