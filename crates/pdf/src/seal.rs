//! How the final seal and the vault seal look.

use serde::{Deserialize, Serialize};

use crate::{
    fill::{DrawError, FillError, drawn},
    font::Face,
    object::{Numbers, Object},
    pen::{Fonts, Pen, ink},
    plan::{Place, Plan},
    spec::Locale,
};

/// What the final seal shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Who seals: the operator of the instance.
    pub sealed_by: String,
    /// When, formatted for a person.
    pub time: String,
    /// The envelope's id.
    pub envelope_id: String,
    /// Where the document can be verified.
    pub verify_url: String,
}

/// What the control legend shows (partner contract §6.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Legend {
    /// Id of the asset.
    pub asset_id: String,
    /// Name of the vault.
    pub vault: String,
    /// Assignee at vault-in.
    pub assignee: String,
    /// When it was vaulted, formatted for a person.
    pub time: String,
    /// Where the current assignee is read.
    pub verify_url: String,
}

/// The objects of the final seal's revision; `signature` is the number of the signature
/// dictionary, `first_free` the first number that is free beside it. A plan without a final seal
/// (paper uploads) gives no objects.
///
/// # Errors
/// [`FillError::CannotDraw`] when a name has a character no font has.
pub fn seal(
    plan: &Plan,
    seal: &Seal,
    signature: u32,
    first_free: u32,
) -> Result<Vec<Object>, FillError> {
    let Some(place) = &plan.seal else {
        return Ok(Vec::new());
    };
    applied(place, "final-seal", signature, first_free, |pen, w, h| {
        draw_seal(pen, seal, plan.locale, w, h)
    })
}

/// The objects of the vault seal's revision with the control legend as its appearance.
///
/// # Errors
/// [`FillError::CannotDraw`] when a name has a character no font has.
pub fn legend(
    plan: &Plan,
    legend: &Legend,
    signature: u32,
    first_free: u32,
) -> Result<Vec<Object>, FillError> {
    applied(
        &plan.vault,
        "vault-seal",
        signature,
        first_free,
        |pen, w, h| draw_legend(pen, legend, plan.locale, w, h),
    )
}

fn applied(
    place: &Place,
    name: &str,
    signature: u32,
    first_free: u32,
    draw: impl FnOnce(&mut Pen<'_>, f64, f64) -> Result<(), DrawError>,
) -> Result<Vec<Object>, FillError> {
    let mut numbers = Numbers::starting_at(first_free);
    let mut fonts = Fonts::default();
    let value = format!("/V {signature} 0 R");
    let made = drawn(place, &value, &mut fonts, &mut numbers, |pen, w, h, _| {
        draw(pen, w, h)
    });
    let mut objects = made.map_err(|error| error.of(name))?;
    objects.extend(fonts.finish(&mut numbers));
    Ok(objects)
}

fn draw_seal(
    pen: &mut Pen<'_>,
    seal: &Seal,
    locale: Locale,
    w: f64,
    h: f64,
) -> Result<(), DrawError> {
    pen.fill_colour(ink::WASH);
    pen.stroke(ink::HAIR, 0.6);
    pen.rounded(0.3, 0.3, w - 0.6, h - 0.6, 7.0, "B");
    let middle = h / 2.0;
    pen.fill_colour(ink::BRAND);
    pen.circle(27.0, middle, 13.0, "f");
    pen.raw("1 J 1 j\n");
    pen.stroke(ink::WHITE, 2.1);
    pen.polyline(&[(21.2, middle), (25.4, middle - 4.4), (33.0, middle + 4.6)]);
    let left = 52.0;
    let room = w - left - 12.0;
    let sealed = format!(
        "{} {}",
        locale.pick("Sealed by", "Sellado por"),
        seal.sealed_by
    );
    pen.line_within(
        Face::Strong,
        10.0,
        (left, middle + 7.0),
        room,
        &sealed,
        ink::TEXT,
    )?;
    let when = format!("{}  ·  {}", seal.time, seal.envelope_id);
    pen.line_within(
        Face::Regular,
        8.2,
        (left, middle - 5.0),
        room,
        &when,
        ink::MUTED,
    )?;
    let verify = format!(
        "{} {}",
        locale.pick("Verify at", "Verifique en"),
        seal.verify_url
    );
    pen.line_within(
        Face::Regular,
        8.2,
        (left, middle - 16.5),
        room,
        &verify,
        ink::MUTED,
    )?;
    Ok(())
}

fn draw_legend(
    pen: &mut Pen<'_>,
    legend: &Legend,
    locale: Locale,
    w: f64,
    h: f64,
) -> Result<(), DrawError> {
    pen.fill_colour(ink::SEAL_WASH);
    pen.stroke(ink::SEAL, 0.9);
    pen.rounded(0.5, 0.5, w - 1.0, h - 1.0, 7.0, "B");
    emblem(pen, 30.0, h - 29.0);
    let left = 56.0;
    pen.line_within(
        Face::Strong,
        14.0,
        (left, h - 25.0),
        w - left - 12.0,
        "AUTHORITATIVE COPY",
        ink::SEAL,
    )?;
    let control = locale.pick(
        "of the record named here, held under control in the vault named here",
        "del registro aquí nombrado, bajo control en la bóveda aquí nombrada",
    );
    pen.line_within(
        Face::Regular,
        7.6,
        (left, h - 36.5),
        w - left - 12.0,
        control,
        ink::MUTED,
    )?;
    let facts = [
        (locale.pick("Asset", "Activo"), legend.asset_id.as_str()),
        (locale.pick("Vault", "Bóveda"), legend.vault.as_str()),
        (
            locale.pick("Assignee at vault-in", "Cesionario al ingreso"),
            legend.assignee.as_str(),
        ),
        (locale.pick("Vaulted", "Ingresado"), legend.time.as_str()),
    ];
    let column = (w - left - 14.0) / 2.0;
    for (index, (label, value)) in (0u8..).zip(facts) {
        let x = left + f64::from(index % 2) * column;
        let y = h - 51.0 - f64::from(index / 2) * 12.5;
        pen.line_within(Face::Regular, 7.6, (x, y), 80.0, label, ink::MUTED)?;
        let after = Face::Regular.width(label, 7.6) + 5.0;
        pen.line_within(
            Face::Strong,
            8.0,
            (x + after, y),
            column - after - 8.0,
            value,
            ink::TEXT,
        )?;
    }
    let current = locale.pick(
        "The current assignee is read at",
        "El cesionario actual se consulta en",
    );
    let current = format!("{current} {}", legend.verify_url);
    pen.line_within(
        Face::Regular,
        7.6,
        (left, 11.0),
        w - left - 12.0,
        &current,
        ink::SEAL,
    )?;
    Ok(())
}

/// A deed box: lid, body and lock.
fn emblem(pen: &mut Pen<'_>, cx: f64, cy: f64) {
    pen.fill_colour(ink::SEAL);
    pen.rounded(cx - 14.0, cy - 12.0, 28.0, 16.0, 2.6, "f");
    pen.rounded(cx - 15.5, cy + 5.6, 31.0, 8.0, 2.6, "f");
    pen.fill_colour(ink::SEAL_WASH);
    pen.circle(cx, cy - 2.4, 2.7, "f");
    pen.rect(cx - 1.1, cy - 8.4, 2.2, 5.4, "f");
}
