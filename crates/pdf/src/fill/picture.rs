//! Uploaded pictures of signatures: decoded, trimmed, scaled down and written anew, so that
//! nothing of the upload but its pixels reaches the document.

use std::io::Cursor;

use zune_jpeg::{
    JpegDecoder,
    zune_core::{colorspace::ColorSpace, options::DecoderOptions},
};

use crate::{
    object::{Numbers, Object},
    syntax,
};

/// Largest upload in bytes (signing API: 5 MB).
const BYTES_MAX: usize = 5 * 1024 * 1024;
/// Largest picture that is decoded, in pixels.
const PIXELS_MAX: u64 = 24_000_000;
/// Longest side that is kept.
const SIDE_MAX: u32 = 900;
/// Channels brighter than this count as paper when the margins are cut.
const PAPER: u8 = 244;

/// Pixels with opacity.
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    rgba: Vec<[u8; 4]>,
}

/// Reads a PNG or JPEG.
pub(super) fn decode(bytes: &[u8]) -> Result<Picture, String> {
    if bytes.len() > BYTES_MAX {
        return Err("it is larger than 5 MB".to_owned());
    }
    let picture = if bytes.starts_with(b"\x89PNG") {
        decode_png(bytes)?
    } else if bytes.starts_with(b"\xff\xd8") {
        decode_jpeg(bytes)?
    } else {
        return Err("it is neither a PNG nor a JPEG".to_owned());
    };
    Ok(picture.trimmed().shrunk())
}

fn check_size(width: u32, height: u32) -> Result<(), String> {
    if width == 0 || height == 0 || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(format!("{width} × {height} pixels are not accepted"));
    }
    Ok(())
}

fn decode_png(bytes: &[u8]) -> Result<Picture, String> {
    let mut decoder =
        png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: 160 << 20 });
    decoder.set_transformations(
        png::Transformations::normalize_to_color8() | png::Transformations::ALPHA,
    );
    let mut reader = decoder.read_info().map_err(|e| e.to_string())?;
    let (width, height) = (reader.info().width, reader.info().height);
    check_size(width, height)?;
    let size = reader.output_buffer_size().ok_or("it is too large")?;
    let mut data = vec![0; size];
    let frame = reader.next_frame(&mut data).map_err(|e| e.to_string())?;
    data.truncate(frame.buffer_size());
    let rgba = match frame.color_type {
        png::ColorType::GrayscaleAlpha => data
            .chunks_exact(2)
            .map(|p| [p[0], p[0], p[0], p[1]])
            .collect(),
        png::ColorType::Rgba => data
            .chunks_exact(4)
            .map(|p| [p[0], p[1], p[2], p[3]])
            .collect(),
        png::ColorType::Grayscale => data.iter().map(|p| [*p, *p, *p, 255]).collect(),
        _ => data
            .chunks_exact(3)
            .map(|p| [p[0], p[1], p[2], 255])
            .collect(),
    };
    Ok(Picture {
        width,
        height,
        rgba,
    })
}

fn decode_jpeg(bytes: &[u8]) -> Result<Picture, String> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(
        zune_jpeg::zune_core::bytestream::ZCursor::new(bytes),
        options,
    );
    decoder.decode_headers().map_err(|e| e.to_string())?;
    let (width, height) = decoder.dimensions().ok_or("it has no size")?;
    let (width, height) = (
        u32::try_from(width).unwrap_or(0),
        u32::try_from(height).unwrap_or(0),
    );
    check_size(width, height)?;
    let data = decoder.decode().map_err(|e| e.to_string())?;
    let rgba = data
        .chunks_exact(3)
        .map(|p| [p[0], p[1], p[2], 255])
        .collect();
    Ok(Picture {
        width,
        height,
        rgba,
    })
}

fn is_paper(p: [u8; 4]) -> bool {
    p[3] < 12 || p[..3].iter().all(|c| *c >= PAPER)
}

