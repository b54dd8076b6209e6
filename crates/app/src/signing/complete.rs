//! The act of signing, inside the signer's own request: build the revision, store it, record it. The
//! last signature brings the seal with it, so nothing can be stuck between the two.

use std::collections::{BTreeMap, HashMap};

use deedbox_core::{
    Context, Digest, FieldId, SignerId,
    envelope::{
        Admission, Command, FilledField, RevisionKind, Sign, Signer, SignerStatus, Status,
        command::Seal,
    },
    template::{FieldKind, FieldValue},
};
use deedbox_pades::{Person, Tail};
use deedbox_store::{drafts, otp, revisions};

use super::open::Session;
use crate::{
    App,
    document::{EnvelopeField, EnvelopePlan, NewRevision, Place, Said, bucket, fill_value},
    envelope::{create::segment_path, decide::ATTEMPTS},
    error::{Error, FieldError},
    record::Loaded,
};

/// How far signer and envelope are after signing.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// The signer's status.
    pub status: SignerStatus,
    /// The envelope's status.
    pub envelope_status: Status,
}

/// The level of the built-in seal: a CMS signature with RFC 3161 time (ETSI EN 319 142-1).
const LEVEL: &str = "B-T";

impl App {
    /// Signs. `shown` is the digest of the document that the signer confirmed.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming required fields that are empty; [`Error::Refused`]: another step
    /// comes first, closed, a document that was never shown.
    pub async fn signing_complete(&self, session: &Session, shown: Digest) -> Result<Done, Error> {
        let _turn = self.locks().of(session.envelope_id.as_str()).await;
        for attempt in 1.. {
            let loaded = self.session_record(session).await?;
            let admitted = loaded
                .envelope()
                .admit_sign(&session.signer_id, &shown, self.now())?;
            if admitted == Admission::Already {
                return done(session, &loaded);
            }
            match self.sign_once(session, loaded, shown).await {
                Err(Error::Conflict) if attempt < ATTEMPTS => {}
                other => return done(session, &other?),
            }
        }
        Err(Error::Conflict)
    }

    async fn sign_once(
        &self,
        session: &Session,
        mut loaded: Loaded,
        shown: Digest,
    ) -> Result<Loaded, Error> {
        let signer = loaded.signer(session)?.clone();
        let ctx = self.signer_context(session, &signer);
        let plan = self.plan(&loaded).await?;
        let entered = self.draft_values(&loaded).await?;
        let values = settle(&plan, &signer.signer_id, &entered, &ctx)?;
        let (tail, before) = self.latest_tail(&loaded).await?;
        let made = self.make_revisions(&loaded, &ctx, &signer, &plan, &values, &tail)?;
        let command = Sign {
            signer_id: signer.signer_id.clone(),
            shown_sha256: shown,
            signed_over_sha256: before,
            revision: made.signature.revision.clone(),
            fields: filled(&plan, &signer.signer_id, &values),
            seal: made.seal.as_ref().map(|seal| Seal {
                revision: seal.revision.clone(),
                level: LEVEL.to_owned(),
            }),
        };
        let outcome = loaded.execute(Command::Sign(Box::new(command)), &ctx)?;
        let sealed = made.seal.is_some();
        let mut rows = vec![self.store_revision(&loaded, &ctx, made.signature).await?];
        if let Some(seal) = made.seal {
            rows.push(self.store_revision(&loaded, &ctx, seal).await?);
        }
        let id = loaded.row.envelope_id.clone();
        self.commit("sign", loaded, &ctx, outcome, move |tx| {
            for row in &rows {
                revisions::append(tx, row)?;
            }
            if sealed {
                drafts::clear(tx, &id)?;
                otp::clear_envelope(tx, &id)?;
            }
            Ok(())
        })
        .await
    }

    /// The signer's revision and, with the last signature, the seal's.
    fn make_revisions(
        &self,
        loaded: &Loaded,
        ctx: &Context,
        signer: &Signer,
        plan: &EnvelopePlan,
        values: &Values,
        tail: &Tail,
    ) -> Result<Made, Error> {
        let (n, _) = loaded.envelope().next_revision();
        let place = Place {
            tail,
            n,
            kind: RevisionKind::Signature,
            now: ctx.now,
        };
        let person = Person {
            name: signer.name().to_owned(),
            id: signer.signer_id.to_string(),
            email: Some(signer.email().to_owned()).filter(|email| !email.is_empty()),
        };
        let key = self.signer_key(&person, ctx.now)?;
        let said = Said {
            name: signer.name().to_owned(),
            reason: format!("Signed as {}", signer.role),
        };
        let fill = fill(loaded, signer, plan, values, ctx)?;
        let signature = self.revise(&place, &key, said, |object, first_free| {
            let fill = fill(object);
            deedbox_pdf::fill(&plan.pdf, &fill, first_free)
        })?;
        let seal = if loaded.envelope().is_last(&signer.signer_id) {
            Some(self.make_seal(loaded, ctx, plan, n + 1, &signature.tail)?)
        } else {
            None
        };
        Ok(Made { signature, seal })
    }

