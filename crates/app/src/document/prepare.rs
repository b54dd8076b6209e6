//! Preparing: the frozen template becomes this envelope's document, with every field reserved.

use bytes::{Bytes, BytesMut};
use deedbox_core::{
    Digest, EnvelopeId, FieldId,
    envelope::{NewSigner, Prepared, Revision, RevisionKind},
    ids::Id as _,
    template::{Area, Field, FieldKind, FieldValue},
};
use deedbox_pades::Tail;
use deedbox_pdf::{
    Cover, FieldSpec, Locale, Place, Plan, PrepareError, PrepareSpec, SignerSpec,
    geometry::Fraction,
};

use super::plan::{EnvelopeField, EnvelopePlan, PageSize};
use crate::error::Error;

/// The document that an envelope starts from.
pub(crate) struct Base {
    /// Its bytes.
    pub bytes: Bytes,
    /// Their digest.
    pub sha256: Digest,
    /// Whether they are a normalised form of the upload.
    pub normalised: bool,
    /// Its pages.
    pub pages: Vec<PageSize>,
    /// Areas to cover: the tags that fields were made from.
    pub cover: Vec<Cover>,
}

/// What the envelope's document becomes at send.
pub(crate) struct Wanted {
    pub envelope_id: EnvelopeId,
    pub envelope_name: String,
    pub sender: String,
    pub locale: String,
    pub signers: Vec<NewSigner>,
    pub fields: Vec<EnvelopeField>,
}

/// A prepared document, ready to be stored and signed.
pub(crate) struct PreparedDocument {
    /// What preparing appended to the base.
    pub segment: Vec<u8>,
    /// Where the next revision continues.
    pub tail: Tail,
    /// The plan to be kept.
    pub plan: EnvelopePlan,
    /// What the envelope's command says of it.
    pub prepared: Prepared,
}

/// Prepares `base` as `wanted`. Takes milliseconds of CPU: call it off the runtime's threads.
///
/// # Errors
/// [`Error::Invalid`] naming what cannot be drawn or placed.
pub(crate) fn prepare(base: &Base, wanted: Wanted) -> Result<PreparedDocument, Error> {
    let spec = spec(base, &wanted);
    let made = deedbox_pdf::prepare(&base.bytes, &spec).map_err(prepare_refused)?;
    let mut file = BytesMut::with_capacity(base.bytes.len() + made.segment.len());
    file.extend_from_slice(&base.bytes);
    file.extend_from_slice(&made.segment);
    let tail = Tail::read(&file).map_err(Error::internal)?;
    let revisions = revisions(base, &made.segment, &tail);
    let prepared = Prepared {
        revisions,
        pages: made.plan.pages,
        fields: u32::try_from(made.plan.fields.len()).unwrap_or(u32::MAX),
        signature_sheet: made.plan.sheet.is_some(),
    };
    let plan = plan(base, wanted, made.plan);
    Ok(PreparedDocument {
        segment: made.segment,
        tail,
        plan,
        prepared,
    })
}

fn spec(base: &Base, wanted: &Wanted) -> PrepareSpec {
    PrepareSpec {
        envelope_id: wanted.envelope_id.to_string(),
        envelope_name: wanted.envelope_name.clone(),
        sender: wanted.sender.clone(),
        locale: locale(&wanted.locale),
        signers: wanted.signers.iter().map(signer_spec).collect(),
        fields: wanted.fields.iter().filter_map(field_spec).collect(),
        cover: base.cover.clone(),
    }
}

/// The language of words drawn into documents.
pub(crate) fn locale(name: &str) -> Locale {
    if name == "es" { Locale::Es } else { Locale::En }
}

fn signer_spec(signer: &NewSigner) -> SignerSpec {
    SignerSpec {
        key: signer.signer_id.to_string(),
        name: signer.person.name.clone().unwrap_or_default(),
        role: signer.role.clone(),
    }
}

/// Fields without an area (M2M: to be placed on the sheet) are not drawn.
fn field_spec(item: &EnvelopeField) -> Option<FieldSpec> {
    let Field {
        name,
        kind,
        required,
        options,
        page,
        area,
        ..
    } = &item.field;
    let area = area.as_ref()?;
    Some(FieldSpec {
        id: item.pdf_id.clone(),
        name: name.clone(),
        kind: kind_of(*kind),
        signer: item.owner.to_string(),
        required: *required,
        options: options.clone(),
        page: *page,
        area: Fraction {
            x: area.x,
            y: area.y,
            w: area.w,
            h: area.h,
        },
        fixed: item.fixed.as_ref().and_then(fixed_text),
    })
}

