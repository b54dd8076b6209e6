//! Preparing a document: every field, page and drawing it will ever need, in one update.
//!
//! Strict validators refuse page content that changes after a signature and new visible fields
//! after a certification, so nothing of that kind happens later: signers only fill fields.

mod fields;
mod form;
mod pages;
mod sheet;

use lopdf::Document;
use serde::{Deserialize, Serialize};

pub(crate) use self::fields::{MULTILINE_FROM, text_size};
use self::{fields::Reserved, pages::Pages, sheet::Sheet};
use crate::{
    fill,
    geometry::PageBox,
    increment::Increment,
    inspect::normalise_reason,
    limits::Limits,
    object::Object,
    pen::Fonts,
    plan::{Place, Plan, PlannedField},
    reader,
    refusal::Refusal,
    spec::{FieldKind, FieldSpec, Locale, PrepareSpec},
};

/// A prepared revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// What is appended to the base: one incremental update, cross-reference section included.
    pub segment: Vec<u8>,
    /// What later revisions need to know.
    pub plan: Plan,
}

/// Why a document cannot be prepared as asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PrepareError {
    /// The file itself is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The file must be normalised first.
    #[error("the file must be saved anew first (normalise)")]
    NeedsNormalising,
    /// The file is certified: fields and pages may not be added.
    #[error("the PDF is certified; fields and pages cannot be added to it")]
    Certified,
    /// The file is signed already: only signature fields can be added without breaking that.
    #[error("the PDF is signed already; field {field} cannot be added without breaking that")]
    SignedUpload {
        /// Id of the field.
        field: String,
    },
    /// A field stands outside its page, or on no page.
    #[error("field {field} does not lie on a page of the document")]
    OffPage {
        /// Id of the field.
        field: String,
    },
    /// A field names a signer that is not among the signers.
    #[error("field {field} belongs to no signer")]
    UnknownSigner {
        /// Id of the field.
        field: String,
    },
    /// Text that no font of this crate can draw.
    #[error("{what} contains the character {char:?}, which cannot be drawn")]
    CannotDraw {
        /// The field or the part of the sheet.
        what: String,
        /// The character.
        char: char,
    },
    /// A fixed value that its field does not take.
    #[error("the fixed value of field {field} does not fit its type")]
    BadFixedValue {
        /// Id of the field.
        field: String,
    },
}

/// What the custody page of an uploaded paper record says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReserveSpec {
    /// Id of the envelope.
    pub envelope_id: String,
    /// Name of the envelope.
    pub envelope_name: String,
    /// Language of the page.
    pub locale: Locale,
}

/// Adds all fields, the signature sheet and all fixed drawing in one incremental update.
///
/// The sheet is one appended page (more for many signers): it names the envelope and its
/// signers, has a box for each signer without a signature field, and keeps the places of the
/// final seal and of the control legend free, so that neither ever covers a field or text.
/// Into a file that carries signatures already only signature fields go, and no page, since
/// anything more would break those signatures for strict validators.
///
/// # Errors
/// A [`PrepareError`]; nothing is changed then.
pub fn prepare(base: &[u8], spec: &PrepareSpec) -> Result<Prepared, PrepareError> {
    let document = open(base)?;
    if reader::certification(&document).is_some() {
        return Err(PrepareError::Certified);
    }
    let signed = !reader::signatures(&document).is_empty();
    let mut work = Work::start(&document)?;
    work.check(spec, signed)?;
    let sheet = if signed {
        None
    } else {
        Some(work.add_sheet(spec)?)
    };
    work.add_fields(spec, sheet.as_ref())?;
    if !signed {
        pages::cover(&mut work.update, &work.pages, &spec.cover);
    }
    let (seal, vault) = work.add_seals(sheet.as_ref());
    Ok(work.finish(base, Some(seal), vault, spec.locale, sheet.as_ref()))
}

