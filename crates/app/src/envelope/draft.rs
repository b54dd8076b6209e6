//! A request together with where its defaults come from, on its way to the core's command.

use deedbox_core::{
    Context, CustomerId, DocumentId, EnvelopeId,
    envelope::{self, Create, NewSigner, OnFail, Origin, Person, SecuredParty, TemplateVersion},
};
use deedbox_store::orgs;

use super::request::NewEnvelope;

/// A request with its defaults' sources.
pub(super) struct Draft {
    pub(super) envelope_id: EnvelopeId,
    pub(super) document_id: DocumentId,
    pub(super) org: orgs::Org,
    pub(super) customer_id: CustomerId,
    pub(super) new: NewEnvelope,
}

impl Draft {
    pub(super) fn new(
        ctx: &Context,
        org: orgs::Org,
        customer_id: CustomerId,
        new: NewEnvelope,
    ) -> Self {
        Self {
            envelope_id: ctx.id("envelope"),
            document_id: ctx.id("document"),
            org,
            customer_id,
            new,
        }
    }

    pub(super) fn org_id(&self) -> deedbox_core::OrgId {
        // Read from the database's own row.
        self.org
            .org_id
            .parse()
            .unwrap_or_else(|_| unreachable!("a stored organization id"))
    }

    pub(super) fn locale(&self) -> String {
        self.new
            .locale
            .clone()
            .unwrap_or_else(|| self.org.locale.clone())
    }

    pub(super) fn command(
        &self,
        default_name: String,
        template: Option<TemplateVersion>,
        signers: Vec<NewSigner>,
        document: Option<envelope::Prepared>,
    ) -> Create {
        let new = &self.new;
        Create {
            envelope_id: self.envelope_id.clone(),
            document_id: self.document_id.clone(),
            org_id: self.org_id(),
            origin: Origin::Partner,
            kind: new.kind,
            name: new.name.clone().unwrap_or(default_name),
            customer_id: Some(self.customer_id.clone()),
            customer: Person {
                email: Some(new.customer_email.clone()),
                name: Some(new.customer_name.clone()),
                ..Person::default()
            },
            template,
            external_id: new.external_id.clone(),
            metadata: new.metadata.clone(),
            signing_order: new.signing_order,
            on_fail: OnFail::CancelFlow,
            expires_at: new.expires_at,
            message: new.message.clone(),
            locale: self.locale(),
            secured_party: new
                .secured_party
                .clone()
                .unwrap_or_else(|| self.secured_party()),
            signers,
            document,
        }
    }

    fn secured_party(&self) -> SecuredParty {
        SecuredParty {
            name: self
                .org
                .secured_party_name
                .clone()
                .unwrap_or_else(|| self.org.name.clone()),
            registration_id: self.org.secured_party_registration.clone(),
        }
    }
}
