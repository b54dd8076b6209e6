//! One full save, for files on which an incremental update would not stand.

use lopdf::Document;

use crate::{inspect::normalise_reason, limits::Limits, reader, refusal::Refusal};

/// Writes the file anew: cross-reference data rebuilt, encryption removed, hybrid sections gone.
///
/// Call it only when [`crate::Inspection::normalise`] says so, and keep the upload as it came
/// beside the result. Signatures inside the file do not survive this.
///
/// # Errors
/// A [`Refusal`] when the file cannot be opened, or when the result does not show the same pages.
pub fn normalise(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let limits = Limits::default();
    let mut document = reader::open(bytes, &limits)?;
    let pages = document.page_iter().count();
    save(&mut document, pages, &limits)
}

/// Saves a document whole and makes sure that both readers still see `pages` pages.
pub(crate) fn save(
    document: &mut Document,
    pages: usize,
    limits: &Limits,
) -> Result<Vec<u8>, Refusal> {
    document.encryption_state = None;
    for key in ["Encrypt", "Prev", "XRefStm"] {
        document.trailer.remove(key.as_bytes());
    }
    if document.version.as_str() < "1.4" {
        // Soft masks and annotation appearances need 1.4.
        "1.4".clone_into(&mut document.version);
    }
    let mut saved = Vec::new();
    document.save_to(&mut saved).map_err(Refusal::unreadable)?;
    let again = reader::open(
        &saved,
        &Limits {
            bytes_max: usize::MAX,
            ..*limits
        },
    )?;
    let view = reader::open_view(&saved)?;
    if again.page_iter().count() != pages || view.pages().len() != pages {
        return Err(Refusal::PageTreesDisagree);
    }
    if normalise_reason(&again, &saved).is_some() {
        return Err(Refusal::unreadable(
            "its structure is damaged beyond repair",
        ));
    }
    Ok(saved)
}