fn fixed_text(value: &FieldValue) -> Option<String> {
    match value {
        FieldValue::Checked(checked) => Some(checked.to_string()),
        FieldValue::Text(text) => Some(text.clone()),
        FieldValue::Mark(_) => None,
    }
}

fn kind_of(kind: FieldKind) -> deedbox_pdf::FieldKind {
    use deedbox_pdf::FieldKind as Pdf;
    match kind {
        FieldKind::Signature => Pdf::Signature,
        FieldKind::Initials => Pdf::Initials,
        FieldKind::Text => Pdf::Text,
        FieldKind::Date => Pdf::Date,
        FieldKind::Datenow => Pdf::DateNow,
        FieldKind::Checkbox => Pdf::Checkbox,
        FieldKind::Select => Pdf::Select,
        FieldKind::Radio => Pdf::Radio,
        FieldKind::Phone => Pdf::Phone,
    }
}

fn revisions(base: &Base, segment: &[u8], tail: &Tail) -> Vec<Revision> {
    let length = base.bytes.len() as u64;
    let kind = if base.normalised {
        RevisionKind::Normalised
    } else {
        RevisionKind::Original
    };
    vec![
        Revision {
            n: 0,
            kind,
            sha256: base.sha256,
            offset: 0,
            length,
        },
        Revision {
            n: 1,
            kind: RevisionKind::Prepared,
            sha256: Digest::from_bytes(tail.digest()),
            offset: length,
            length: segment.len() as u64,
        },
    ]
}

fn plan(base: &Base, wanted: Wanted, pdf: Plan) -> EnvelopePlan {
    let mut fields = wanted.fields;
    fields.extend(sheet_fields(&wanted.signers, &pdf));
    let order = |item: &EnvelopeField| reading_order(&item.field);
    fields.sort_by(|left, right| {
        order(left)
            .partial_cmp(&order(right))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut pages = base.pages.clone();
    let sheet = sheet_size(&pdf).or(pages.last().copied());
    if let Some(sheet) = sheet {
        pages.resize(usize::try_from(pdf.pages).unwrap_or(pages.len()), sheet);
    }
    EnvelopePlan { pdf, fields, pages }
}

/// The size of the appended pages, told by the places reserved on them.
fn sheet_size(pdf: &Plan) -> Option<PageSize> {
    let on_sheet = |place: &&Place| pdf.sheet.is_some_and(|first| place.page >= first);
    let place = pdf
        .seal
        .iter()
        .chain([&pdf.vault])
        .filter(on_sheet)
        .find(|it| it.is_visible())?;
    Some(PageSize {
        width: place.width / place.area.w,
        height: place.height / place.area.h,
    })
}

/// Signature fields that preparing placed on the sheet, for signers who had none.
fn sheet_fields(signers: &[NewSigner], pdf: &Plan) -> Vec<EnvelopeField> {
    let placed = |signer: &NewSigner| {
        let pdf_id = format!("sheet-{}", signer.signer_id);
        let Place { page, area, .. } = &pdf.field(&pdf_id)?.place;
        let field = Field {
            field_id: FieldId::from_seed(Digest::of(pdf_id.as_bytes()).as_bytes(), "field"),
            name: "signature".to_owned(),
            kind: FieldKind::Signature,
            role: Some(signer.role.clone()),
            participant_index: None,
            required: true,
            readonly: false,
            options: Vec::new(),
            default: None,
            page: *page,
            area: Some(Area {
                x: area.x,
                y: area.y,
                w: area.w,
                h: area.h,
            }),
        };
        Some(EnvelopeField {
            owner: signer.signer_id.clone(),
            fixed: None,
            pdf_id,
            field,
        })
    };
    signers.iter().filter_map(placed).collect()
}

fn reading_order(field: &Field) -> (u32, f64, f64) {
    let (y, x) = field
        .area
        .as_ref()
        .map_or((0.0, 0.0), |area| (area.y, area.x));
    (field.page, y, x)
}

/// A document that cannot be prepared, as a fault of the request.
pub(crate) fn prepare_refused(error: PrepareError) -> Error {
    match error {
        PrepareError::Refused(refusal) => Error::invalid("template_id", refusal.to_string()),
        PrepareError::NeedsNormalising => Error::internal("a stored document was not normalised"),
        PrepareError::Certified | PrepareError::SignedUpload { .. } => {
            Error::invalid("template_id", error.to_string())
        }
        PrepareError::OffPage { .. } | PrepareError::UnknownSigner { .. } => {
            Error::invalid("fields", error.to_string())
        }
        PrepareError::CannotDraw { .. } | PrepareError::BadFixedValue { .. } => {
            Error::invalid("prefill", error.to_string())
        }
    }
}
