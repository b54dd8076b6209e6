//! Page images.

use hayro::{
    PixmapSettings, RenderCache, RenderSettings, hayro_interpret::InterpreterSettings,
    hayro_syntax::page::Page, vello_cpu::color::palette::css::WHITE,
};

use crate::{limits::Limits, reader, refusal::Refusal};

/// The renderer's pixmaps have 16-bit sides.
const SIDE_MAX: f64 = 16_000.0;

/// Draws one page (from 1) as a PNG of `width_px` pixels, less where that would exceed
/// [`Limits::pixels_max`].
///
/// Run it in the child process ([`crate::child`]) for bytes that come from outside: the renderer
/// has no limits of its own.
///
/// # Errors
/// A [`Refusal`] when the file cannot be read or has no such page.
pub fn render(bytes: &[u8], page: u32, width_px: u32, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let pdf = reader::open_view(bytes)?;
    let page = page_at(pdf.pages(), page)?;
    let scale = scale_for(page, width_px, limits);
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        },
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    encode(width, height, pixmap.data_as_u8_slice()).map_err(Refusal::unreadable)
}

/// The page with this number from 1.
pub(crate) fn page_at<'p, 'a>(pages: &'p [Page<'a>], number: u32) -> Result<&'p Page<'a>, Refusal> {
    usize::try_from(number)
        .ok()
        .and_then(|n| pages.get(n.checked_sub(1)?))
        .ok_or_else(|| Refusal::unreadable(format!("it has no page {number}")))
}

fn scale_for(page: &Page<'_>, width_px: u32, limits: &Limits) -> f32 {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width).max(1.0), f64::from(height).max(1.0));
    #[expect(
        clippy::cast_precision_loss,
        reason = "a pixel count is far below 2^52"
    )]
    let pixels = limits.pixels_max as f64;
    // A little more than asked, so that the whole number of pixels is reached after truncation.
    let wanted = (f64::from(width_px.max(1)) + 0.01) / width;
    let scale = wanted
        .min((pixels / (width * height)).sqrt())
        .min(SIDE_MAX / width.max(height));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the renderer takes single precision"
    )]
    let scale = scale.max(1.001 / width.min(height)) as f32;
    scale
}

/// The picture is opaque, so its alpha is dropped; pages without colour become grey images.
fn encode(width: u32, height: u32, rgba: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let pixels = || rgba.chunks_exact(4);
    let grey = pixels().all(|p| p[0] == p[1] && p[1] == p[2]);
    let data: Vec<u8> = if grey {
        pixels().map(|p| p[0]).collect()
    } else {
        pixels().flat_map(|p| [p[0], p[1], p[2]]).collect()
    };
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(if grey {
        png::ColorType::Grayscale
    } else {
        png::ColorType::Rgb
    });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(out)
}