impl Picture {
    fn at(&self, x: u32, y: u32) -> [u8; 4] {
        self.rgba[y as usize * self.width as usize + x as usize]
    }

    /// Without blank margins.
    fn trimmed(self) -> Self {
        let (mut x0, mut x1, mut y0, mut y1) = (self.width, 0, self.height, 0);
        for y in 0..self.height {
            for x in (0..self.width).filter(|x| !is_paper(self.at(*x, y))) {
                x0 = x0.min(x);
                x1 = x1.max(x);
                y0 = y0.min(y);
                y1 = y1.max(y);
            }
        }
        if x0 > x1 || y0 > y1 {
            return self;
        }
        let rgba = (y0..=y1).flat_map(|y| (x0..=x1).map(move |x| (x, y)));
        let rgba = rgba.map(|(x, y)| self.at(x, y)).collect();
        Self {
            width: x1 - x0 + 1,
            height: y1 - y0 + 1,
            rgba,
        }
    }

    /// Not larger than is useful on paper; each new pixel is the mean of those it covers.
    fn shrunk(self) -> Self {
        let longest = self.width.max(self.height);
        if longest <= SIDE_MAX {
            return self;
        }
        let scaled = |side: u32| {
            let side = u64::from(side) * u64::from(SIDE_MAX) / u64::from(longest);
            u32::try_from(side.max(1)).unwrap_or(1)
        };
        let (width, height) = (scaled(self.width), scaled(self.height));
        let rgba = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .map(|(x, y)| self.mean(span(x, width, self.width), span(y, height, self.height)))
            .collect();
        Self {
            width,
            height,
            rgba,
        }
    }

    fn mean(&self, xs: std::ops::Range<u32>, ys: std::ops::Range<u32>) -> [u8; 4] {
        let mut sums = [0u64; 4];
        let mut count = 0;
        for y in ys {
            for x in xs.clone() {
                let p = self.at(x, y);
                let alpha = u64::from(p[3]);
                for (sum, channel) in sums.iter_mut().zip(&p[..3]) {
                    *sum += u64::from(*channel) * alpha;
                }
                sums[3] += alpha;
                count += 1;
            }
        }
        let alpha = sums[3].max(1);
        let channel = |i: usize| u8::try_from(sums[i] / alpha).unwrap_or(255);
        [
            channel(0),
            channel(1),
            channel(2),
            u8::try_from(sums[3] / count.max(1)).unwrap_or(255),
        ]
    }

    /// An image object, with a soft mask where the picture is transparent.
    pub(super) fn into_objects(self, numbers: &mut Numbers) -> (u32, Vec<Object>) {
        let number = numbers.take();
        let head = format!(
            "/Type/XObject/Subtype/Image/Width {}/Height {}/BitsPerComponent 8",
            self.width, self.height
        );
        let mut objects = Vec::new();
        let mut mask = String::new();
        if self.rgba.iter().any(|p| p[3] < 255) {
            let alpha: Vec<u8> = self.rgba.iter().map(|p| p[3]).collect();
            let soft = numbers.take();
            objects.push(Object::new(
                soft,
                syntax::stream(&format!("{head}/ColorSpace/DeviceGray"), &alpha),
            ));
            mask = format!("/SMask {soft} 0 R");
        }
        let rgb: Vec<u8> = self.rgba.iter().flat_map(|p| [p[0], p[1], p[2]]).collect();
        objects.push(Object::new(
            number,
            syntax::stream(&format!("{head}/ColorSpace/DeviceRGB{mask}"), &rgb),
        ));
        (number, objects)
    }
}

/// The old pixels that a new one covers.
fn span(at: u32, count: u32, of: u32) -> std::ops::Range<u32> {
    let edge =
        |i: u32| u32::try_from(u64::from(i) * u64::from(of) / u64::from(count)).unwrap_or(of);
    edge(at)..edge(at + 1).max(edge(at) + 1).min(of)
}
