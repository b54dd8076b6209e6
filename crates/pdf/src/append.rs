//! An update that nobody signs.

use crate::{increment::Increment, limits::Limits, object::Object, reader, refusal::Refusal};

/// The segment that adds raw objects to a document as one unsigned incremental update: previews
/// of what a signer is about to sign, and tests. Signed revisions are written by the signing
/// crate.
///
/// # Errors
/// A [`Refusal`] when the base cannot be read.
pub fn append(base: &[u8], objects: &[Object]) -> Result<Vec<u8>, Refusal> {
    let document = reader::open(
        base,
        &Limits {
            bytes_max: usize::MAX,
            ..Limits::default()
        },
    )?;
    let mut update = Increment::new(&document);
    let highest = objects.iter().map(|o| o.number).max().unwrap_or(0);
    while update.numbers.next() <= highest {
        update.numbers.take();
    }
    update.write(objects.iter().cloned());
    Ok(update.finish(base).0)
}
