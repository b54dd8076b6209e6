//! P12: a completed envelope becomes a vaulted record. Objects are written first, then one commit
//! carries custody, control record, checks and certificate; until it, nothing happened.

use bytes::{Bytes, BytesMut};
use deedbox_core::{
    Actor, AssetId, CertificateId, Context, Digest, OrgId, Timestamp,
    asset::{Assignee, Command, Custodian, Location, StoredFile, VaultIn},
    envelope::{Admission, RevisionKind, SecuredParty, Status, VaultSource},
    evidence::{ControlDraft, ControlEntry, Signature},
};
use deedbox_store::{StoreError, assets, certificates, objects::DataKey, revisions};

use super::{
    custody_record,
    download::object_path,
    url::{authoritative_path, copy_path},
};
use crate::{
    App,
    caller::Caller,
    document::{NewRevision, Place, Said, bucket},
    error::Error,
    record::Loaded,
    signing::printed,
};

/// A vaulted record, as its vault-in answers.
#[derive(Clone, Debug)]
#[expect(
    missing_docs,
    reason = "the names are the contract's, partner-api.md P12"
)]
pub struct VaultedIn {
    pub envelope_id: String,
    pub status: Status,
    pub vaulted_at: Timestamp,
    pub document_hash: Digest,
    pub compliant: bool,
    pub score: u32,
    pub asset_id: AssetId,
    pub certificate_id: CertificateId,
    pub custodian: Custodian,
}

impl App {
    /// Vaults a completed e-sign envelope; done before, it answers the stored result.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] and [`Error::Custody`]: status, kind, released;
    /// [`Error::DuplicateCopy`]; [`Error::Storage`] with nothing left behind.
    pub async fn vault_in_signed(
        &self,
        caller: &Caller,
        envelope_id: &str,
    ) -> Result<VaultedIn, Error> {
        self.vault_in(&caller.org, &caller.actor(), envelope_id)
            .await
    }

    /// Vaults because the organization wants every completed envelope vaulted.
    ///
    /// # Errors
    /// As [`App::vault_in_signed`].
    pub async fn auto_vault(&self, envelope_id: &str, actor: Actor) -> Result<(), Error> {
        let org = self.load_any(envelope_id).await?.record.holder().clone();
        self.vault_in(&org, &actor, envelope_id).await.map(drop)
    }

    async fn vault_in(
        &self,
        org: &OrgId,
        actor: &Actor,
        envelope_id: &str,
    ) -> Result<VaultedIn, Error> {
        let _turn = self.locks().of(envelope_id).await;
        for attempt in 1.. {
            let loaded = self.load(org.as_str(), envelope_id).await?;
            if loaded.record.admit_vault_in(VaultSource::Signed, org)? == Admission::Already {
                return stored_result(&loaded);
            }
            match self.vault_once(org, actor, loaded).await {
                Err(Error::Conflict) if attempt < crate::envelope::decide::ATTEMPTS => {}
                Err(error) => return Err(error),
                Ok(after) => return stored_result(&after),
            }
        }
        Err(Error::Conflict)
    }

    async fn vault_once(
        &self,
        org: &OrgId,
        actor: &Actor,
        mut loaded: Loaded,
    ) -> Result<Loaded, Error> {
        let ctx = self.context(actor.clone()).for_org(org.clone());
        let made = self.make_asset(org, &loaded, &ctx).await?;
        let MadeAsset {
            command,
            seal,
            bytes,
            copy,
        } = made;
        let row = asset_row(&loaded, org, &command, &ctx);
        let copy_row = copy_row(&command, &ctx);
        let seal = self.store_revision(&loaded, &ctx, seal).await?;
        let mut outcome = loaded.execute(Command::VaultIn(Box::new(command)), &ctx)?;
        let checked = self.evaluate_stored(&loaded, &ctx, &bytes, &copy).await?;
        let settings = self.org(org.as_str()).await?;
        let (certificate, issued) =
            self.issue_certificate(&mut loaded, &settings, &ctx, checked)?;
        outcome.extend(issued);
        let committed = self.commit("vault in", loaded, &ctx, outcome, move |tx| {
            revisions::append(tx, &seal)?;
            assets::insert(tx, &row).map_err(duplicate)?;
            assets::copies::insert(tx, &copy_row)?;
            certificates::insert(tx, &certificate)?;
            Ok(())
        });
        committed.await
    }

