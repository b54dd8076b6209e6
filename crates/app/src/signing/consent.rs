//! Consent to electronic records (15 USC 7001(c); Ley 527 de 1999).

use deedbox_core::{
    envelope::Command,
    evidence::{DisclosureKind, disclosure},
};

use super::{open::Session, session::SessionView};
use crate::{App, error::Error, record::Loaded};

impl App {
    /// Records that the signer accepted the text shown.
    ///
    /// # Errors
    /// [`Error::Invalid`] when another text was shown; [`Error::Refused`] when the step is not open.
    pub async fn signing_consent(
        &self,
        session: &Session,
        disclosure_id: &str,
    ) -> Result<SessionView, Error> {
        let command = |loaded: &Loaded, _: &_| {
            let text = disclosure(DisclosureKind::ElectronicRecords, &loaded.envelope().locale);
            if text.id != disclosure_id {
                return Err(Error::invalid(
                    "disclosure_id",
                    "is not the text that was shown",
                ));
            }
            Ok(Command::Consent {
                signer_id: session.signer_id.clone(),
                disclosure_id: text.id.to_owned(),
                version: text.version,
                locale: text.locale.to_owned(),
                sha256: text.sha256,
            })
        };
        let after = self
            .signer_command("consent", session, command, |_| Ok(()))
            .await?;
        self.session_view(session, &after).await
    }
}
