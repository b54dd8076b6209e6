//! Making an envelope: the limits of P4, whichever door it comes through.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::announcement::Body;
use crate::context::{Actor, Context};
use crate::decision::Decision;
use crate::envelope::command::{Create, NewSigner};
use crate::envelope::decide::{prepare, send};
use crate::envelope::event::{Created, CreatedPerson, CreatedSigner, EnvelopeEvent};
use crate::envelope::refusal::Refusal;
use crate::envelope::signer::AuthKind;
use crate::envelope::state::{Envelope, Kind, Status};
use crate::invalid::{Faults, FieldError};
use crate::job::{Job, JobKind};
use crate::template::value::is_e164;
use crate::time::Timestamp;

/// Most signers of an envelope.
pub const SIGNERS_MAX: usize = 20;
/// Most bytes of `metadata`, serialised.
pub const METADATA_MAX: usize = 16 * 1024;
/// Most days until an envelope expires.
pub const EXPIRY_DAYS_MAX: i64 = 365;

/// Decides a new envelope. With a document an e-sign envelope passes `pending` and `preparing` in this decision and
/// is `sent`.
///
/// # Errors
/// [`Refusal::Invalid`] with every fault at its path, in the words of the partner door.
pub fn create(create: Create, ctx: &Context) -> Result<Decision, Refusal> {
    let faults = check(&create, ctx.now);
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let document = create.document.clone();
    let created = created(create, ctx);
    let envelope = Envelope::born(&created, ctx.now);
    let decision = Decision::nothing()
        .tell(&envelope.org_id, announcement(&envelope))
        .jobs(
            envelope
                .expires_at
                .map(|at| Job::at(ctx, &envelope.envelope_id, at, JobKind::Expire)),
        )
        .event(EnvelopeEvent::Created(Box::new(created)));
    match document {
        Some(document) => {
            let preparing = prepare(&envelope, document)?;
            let mut envelope = envelope;
            preparing
                .events
                .iter()
                .for_each(|event| envelope.evolve(event, ctx.now));
            Ok(decision.then(preparing).then(send(&envelope, ctx)?))
        }
        None => Ok(decision),
    }
}

/// Checks the limits of P4 that need no look at templates or customers. Paths are those of the partner door.
#[must_use]
pub fn check(create: &Create, now: Timestamp) -> Vec<FieldError> {
    let mut faults = Faults::new();
    faults.length(&create.name, 1, 255, "envelope_name");
    faults.length(
        create.external_id.as_deref().unwrap_or("-"),
        1,
        255,
        "external_id",
    );
    faults.length(create.message.as_deref().unwrap_or(""), 0, 2000, "message");
    faults.require(
        ["en", "es"].contains(&create.locale.as_str()),
        "locale",
        "must be one of: en, es",
    );
    faults.length(&create.secured_party.name, 1, 200, "secured_party.name");
    let registration = create
        .secured_party
        .registration_id
        .as_deref()
        .unwrap_or("-");
    faults.length(registration, 1, 64, "secured_party.registration_id");
    let size = serde_json::to_vec(&create.metadata).map_or(usize::MAX, |bytes| bytes.len());
    faults.require(size <= METADATA_MAX, "metadata", "must have at most 16 KiB");
    check_expiry(create, now, &mut faults);
    check_signers(create, &mut faults);
    faults.into_vec()
}

fn check_expiry(create: &Create, now: Timestamp, faults: &mut Faults) {
    let Some(at) = create.expires_at.filter(|_| create.kind == Kind::Esign) else {
        return;
    };
    faults.require(at > now, "expires_at", "must be in the future");
    faults.require(
        at <= now.plus_days(EXPIRY_DAYS_MAX),
        "expires_at",
        "must be at most 365 days away",
    );
}