    /// Everything that must exist before the commit: vault seal, authoritative object, marked copy,
    /// custody record, signed control entry.
    async fn make_asset(
        &self,
        org: &OrgId,
        loaded: &Loaded,
        ctx: &Context,
    ) -> Result<MadeAsset, Error> {
        let id = loaded.row.envelope_id.clone();
        let key = loaded.object_key(self)?;
        let rows = self.revisions(&id).await?;
        let source = self.compose(&id, &key, &rows).await?;
        let source_sha256 = Digest::of(&source);
        self.refuse_duplicate(&id, &source_sha256).await?;
        let asset_id: AssetId = ctx.id("asset");
        let party = self.assignee(org, loaded).await?;
        let seal = self.make_vault_seal(loaded, ctx, &asset_id, &party).await?;
        let bytes = join(&source, &seal.bytes);
        let authoritative = stored_file(
            format!(
                "{}/{}",
                bucket::VAULT,
                authoritative_path(org.as_str(), &id)
            ),
            &bytes,
        );
        self.put_and_check(bucket::VAULT, &authoritative, &key, bytes.clone())
            .await?;
        let copy_bytes = self.make_copy(source).await?;
        let copy = stored_file(
            format!("{}/{}", bucket::COPIES, copy_path(org.as_str(), &id)),
            &copy_bytes,
        );
        self.put_and_check(bucket::COPIES, &copy, &key, copy_bytes.clone())
            .await?;
        let custodian = Custodian {
            kind: ctx.actor.kind,
            id: ctx.actor.id.clone(),
            name: ctx.actor.name.clone(),
            designation_id: format!("des_{}", &asset_id.as_str()[4..]),
            since: ctx.now,
        };
        let facts = custody_record::Facts {
            loaded,
            asset_id: &asset_id,
            authoritative: &authoritative,
            copy: &copy,
            assignee: &party,
            operator: self.settings().operator.clone(),
        };
        let record = Bytes::from(custody_record::write(&facts, ctx)?);
        let path = format!("{}/{org}/{id}/custody-record.pdf", bucket::VAULT);
        let custody_record = stored_file(path, &record);
        self.put_and_check(bucket::VAULT, &custody_record, &key, record)
            .await?;
        let control = self
            .first_control_entry(org, &asset_id, &authoritative, &party, &custodian, ctx)
            .await?;
        let command = VaultIn {
            envelope_id: loaded.envelope().envelope_id.clone(),
            controller: org.clone(),
            asset_id,
            source_sha256,
            live_elsewhere: false,
            vault_seal: seal.revision.clone(),
            authoritative,
            copy,
            custody_record: Some(custody_record),
            assignee: party,
            custodian,
            location: self.location(),
            paper_original: None,
            control,
        };
        Ok(MadeAsset {
            command,
            seal,
            bytes,
            copy: copy_bytes,
        })
    }

    /// One live authoritative copy per source on this server (UCC §9-105(b)(1)); the unique index says
    /// it again at commit.
    async fn refuse_duplicate(&self, envelope_id: &str, source: &Digest) -> Result<(), Error> {
        let source = source.to_string();
        let live = self
            .store()
            .read("live copy", move |tx| assets::live_by_source(tx, &source))
            .await?;
        match live {
            Some(other) if other.envelope_id != envelope_id => Err(Error::DuplicateCopy),
            _ => Ok(()),
        }
    }

    /// The first assignee: the secured party, acting through the organization's control key.
    async fn assignee(&self, org: &OrgId, loaded: &Loaded) -> Result<Assignee, Error> {
        let key = self.keys().control(self.store(), org).await?;
        let named = loaded.envelope().secured_party.clone();
        let party = if let Some(party) = named {
            party
        } else {
            let name = self.org(org.as_str()).await?.name;
            SecuredParty {
                name,
                registration_id: None,
            }
        };
        Ok(Assignee {
            name: party.name,
            organization_id: Some(org.clone()),
            email: None,
            registration_id: party.registration_id,
            key_fpr: Digest::of(key.public()),
        })
    }

    async fn make_vault_seal(
        &self,
        loaded: &Loaded,
        ctx: &Context,
        asset_id: &AssetId,
        assignee: &Assignee,
    ) -> Result<NewRevision, Error> {
        let plan = self.plan(loaded).await?;
        let (tail, _) = self.latest_tail(loaded).await?;
        let (n, _) = loaded.envelope().next_revision();
        let place = Place {
            tail: &tail,
            n,
            kind: RevisionKind::VaultSeal,
            now: ctx.now,
        };
        let legend = deedbox_pdf::Legend {
            asset_id: asset_id.to_string(),
            vault: self.vault_id(),
            assignee: assignee.name.clone(),
            time: printed(ctx),
            verify_url: self.settings().public("/verify"),
        };
        let said = Said {
            name: self.settings().operator.clone(),
            reason: "Vaulted as the authoritative copy".to_owned(),
        };
        self.revise(&place, &self.keys().seal, said, |object, first_free| {
            deedbox_pdf::legend(&plan.pdf, &legend, object, first_free)
        })
    }

    async fn make_copy(&self, source: Bytes) -> Result<Bytes, Error> {
        let marked = tokio::task::spawn_blocking(move || deedbox_pdf::mark_copy(&source)).await;
        marked
            .map_err(Error::internal)?
            .map(Bytes::from)
            .map_err(Error::internal)
    }

