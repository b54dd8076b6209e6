//! The storage door: every download re-reads and re-hashes the stored bytes before the first is sent.

use bytes::Bytes;
use deedbox_core::{
    Actor, ActorKind, Digest,
    asset::{Command, StoredFile, TamperSource, VaultState},
    envelope::{Refusal, Status},
};

use deedbox_store::objects::ObjectRef;

use super::url::readable;
use crate::{
    App,
    caller::Client,
    document::bucket,
    error::{Error, What},
    record::Loaded,
    storage_url::Purpose,
};

/// A file for whoever holds its URL.
#[derive(Clone, Debug)]
pub struct Download {
    /// Its bytes, hashed in full.
    pub bytes: Bytes,
    /// Their digest, hex.
    pub sha256: Digest,
    /// The name the download suggests.
    pub filename: String,
    /// What the URL was minted for.
    pub purpose: Purpose,
}

/// The bytes that were stored, or the digest of what was found instead (`None`: nothing).
pub(crate) type Found = Result<Bytes, Option<Digest>>;

const NO_OBJECT: Error = Error::NotFound(What::Object);

impl App {
    /// Opens a storage URL. State is checked anew: a URL does not outlive a release or a quarantine.
    ///
    /// # Errors
    /// [`Error::UrlRefused`]; [`Error::NotFound`]; [`Error::Integrity`]; [`Error::Custody`].
    pub async fn storage_open(
        &self,
        bucket: &str,
        path: &str,
        expires: i64,
        token: &str,
        client: Client,
    ) -> Result<Download, Error> {
        let purpose = self.check_url(bucket, path, expires, token)?;
        let [org_id, envelope_id, file] = parts(path).ok_or(NO_OBJECT)?;
        let loaded = match self.load(org_id, envelope_id).await {
            Err(Error::NotFound(_)) => return Err(NO_OBJECT),
            other => other?,
        };
        match purpose {
            Purpose::Working => self.working_download(loaded, file).await,
            Purpose::Copy => self.copy_download(loaded, client).await,
            Purpose::Authoritative | Purpose::Released => {
                self.authoritative_download(loaded, client, purpose).await
            }
        }
    }

    async fn working_download(&self, loaded: Loaded, file: &str) -> Result<Download, Error> {
        let n: i64 = file
            .strip_suffix(".pdf")
            .and_then(|n| n.parse().ok())
            .ok_or(NO_OBJECT)?;
        let current = loaded.envelope().status;
        if matches!(current, Status::Vaulted | Status::Released) {
            return Err(Refusal::StatusDoesNotAllow { current }.into());
        }
        let id = &loaded.row.envelope_id;
        let mut rows = self.revisions(id).await?;
        rows.retain(|row| row.n <= n);
        let bytes = self.compose(id, &loaded.object_key(self)?, &rows).await?;
        let sha256 = Digest::of(&bytes);
        Ok(Download {
            bytes,
            sha256,
            filename: format!("{id}.pdf"),
            purpose: Purpose::Working,
        })
    }

    async fn copy_download(&self, loaded: Loaded, client: Client) -> Result<Download, Error> {
        let (bytes, _) = self.marked_copy(&loaded).await?;
        let sha256 = Digest::of(&bytes);
        let filename = format!("{}_copy.pdf", loaded.row.envelope_id);
        let access = Command::AccessCopy {
            purpose: "download".to_owned(),
        };
        self.note_access(loaded, client, access).await?;
        Ok(Download {
            bytes,
            sha256,
            filename,
            purpose: Purpose::Copy,
        })
    }

    async fn authoritative_download(
        &self,
        loaded: Loaded,
        client: Client,
        purpose: Purpose,
    ) -> Result<Download, Error> {
        let before = loaded.record.asset.vault_state;
        // A quarantine lifts at the next look that finds the right bytes, so it is looked at, too.
        if before != VaultState::Quarantined {
            readable(before)?;
        }
        let turn = self.locks().of(&loaded.row.envelope_id).await;
        let loaded = self.load_any(&loaded.row.envelope_id).await?;
        let (loaded, bytes) = self.look_again(loaded, TamperSource::Download).await?;
        drop(turn);
        if before == VaultState::Quarantined {
            readable(loaded.record.asset.vault_state)?;
        }
        let bytes = bytes.map_err(|_| Error::Integrity)?;
        let sha256 = Digest::of(&bytes);
        let filename = format!("{}_authoritative.pdf", loaded.row.envelope_id);
        let access = Command::AccessAuthoritative {
            purpose: "download".to_owned(),
        };
        self.note_access(loaded, client, access).await?;
        Ok(Download {
            bytes,
            sha256,
            filename,
            purpose,
        })
    }

