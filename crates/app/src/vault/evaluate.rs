//! Observing a record for the eight checks: bytes are read and hashed now, rows counted now, proofs
//! verified now. Nothing is read from a flag.

use std::collections::HashMap;

use bytes::Bytes;
use deedbox_core::{
    Context, Digest, KeyId,
    asset::StoredFile,
    compliance::{
        CertificateFact, CopyFact, Facts, LogFact, PdfSeal, Profile, Report, SealOwner, evaluate,
    },
    envelope::Revision,
    evidence::{ControlFault, ControlHead, Signature, SignedJson, replay},
};
use deedbox_store::{assets, certificates, keys};

use super::download::Found;
use crate::{App, document::bucket, error::Error, keys::verifies, record::Loaded, verify::check};

/// What was read of the objects of a record.
struct Objects {
    authoritative: Found,
    copies: Vec<(StoredFile, Found)>,
}

/// What the rows say.
struct Counted {
    live_copies: u32,
    live_elsewhere: u32,
    certificate: CertificateFact,
}

impl App {
    /// Evaluates a record that is about to be committed, from the bytes just stored and read back.
    pub(crate) async fn evaluate_stored(
        &self,
        loaded: &Loaded,
        ctx: &Context,
        authoritative: &Bytes,
        copy: &Bytes,
    ) -> Result<Report, Error> {
        let copies = loaded.record.asset.copies.iter();
        let objects = Objects {
            authoritative: Ok(authoritative.clone()),
            copies: copies
                .map(|file| (file.clone(), Ok(copy.clone())))
                .collect(),
        };
        // The row is inserted in the commit of this evaluation, under a unique index.
        let counted = Counted {
            live_copies: 1,
            live_elsewhere: 0,
            certificate: CertificateFact::BeingIssued,
        };
        self.report(loaded, ctx, objects, counted).await
    }

    /// Evaluates a record as it lies in the vault now. `authoritative` is what was read of its bytes.
    pub(crate) async fn evaluate_now(
        &self,
        loaded: &Loaded,
        ctx: &Context,
        authoritative: Found,
    ) -> Result<Report, Error> {
        let asset = &loaded.record.asset;
        if asset.asset_id.is_none() {
            let facts = Facts::unvaulted(self.vault_id(), loaded.trail.clone());
            return self.judge(loaded, facts, ctx).await;
        }
        let mut copies = Vec::with_capacity(asset.copies.len());
        for file in &asset.copies {
            let found = self.read_stored(loaded, bucket::COPIES, file).await?;
            copies.push((file.clone(), found));
        }
        let counted = self.count(loaded).await?;
        self.report(
            loaded,
            ctx,
            Objects {
                authoritative,
                copies,
            },
            counted,
        )
        .await
    }

    async fn count(&self, loaded: &Loaded) -> Result<Counted, Error> {
        let id = loaded.row.envelope_id.clone();
        let source = loaded.record.asset.source_sha256.map(|it| it.to_string());
        let (live, elsewhere, newest) = self
            .store()
            .read("count copies", move |tx| {
                let live = assets::live_count(tx, &id)?;
                let elsewhere = match &source {
                    Some(source) => assets::live_by_source(tx, source)?,
                    None => None,
                };
                let elsewhere = elsewhere.filter(|it| it.envelope_id != id);
                let newest = certificates::latest(tx, &id, super::certificate::KIND)?;
                Ok::<_, Error>((live, elsewhere, newest))
            })
            .await?;
        Ok(Counted {
            live_copies: u32::try_from(live).unwrap_or(u32::MAX),
            live_elsewhere: u32::from(elsewhere.is_some()),
            certificate: newest.map_or(CertificateFact::Missing, |row| self.certificate_fact(&row)),
        })
    }

    fn certificate_fact(&self, row: &certificates::Certificate) -> CertificateFact {
        let stored = serde_json::from_str(&row.body).ok();
        let Some((signed, signature)) = stored.as_ref().and_then(SignedJson::read) else {
            return CertificateFact::Stored {
                sha256: Digest::of(row.body.as_bytes()),
                signed: false,
                log: LogFact::Pending,
            };
        };
        let key = &self.keys().certificate;
        let holds = signature.key_id == key.id().as_str()
            && signature
                .raw()
                .is_some_and(|raw| verifies(key.public(), &signed.signed_bytes(), &raw));
        CertificateFact::Stored {
            sha256: signed.digest(),
            signed: holds,
            log: LogFact::Pending,
        }
    }

    async fn report(
        &self,
        loaded: &Loaded,
        ctx: &Context,
        objects: Objects,
        counted: Counted,
    ) -> Result<Report, Error> {
        let asset = &loaded.record.asset;
        let Objects {
            authoritative,
            copies,
        } = objects;
        let object = digest_of(&authoritative);
        let (seals, revisions) = match authoritative {
            Ok(bytes) => self.read_seals(loaded, bytes, ctx).await?,
            Err(_) => (Vec::new(), Vec::new()),
        };
        let facts = Facts {
            vault_id: self.vault_id(),
            live_copies: counted.live_copies,
            live_elsewhere: counted.live_elsewhere,
            object,
            seals,
            revisions,
            flagged: Vec::new(),
            copies: look_at_copies(copies).await?,
            control: asset.control.clone(),
            replay: self.replay_control(loaded).await?,
            trail: loaded.trail.clone().map(|_| loaded.record.chain()),
            certificate: counted.certificate,
            log: LogFact::Pending,
        };
        self.judge(loaded, facts, ctx).await
    }

    async fn judge(&self, loaded: &Loaded, facts: Facts, ctx: &Context) -> Result<Report, Error> {
        let org = self.org(loaded.record.holder().as_str()).await?;
        let profile = Profile::parse(&org.profile).unwrap_or(Profile::Ucc2022B);
        Ok(evaluate(&loaded.record, &facts, profile, ctx.now))
    }