fn check_signers(create: &Create, faults: &mut Faults) {
    let least = usize::from(create.kind == Kind::Esign);
    let count = (least..=SIGNERS_MAX).contains(&create.signers.len());
    faults.require(
        count,
        "signers",
        format!("must have {least} to {SIGNERS_MAX} items"),
    );
    let mut emails = BTreeSet::new();
    for (index, signer) in create.signers.iter().enumerate() {
        let at = |key: &str| format!("signers[{index}].{key}");
        let unique = signer
            .person
            .email
            .as_ref()
            .is_none_or(|email| emails.insert(email.key()));
        faults.require(unique, at("email"), "must be unique in the envelope");
        check_signer(signer, at, faults);
    }
}

fn check_signer(signer: &NewSigner, at: impl Fn(&str) -> String, faults: &mut Faults) {
    faults.length(
        signer.person.name.as_deref().unwrap_or(""),
        1,
        200,
        at("name"),
    );
    faults.length(&signer.role, 1, 64, at("role"));
    faults.require(
        (1..=20).contains(&signer.order),
        at("order"),
        "must be 1 to 20",
    );
    let phone = signer.person.phone.as_deref();
    let sound = phone.is_none_or(is_e164);
    faults.require(
        sound,
        at("phone"),
        "must be an E.164 number, e.g. +573000000000",
    );
    let has_phone = phone.is_some() || !signer.auth.iter().any(|kind| kind.needs_phone());
    faults.require(
        has_phone,
        at("phone"),
        "is required with sms_otp and whatsapp_otp",
    );
    let reachable = signer.person.email.is_some() || phone.is_some();
    faults.require(
        reachable,
        at("email"),
        "is required to deliver the invitation",
    );
    let has_email = signer.person.email.is_some() || !signer.auth.contains(&AuthKind::EmailOtp);
    faults.require(has_email, at("email"), "is required with email_otp");
    let distinct: BTreeSet<_> = signer.auth.iter().collect();
    faults.require(
        distinct.len() == signer.auth.len(),
        at("auth"),
        "must not repeat a step",
    );
}

fn created(create: Create, ctx: &Context) -> Created {
    let signers = create.signers.iter().map(created_signer).collect();
    let expires_at = match create.kind {
        Kind::Esign => Some(
            create
                .expires_at
                .unwrap_or_else(|| ctx.now.plus_days(ctx.policy.expiry_days)),
        ),
        Kind::Paper => None,
    };
    Created {
        envelope_id: create.envelope_id,
        document_id: create.document_id,
        org_id: create.org_id,
        origin: create.origin,
        envelope_kind: create.kind,
        customer_id: create.customer_id,
        template: create.template,
        external_id: create.external_id,
        signing_order: create.signing_order,
        on_fail: create.on_fail,
        expires_at,
        locale: create.locale,
        signers,
        created_by: Actor {
            name: None,
            ..ctx.actor.clone()
        },
        person: CreatedPerson {
            envelope_name: Some(create.name),
            customer: create.customer,
            message: create.message,
            metadata: partner_safe(create.metadata),
            secured_party: Some(create.secured_party),
            signer_details: create
                .signers
                .into_iter()
                .map(|signer| (signer.signer_id, signer.person))
                .collect(),
            created_by_name: ctx.actor.name.clone(),
        },
    }
}

fn created_signer(signer: &NewSigner) -> CreatedSigner {
    CreatedSigner {
        signer_id: signer.signer_id.clone(),
        role: signer.role.clone(),
        order: signer.order,
        auth: signer.auth.clone(),
        attempts_max: signer.attempts_max,
        cooldown_s: signer.cooldown_s,
    }
}

/// Keys that begin with `_` are dropped on input (partner API §3).
fn partner_safe(metadata: Map<String, Value>) -> Map<String, Value> {
    metadata
        .into_iter()
        .filter(|(key, _)| !key.starts_with('_'))
        .collect()
}

fn announcement(envelope: &Envelope) -> Body {
    Body::EnvelopeCreated {
        envelope_name: envelope.name.clone().unwrap_or_default(),
        envelope_kind: envelope.kind,
        status: Status::Pending,
        customer_id: envelope.customer_id.clone(),
        external_id: envelope.external_id.clone(),
        template_id: envelope
            .template
            .as_ref()
            .map(|template| template.template_id.clone()),
    }
}
