//! P4: a new envelope; an e-sign one leaves this call prepared and sent.

use bytes::Bytes;
use deedbox_core::{
    Context, Digest, Record, SignerId,
    envelope::{self, AuthKind, Create, Kind, NewSigner, Person, TemplateVersion},
    evidence::DataKey,
    template::{Assignment, Field, FieldValue, PrefillEntry, Rule, assign, prefill},
};
use deedbox_store::{envelopes, objects::DataKey as ObjectKey, plans, revisions::Revision};

use super::{EnvelopeView, draft::Draft, request::NewEnvelope, view::view};
use crate::{
    App,
    caller::Caller,
    document::{Base, EnvelopeField, PreparedDocument, Wanted, bucket, prepare},
    error::{Error, FieldError},
    template::Opened,
};

impl App {
    /// Creates an envelope.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the key at fault; [`Error::NotFound`] for an unknown template.
    pub async fn envelope_create(
        &self,
        caller: &Caller,
        new: NewEnvelope,
    ) -> Result<EnvelopeView, Error> {
        let org = self.org(caller.org.as_str()).await?;
        let ctx = self.context(caller.actor()).for_org(caller.org.clone());
        let ctx = ctx.under(crate::org::policy(&org));
        check_signers(&new)?;
        let opened = match (new.kind, &new.template_id) {
            (Kind::Esign, Some(id)) => Some(self.open_template(caller, id).await?),
            (Kind::Esign, None) => return Err(Error::invalid("template_id", "is required")),
            (Kind::Paper, _) => None,
        };
        let customer_id = self.customer_of(caller, &ctx, &new).await?;
        let draft = Draft::new(&ctx, org, customer_id, new);
        match opened {
            Some(opened) => self.create_esign(ctx, draft, opened).await,
            None => self.create_paper(ctx, draft).await,
        }
    }

    async fn create_paper(&self, ctx: Context, draft: Draft) -> Result<EnvelopeView, Error> {
        let name = format!("Document – {}", draft.new.customer_name);
        let signers = signers(&ctx, &draft.new, None);
        let create = draft.command(name, None, signers, None);
        self.commit_created(ctx, draft, create, None).await
    }

    async fn create_esign(
        &self,
        ctx: Context,
        draft: Draft,
        opened: Opened,
    ) -> Result<EnvelopeView, Error> {
        let base = self.template_base(&opened).await?;
        let named = draft.new.signers();
        let stated: Vec<Option<&str>> = named.iter().map(|it| it.role.as_deref()).collect();
        let assignment = assign(&opened.fields, &stated, Rule::Fill).map_err(Error::Invalid)?;
        let signers = signers(&ctx, &draft.new, Some(&assignment));
        let fields = fields(&opened.fields, &assignment, &signers, &draft.new.prefill)?;
        let name = format!("{} – {}", opened.row.name, draft.new.customer_name);
        let wanted = Wanted {
            envelope_id: draft.envelope_id.clone(),
            envelope_name: draft.new.name.clone().unwrap_or_else(|| name.clone()),
            sender: draft.org.name.clone(),
            locale: draft.locale(),
            signers: signers.clone(),
            fields,
        };
        let (base, prepared) = tokio::task::spawn_blocking(move || {
            let prepared = prepare(&base, wanted);
            (base, prepared)
        })
        .await
        .map_err(Error::internal)?;
        let prepared = prepared?;
        let version = TemplateVersion {
            template_id: opened.row.template_id.parse().map_err(Error::internal)?,
            version: u32::try_from(opened.row.version).map_err(Error::internal)?,
        };
        let command = draft.command(
            name,
            Some(version),
            signers,
            Some(prepared.prepared.clone()),
        );
        let document = Document {
            base,
            prepared,
            opened,
        };
        self.commit_created(ctx, draft, command, Some(document))
            .await
    }

    async fn commit_created(
        &self,
        ctx: Context,
        draft: Draft,
        command: Create,
        document: Option<Document>,
    ) -> Result<EnvelopeView, Error> {
        let id = draft.envelope_id.to_string();
        let data_key = self.keys().new_data_key(&id);
        let key = DataKey::new(*data_key.key);
        let created = Record::create(command, &ctx, &key)?;
        let stored = match document {
            Some(document) => Some(
                self.store_document_of(&draft, &ctx, &data_key.key, document)
                    .await?,
            ),
            None => None,
        };
        let row = empty_row(&draft, &ctx, data_key.wrapped);
        let created = self
            .commit_new(&ctx, created, row, key, move |tx| {
                if let Some(Stored { revisions, plan }) = &stored {
                    for revision in revisions {
                        deedbox_store::revisions::append(tx, revision)?;
                    }
                    plans::put(tx, &id, plan, revisions[0].created_at)?;
                }
                Ok(())
            })
            .await?;
        Ok(view(&created, &draft.org_id()))
    }