    /// Stores an object create-only, reads it back and hashes what was read.
    async fn put_and_check(
        &self,
        bucket: &str,
        file: &StoredFile,
        key: &DataKey,
        bytes: Bytes,
    ) -> Result<(), Error> {
        let path = object_path(&file.path, &file.sha256);
        self.put_object(bucket, &path, key, bytes).await?;
        let back = self.get_object(bucket, &path, key).await;
        match back.map(|back| Digest::of(&back) == file.sha256) {
            Ok(true) => Ok(()),
            Ok(false) | Err(Error::Integrity) => Err(Error::Storage(format!(
                "{path} does not read back as it was written"
            ))),
            Err(error) => Err(error),
        }
    }

    async fn first_control_entry(
        &self,
        org: &OrgId,
        asset_id: &AssetId,
        authoritative: &StoredFile,
        assignee: &Assignee,
        custodian: &Custodian,
        ctx: &Context,
    ) -> Result<ControlEntry, Error> {
        let key = self.keys().control(self.store(), org).await?;
        let draft = ControlDraft::first(
            asset_id.clone(),
            authoritative.sha256,
            assignee.clone(),
            custodian.clone(),
            ctx.now,
        );
        let signature = Signature::ed25519(key.id().as_str(), &key.sign(&draft.signing_bytes()));
        Ok(draft.signed(signature))
    }

    /// This vault's name in certificates and legends: its host, which people can check.
    pub(crate) fn vault_id(&self) -> String {
        self.settings()
            .public_url
            .host_str()
            .unwrap_or("localhost")
            .to_owned()
    }

    pub(crate) fn location(&self) -> Location {
        Location {
            vault_id: self.vault_id(),
            operator: self.settings().operator.clone(),
            operator_is_transferor: false,
        }
    }
}

struct MadeAsset {
    command: VaultIn,
    seal: NewRevision,
    bytes: Bytes,
    copy: Bytes,
}

fn join(source: &Bytes, segment: &[u8]) -> Bytes {
    let mut whole = BytesMut::with_capacity(source.len() + segment.len());
    whole.extend_from_slice(source);
    whole.extend_from_slice(segment);
    whole.freeze()
}

fn stored_file(path: String, bytes: &Bytes) -> StoredFile {
    StoredFile {
        path,
        sha256: Digest::of(bytes),
        size: bytes.len() as u64,
    }
}

fn asset_row(loaded: &Loaded, org: &OrgId, made: &VaultIn, ctx: &Context) -> assets::Asset {
    assets::Asset {
        asset_id: made.asset_id.to_string(),
        envelope_id: loaded.row.envelope_id.clone(),
        org_id: org.to_string(),
        source_sha256: made.source_sha256.to_string(),
        document_hash: made.authoritative.sha256.to_string(),
        bucket: bucket::VAULT.to_owned(),
        path: object_path(&made.authoritative.path, &made.authoritative.sha256),
        size: i64::try_from(made.authoritative.size).unwrap_or(i64::MAX),
        live: true,
        created_at: ctx.now.micros(),
    }
}

fn copy_row(made: &VaultIn, ctx: &Context) -> assets::Copy {
    assets::Copy {
        asset_id: made.asset_id.to_string(),
        n: 1,
        bucket: bucket::COPIES.to_owned(),
        path: object_path(&made.copy.path, &made.copy.sha256),
        sha256: made.copy.sha256.to_string(),
        size: i64::try_from(made.copy.size).unwrap_or(i64::MAX),
        meta: "{}".to_owned(),
        created_at: ctx.now.micros(),
    }
}

fn duplicate(error: StoreError) -> Error {
    match error {
        StoreError::Duplicate { .. } => Error::DuplicateCopy,
        other => other.into(),
    }
}

fn stored_result(loaded: &Loaded) -> Result<VaultedIn, Error> {
    let asset = &loaded.record.asset;
    let missing = || Error::internal("a vaulted record without its asset");
    // The answer is that of the vault-in, also when it is asked again later: the first certificate.
    let certificate = asset.certificates.first().ok_or_else(missing)?;
    Ok(VaultedIn {
        envelope_id: loaded.row.envelope_id.clone(),
        status: Status::Vaulted,
        vaulted_at: asset.vaulted_at.ok_or_else(missing)?,
        document_hash: asset.document_hash.ok_or_else(missing)?,
        compliant: certificate.compliant,
        score: certificate.score,
        asset_id: asset.asset_id.clone().ok_or_else(missing)?,
        certificate_id: certificate.certificate_id.clone(),
        custodian: first_custodian(loaded).ok_or_else(missing)?,
    })
}

fn first_custodian(loaded: &Loaded) -> Option<Custodian> {
    loaded
        .record
        .asset
        .control
        .first()
        .map(|entry| entry.draft.custodian.clone())
}
