//! The one colour of a message, and what can be read on it.

use serde::Serialize;

/// The product's own colours for buttons, on light and on dark (ux: `brand`).
const OWN_LIGHT: &str = "#3451ca";
const OWN_DARK: &str = "#889ef6";
const INK: &str = "#161b24";
const PAPER: &str = "#ffffff";
/// Text and card of the dark theme.
const CHALK: &str = "#eef0f4";
const SLATE: &str = "#14171e";

/// WCAG 2.2 §1.4.3: the least contrast of text.
const CONTRAST_MIN: f64 = 4.5;

/// A colour with its companions, all as `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Accent {
    color: String,
    on: &'static str,
    link: String,
    dark: String,
    link_dark: String,
    on_dark: &'static str,
}

impl Accent {
    /// The accent an organization chose; its own when it chose none or something that is none.
    pub fn new(chosen: Option<&str>) -> Self {
        match chosen.filter(|color| rgb(color).is_some()) {
            Some(color) => Self {
                color: color.to_owned(),
                on: ink_on(color),
                link: readable(color, PAPER, INK),
                dark: color.to_owned(),
                link_dark: readable(color, SLATE, CHALK),
                on_dark: ink_on(color),
            },
            None => Self {
                color: OWN_LIGHT.into(),
                on: PAPER,
                link: OWN_LIGHT.into(),
                dark: OWN_DARK.into(),
                link_dark: OWN_DARK.into(),
                on_dark: INK,
            },
        }
    }
}

/// `color` where it can be read on `ground`, else `fallback`.
fn readable(color: &str, ground: &str, fallback: &str) -> String {
    let is_readable = contrast(color, ground) >= CONTRAST_MIN;
    if is_readable { color } else { fallback }.to_owned()
}

fn ink_on(color: &str) -> &'static str {
    if contrast(color, PAPER) >= CONTRAST_MIN {
        PAPER
    } else {
        INK
    }
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance as WCAG defines it.
fn luminance(color: &str) -> f64 {
    let [r, g, b] = rgb(color).unwrap_or_default().map(|channel| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn rgb(color: &str) -> Option<[u8; 3]> {
    let mut channels = [0; 3];
    hex::decode_to_slice(color.strip_prefix('#')?, &mut channels).ok()?;
    Some(channels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_colour_keeps_its_text_readable() {
        let green = Accent::new(Some("#004d40"));
        assert_eq!((green.on, green.link_dark.as_str()), (PAPER, CHALK));
        let yellow = Accent::new(Some("#ffd600"));
        assert_eq!(yellow.on, INK);
        assert_eq!(
            (yellow.link.as_str(), yellow.link_dark.as_str()),
            (INK, "#ffd600")
        );
    }

    #[test]
    fn what_is_no_colour_is_replaced_by_our_own() {
        for nonsense in ["red", "#12", "#gggggg", "#112233;background:url(x)"] {
            assert_eq!(Accent::new(Some(nonsense)), Accent::new(None), "{nonsense}");
        }
    }
}
