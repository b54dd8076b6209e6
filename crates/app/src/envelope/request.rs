//! What a caller asks for with P4; what is absent takes the default of the contract.

use deedbox_core::{
    EmailAddress, Timestamp,
    envelope::{AuthKind, Kind, SecuredParty, SigningOrder},
    template::PrefillEntry,
};
use serde_json::{Map, Value};

/// A signer as the caller names it.
#[derive(Clone, Debug)]
pub struct NewEnvelopeSigner {
    /// Address.
    pub email: EmailAddress,
    /// Name.
    pub name: String,
    /// Role; `None` takes the template's roles in order.
    pub role: Option<String>,
    /// Order for sequential signing; `None` is the position.
    pub order: Option<u32>,
    /// Telephone in E.164.
    pub phone: Option<String>,
    /// Authentication steps in order.
    pub auth: Vec<AuthKind>,
}

/// A request for an envelope; `None` takes the default of the contract.
#[derive(Clone, Debug)]
pub struct NewEnvelope {
    /// The customer's address.
    pub customer_email: EmailAddress,
    /// The customer's name.
    pub customer_name: String,
    /// An existing customer.
    pub customer_id: Option<String>,
    /// The template of an e-sign envelope.
    pub template_id: Option<String>,
    /// The signers.
    pub signers: Option<Vec<NewEnvelopeSigner>>,
    /// E-sign or paper.
    pub kind: Kind,
    /// Display name.
    pub name: Option<String>,
    /// The partner's own name for it.
    pub external_id: Option<String>,
    /// The partner's data.
    pub metadata: Map<String, Value>,
    /// Parallel or sequential.
    pub signing_order: SigningOrder,
    /// Deadline.
    pub expires_at: Option<Timestamp>,
    /// Shown in the invitation.
    pub message: Option<String>,
    /// `en` or `es`.
    pub locale: Option<String>,
    /// For whom the record is held.
    pub secured_party: Option<SecuredParty>,
    /// Values fixed by the sender.
    pub prefill: Vec<PrefillEntry>,
}

impl NewEnvelope {
    /// The signers named, or the customer alone.
    pub(super) fn signers(&self) -> Vec<NewEnvelopeSigner> {
        self.signers.clone().unwrap_or_else(|| {
            vec![NewEnvelopeSigner {
                email: self.customer_email.clone(),
                name: self.customer_name.clone(),
                role: None,
                order: None,
                phone: None,
                auth: Vec::new(),
            }]
        })
    }
}
