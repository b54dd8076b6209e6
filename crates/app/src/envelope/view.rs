//! P2: the full form of an envelope, folded from its events.

use deedbox_core::{
    CustomerId, DocumentId, EnvelopeId, OrgId, TemplateId, Timestamp,
    asset::VaultState,
    envelope::{Envelope, Kind, PaperOriginal, SecuredParty, Signer, SigningOrder, Status},
};
use serde_json::{Map, Value};

use crate::{App, caller::Caller, error::Error, record::Loaded};

/// A signer in the full form.
#[derive(Clone, Debug)]
pub struct SignerView {
    /// The signer as its events tell it.
    pub signer: Signer,
    /// Authentication steps, by the partner API's names.
    pub auth: Vec<&'static str>,
}

/// The full form.
#[derive(Clone, Debug)]
#[expect(
    missing_docs,
    reason = "the names are the contract's, partner-api.md §3"
)]
pub struct EnvelopeView {
    pub envelope_id: EnvelopeId,
    pub document_id: DocumentId,
    pub name: String,
    pub status: Status,
    pub kind: Kind,
    pub customer_id: Option<CustomerId>,
    pub external_id: Option<String>,
    pub template_id: Option<TemplateId>,
    pub metadata: Map<String, Value>,
    pub vaulted: bool,
    pub compliant: bool,
    pub signing_order: SigningOrder,
    pub locale: String,
    pub message: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub sent_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub vaulted_at: Option<Timestamp>,
    pub released_at: Option<Timestamp>,
    pub document_hash: Option<String>,
    pub vault_state: VaultState,
    pub legal_hold: bool,
    pub secured_party: Option<SecuredParty>,
    pub paper_original: Option<PaperOriginal>,
    pub signers: Vec<SignerView>,
}

impl App {
    /// One envelope in full.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn envelope(
        &self,
        caller: &Caller,
        envelope_id: &str,
    ) -> Result<EnvelopeView, Error> {
        let loaded = self.load(caller.org.as_str(), envelope_id).await?;
        Ok(view(&loaded, &caller.org))
    }
}

/// The full form of a loaded record as `org` sees it.
pub(crate) fn view(loaded: &Loaded, org: &OrgId) -> EnvelopeView {
    let envelope = loaded.envelope();
    let asset = &loaded.record.asset;
    let Envelope { signers, .. } = envelope;
    EnvelopeView {
        envelope_id: envelope.envelope_id.clone(),
        document_id: envelope.document_id.clone(),
        name: envelope.name.clone().unwrap_or_default(),
        status: envelope.status,
        kind: envelope.kind,
        customer_id: envelope.customer_id.clone(),
        external_id: envelope.external_id.clone(),
        template_id: envelope.template.as_ref().map(|it| it.template_id.clone()),
        metadata: envelope.metadata.clone(),
        vaulted: asset.vault_state.is_live(),
        compliant: asset.is_compliant(),
        signing_order: envelope.signing_order,
        locale: envelope.locale.clone(),
        message: envelope.message.clone(),
        created_at: envelope.created_at,
        updated_at: Timestamp::from_micros(loaded.row.updated_at),
        expires_at: envelope.expires_at,
        sent_at: envelope.sent_at,
        completed_at: envelope.completed_at,
        vaulted_at: envelope.vaulted_at,
        released_at: envelope.released_at,
        document_hash: asset.document_hash.map(|it| it.to_string()),
        vault_state: asset.vault_state_for(org),
        legal_hold: asset.is_held(),
        secured_party: envelope.secured_party.clone(),
        paper_original: asset
            .paper_original
            .clone()
            .or_else(|| envelope.paper_original.clone()),
        signers: signers.iter().map(signer_view).collect(),
    }
}

fn signer_view(signer: &Signer) -> SignerView {
    SignerView {
        auth: signer.auth.iter().map(|step| step.kind.as_str()).collect(),
        signer: signer.clone(),
    }
}
