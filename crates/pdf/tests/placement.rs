//! A placed field is where the page image shows it, to the point, in two renderers.

mod support;

use std::{collections::BTreeMap, process::Command};

use deedbox_pdf::{
    FieldKind, Fill, Limits, Look, Value, fill, geometry::Fraction, prepare, render,
};
use support::{Sheet, extend, field, modern, next_free, plain, spec};

/// A page image as grey values.
struct Image {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Image {
    fn read(png: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().unwrap();
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut data).unwrap();
        let channels = frame.color_type.samples();
        let grey = data.chunks_exact(channels).map(|p| p[0]).collect();
        Self {
            width: frame.width as usize,
            height: frame.height as usize,
            grey,
        }
    }

    /// The box of everything dark, as fractions of the image.
    fn ink(&self) -> [f64; 4] {
        let dark = |i: &usize| self.grey[*i] < 128;
        let at: Vec<usize> = (0..self.grey.len()).filter(dark).collect();
        assert!(!at.is_empty(), "nothing is drawn");
        let xs = || at.iter().map(|i| i % self.width);
        let ys = || at.iter().map(|i| i / self.width);
        #[expect(clippy::cast_precision_loss, reason = "images are small")]
        let fraction = |pixel: usize, of: usize| pixel as f64 / of as f64;
        [
            fraction(xs().min().unwrap(), self.width),
            fraction(ys().min().unwrap(), self.height),
            fraction(xs().max().unwrap() + 1, self.width),
            fraction(ys().max().unwrap() + 1, self.height),
        ]
    }
}

/// A black picture of the given size.
fn black(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer
        .write_image_data(&vec![0; (width * height) as usize])
        .unwrap();
    writer.finish().unwrap();
    out
}

/// The file with a black picture filling the field.
fn filled(base: &[u8], area: Fraction) -> (Vec<u8>, f64, f64) {
    let mut spec = spec();
    spec.fields = vec![field("box", FieldKind::Initials, "ana", 1, area)];
    let prepared = prepare(base, &spec).unwrap();
    let place = &prepared.plan.field("box").unwrap().place;
    let (w, h) = (place.width, place.height);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small sizes"
    )]
    let image = black(
        ((w - 2.0) * 4.0).round() as u32,
        ((h - 2.0) * 4.0).round() as u32,
    );
    let mut file = [base, &prepared.segment].concat();
    let free = next_free(&file);
    let values = BTreeMap::from([("box".to_owned(), Value::Look(Look::Uploaded { image }))]);
    let objects = fill(
        &prepared.plan,
        &Fill {
            signer: "ana".into(),
            values,
            signature: None,
        },
        free,
    )
    .unwrap();
    extend(&mut file, &objects);
    (file, w / area.w, h / area.h)
}

fn poppler(file: &[u8]) -> Option<Image> {
    let folder = tempfile::tempdir().unwrap();
    let (input, root) = (folder.path().join("in.pdf"), folder.path().join("page"));
    std::fs::write(&input, file).unwrap();
    let done = Command::new("pdftoppm")
        .args(["-r", "144", "-cropbox", "-f", "1", "-singlefile", "-png"])
        .args([&input, &root])
        .status()
        .ok()?;
    assert!(done.success());
    Some(Image::read(
        &std::fs::read(root.with_extension("png")).unwrap(),
    ))
}

fn close(ink: [f64; 4], area: Fraction, (w, h): (f64, f64), name: &str) {
    // The picture leaves one point of the field free on every side.
    let inset = [
        area.x * w + 1.0,
        area.y * h + 1.0,
        (area.x + area.w) * w - 1.0,
        (area.y + area.h) * h - 1.0,
    ];
    let seen = [ink[0] * w, ink[1] * h, ink[2] * w, ink[3] * h];
    // One point, or what one pixel of the image is where pages are very large.
    let tolerance = 1.0f64.max(1.5 * w / 1400.0);
    for (a, b) in inset.iter().zip(seen) {
        assert!(
            (a - b).abs() <= tolerance,
            "{name}: wanted {inset:?}, see {seen:?}"
        );
    }
}

#[test]
fn a_field_is_drawn_where_it_was_placed() {
    let areas = [
        Fraction::new(0.1, 0.2, 0.3, 0.05),
        Fraction::new(0.62, 0.8, 0.25, 0.12),
    ];
    let mut sheets: Vec<Sheet> = [0, 90, 180, 270].map(Sheet::turned).to_vec();
    sheets.push(Sheet::LETTER);
    sheets.push(Sheet {
        user_unit: Some(2.0),
        ..Sheet::turned(90)
    });
    sheets.push(Sheet {
        crop: Some([-500.0, 400.0, 300.0, 5000.0]),
        ..Sheet::turned(270)
    });
    for (index, sheet) in sheets.iter().enumerate() {
        for (area, build) in areas.iter().zip([plain, modern]) {
            let (file, w, h) = filled(&build(&[*sheet], ""), *area);
            let name = format!("sheet {index} {area:?}");
            let png = render(&file, 1, 1400, &Limits::default()).unwrap();
            close(Image::read(&png).ink(), *area, (w, h), &name);
            // Poppler shows the part of a crop box that lies outside the sheet, against
            // ISO 32000-2 14.11.2.
            let inside = sheet
                .crop
                .is_none_or(|crop| crop[1] >= sheet.media[1] && crop[3] <= sheet.media[3]);
            if inside && let Some(image) = poppler(&file) {
                close(image.ink(), *area, (w, h), &format!("{name} poppler"));
            }
        }
    }
}

#[test]
fn a_page_image_has_the_width_asked_for() {
    let base = plain(&[Sheet::LETTER], "");
    for width in [1, 320, 800, 1200, 1600, 2400] {
        let image = Image::read(&render(&base, 1, width, &Limits::default()).unwrap());
        assert_eq!(image.width, width as usize);
    }
}

#[test]
fn a_page_image_stays_within_the_pixel_limit() {
    let huge = Sheet {
        media: [0.0, 0.0, 14400.0, 14400.0],
        ..Sheet::LETTER
    };
    let limits = Limits {
        pixels_max: 1_000_000,
        ..Limits::default()
    };
    let image = Image::read(&render(&plain(&[huge], ""), 1, 2400, &limits).unwrap());
    assert!(image.width * image.height <= 1_001_000);
    let narrow = Sheet {
        media: [0.0, 0.0, 3.0, 14400.0],
        ..Sheet::LETTER
    };
    let image = Image::read(&render(&plain(&[narrow], ""), 1, 2400, &limits).unwrap());
    assert!(image.height <= 16_000 && image.width >= 1);
}
