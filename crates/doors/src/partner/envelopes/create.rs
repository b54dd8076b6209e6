//! P4 `POST /partner/envelopes`: create an envelope and, for e-sign, send it.

use deedbox_app::{
    Scope,
    envelope::{NewEnvelope, NewEnvelopeSigner},
};
use deedbox_core::{
    envelope::{AuthKind, Kind, SecuredParty, SigningOrder},
    template::{FieldValue, PrefillEntry},
};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::wire::Envelope;
use crate::{
    http::{
        body::Expects,
        fields::{Faults, Fields, Slot},
        forms,
    },
    partner::{
        answer::{Answer, Data},
        endpoint::{Access, Call, Endpoint},
        error::Error,
    },
};

/// The most signers of an envelope at this door.
const SIGNERS_MAX: usize = 20;
/// The most that `metadata` may weigh once serialised, in bytes.
const METADATA_BYTES_MAX: usize = 16 * 1024;
/// Languages of messages and pages.
const LOCALES: [&str; 2] = ["en", "es"];
/// The most values that can be prefilled: one for each field that a template can have.
const PREFILL_MAX: usize = 500;

pub(crate) const ENDPOINT: Endpoint = Endpoint::post(
    "P4",
    "/partner/envelopes",
    Access::Scope(Scope::EnvelopesWrite),
    Expects::Json,
    |call| Box::pin(handle(call)),
);

/// An envelope to be created.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct CreateEnvelope {
    /// With `customer_name` finds or creates the customer.
    #[schema(format = Email, max_length = 254)]
    customer_email: String,
    #[schema(min_length = 1, max_length = 200)]
    customer_name: String,
    /// Required for e-sign, ignored for paper.
    template_id: Option<String>,
    /// Default: one signer from the customer fields.
    #[schema(min_items = 1, max_items = 20)]
    signers: Option<Vec<CreateSigner>>,
    /// `esign` (default) or `paper`.
    #[schema(example = "esign")]
    envelope_kind: Option<String>,
    #[schema(min_length = 1, max_length = 255)]
    envelope_name: Option<String>,
    #[schema(min_length = 1, max_length = 255)]
    external_id: Option<String>,
    /// An existing customer whose e-mail equals `customer_email`.
    customer_id: Option<String>,
    /// At most 16 KiB serialised.
    #[schema(value_type = Option<Object>)]
    metadata: Option<Map<String, Value>>,
    /// `parallel` (default) or `sequential`.
    #[schema(example = "parallel")]
    signing_order: Option<String>,
    /// In the future, at most 365 days ahead; default 30 days.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Shown in the invitation.
    #[schema(max_length = 2000)]
    message: Option<String>,
    /// `en` or `es`; default the organization's.
    #[schema(example = "en")]
    locale: Option<String>,
    secured_party: Option<CreateSecuredParty>,
    prefill: Option<Vec<CreatePrefill>>,
}

/// A signer to be asked.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct CreateSigner {
    /// Unique in the envelope, case-insensitive.
    #[schema(format = Email, max_length = 254)]
    email: String,
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Default: the template's roles in order, then `Signer`.
    #[schema(min_length = 1, max_length = 64)]
    role: Option<String>,
    /// Default: position in the list. Equal orders sign in parallel.
    #[schema(minimum = 1, maximum = 20)]
    order: Option<u32>,
    /// E.164; required with `sms_otp` and `whatsapp_otp`.
    #[schema(example = "+573000000000")]
    phone: Option<String>,
    /// Distinct of `email_otp`, `sms_otp`, `whatsapp_otp`, `biometric`: steps before signing, in this order.
    auth: Option<Vec<String>>,
}

/// Who takes the security interest.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct CreateSecuredParty {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[schema(max_length = 64)]
    registration_id: Option<String>,
}