    /// The signatures and revisions inside the authoritative bytes, off the runtime's threads.
    async fn read_seals(
        &self,
        loaded: &Loaded,
        bytes: Bytes,
        ctx: &Context,
    ) -> Result<(Vec<PdfSeal>, Vec<Digest>), Error> {
        let roots = vec![self.keys().authority.certificate().to_vec()];
        let now = ctx.now;
        let recorded = loaded.envelope().revisions.clone();
        let read = tokio::task::spawn_blocking(move || {
            let report = check(&bytes, roots, now).0;
            let revisions = revisions_in(&bytes, &report, &recorded);
            (report, revisions)
        });
        let (report, revisions) = read.await.map_err(Error::internal)?;
        let closed = |end: u64| {
            let found = report.revisions.iter().find(|it| it.end >= end);
            found
                .and_then(|it| Digest::parse(&it.sha256).ok())
                .unwrap_or(Digest::ZERO)
        };
        let seals = report.signatures.iter().map(|found| {
            let owner = owner(&found.field, found.kind);
            let known = found.trusted() || owner == SealOwner::Uploaded;
            PdfSeal {
                owner,
                sha256: closed(found.covered_until),
                valid: found.intact() && known && found.changes_permitted(),
                timestamped: found.timestamp.as_ref().is_some_and(|it| it.ok),
            }
        });
        Ok((seals.collect(), revisions))
    }

    /// Replays the control record with the public keys of the parties.
    async fn replay_control(
        &self,
        loaded: &Loaded,
    ) -> Result<Result<ControlHead, ControlFault>, Error> {
        let entries = &loaded.record.asset.control;
        let public = self.control_keys(loaded).await?;
        let verify = |signature: &Signature, message: &[u8]| {
            let key = public.get(&signature.key_id)?;
            verifies(key, message, &signature.raw()?).then(|| Digest::of(key))
        };
        Ok(replay(entries, verify))
    }

    /// The public keys that signed a record's control entries, by id.
    pub(crate) async fn control_keys(
        &self,
        loaded: &Loaded,
    ) -> Result<HashMap<String, Vec<u8>>, Error> {
        let entries = loaded.record.asset.control.iter();
        let mut ids: Vec<String> = entries.map(|it| it.signature.key_id.clone()).collect();
        ids.retain(|id| KeyId::parse(id).is_ok());
        ids.dedup();
        self.store()
            .read("control keys", move |tx| {
                let mut found = HashMap::new();
                for id in &ids {
                    if let Some(key) = keys::get(tx, id)? {
                        found.insert(id.clone(), key.public);
                    }
                }
                Ok::<_, Error>(found)
            })
            .await
    }
}

/// Digests of the revisions found in the bytes, from the first recorded one on: what an upload contained
/// of its own history is its own affair.
fn revisions_in(pdf: &[u8], report: &deedbox_pades::Report, recorded: &[Revision]) -> Vec<Digest> {
    let base = recorded.first().map_or(0, Revision::end);
    let found = report.revisions.iter().filter(|it| it.end >= base);
    found
        .filter_map(|it| {
            digest_at(pdf, it.end, recorded).or_else(|| Digest::parse(&it.sha256).ok())
        })
        .collect()
}

/// The digest of a recorded revision that ends here. A line end after the end-of-file mark belongs to the
/// mark for readers, while it may have come with the next update (ISO 32000-2 §7.5.5).
fn digest_at(pdf: &[u8], end: u64, recorded: &[Revision]) -> Option<Digest> {
    let end = usize::try_from(end).ok()?;
    recorded.iter().find_map(|revision| {
        let own = usize::try_from(revision.end()).ok()?;
        let rest = pdf.get(own..end)?;
        let line_end = rest.len() <= 2 && rest.iter().all(|byte| matches!(byte, b'\r' | b'\n'));
        line_end.then(|| Digest::of(&pdf[..own]))
    })
}

/// Whose signature a field holds: seal fields have names of their own, others are signers' fields when
/// this instance reserved them.
fn owner(field: &str, kind: deedbox_pades::Kind) -> SealOwner {
    match (kind, field) {
        (deedbox_pades::Kind::DocTimestamp, _) => SealOwner::Timestamp,
        (_, "final-seal") => SealOwner::Instance,
        (_, "vault-seal") => SealOwner::Vault,
        (_, name) if name.starts_with("fld_") || name.starts_with("sheet-") => SealOwner::Signer,
        _ => SealOwner::Uploaded,
    }
}

/// The digest of what lies in the store, whether it is what was put there or not.
fn digest_of(found: &Found) -> Option<Digest> {
    match found {
        Ok(bytes) => Some(Digest::of(bytes)),
        Err(instead) => *instead,
    }
}

async fn look_at_copies(copies: Vec<(StoredFile, Found)>) -> Result<Vec<CopyFact>, Error> {
    let look = move || copies.into_iter().map(copy_fact).collect();
    tokio::task::spawn_blocking(look)
        .await
        .map_err(Error::internal)
}

fn copy_fact((file, found): (StoredFile, Found)) -> CopyFact {
    let marks = found
        .as_ref()
        .ok()
        .and_then(|bytes| deedbox_pdf::is_marked_copy(bytes).ok());
    let every_page = marks
        .as_ref()
        .is_some_and(|it| !it.pages.is_empty() && it.pages.iter().all(|marked| *marked));
    CopyFact {
        path: file.path,
        registered: file.sha256,
        found: digest_of(&found),
        marked_on_every_page: every_page,
        marked_in_metadata: marks.is_some_and(|it| it.metadata),
    }
}