    /// Stores what preparing appended and describes both revisions.
    async fn store_document_of(
        &self,
        draft: &Draft,
        ctx: &Context,
        data_key: &[u8; 32],
        document: Document,
    ) -> Result<Stored, Error> {
        let Document {
            base,
            prepared,
            opened,
        } = document;
        let envelope_id = draft.envelope_id.as_str();
        let template_key = opened
            .version
            .data_key_wrapped
            .as_deref()
            .unwrap_or_default();
        let template_key = self
            .keys()
            .data_key(&opened.row.template_id, template_key)?;
        let segment_path = segment_path(
            &draft.org.org_id,
            envelope_id,
            &Digest::of(&prepared.segment),
        );
        let key = ObjectKey::from_bytes(*data_key);
        let segment = Bytes::from(prepared.segment);
        self.put_object(bucket::WORK, &segment_path, &key, segment)
            .await?;
        let template_path = opened.document.map(|it| it.path).unwrap_or_default();
        let own_key = self
            .keys()
            .wrap(&format!("data:{envelope_id}"), &*template_key);
        let [first, second] = prepared.prepared.revisions.as_slice() else {
            return Err(Error::internal("preparing makes two revisions"));
        };
        let row = |revision: &envelope::Revision, bucket: &str, path, key, tail| Revision {
            envelope_id: envelope_id.to_owned(),
            n: i64::from(revision.n),
            kind: revision.kind.as_str().to_owned(),
            byte_offset: i64::try_from(revision.offset).unwrap_or(i64::MAX),
            length: i64::try_from(revision.length).unwrap_or(i64::MAX),
            sha256: revision.sha256.to_string(),
            bucket: bucket.to_owned(),
            path,
            data_key_wrapped: key,
            tail,
            created_at: ctx.now.micros(),
        };
        let tail = serde_json::to_string(&prepared.tail).map_err(Error::internal)?;
        let base_row = row(
            first,
            bucket::TEMPLATES,
            template_path,
            Some(own_key),
            String::new(),
        );
        drop(base);
        Ok(Stored {
            revisions: vec![
                base_row,
                row(second, bucket::WORK, segment_path, None, tail),
            ],
            plan: serde_json::to_vec(&prepared.plan).map_err(Error::internal)?,
        })
    }
}

struct Document {
    base: Base,
    prepared: PreparedDocument,
    opened: Opened,
}

struct Stored {
    revisions: Vec<Revision>,
    plan: Vec<u8>,
}

/// A step that this server cannot carry out is refused at once, not discovered by the signer.
fn check_signers(new: &NewEnvelope) -> Result<(), Error> {
    let faults: Vec<FieldError> = new
        .signers()
        .iter()
        .enumerate()
        .filter(|(_, signer)| signer.auth.contains(&AuthKind::Biometric))
        .map(|(index, _)| {
            let message = "biometric steps are not available on this server";
            FieldError::new(format!("signers[{index}].auth"), message)
        })
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(faults))
    }
}

fn signers(ctx: &Context, new: &NewEnvelope, shares: Option<&Assignment>) -> Vec<NewSigner> {
    let named = new.signers().into_iter().enumerate();
    named
        .map(|(index, signer)| NewSigner {
            signer_id: ctx.id::<SignerId>(&format!("signer {index}")),
            person: Person {
                email: Some(signer.email),
                name: Some(signer.name),
                phone: signer.phone,
                ..Person::default()
            },
            role: match shares {
                Some(assignment) => assignment.shares[index].role.clone(),
                None => signer.role.unwrap_or_else(|| "Signer".to_owned()),
            },
            order: signer
                .order
                .unwrap_or_else(|| u32::try_from(index + 1).unwrap_or(u32::MAX)),
            auth: signer.auth,
            attempts_max: None,
            cooldown_s: None,
        })
        .collect()
}

/// The template's fields with their owners and fixed values. Optional fields of a role that nobody
/// took are left out of this envelope's document.
fn fields(
    template: &[Field],
    assignment: &Assignment,
    signers: &[NewSigner],
    entries: &[PrefillEntry],
) -> Result<Vec<EnvelopeField>, Error> {
    let filled = prefill(template, entries).map_err(Error::Invalid)?;
    let fixed = |field: &Field| -> Option<FieldValue> {
        let given = filled.iter().find(|it| it.field_id == field.field_id);
        let default = field.default.clone().filter(|_| field.readonly);
        given.map(|it| it.value.clone()).or(default)
    };
    let owned = template.iter().filter_map(|field| {
        let owner = assignment.owner_of(&field.field_id)?;
        Some(EnvelopeField {
            owner: signers[owner].signer_id.clone(),
            pdf_id: field.field_id.to_string(),
            fixed: fixed(field),
            field: field.clone(),
        })
    });
    Ok(owned.collect())
}

/// Where a segment lies: under its envelope, named by its content.
pub(crate) fn segment_path(org_id: &str, envelope_id: &str, digest: &Digest) -> String {
    format!("{org_id}/{envelope_id}/{digest}.segment")
}

/// The view row before its first event; everything that events say is filled in from them.
fn empty_row(draft: &Draft, ctx: &Context, wrapped: Vec<u8>) -> envelopes::Envelope {
    envelopes::Envelope {
        envelope_id: draft.envelope_id.to_string(),
        document_uuid: draft.document_id.to_string(),
        org_id: draft.org.org_id.clone(),
        status: String::new(),
        vault_state: String::new(),
        vaulted: false,
        compliant: false,
        created_at: ctx.now.micros(),
        updated_at: ctx.now.micros(),
        vaulted_at: None,
        document_hash: None,
        customer_id: None,
        external_id: None,
        template_id: None,
        name: String::new(),
        kind: draft.new.kind.as_str().to_owned(),
        sent_at: None,
        completed_at: None,
        released_at: None,
        expires_at: None,
        seq: 0,
        head: [0; 32],
        data_key_wrapped: Some(wrapped),
    }
}
