//! P8: links to the signing page. Tokens are stored hashed, so each call makes new ones; all work.

use deedbox_core::{
    EnvelopeId, SignerId, Timestamp,
    envelope::{Refusal, Signer, SignerStatus},
};
use deedbox_store::links::{self, LinkToken};

use crate::{App, caller::Caller, error::Error, token};

/// A signer's link.
#[derive(Clone, Debug)]
pub struct SigningLink {
    /// The signer.
    pub signer_id: SignerId,
    /// Address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Status.
    pub status: SignerStatus,
    /// The link; `None` for one who signed, or whose turn has not come.
    pub url: Option<String>,
}

impl App {
    /// A link for each signer whose turn it is.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] unless the envelope is with the signers.
    pub async fn signing_links(
        &self,
        caller: &Caller,
        envelope_id: &str,
    ) -> Result<Vec<SigningLink>, Error> {
        let loaded = self.load(caller.org.as_str(), envelope_id).await?;
        let envelope = loaded.envelope();
        if !envelope.status.is_out() {
            return Err(Refusal::StatusDoesNotAllow {
                current: envelope.status,
            }
            .into());
        }
        let now = self.now();
        let mut rows = Vec::new();
        let mut answer = Vec::new();
        for signer in &envelope.signers {
            let open = matches!(signer.status, SignerStatus::Sent | SignerStatus::Viewed);
            let url = open.then(|| {
                let (row, url) = self.mint_link(&envelope.envelope_id, signer, now);
                rows.push(row);
                url
            });
            answer.push(SigningLink {
                signer_id: signer.signer_id.clone(),
                email: signer.email().to_owned(),
                name: signer.name().to_owned(),
                role: signer.role.clone(),
                status: signer.status,
                url,
            });
        }
        self.insert_links(rows).await?;
        Ok(answer)
    }

    /// A fresh link for a message to one signer.
    pub(crate) async fn new_link(
        &self,
        envelope_id: &EnvelopeId,
        signer: &Signer,
    ) -> Result<String, Error> {
        let (row, url) = self.mint_link(envelope_id, signer, self.now());
        self.insert_links(vec![row]).await?;
        Ok(url)
    }

    fn mint_link(
        &self,
        envelope_id: &EnvelopeId,
        signer: &Signer,
        now: Timestamp,
    ) -> (LinkToken, String) {
        let raw = token::new_token(self.entropy());
        let row = LinkToken {
            token_sha256: token::digest(&raw),
            envelope_id: envelope_id.to_string(),
            signer_id: signer.signer_id.to_string(),
            kind: "sign".to_owned(),
            created_at: now.micros(),
            expires_at: None,
            revoked_at: None,
        };
        (
            row,
            self.settings()
                .public(&format!("/sign/{envelope_id}#token={raw}")),
        )
    }

    async fn insert_links(&self, rows: Vec<LinkToken>) -> Result<(), Error> {
        self.store()
            .write("signing links", move |tx| {
                for row in &rows {
                    links::insert(tx, row)?;
                }
                Ok::<_, Error>(())
            })
            .await
    }
}
