//! How a signature looks.

use serde::{Deserialize, Serialize};

/// A signature or initials as the signer made them. The server draws them; the browser never
/// sends a picture of what it drew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Look {
    /// Strokes of a pen or finger.
    Drawn {
        /// The strokes, each a list of points.
        strokes: Vec<Vec<Point>>,
    },
    /// A name in a script face.
    Typed {
        /// The name.
        text: String,
        /// The face.
        font: Script,
    },
    /// A picture.
    Uploaded {
        /// The bytes of a PNG or JPEG file, at most 5 MB; base64 in JSON.
        #[serde(with = "crate::base64_text")]
        image: Vec<u8>,
    },
}

/// A point of a stroke, as fractions of the box that was drawn in, origin top left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Milliseconds since the first point.
    #[serde(default)]
    pub t: f64,
    /// Pressure 0–1; 0 where the device does not tell.
    #[serde(default)]
    pub p: f64,
}

/// The four faces for typed signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(
    clippy::enum_variant_names,
    reason = "one face is called Dancing Script"
)]
pub enum Script {
    /// Dancing Script: lively, bouncing.
    #[default]
    DancingScript,
    /// Sacramento: thin, flowing.
    Sacramento,
    /// Great Vibes: formal.
    GreatVibes,
    /// Caveat: handwriting, also Cyrillic.
    Caveat,
}

/// The small lines under a signature.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Caption {
    /// Who signed.
    pub name: String,
    /// When, already formatted for a person, with its time zone.
    pub time: String,
    /// A short reference, such as the envelope's id.
    pub reference: String,
}
