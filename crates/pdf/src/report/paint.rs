//! Laid-out pages to PDF/A-3b.

use krilla::{
    Data, Document, SerializeSettings,
    color::rgb,
    configure::{Archival, ConfigurationBuilder},
    embed::{AssociationKind, EmbeddedFile, MimeType},
    geom::{Path, PathBuilder, Point, Rect},
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule, LineCap, LineJoin, Stroke},
    surface::Surface,
    text::{Font, TextDirection},
};

use super::{
    Attachment, Report, ReportError,
    layout::{Mark, PAPER, Page},
};
use crate::{font::Face, pen::Colour, spec::Locale};

pub(super) fn paint(report: &Report, pages: &[Page]) -> Result<Vec<u8>, ReportError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_B)
        .finish()
        .map_err(|error| ReportError::Writer(format!("{error:?}")))?;
    let settings = SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    };
    let mut document = Document::new_with(settings);
    let fonts = Fonts::load()?;
    for page in pages {
        let settings = PageSettings::from_wh(single(PAPER.0), single(PAPER.1))
            .ok_or_else(|| ReportError::Writer("the paper has no size".to_owned()))?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for mark in page {
            draw(&mut surface, &fonts, mark);
        }
        surface.finish();
        sheet.finish();
    }
    let made = date(report.created);
    for attachment in &report.attachments {
        attach(&mut document, attachment, made)?;
    }
    document.set_metadata(metadata(report, made));
    document
        .finish()
        .map_err(|error| ReportError::Writer(error.to_string()))
}

struct Fonts {
    regular: Font,
    strong: Font,
}

impl Fonts {
    fn load() -> Result<Self, ReportError> {
        let font = |face: Face| {
            let data: Data = face.data().into();
            Font::new(data, 0)
                .ok_or_else(|| ReportError::Writer("a font cannot be read".to_owned()))
        };
        Ok(Self {
            regular: font(Face::Regular)?,
            strong: font(Face::Strong)?,
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "lengths on paper")]
fn single(value: f64) -> f32 {
    value as f32
}

fn fill(colour: Colour) -> Fill {
    Fill {
        paint: paint_of(colour),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

fn paint_of(colour: Colour) -> krilla::paint::Paint {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 255"
    )]
    let [r, g, b] = colour.map(|c| (c.clamp(0.0, 1.0) * 255.0).round() as u8);
    rgb::Color::new(r, g, b).into()
}

fn pen(colour: Colour, width: f64) -> Stroke {
    Stroke {
        paint: paint_of(colour),
        width: single(width),
        line_cap: LineCap::Round,
        line_join: LineJoin::Round,
        ..Stroke::default()
    }
}

fn draw(surface: &mut Surface<'_>, fonts: &Fonts, mark: &Mark) {
    surface.set_fill(None);
    surface.set_stroke(None);
    match mark {
        Mark::Text {
            face,
            size,
            x,
            y,
            colour,
            text,
        } => {
            let font = if *face == Face::Strong {
                &fonts.strong
            } else {
                &fonts.regular
            };
            surface.set_fill(Some(fill(*colour)));
            let at = Point::from_xy(single(*x), single(*y));
            surface.draw_text(
                at,
                font.clone(),
                single(*size),
                text,
                false,
                TextDirection::Auto,
            );
        }
        Mark::Box {
            x,
            y,
            w,
            h,
            radius,
            colour,
        } => {
            surface.set_fill(Some(fill(*colour)));
            if let Some(path) = rounded(*x, *y, *w, *h, *radius) {
                surface.draw_path(&path);
            }
        }
        Mark::Line { x0, x1, y, colour } => lines(surface, &[(*x0, *y), (*x1, *y)], 0.6, *colour),
        Mark::Stroke {
            points,
            width,
            colour,
        } => lines(surface, points, *width, *colour),
    }
}

fn lines(surface: &mut Surface<'_>, points: &[(f64, f64)], width: f64, colour: Colour) {
    let mut path = PathBuilder::new();
    for (index, (x, y)) in points.iter().enumerate() {
        if index == 0 {
            path.move_to(single(*x), single(*y));
        } else {
            path.line_to(single(*x), single(*y));
        }
    }
    surface.set_stroke(Some(pen(colour, width)));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn rounded(x: f64, y: f64, width: f64, height: f64, radius: f64) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (left, top) = (single(x), single(y));
    let (right, bottom) = (single(x + width), single(y + height));
    if radius <= 0.0 {
        path.push_rect(Rect::from_ltrb(left, top, right, bottom)?);
        return path.finish();
    }
    let k = single(radius);
    let c = single(radius * (1.0 - crate::pen::ARC));
    path.move_to(left + k, top);
    path.line_to(right - k, top);
    path.cubic_to(right - c, top, right, top + c, right, top + k);
    path.line_to(right, bottom - k);
    path.cubic_to(right, bottom - c, right - c, bottom, right - k, bottom);
    path.line_to(left + k, bottom);
    path.cubic_to(left + c, bottom, left, bottom - c, left, bottom - k);
    path.line_to(left, top + k);
    path.cubic_to(left, top + c, left + c, top, left + k, top);
    path.close();
    path.finish()
}

fn attach(
    document: &mut Document,
    attachment: &Attachment,
    made: DateTime,
) -> Result<(), ReportError> {
    let refused = || ReportError::Attachment(attachment.name.clone());
    let file = EmbeddedFile {
        path: attachment.name.clone(),
        mime_type: Some(MimeType::new(&attachment.mime).ok_or_else(refused)?),
        description: Some(attachment.description.clone()),
        association_kind: AssociationKind::Data,
        data: attachment.bytes.clone().into(),
        modification_date: Some(made),
        compress: Some(true),
        location: None,
    };
    document.embed_file(file).ok_or_else(refused)
}

fn metadata(report: &Report, made: DateTime) -> Metadata {
    let language = match report.locale {
        Locale::En => "en",
        Locale::Es => "es",
    };
    Metadata::new()
        .title(report.title.clone())
        .description(report.summary.clone())
        .language(language.to_owned())
        .creator("deedbox".to_owned())
        .producer("deedbox".to_owned())
        .creation_date(made)
        .text_direction(krilla::metadata::TextDirection::LeftToRight)
}

/// A date of the proleptic Gregorian calendar from seconds since 1970 (after H. Hinnant).
fn date(seconds: i64) -> DateTime {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let small = |v: i64| u8::try_from(v).unwrap_or(0);
    DateTime::new(u16::try_from(year).unwrap_or(1970))
        .month(small(month))
        .day(small(day))
        .hour(small(rest / 3600))
        .minute(small(rest / 60 % 60))
        .second(small(rest % 60))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
