//! The certificate of completion (P11 `completion`): how an envelope was signed, by whom, with what proof.

use serde::Serialize;
use serde_json::{Value, json};

use crate::digest::Digest;
use crate::envelope::event::{EnvelopeEvent, FieldSigned};
use crate::envelope::masked_phone;
use crate::envelope::signer::{AuthStep, Signer};
use crate::envelope::state::Envelope;
use crate::event::Event;
use crate::evidence::chain::Opened;
use crate::evidence::signature::LogPosition;
use crate::ids::SignerId;
use crate::record::Record;
use crate::template::FieldKind;
use crate::time::Timestamp;

/// What the reader should know of the law.
pub const LEGAL_NOTICES: [&str; 4] = [
    "Signatures made here are electronic signatures under 15 U.S.C. §§ 7001-7006 (ESIGN), the Uniform Electronic Transactions Act where enacted, Regulation (EU) 910/2014 art. 25(1), and Ley 527 de 1999 with Decreto 2364 de 2012 (Colombia).",
    "A signature of level ses is a simple electronic signature; the seal of this server makes later changes detectable and is not a qualified signature of the signer.",
    "This certificate reports what was recorded; it is not a legal opinion.",
    "Each signer agreed to the disclosure named by its id and digest before signing.",
];

/// Who asked for the signatures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sender {
    /// Name of the sending identity.
    pub name: Option<String>,
    /// Its address.
    pub email: Option<String>,
    /// The organization's name.
    pub organization: String,
}

/// The seal on the finished document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SealTerms {
    /// The signature algorithm.
    pub alg: String,
    /// SHA-256 of the seal's certificate.
    pub cert_fpr: Digest,
    /// When it was made.
    pub signed_at: Timestamp,
    /// The `PAdES` level achieved.
    pub level: String,
}

/// A time token (RFC 3161).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimestampToken {
    /// The DER token, base 64.
    pub rfc3161_token: String,
    /// Who stamped.
    pub tsa: String,
}

/// What the certificate says beside the record.
#[derive(Debug, Clone, PartialEq)]
pub struct CompletionTerms {
    /// When it is made.
    pub generated_at: Timestamp,
    /// Who asked for the signatures.
    pub sender: Sender,
    /// The seal, once there is one.
    pub seal: Option<SealTerms>,
    /// Time tokens found in the document.
    pub timestamps: Vec<TimestampToken>,
    /// The record's place in the evidence log.
    pub log: Option<LogPosition>,
}

/// Builds the certificate from the record and its opened trail, to be signed as a
/// [`SignedJson`](crate::evidence::signature::SignedJson). It can be built at any time; before completion it says how
/// far the signing got.
#[must_use]
pub fn certificate_of_completion(
    record: &Record,
    trail: &[Opened],
    terms: &CompletionTerms,
) -> Value {
    let envelope = &record.envelope;
    let signers: Vec<Value> = envelope
        .signers
        .iter()
        .map(|it| signer(it, trail))
        .collect();
    json!({
        "version": "1.0",
        "generated_at": terms.generated_at,
        "envelope": {
            "envelope_id": envelope.envelope_id,
            "envelope_name": envelope.name,
            "envelope_kind": envelope.kind,
            "status": envelope.status,
            "created_at": envelope.created_at,
            "sent_at": envelope.sent_at,
            "completed_at": envelope.completed_at,
            "expires_at": envelope.expires_at,
            "signing_order": envelope.signing_order,
        },
        "sender": terms.sender,
        "documents": [document(envelope)],
        "signers": signers,
        "closing": envelope.closing.as_ref().map(|it| json!({
            "at": it.at, "reason": it.reason, "reason_code": it.reason_code, "signer_id": it.signer_id,
        })),
        "seal": terms.seal,
        "timestamps": terms.timestamps,
        "log": terms.log,
        "legal_notices": LEGAL_NOTICES,
    })
}

fn document(envelope: &Envelope) -> Value {
    json!({
        "name": envelope.name,
        "sha256_original": envelope.original_digest(),
        "sha256_final": envelope.sealed_digest().or_else(|| envelope.source_digest()),
        "pages": envelope.pages,
        "size": envelope.latest_revision().map(crate::envelope::Revision::end),
        "revisions": envelope.revisions,
    })
}

fn signer(signer: &Signer, trail: &[Opened]) -> Value {
    let client = client_of(&signer.signer_id, trail);
    json!({
        "signer_id": signer.signer_id,
        "name": signer.person.name,
        "email": signer.person.email,
        "phone_masked": signer.person.phone.as_deref().map(masked_phone),
        "role": signer.role,
        "order": signer.order,
        "status": signer.status,
        "auth_methods": signer.auth.iter().map(auth_method).collect::<Vec<_>>(),
        "identity": {
            "document_type": signer.person.document_type,
            "number_masked": signer.person.document_number.as_deref().map(masked_number),
        },
        "consent": signer.consent.as_ref().map(|it| json!({
            "disclosure_id": it.disclosure_id, "version": it.version, "locale": it.locale,
            "sha256": it.sha256, "accepted_at": it.at,
        })),
        "signature": signer.signature.as_ref().map(|it| json!({
            "type": "electronic", "meaning": "intent to sign", "level": "ses",
            "image_sha256": image_of(&signer.signer_id, trail),
            "shown_sha256": it.shown_sha256, "signed_over_sha256": it.signed_over_sha256,
            "revision": it.revision, "fields": it.fields,
        })),
        "invited_at": signer.invited_at,
        "viewed_at": signer.viewed_at,
        "signed_at": signer.signed_at(),
        "declined": signer.failure.as_ref().map(|it| json!({
            "at": it.at, "reason": it.reason, "reason_code": it.reason_code,
        })),
        "ip": client.and_then(|it| it.client.ip.as_ref()),
        "user_agent": client.and_then(|it| it.client.user_agent.as_ref()),
    })
}

fn auth_method(step: &AuthStep) -> Value {
    let proof = step.proof.as_ref();
    json!({
        "type": step.kind,
        "provider": proof.map(|it| &it.provider),
        "transaction_id": proof.and_then(|it| it.transaction_id.as_ref()),
        "liveness": proof.map(|it| it.liveness),
        "result": if step.passed_at.is_some() { "passed" } else { "open" },
        "at": step.passed_at,
        "codes_sent": step.codes_sent,
    })
}

/// All but the last three characters of a document number are hidden.
fn masked_number(number: &str) -> String {
    let count = number.chars().count();
    number
        .chars()
        .enumerate()
        .map(|(index, c)| if index + 3 >= count { c } else { '*' })
        .collect()
}

/// The request by which the signer signed, or else its last one.
fn client_of<'a>(signer_id: &SignerId, trail: &'a [Opened]) -> Option<&'a Opened> {
    let own = || trail.iter().filter(|it| it.actor.id == signer_id.as_str());
    let signed = |it: &&Opened| matches!(it.event, Event::Envelope(EnvelopeEvent::Signed(_)));
    own().find(signed).or_else(|| own().next_back())
}

/// Digest of the signature as drawn, typed or uploaded.
fn image_of(signer_id: &SignerId, trail: &[Opened]) -> Option<Digest> {
    let fields = trail.iter().filter_map(|it| match &it.event {
        Event::Envelope(EnvelopeEvent::FieldSigned(field)) => Some(field),
        _ => None,
    });
    let own =
        |field: &&FieldSigned| field.signer_id == *signer_id && field.kind == FieldKind::Signature;
    fields
        .into_iter()
        .find(own)
        .and_then(|field| field.person.value_sha256)
}