/// A value that the document shows from the start and no signer can change.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `read` reads")]
struct CreatePrefill {
    field_name: String,
    role: Option<String>,
    /// Text of at most 2000 characters, or a boolean for check boxes.
    value: Value,
}

/// Create an envelope
///
/// An e-sign envelope is prepared and sent in this request and answered as `sent`; a paper envelope is answered as
/// `pending`. Without an `Idempotency-Key`, two equal calls make two envelopes.
#[utoipa::path(
    post, path = "/partner/envelopes", operation_id = "createEnvelope", tag = "Envelopes",
    request_body = CreateEnvelope,
    responses(
        (status = 201, description = "Created, and for e-sign sent", body = Data<Envelope>),
        (status = 404, description = "`Template not found`", body = crate::partner::error::Body),
    ),
)]
async fn handle(mut call: Call) -> Result<Answer, Error> {
    let new = read(&call.take_json())?;
    let envelope = call.app.envelope_create(&call.caller, new).await?;
    Ok(Answer::created(Envelope::from(envelope)))
}

fn read(body: &Value) -> Result<NewEnvelope, Error> {
    let faults = Faults::default();
    let body = Fields::of_json(body, &faults);
    let customer_email = forms::email(&body.required("customer_email"));
    let customer_name = body.required("customer_name").text(1..=200);
    let template_id = body.optional("template_id").text(1..=255);
    let signers = body
        .optional("signers")
        .list(1..=SIGNERS_MAX)
        .map(|items| signers(&items));
    let kind = body
        .optional("envelope_kind")
        .one_of(Kind::ALL, Kind::as_str);
    if kind != Some(Kind::Paper) {
        body.required("template_id");
    }
    let name = body.optional("envelope_name").text(1..=255);
    let external_id = body.optional("external_id").text(1..=255);
    let customer_id = body.optional("customer_id").text(1..=255);
    let metadata = metadata(&body.optional("metadata"));
    let order = body
        .optional("signing_order")
        .one_of(SigningOrder::ALL, SigningOrder::as_str);
    let expires_at = forms::instant(&body.optional("expires_at"));
    let message = body.optional("message").text(0..=2000);
    let locale = body.optional("locale").one_of(&LOCALES, |locale| locale);
    let secured_party = body
        .optional("secured_party")
        .object()
        .and_then(|it| secured_party(&it));
    let prefill = body
        .optional("prefill")
        .list(0..=PREFILL_MAX)
        .map(|items| prefills(&items));
    faults.check()?;
    Ok(NewEnvelope {
        customer_email: faults.value(customer_email)?,
        customer_name: faults.value(customer_name)?,
        template_id,
        signers,
        kind: kind.unwrap_or(Kind::Esign),
        name,
        external_id,
        customer_id,
        metadata,
        signing_order: order.unwrap_or(SigningOrder::Parallel),
        expires_at,
        message,
        locale: locale.map(str::to_owned),
        secured_party,
        prefill: prefill.unwrap_or_default(),
    })
}

fn signers(items: &[Slot<'_>]) -> Vec<NewEnvelopeSigner> {
    let mut seen = Vec::new();
    let read = |item: &Slot<'_>| {
        let fields = item.object()?;
        let signer = signer(&fields)?;
        if seen.contains(&signer.email) {
            fields.fault(
                "email",
                "must not repeat an e-mail address of this envelope",
            );
        }
        seen.push(signer.email.clone());
        Some(signer)
    };
    // A signer who cannot be read has been noted as a fault: the whole request is refused.
    items.iter().filter_map(read).collect()
}

