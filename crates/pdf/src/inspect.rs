//! What a file is, and whether it is taken.

use lopdf::{Document, Object};
use serde::{Deserialize, Serialize};

use crate::{limits::Limits, reader, refusal::Refusal};

/// A page as a person sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageInfo {
    /// Width of the visible page as shown, in points.
    pub width: f64,
    /// Height of the visible page as shown, in points.
    pub height: f64,
    /// Clockwise turn when shown, in degrees.
    pub rotate: u16,
    /// Size of a user space unit in points.
    pub user_unit: f64,
}

/// Why a file must be saved anew before anything is appended to it: an incremental update on
/// such a structure is read differently by different readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NormaliseReason {
    /// The cross-reference data was damaged and had to be rebuilt.
    RebuiltXref,
    /// The file is encrypted with an empty password.
    Encrypted,
    /// The file is a hybrid-reference file, which strict validators refuse for signatures.
    Hybrid,
}

/// What a certification signature still permits (`DocMDP`, ISO 32000-2 12.8.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certification {
    /// P=2: filling forms and signing.
    FormFilling,
    /// P=3: the same and annotations.
    Annotating,
}

/// What is known about an accepted file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// The pages in order.
    pub pages: Vec<PageInfo>,
    /// PDF signatures inside the file.
    pub signatures: usize,
    /// What its certification permits, if it is certified.
    pub certified: Option<Certification>,
    /// Why it must go through [`crate::normalise`] first, if it must.
    pub normalise: Option<NormaliseReason>,
    /// Whether it has an interactive form.
    pub has_acroform: bool,
    /// Whether that form is (also) a static XFA form.
    pub xfa: bool,
    /// PDF version as the header says it.
    pub version: String,
    /// Size in bytes.
    pub bytes: usize,
}

/// Looks at a file and takes or refuses it.
///
/// Run it in the child process ([`crate::child`]) for bytes that come from outside.
///
/// # Errors
/// A [`Refusal`] that names why the file is not taken.
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<Inspection, Refusal> {
    let document = reader::open(bytes, limits)?;
    let pages = pages(&document, limits)?;
    let seen = reader::open_view(bytes)?.pages().len();
    if seen != pages.len() {
        return Err(Refusal::PageTreesDisagree);
    }
    let certified = certified(&document)?;
    let catalog = document.catalog().map_err(Refusal::unreadable)?;
    let dynamic = catalog
        .get_deref(b"NeedsRendering", &document)
        .and_then(Object::as_bool);
    if dynamic.unwrap_or(false) {
        return Err(Refusal::DynamicForm);
    }
    let form = reader::acroform(&document);
    Ok(Inspection {
        pages,
        signatures: reader::signatures(&document).len(),
        certified,
        normalise: normalise_reason(&document, bytes),
        has_acroform: form.is_some(),
        xfa: form.is_some_and(|f| f.has(b"XFA")),
        version: document.version.clone(),
        bytes: bytes.len(),
    })
}

fn pages(document: &Document, limits: &Limits) -> Result<Vec<PageInfo>, Refusal> {
    let mut pages = Vec::new();
    for id in document.page_iter() {
        if pages.len() >= limits.pages_max {
            let pages = document.page_iter().take(100_000).count();
            return Err(Refusal::TooManyPages {
                pages,
                max: limits.pages_max,
            });
        }
        let number = u32::try_from(pages.len() + 1).unwrap_or(u32::MAX);
        let page = reader::page_box(document, id).ok_or(Refusal::NoVisibleArea { page: number })?;
        pages.push(PageInfo {
            width: page.width(),
            height: page.height(),
            rotate: page.rotate,
            user_unit: page.user_unit,
        });
    }
    if pages.is_empty() {
        Err(Refusal::NoPages)
    } else {
        Ok(pages)
    }
}

fn certified(document: &Document) -> Result<Option<Certification>, Refusal> {
    match reader::certification(document) {
        None => Ok(None),
        Some(1) => Err(Refusal::CertifiedAgainstChange),
        Some(3) => Ok(Some(Certification::Annotating)),
        Some(_) => Ok(Some(Certification::FormFilling)),
    }
}

pub(crate) fn normalise_reason(document: &Document, bytes: &[u8]) -> Option<NormaliseReason> {
    if document.was_encrypted() {
        Some(NormaliseReason::Encrypted)
    } else if document.xref_recovery.is_some() {
        Some(NormaliseReason::RebuiltXref)
    } else if reader::is_hybrid(bytes) {
        Some(NormaliseReason::Hybrid)
    } else {
        None
    }
}