/// Reserves the vault seal in a file that was not prepared before (paper uploads).
///
/// A custody page is appended that keeps the place of the legend. A file that is certified or
/// carries signatures gets an invisible field instead: its earlier signatures stay valid.
///
/// # Errors
/// A [`PrepareError`]; nothing is changed then.
pub fn reserve_vault_seal(base: &[u8], spec: &ReserveSpec) -> Result<Prepared, PrepareError> {
    let document = open(base)?;
    if reader::certification(&document) == Some(1) {
        return Err(Refusal::CertifiedAgainstChange.into());
    }
    let bound =
        reader::certification(&document).is_some() || !reader::signatures(&document).is_empty();
    let mut work = Work::start(&document)?;
    let sheet = if bound {
        None
    } else {
        Some(work.add_custody_page(spec)?)
    };
    let vault = work.add_seal("vault-seal", sheet.as_ref().map(|s| s.legend));
    Ok(work.finish(base, None, vault, spec.locale, sheet.as_ref()))
}

fn open(base: &[u8]) -> Result<Document, PrepareError> {
    let limits = Limits {
        bytes_max: usize::MAX,
        ..Limits::default()
    };
    let document = reader::open(base, &limits)?;
    if normalise_reason(&document, base).is_some() {
        return Err(PrepareError::NeedsNormalising);
    }
    Ok(document)
}

/// An update in the making.
struct Work<'a> {
    update: Increment<'a>,
    pages: Pages,
    fonts: Fonts,
    reserved: Vec<Reserved>,
    planned: Vec<PlannedField>,
    blank: u32,
    names: form::Names,
}

impl<'a> Work<'a> {
    fn start(document: &'a Document) -> Result<Self, PrepareError> {
        let mut update = Increment::new(document);
        let pages = Pages::of(document)?;
        let names = form::Names::taken_in(document);
        let blank = update.numbers.take();
        update.write([fields::blank(blank)]);
        Ok(Self {
            update,
            pages,
            fonts: Fonts::default(),
            reserved: Vec::new(),
            planned: Vec::new(),
            blank,
            names,
        })
    }

    fn check(&self, spec: &PrepareSpec, signed: bool) -> Result<(), PrepareError> {
        for field in &spec.fields {
            let id = || field.id.clone();
            if !spec.signers.iter().any(|s| s.key == field.signer) {
                return Err(PrepareError::UnknownSigner { field: id() });
            }
            if self.pages.at(field.page).is_none() || !field.area.is_on_page() {
                return Err(PrepareError::OffPage { field: id() });
            }
            if signed && !is_signed_field(spec, field) {
                return Err(PrepareError::SignedUpload { field: id() });
            }
        }
        Ok(())
    }

    fn add_sheet(&mut self, spec: &PrepareSpec) -> Result<Sheet, PrepareError> {
        let size = sheet::paper_for(self.pages.first());
        let drawn = sheet::signatures(spec, size, &mut self.fonts, &mut self.update.numbers)?;
        Ok(self.append(drawn))
    }

    fn add_custody_page(&mut self, spec: &ReserveSpec) -> Result<Sheet, PrepareError> {
        let size = sheet::paper_for(self.pages.first());
        let drawn = sheet::custody(spec, size, &mut self.fonts, &mut self.update.numbers)?;
        Ok(self.append(drawn))
    }

    fn append(&mut self, drawn: sheet::Drawn) -> Sheet {
        let first = self.pages.count() + 1;
        for page in drawn.pages {
            pages::append(&mut self.update, &mut self.pages, drawn.size, page);
        }
        Sheet::placed(first, self.pages.count(), drawn.cards, drawn.size)
    }

    fn add_fields(
        &mut self,
        spec: &PrepareSpec,
        sheet: Option<&Sheet>,
    ) -> Result<(), PrepareError> {
        for field in &spec.fields {
            self.add_field(field, is_signed_field(spec, field))?;
        }
        for signer in &spec.signers {
            if spec
                .fields
                .iter()
                .any(|f| f.signer == signer.key && f.kind == FieldKind::Signature)
            {
                continue;
            }
            let id = format!("sheet-{}", signer.key);
            let place = sheet.and_then(|s| s.card(&signer.key));
            let object = self.update.numbers.take();
            let reserved = Reserved::signature(
                &self.names.free(&id),
                &signer.name,
                object,
                place,
                &self.pages,
            );
            self.plan_field(reserved, &id, &signer.key, FieldKind::Signature, true);
        }
        Ok(())
    }