    fn make_seal(
        &self,
        loaded: &Loaded,
        ctx: &Context,
        plan: &EnvelopePlan,
        n: u32,
        tail: &Tail,
    ) -> Result<NewRevision, Error> {
        let place = Place {
            tail,
            n,
            kind: RevisionKind::Seal,
            now: ctx.now,
        };
        let shown = deedbox_pdf::Seal {
            sealed_by: self.settings().operator.clone(),
            time: printed(ctx),
            envelope_id: loaded.row.envelope_id.clone(),
            verify_url: self.settings().public("/verify"),
        };
        let said = Said {
            name: self.settings().operator.clone(),
            reason: "Sealed after the last signature".to_owned(),
        };
        self.revise(&place, &self.keys().seal, said, |object, first_free| {
            deedbox_pdf::seal(&plan.pdf, &shown, object, first_free)
        })
    }

    /// Stores what a revision appends; blobs come before the events that name them.
    pub(crate) async fn store_revision(
        &self,
        loaded: &Loaded,
        ctx: &Context,
        made: NewRevision,
    ) -> Result<revisions::Revision, Error> {
        let row = &loaded.row;
        let path = segment_path(&row.org_id, &row.envelope_id, &Digest::of(&made.bytes));
        self.put_object(
            bucket::WORK,
            &path,
            &loaded.object_key(self)?,
            made.bytes.into(),
        )
        .await?;
        Ok(revisions::Revision {
            envelope_id: row.envelope_id.clone(),
            n: i64::from(made.revision.n),
            kind: made.revision.kind.as_str().to_owned(),
            byte_offset: i64::try_from(made.revision.offset).map_err(Error::internal)?,
            length: i64::try_from(made.revision.length).map_err(Error::internal)?,
            sha256: made.revision.sha256.to_string(),
            bucket: bucket::WORK.to_owned(),
            path,
            data_key_wrapped: None,
            tail: serde_json::to_string(&made.tail).map_err(Error::internal)?,
            created_at: ctx.now.micros(),
        })
    }

    /// Where the next revision continues, and the digest of the file so far.
    pub(crate) async fn latest_tail(&self, loaded: &Loaded) -> Result<(Tail, Digest), Error> {
        let id = loaded.row.envelope_id.clone();
        let latest = self
            .store()
            .read("latest revision", move |tx| revisions::latest(tx, &id))
            .await?
            .ok_or_else(|| Error::internal("sent without a document"))?;
        let tail = serde_json::from_str(&latest.tail).map_err(Error::internal)?;
        Ok((
            tail,
            Digest::parse(&latest.sha256).map_err(Error::internal)?,
        ))
    }
}

struct Made {
    signature: NewRevision,
    seal: Option<NewRevision>,
}

/// The final values of a signer's fields, by field.
type Values = BTreeMap<FieldId, FieldValue>;

fn done(session: &Session, loaded: &Loaded) -> Result<Done, Error> {
    Ok(Done {
        status: loaded.signer(session)?.status,
        envelope_status: loaded.envelope().status,
    })
}

/// The time as it is printed in documents.
pub(crate) fn printed(ctx: &Context) -> String {
    let iso = ctx.now.to_iso();
    format!("{} {} UTC", &iso[..10], &iso[11..19])
}

/// What the signer's fields hold at the moment of signing: entered values, defaults, today's date.
fn settle(
    plan: &EnvelopePlan,
    signer: &SignerId,
    entered: &HashMap<FieldId, FieldValue>,
    ctx: &Context,
) -> Result<Values, Error> {
    let mut values = Values::new();
    let mut missing = Vec::new();
    for EnvelopeField { field, fixed, .. } in plan.of(signer) {
        if fixed.is_some() {
            continue;
        }
        let value = match field.kind {
            FieldKind::Datenow => Some(FieldValue::Text(ctx.now.to_iso()[..10].to_owned())),
            _ => entered
                .get(&field.field_id)
                .or(field.default.as_ref())
                .cloned(),
        };
        match value.filter(|value| !value.is_empty()) {
            Some(value) => drop(values.insert(field.field_id.clone(), value)),
            None if field.required => {
                let message = format!("{} (page {}) is required", field.name, field.page);
                missing.push(FieldError::new(
                    format!("fields.{}", field.field_id),
                    message,
                ));
            }
            None => {}
        }
    }
    if missing.is_empty() {
        Ok(values)
    } else {
        Err(Error::Invalid(missing))
    }
}

fn filled(plan: &EnvelopePlan, signer: &SignerId, values: &Values) -> Vec<FilledField> {
    let given = plan
        .of(signer)
        .filter_map(|item| Some((item, values.get(&item.field.field_id)?)));
    given
        .map(|(EnvelopeField { field, .. }, value)| FilledField {
            field_id: field.field_id.clone(),
            name: field.name.clone(),
            kind: field.kind,
            page: field.page,
            value: value.clone(),
        })
        .collect()
}

/// What is drawn, but for the number of the signature dictionary.
fn fill(
    loaded: &Loaded,
    signer: &Signer,
    plan: &EnvelopePlan,
    values: &Values,
    ctx: &Context,
) -> Result<impl FnOnce(u32) -> deedbox_pdf::Fill + use<>, Error> {
    let mut drawn = BTreeMap::new();
    for item in plan.of(&signer.signer_id) {
        if let Some(value) = values.get(&item.field.field_id) {
            drawn.insert(item.pdf_id.clone(), fill_value(&item.field, value)?);
        }
    }
    let caption = deedbox_pdf::Caption {
        name: signer.name().to_owned(),
        time: printed(ctx),
        reference: loaded.row.envelope_id.clone(),
    };
    let signer = signer.signer_id.to_string();
    Ok(move |object| deedbox_pdf::Fill {
        signer,
        values: drawn,
        signature: Some(deedbox_pdf::SignatureRef { object, caption }),
    })
}
