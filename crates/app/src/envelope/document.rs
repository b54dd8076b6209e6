//! P9: the working PDF, before it is vaulted.

use deedbox_core::envelope::{Refusal, Status};

use crate::{
    App,
    caller::Caller,
    document::bucket,
    error::Error,
    storage_url::{Purpose, SignedUrl},
};

/// A signed URL of one revision of the working document.
#[derive(Clone, Debug)]
pub struct WorkingDocument {
    /// The URL.
    pub url: SignedUrl,
    /// Digest of the bytes behind it.
    pub sha256: String,
    /// Whether that is the sealed document.
    pub sealed: bool,
}

impl App {
    /// A URL of the working PDF as it is now.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] while there is no PDF and from vault-in on.
    pub async fn working_document(
        &self,
        caller: &Caller,
        envelope_id: &str,
        expires_in: u32,
    ) -> Result<WorkingDocument, Error> {
        let loaded = self.load(caller.org.as_str(), envelope_id).await?;
        let envelope = loaded.envelope();
        let current = envelope.status;
        let latest = envelope
            .latest_revision()
            .filter(|_| !matches!(current, Status::Vaulted | Status::Released))
            .ok_or(Refusal::StatusDoesNotAllow { current })?;
        let path = format!("{}/{envelope_id}/{}.pdf", loaded.row.org_id, latest.n);
        let filename = format!("{envelope_id}.pdf");
        Ok(WorkingDocument {
            url: self.sign_url(Purpose::Working, bucket::WORK, &path, filename, expires_in),
            sha256: latest.sha256.to_string(),
            sealed: envelope.sealed_digest().is_some(),
        })
    }
}