    /// Every download is an entry of the trail.
    async fn note_access(
        &self,
        loaded: Loaded,
        client: Client,
        access: Command,
    ) -> Result<(), Error> {
        let id = loaded.row.envelope_id.clone();
        let _turn = self.locks().of(&id).await;
        let mut loaded = loaded;
        for attempt in 1.. {
            let ctx = self.context(Actor::new(ActorKind::System, "storage", "storage door"));
            let ctx = ctx.from_client(deedbox_core::Client {
                ip: client.ip.map(|ip| ip.to_string()),
                user_agent: client.user_agent.clone(),
            });
            let outcome = loaded.execute(access.clone(), &ctx)?;
            match self
                .commit("access", loaded, &ctx, outcome, |_| Ok(()))
                .await
            {
                Err(Error::Conflict) if attempt < crate::envelope::decide::ATTEMPTS => {
                    loaded = self.load_any(&id).await?;
                }
                other => return other.map(drop),
            }
        }
        Err(Error::Conflict)
    }

    /// Re-reads the authoritative bytes. A mismatch quarantines the record and is announced; the right
    /// bytes lift a quarantine.
    pub(crate) async fn look_again(
        &self,
        mut loaded: Loaded,
        source: TamperSource,
    ) -> Result<(Loaded, Found), Error> {
        let stored = loaded.record.asset.authoritative.clone();
        let stored = stored.ok_or(deedbox_core::asset::Refusal::NotVaulted)?;
        let found = self.read_stored(&loaded, bucket::VAULT, &stored).await?;
        let right = found.as_ref().is_ok();
        let quarantined = loaded.record.asset.vault_state == VaultState::Quarantined;
        let command = match (right, quarantined) {
            (true, false) | (false, true) => None,
            (true, true) => Some(Command::ReportRestored {
                actual: stored.sha256,
            }),
            (false, false) => {
                let actual = found.as_ref().err().copied().flatten();
                Some(Command::ReportMismatch { actual, source })
            }
        };
        if let Some(command) = command {
            let ctx = self.context(Actor::system("integrity"));
            let outcome = loaded.execute(command, &ctx)?;
            loaded = self
                .commit("integrity", loaded, &ctx, outcome, |_| Ok(()))
                .await?;
        }
        Ok((loaded, found))
    }

    /// The bytes of a stored file, or the digest of what was found instead (`None`: nothing).
    pub(crate) async fn read_stored(
        &self,
        loaded: &Loaded,
        bucket: &str,
        stored: &StoredFile,
    ) -> Result<Found, Error> {
        let path = object_path(&stored.path, &stored.sha256);
        match self
            .get_object(bucket, &path, &loaded.object_key(self)?)
            .await
        {
            Ok(bytes) => {
                let found = Digest::of(&bytes);
                Ok(if found == stored.sha256 {
                    Ok(bytes)
                } else {
                    Err(Some(found))
                })
            }
            // Bytes whose seal does not open are named by what lies there; none at all by nothing.
            Err(Error::Integrity) => Ok(Err(self.found_instead(bucket, &path).await?)),
            Err(error) => Err(error),
        }
    }

    async fn found_instead(&self, bucket: &str, path: &str) -> Result<Option<Digest>, Error> {
        let at = ObjectRef::of_row(bucket, path).map_err(Error::internal)?;
        let found = self.objects().digest_as_stored(&at).await;
        let found = found.map_err(|error| Error::Storage(error.to_string()))?;
        Ok(found.map(Digest::from_bytes))
    }

    /// The marked copy's bytes with their digest.
    pub(crate) async fn marked_copy(&self, loaded: &Loaded) -> Result<(Bytes, String), Error> {
        let copy = loaded.record.asset.copies.last().cloned();
        let copy = copy.ok_or(deedbox_core::asset::Refusal::NotVaulted)?;
        match self.read_stored(loaded, bucket::COPIES, &copy).await? {
            Ok(bytes) => Ok((bytes, copy.sha256.to_string())),
            Err(_) => Err(Error::Integrity),
        }
    }
}

/// Where the object of a vault path lies: beside its siblings, named by its content, so that an
/// interrupted vault-in never stands in the way of the next one.
pub(crate) fn object_path(path: &str, sha256: &Digest) -> String {
    let path = path.split_once('/').map_or(path, |(_, rest)| rest);
    let stem = path.strip_suffix(".pdf").unwrap_or(path);
    format!("{stem}-{sha256}.pdf")
}

fn parts(path: &str) -> Option<[&str; 3]> {
    let mut parts = path.split('/');
    let found = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(found)
}