fn signer(fields: &Fields<'_>) -> Option<NewEnvelopeSigner> {
    let email = forms::email(&fields.required("email"));
    let name = fields.required("name").text(1..=200);
    let role = fields.optional("role").text(1..=64);
    let order = fields.optional("order").integer(1..=20);
    let phone = forms::phone(&fields.optional("phone"));
    let auth = fields
        .optional("auth")
        .list(0..=AuthKind::ALL.len())
        .map(|items| steps(&items));
    let auth = auth.unwrap_or_default();
    if auth.iter().any(|step| step.needs_phone()) && !fields.optional("phone").is_present() {
        fields.fault("phone", "is required with sms_otp and whatsapp_otp");
    }
    let order = order.and_then(|order| u32::try_from(order).ok());
    Some(NewEnvelopeSigner {
        email: email?,
        name: name?,
        role,
        order,
        phone,
        auth,
    })
}

fn steps(items: &[Slot<'_>]) -> Vec<AuthKind> {
    let mut steps = Vec::new();
    for item in items {
        match item.one_of(AuthKind::ALL, AuthKind::as_str) {
            Some(step) if steps.contains(&step) => item.fault("must not be repeated"),
            Some(step) => steps.push(step),
            None => {}
        }
    }
    steps
}

fn metadata(slot: &Slot<'_>) -> Map<String, Value> {
    let Some(Value::Object(members)) = slot.raw() else {
        slot.object();
        return Map::new();
    };
    if slot
        .raw()
        .is_some_and(|raw| raw.to_string().len() > METADATA_BYTES_MAX)
    {
        slot.fault(format!(
            "must have at most {METADATA_BYTES_MAX} bytes when serialised"
        ));
    }
    // PostgreSQL text cannot hold it, and the stored JSON would be refused there.
    if slot
        .raw()
        .is_some_and(|raw| raw.to_string().contains("\\u0000"))
    {
        slot.fault("must not contain the NUL character");
    }
    members
        .clone()
        .into_iter()
        .filter(|(key, _)| !key.starts_with('_'))
        .collect()
}

fn secured_party(fields: &Fields<'_>) -> Option<SecuredParty> {
    let name = fields.required("name").text(1..=200);
    let registration_id = fields.optional("registration_id").text(1..=64);
    Some(SecuredParty {
        name: name?,
        registration_id,
    })
}

fn prefills(items: &[Slot<'_>]) -> Vec<PrefillEntry> {
    items.iter().filter_map(prefill).collect()
}

fn prefill(item: &Slot<'_>) -> Option<PrefillEntry> {
    let fields = item.object()?;
    let field_name = fields.required("field_name").text(1..=64);
    let role = fields.optional("role").text(1..=64);
    let value = fields.required("value");
    let value = match value.raw() {
        Some(Value::Bool(value)) => Some(FieldValue::Checked(*value)),
        Some(Value::String(_)) => value.text(0..=2000).map(FieldValue::Text),
        Some(_) => {
            value.fault("must be a string or a boolean");
            None
        }
        None => None,
    };
    Some(PrefillEntry {
        field_name: field_name?,
        role,
        value: value?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn least() -> Value {
        json!({
            "customer_email": "ana@example.com", "customer_name": "Ana Example", "template_id": "tmpl_lease"
        })
    }

    fn with(key: &str, value: Value) -> Value {
        let mut body = least();
        body[key] = value;
        body
    }

    fn faults(body: &Value) -> Vec<(String, String)> {
        let refused = read(body)
            .err()
            .map(|error| error.body.details)
            .unwrap_or_default();
        refused
            .into_iter()
            .map(|detail| (detail.field, detail.message))
            .collect()
    }

    #[test]
    fn the_customer_is_all_that_must_be_named() {
        let new = read(&least()).unwrap();
        assert_eq!(new.customer_name, "Ana Example");
        assert!(new.signers.is_none() && new.metadata.is_empty());
        let fields: Vec<String> = faults(&json!({}))
            .into_iter()
            .map(|fault| fault.0)
            .collect();
        assert_eq!(fields, ["customer_email", "customer_name", "template_id"]);
    }

    #[test]
    fn paper_needs_no_template() {
        let mut body = least();
        body["template_id"] = Value::Null;
        assert_eq!(faults(&body)[0].0, "template_id");
        body["envelope_kind"] = json!("paper");
        assert_eq!(read(&body).unwrap().kind, Kind::Paper);
    }

    #[test]
    fn the_contracts_sample_is_read() {
        let sample = json!({
            "customer_email": "ana.example@example.com", "customer_name": "Ana Example",
            "template_id": "tmpl_abc123", "external_id": "ext_order_4521", "unknown": {"is": "ignored"},
            "signers": [
                {"email": "ana.example@example.com", "name": "Ana Example", "role": "Buyer"},
                {"email": "ben.example@example.com", "name": "Ben Example", "role": "Co-Signer"}
            ]
        });
        let new = read(&sample).unwrap();
        assert_eq!(new.signers.unwrap()[1].role.as_deref(), Some("Co-Signer"));
        assert_eq!(new.template_id.as_deref(), Some("tmpl_abc123"));
    }

    #[test]
    fn two_signers_with_one_address_are_refused_at_the_second() {
        let signers = json!([
            {"email": "ana@example.com", "name": "Ana"},
            {"email": "ANA@example.com", "name": "Ana"}
        ]);
        assert_eq!(faults(&with("signers", signers))[0].0, "signers[1].email");
    }

    #[test]
    fn a_code_by_sms_needs_a_phone() {
        let signer = |phone: Value| json!([{"email": "ana@example.com", "name": "Ana", "auth": ["sms_otp"], "phone": phone}]);
        assert_eq!(
            faults(&with("signers", signer(Value::Null)))[0].0,
            "signers[0].phone"
        );
        assert_eq!(
            faults(&with("signers", signer(json!("12"))))[0].0,
            "signers[0].phone"
        );
        assert!(read(&with("signers", signer(json!("+573000000000")))).is_ok());
    }

    #[test]
    fn at_most_twenty_signers_and_at_least_one() {
        let signer = |n: usize| json!({"email": format!("s{n}@example.com"), "name": "S"});
        let many: Vec<Value> = (0..21).map(signer).collect();
        assert_eq!(faults(&with("signers", json!(many)))[0].0, "signers");
        assert_eq!(faults(&with("signers", json!([])))[0].0, "signers");
        assert!(read(&with("signers", json!(many[..20]))).is_ok());
    }

    #[test]
    fn keys_of_metadata_that_begin_with_an_underscore_are_dropped() {
        let new = read(&with("metadata", json!({"deal": "4482", "_secret": 1}))).unwrap();
        assert_eq!(Value::Object(new.metadata), json!({"deal": "4482"}));
        assert_eq!(
            faults(&with("metadata", json!("x")))[0].1,
            "must be an object"
        );
        assert_eq!(
            faults(&with("metadata", json!({"k": "x".repeat(17_000)})))[0].0,
            "metadata"
        );
    }

    #[test]
    fn a_prefilled_value_is_text_or_a_tick() {
        let entry =
            |value: Value| with("prefill", json!([{"field_name": "price", "value": value}]));
        assert!(read(&entry(json!("4,000"))).is_ok() && read(&entry(json!(true))).is_ok());
        assert_eq!(faults(&entry(json!(4000)))[0].0, "prefill[0].value");
        assert_eq!(faults(&entry(Value::Null))[0].1, "is required");
    }

    #[test]
    fn wrong_types_are_named_and_not_a_syntax_error() {
        let body = json!({
            "customer_email": 7, "customer_name": ["Ana"], "template_id": "tmpl_lease", "expires_at": "tomorrow", "locale": "fr",
            "signing_order": true, "secured_party": {"registration_id": "x".repeat(65)}
        });
        let fields: Vec<String> = faults(&body).into_iter().map(|fault| fault.0).collect();
        let expected = [
            "customer_email",
            "customer_name",
            "signing_order",
            "expires_at",
            "locale",
            "secured_party.name",
            "secured_party.registration_id",
        ];
        assert_eq!(fields, expected);
    }
}