    fn add_field(&mut self, field: &FieldSpec, signed: bool) -> Result<(), PrepareError> {
        let object = self.update.numbers.take();
        let name = self.names.free(&field.id);
        let reserved = Reserved::field(field, &name, signed, object, &self.pages);
        self.plan_field(reserved, &field.id, &field.signer, field.kind, signed);
        let planned = self.planned.last_mut().expect("just added");
        planned.options.clone_from(&field.options);
        let Some(value) = &field.fixed else {
            return Ok(());
        };
        planned.fixed = true;
        let value =
            fill::fixed_value(planned, value).ok_or_else(|| PrepareError::BadFixedValue {
                field: field.id.clone(),
            })?;
        let objects =
            fill::value_objects(planned, &value, &mut self.fonts, &mut self.update.numbers)
                .map_err(|error| match error {
                    fill::FillError::CannotDraw { field, char } => PrepareError::CannotDraw {
                        what: format!("field {field}"),
                        char,
                    },
                    _ => PrepareError::BadFixedValue {
                        field: field.id.clone(),
                    },
                })?;
        self.reserved.last_mut().expect("just added").written = true;
        self.update.write(objects);
        Ok(())
    }

    fn plan_field(
        &mut self,
        reserved: Reserved,
        id: &str,
        signer: &str,
        kind: FieldKind,
        carries_signature: bool,
    ) {
        self.planned.push(PlannedField {
            id: id.to_owned(),
            signer: signer.to_owned(),
            kind,
            options: Vec::new(),
            signed: carries_signature,
            fixed: false,
            place: reserved.place.clone(),
        });
        self.reserved.push(reserved);
    }

    fn add_seals(&mut self, sheet: Option<&Sheet>) -> (Place, Place) {
        let seal = self.add_seal("final-seal", sheet.map(|s| s.seal));
        let vault = self.add_seal("vault-seal", sheet.map(|s| s.legend));
        (seal, vault)
    }

    fn add_seal(&mut self, id: &str, place: Option<sheet::Spot>) -> Place {
        let object = self.update.numbers.take();
        let name = self.names.free(id);
        let reserved = Reserved::signature(&name, id, object, place, &self.pages);
        let place = reserved.place.clone();
        self.reserved.push(reserved);
        place
    }

    fn finish(
        mut self,
        base: &[u8],
        seal: Option<Place>,
        vault: Place,
        locale: Locale,
        sheet: Option<&Sheet>,
    ) -> Prepared {
        let has_text = self.planned.iter().any(|f| is_text(f.kind));
        let font = has_text.then(|| self.fonts.regular(&mut self.update.numbers));
        let unwritten = self.reserved.iter().filter(|r| !r.written);
        let objects: Vec<Object> = unwritten.map(|r| r.empty(self.blank)).collect();
        self.update.write(objects);
        form::join(&mut self.update, &self.reserved, font);
        pages::annotate(&mut self.update, &self.pages, &self.reserved);
        let fonts = self.fonts.finish(&mut self.update.numbers);
        self.update.write(fonts);
        let (segment, first_free) = self.update.finish(base);
        let plan = Plan {
            version: 1,
            first_free,
            fields: self.planned,
            seal,
            vault,
            locale,
            pages: self.pages.count(),
            sheet: sheet.map(|s| s.first_page),
        };
        Prepared { segment, plan }
    }
}

/// The signer's first required signature field, or simply the first, carries the signature.
fn is_signed_field(spec: &PrepareSpec, field: &FieldSpec) -> bool {
    let mut own = spec
        .fields
        .iter()
        .filter(|f| f.signer == field.signer && f.kind == FieldKind::Signature);
    let first = own.clone().find(|f| f.required).or_else(|| own.next());
    first.is_some_and(|f| f.id == field.id)
}

/// Whether the field has a default appearance, which names a font of the form.
fn is_text(kind: FieldKind) -> bool {
    !matches!(
        kind,
        FieldKind::Signature | FieldKind::Initials | FieldKind::Checkbox
    )
}

/// The page box of a page this crate makes.
fn sheet_box(size: (f64, f64)) -> PageBox {
    PageBox::new(crate::geometry::Rect::new(0.0, 0.0, size.0, size.1), 0, 1.0)
}
