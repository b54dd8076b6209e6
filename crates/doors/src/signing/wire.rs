//! The session on the wire (operator-and-signing.md §2). All geometry is in fractions of the visible page, origin top left.

use deedbox_app::signing as app;
use deedbox_core::{
    Timestamp, envelope,
    template::{Area, FieldValue},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Everything that the signing page needs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    envelope: Envelope,
    signer: Signer,
    steps: Vec<Step>,
    /// The step that is open; `null` when there is none for this signer.
    current_step: Option<&'static str>,
    /// The consent text in the envelope's language.
    disclosure: Disclosure,
    document: Document,
    fields: Vec<Field>,
}

/// The envelope as its signers see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionEnvelope)]
struct Envelope {
    envelope_id: String,
    name: String,
    #[schema(example = "sent")]
    status: &'static str,
    message: Option<String>,
    /// Name of the organization that asks.
    sender: String,
    expires_at: Option<String>,
    #[schema(example = "parallel")]
    order_mode: &'static str,
}

/// The signer whose link it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionSigner)]
struct Signer {
    #[schema(format = "uuid")]
    signer_id: String,
    name: String,
    email: String,
    role: String,
    #[schema(example = "viewed")]
    status: &'static str,
    signed_at: Option<String>,
}

/// One step of the way to the signature.
#[derive(Debug, Serialize, ToSchema)]
struct Step {
    #[serde(rename = "type")]
    #[schema(example = "consent")]
    kind: &'static str,
    #[schema(example = "open")]
    status: &'static str,
}

/// The text that is consented to.
#[derive(Debug, Serialize, ToSchema)]
struct Disclosure {
    id: String,
    locale: String,
    title: String,
    text: String,
    sha256: String,
}

/// The document that is to be signed.
#[derive(Debug, Serialize, ToSchema)]
struct Document {
    sha256: String,
    /// Where its bytes are, with the same token.
    url: &'static str,
    pages: Vec<Page>,
}

/// A page and its size in points.
#[derive(Debug, Serialize, ToSchema)]
struct Page {
    /// 1-based.
    page: u32,
    width: f64,
    height: f64,
}

/// A field of the document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionField)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the names are the contract's"
)]
pub(crate) struct Field {
    field_id: String,
    name: String,
    #[serde(rename = "type")]
    #[schema(example = "signature")]
    kind: &'static str,
    page: u32,
    x: f64,
    y: f64,
    w: f64,
    h: f64,
    required: bool,
    readonly: bool,
    options: Vec<String>,
    /// Text, a boolean, a mark, or `null`.
    #[schema(value_type = Option<Object>)]
    value: Option<FieldValue>,
    /// The signer who fills it.
    owner: String,
    mine: bool,
    /// Whether its owner has signed: what it holds is then part of the page.
    done: bool,
}

impl From<app::SessionView> for SessionView {
    fn from(view: app::SessionView) -> Self {
        Self {
            envelope: Envelope {
                envelope_id: view.envelope_id,
                name: view.name,
                status: view.status.as_str(),
                message: view.message,
                sender: view.sender,
                expires_at: view.expires_at.map(Timestamp::to_iso),
                order_mode: view.order_mode.as_str(),
            },
            signer: view.signer.into(),
            steps: view.steps.iter().map(Step::from).collect(),
            current_step: view.current_step.map(envelope::StepKind::as_str),
            disclosure: view.disclosure.into(),
            document: Document {
                sha256: view.document_sha256,
                url: "/api/signing/document",
                pages: (1..).zip(view.pages).map(Page::from).collect(),
            },
            fields: view.fields.into_iter().map(Field::from).collect(),
        }
    }
}

impl From<envelope::Signer> for Signer {
    fn from(signer: envelope::Signer) -> Self {
        Self {
            signer_id: signer.signer_id.to_string(),
            name: signer.name().to_owned(),
            email: signer.email().to_owned(),
            status: signer.status.as_str(),
            signed_at: signer.signed_at().map(Timestamp::to_iso),
            role: signer.role,
        }
    }
}

impl From<&envelope::Step> for Step {
    fn from(step: &envelope::Step) -> Self {
        Self {
            kind: step.kind.as_str(),
            status: step.status.as_str(),
        }
    }
}

impl From<app::SessionDisclosure> for Disclosure {
    fn from(shown: app::SessionDisclosure) -> Self {
        Self {
            id: shown.id.to_owned(),
            locale: shown.locale.to_owned(),
            title: shown.title.to_owned(),
            text: shown.text.to_owned(),
            sha256: shown.sha256.to_string(),
        }
    }
}

impl From<(u32, (f64, f64))> for Page {
    fn from((page, (width, height)): (u32, (f64, f64))) -> Self {
        // Plans keep sizes as coarse fractions; a hundredth of a point is more than a screen shows.
        let rounded = |points: f64| (points * 100.0).round() / 100.0;
        Self {
            page,
            width: rounded(width),
            height: rounded(height),
        }
    }
}

impl From<app::SessionField> for Field {
    fn from(shown: app::SessionField) -> Self {
        let app::SessionField {
            field,
            value,
            owner,
            mine,
            readonly,
            done,
        } = shown;
        // A field without a place of its own stands on the signature sheet, whose plan gives it one.
        let area = field.area.unwrap_or(Area {
            x: 0.0,
            y: 0.0,
            w: 0.0,
            h: 0.0,
        });
        Self {
            field_id: field.field_id.to_string(),
            name: field.name,
            kind: field.kind.as_str(),
            page: field.page,
            x: area.x,
            y: area.y,
            w: area.w,
            h: area.h,
            required: field.required,
            readonly,
            options: field.options,
            value,
            owner: owner.to_string(),
            mine,
            done,
        }
    }
}
