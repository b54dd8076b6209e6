//! `POST /api/verify`: the same judgement, and what this server knows of the file.

use bytes::Bytes;
use deedbox_core::Timestamp;
use deedbox_pdf::child::Ask;
use deedbox_store::{assets, envelopes, revisions};
use serde::Serialize;

use super::{
    Verdict,
    seal::{SealReport, check},
};
use crate::{App, error::Error};

/// What a file is to this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CopyStatus {
    /// The single authoritative copy of a record in this vault.
    Authoritative,
    /// A copy: marked, or a sealed document from before its record was vaulted.
    Copy,
    /// An earlier revision of a document that went on.
    Superseded,
    /// Bytes whose control left this vault.
    Released,
    /// Not known here.
    Unknown,
}

/// The online answer.
#[derive(Clone, Debug, Serialize)]
pub struct OnlineReport {
    /// In one word.
    pub verdict: Verdict,
    /// What the PDF proves; `None` for a file that cannot be read.
    pub seal: Option<SealReport>,
    /// What the server's records say of these bytes.
    pub evidence: Known,
    /// What the file is to this server.
    pub copy_status: CopyStatus,
    /// When.
    pub checked_at: Timestamp,
}

/// Whether these exact bytes are registered here.
#[derive(Clone, Debug, Serialize)]
pub struct Known {
    /// SHA-256 of the file.
    pub sha256: String,
    /// Whether a record of this server names that digest.
    pub registered: bool,
}

impl App {
    /// Verifies a file for anybody. Nothing is learnt from it but what the file itself shows.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database cannot be read.
    pub async fn verify(&self, file: Bytes) -> Result<OnlineReport, Error> {
        let sha256 = deedbox_core::Digest::of(&file).to_string();
        let known = self.copy_status(&sha256).await?;
        let registered = known.is_some();
        let copy_status = known.unwrap_or(CopyStatus::Unknown);
        // Foreign bytes are read by the limited child first: what it survives, this process does.
        let readable = registered
            || self
                .ask_child(file.clone(), vec![Ask::Inspect])
                .await
                .is_ok();
        let seal = if readable {
            Some(self.check_off_thread(file).await?)
        } else {
            None
        };
        let verdict = match (&seal, copy_status) {
            // A marked copy carries no signature: its registered digest covers every byte.
            (Some(seal), CopyStatus::Copy) if seal.signatures.is_empty() => Verdict::Genuine,
            (Some(seal), _) => seal.finding.into(),
            (None, _) => Verdict::Unknown,
        };
        let evidence = Known { sha256, registered };
        Ok(OnlineReport {
            verdict,
            seal,
            evidence,
            copy_status,
            checked_at: self.now(),
        })
    }

    async fn check_off_thread(&self, file: Bytes) -> Result<SealReport, Error> {
        let roots = vec![self.keys().authority.certificate().to_vec()];
        let now = self.now();
        let checked = tokio::task::spawn_blocking(move || check(&file, roots, now).1).await;
        checked.map_err(Error::internal)
    }

    /// What these bytes are to a record of this server; `None` when no record names them.
    async fn copy_status(&self, sha256: &str) -> Result<Option<CopyStatus>, Error> {
        let sha256 = sha256.to_owned();
        self.store()
            .read("copy status", move |tx| {
                let assets = assets::by_hash(tx, &sha256)?;
                if let Some(asset) = assets.first() {
                    let status = if asset.live {
                        CopyStatus::Authoritative
                    } else {
                        CopyStatus::Released
                    };
                    return Ok(Some(status));
                }
                if !assets::copies::by_hash(tx, &sha256)?.is_empty() {
                    return Ok(Some(CopyStatus::Copy));
                }
                let found = revisions::by_hash(tx, &sha256, 16)?;
                // The upload itself proves nothing: it is in every envelope made of its template.
                let Some(revision) = found.iter().find(|it| it.n > 0) else {
                    return Ok(None);
                };
                let sealed = revision.kind == "seal";
                let vaulted = envelopes::find(tx, &revision.envelope_id)?
                    .is_some_and(|it| it.vault_state != "none");
                let latest = revisions::latest(tx, &revision.envelope_id)?
                    .is_some_and(|it| it.n == revision.n);
                Ok::<_, Error>(Some(match (sealed && vaulted, latest) {
                    (true, _) => CopyStatus::Copy,
                    (false, false) => CopyStatus::Superseded,
                    // A document still at work: genuine or not, it is no copy of a vaulted record.
                    (false, true) => CopyStatus::Unknown,
                }))
            })
            .await
    }
}
