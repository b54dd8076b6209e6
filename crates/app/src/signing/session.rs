//! The session: everything that the signing page shows, as the server knows it now.

use deedbox_core::{
    SignerId, Timestamp,
    envelope::{
        Command, Refusal, Signer, SignerStatus, SigningOrder, Status, Step, StepKind, StepStatus,
    },
    evidence::{Disclosure, DisclosureKind, disclosure},
    template::{Field, FieldValue},
};

use super::open::Session;
use crate::{
    App,
    document::{EnvelopeField, EnvelopePlan, PageSize},
    error::Error,
    record::Loaded,
};

/// The text to be consented to.
pub type SessionDisclosure = Disclosure;

/// A field with its value as this signer may see it.
#[derive(Clone, Debug)]
pub struct SessionField {
    /// The field at its place.
    pub field: Field,
    /// Its value.
    pub value: Option<FieldValue>,
    /// Who fills it.
    pub owner: SignerId,
    /// Whether that is this signer.
    pub mine: bool,
    /// Whether this signer can change it.
    pub readonly: bool,
    /// Whether its owner has signed: its value is then part of the page.
    pub done: bool,
}

/// The session's answer.
#[derive(Clone, Debug)]
#[expect(
    missing_docs,
    reason = "the names are the contract's, operator-and-signing.md §2"
)]
pub struct SessionView {
    pub envelope_id: String,
    pub name: String,
    pub status: Status,
    pub message: Option<String>,
    pub sender: String,
    pub expires_at: Option<Timestamp>,
    pub order_mode: SigningOrder,
    pub signer: Signer,
    pub steps: Vec<Step>,
    pub current_step: Option<StepKind>,
    pub disclosure: SessionDisclosure,
    pub document_sha256: String,
    pub pages: Vec<(f64, f64)>,
    pub fields: Vec<SessionField>,
}

impl App {
    /// The session; the first call of a signer whose turn it is marks the document as viewed.
    ///
    /// # Errors
    /// [`Error::Refused`]: not this signer's turn, or the envelope is closed.
    pub async fn signing_session(&self, session: &Session) -> Result<SessionView, Error> {
        let loaded = self.session_record(session).await?;
        let loaded = if loaded.signer(session)?.status == SignerStatus::Sent {
            self.mark_viewed(session).await?
        } else {
            loaded
        };
        self.session_view(session, &loaded).await
    }

    async fn mark_viewed(&self, session: &Session) -> Result<Loaded, Error> {
        let open = |loaded: &Loaded, _: &_| {
            let latest = loaded.envelope().latest_revision();
            let latest = latest.ok_or_else(|| Error::internal("sent without a document"))?;
            Ok(Command::Open {
                signer_id: session.signer_id.clone(),
                document_sha256: latest.sha256,
            })
        };
        self.signer_command("open", session, open, |_| Ok(())).await
    }

    /// The session as `loaded` tells it.
    pub(crate) async fn session_view(
        &self,
        session: &Session,
        loaded: &Loaded,
    ) -> Result<SessionView, Error> {
        let envelope = loaded.envelope();
        let signer = loaded.signer(session)?.clone();
        if signer.status == SignerStatus::Waiting && !envelope.status.is_closed() {
            return Err(Refusal::NotYourTurn.into());
        }
        let steps = signer.steps();
        let next = steps.iter().find(|it| it.status != StepStatus::Done);
        let current_step = next.filter(|_| signer.is_pending()).map(|it| it.kind);
        let plan = self.plan(loaded).await?;
        let org = self.org(envelope.org_id.as_str()).await?;
        let fields = self.session_fields(loaded, &signer, &plan).await?;
        let latest = envelope.latest_revision().map(|it| it.sha256.to_string());
        Ok(SessionView {
            envelope_id: envelope.envelope_id.to_string(),
            name: envelope.name.clone().unwrap_or_default(),
            status: envelope.status,
            message: envelope.message.clone(),
            sender: org.name,
            expires_at: envelope.expires_at,
            order_mode: envelope.signing_order,
            steps,
            current_step,
            disclosure: disclosure(DisclosureKind::ElectronicRecords, &envelope.locale),
            document_sha256: latest.unwrap_or_default(),
            pages: plan
                .pages
                .iter()
                .map(|PageSize { width, height }| (*width, *height))
                .collect(),
            fields,
            signer,
        })
    }

    async fn session_fields(
        &self,
        loaded: &Loaded,
        signer: &Signer,
        plan: &EnvelopePlan,
    ) -> Result<Vec<SessionField>, Error> {
        let envelope = loaded.envelope();
        let mut shown = Vec::with_capacity(plan.fields.len());
        let values = self.draft_values(loaded).await?;
        for item in &plan.fields {
            let mine = item.owner == signer.signer_id;
            let done = envelope
                .signer(&item.owner)
                .is_some_and(|owner| owner.status == SignerStatus::Signed);
            let value = item.fixed.clone().or_else(|| {
                let entered = values.get(&item.field.field_id).cloned();
                visible(item, entered, mine, done)
            });
            shown.push(SessionField {
                readonly: !mine || done || item.fixed.is_some(),
                field: item.field.clone(),
                value,
                owner: item.owner.clone(),
                mine,
                done,
            });
        }
        Ok(shown)
    }

    /// The stored plan of a record's document.
    pub(crate) async fn plan(&self, loaded: &Loaded) -> Result<EnvelopePlan, Error> {
        let id = loaded.row.envelope_id.clone();
        let stored = self
            .store()
            .read("plan", move |tx| deedbox_store::plans::get(tx, &id))
            .await?;
        let stored = stored.ok_or_else(|| Error::internal("an e-sign envelope without a plan"))?;
        serde_json::from_slice(&stored).map_err(Error::internal)
    }
}

/// One's own values always; others' once they signed, but never their marks: those are in the picture
/// of the page, and strokes could be made to sign again.
fn visible(
    item: &EnvelopeField,
    entered: Option<FieldValue>,
    mine: bool,
    done: bool,
) -> Option<FieldValue> {
    match entered {
        Some(FieldValue::Mark(_)) if !mine => None,
        Some(value) if mine || done => Some(value),
        None if mine && !done => item.field.default.clone(),
        _ => None,
    }
}
