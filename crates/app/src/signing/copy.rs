//! The signer's own copy: the sealed PDF, and from vault-in on the marked one.

use bytes::Bytes;
use deedbox_core::envelope::{Refusal, Status};

use super::open::Session;
use crate::{App, error::Error};

/// A file for a signer.
#[derive(Clone, Debug)]
pub struct Pdf {
    /// Its bytes.
    pub bytes: Bytes,
    /// Their digest, hex.
    pub sha256: String,
    /// The name a download suggests.
    pub filename: String,
}

impl App {
    /// The copy for this signer, once everybody signed.
    ///
    /// # Errors
    /// [`Error::Refused`] before completion.
    pub async fn signing_copy(&self, session: &Session) -> Result<Pdf, Error> {
        let loaded = self.session_record(session).await?;
        let current = loaded.envelope().status;
        match current {
            Status::Completed => {
                let (bytes, sha256) = self.shown(&loaded).await?;
                let filename = format!("{}.pdf", session.envelope_id);
                Ok(Pdf {
                    bytes,
                    sha256,
                    filename,
                })
            }
            Status::Vaulted | Status::Released => {
                let (bytes, sha256) = self.marked_copy(&loaded).await?;
                let filename = format!("{}_copy.pdf", session.envelope_id);
                Ok(Pdf {
                    bytes,
                    sha256,
                    filename,
                })
            }
            _ => Err(Refusal::StatusDoesNotAllow { current }.into()),
        }
    }
}
