//! Page images.

use crate::{limits::Limits, refusal::Refusal};

/// Draws one page (from 1) as a PNG of `width_px` pixels, less where that would exceed
/// [`Limits::pixels_max`].
///
/// # Errors
/// A [`Refusal`] when the file cannot be read or has no such page.
pub fn render(bytes: &[u8], page: u32, width_px: u32, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let _ = (bytes, page, width_px, limits);
    todo!()
}
