use std::process::Command;

use super::Contract;
use crate::validators;

/// A structure that a PDF can have. The contract is the same in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Classic cross-reference table.
    PlainXref,
    /// Cross-reference stream and object streams.
    ObjectStreams,
    /// Linearized for the web, classic table.
    Linearized,
    /// Linearized, with cross-reference and object streams.
    LinearizedObjectStreams,
    /// Pages turned by 90 degrees and cropped, both inherited.
    RotatedCropped90,
    /// Pages turned by 180 degrees.
    Rotated180,
    /// Pages turned by 270 degrees and cropped.
    RotatedCropped270,
    /// An interactive form with a filled field.
    ExistingForm,
    /// RC4 with 128 bits and an empty user password.
    Rc4,
    /// AES with 128 bits and an empty user password.
    Aes128,
    /// AES with 256 bits (PDF 2.0) and an empty user password.
    Aes256,
}

impl Shape {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::PlainXref,
        Self::ObjectStreams,
        Self::Linearized,
        Self::LinearizedObjectStreams,
        Self::RotatedCropped90,
        Self::Rotated180,
        Self::RotatedCropped270,
        Self::ExistingForm,
        Self::Rc4,
        Self::Aes128,
        Self::Aes256,
    ];

    /// A three-page contract in this structure. Encryption takes chance, so encrypted ones differ
    /// from call to call.
    ///
    /// # Panics
    /// When qpdf is not installed.
    #[must_use]
    pub fn bytes(self) -> Vec<u8> {
        let contract = Contract::new(3);
        match self {
            Self::PlainXref => contract.bytes(),
            Self::RotatedCropped90 => contract.rotated(90).cropped(18.0).bytes(),
            Self::Rotated180 => contract.rotated(180).bytes(),
            Self::RotatedCropped270 => contract.rotated(270).cropped(18.0).bytes(),
            Self::ExistingForm => contract.with_form().bytes(),
            other => rewrite(&contract.bytes(), other.qpdf_words()),
        }
    }

    const fn qpdf_words(self) -> &'static [&'static str] {
        match self {
            Self::ObjectStreams => &["--object-streams=generate"],
            Self::Linearized => &["--linearize"],
            Self::LinearizedObjectStreams => &["--linearize", "--object-streams=generate"],
            Self::Rc4 => &[
                "--allow-weak-crypto",
                "--encrypt",
                "",
                "owner",
                "128",
                "--use-aes=n",
                "--",
            ],
            Self::Aes128 => &[
                "--allow-weak-crypto",
                "--encrypt",
                "",
                "owner",
                "128",
                "--use-aes=y",
                "--",
            ],
            Self::Aes256 => &["--encrypt", "", "owner", "256", "--"],
            _ => &[],
        }
    }
}

fn rewrite(pdf: &[u8], words: &[&str]) -> Vec<u8> {
    let source = validators::file_of(pdf);
    let target = validators::file_of(&[]);
    let status = Command::new("qpdf")
        .args(words)
        .args([source.path(), target.path()])
        .status()
        .expect("qpdf is installed (`scripts/setup test`)");
    assert!(status.success(), "qpdf {words:?} failed");
    std::fs::read(target.path()).expect("qpdf wrote the file")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validators::{file_of, qpdf_check, qpdf_pages};

    #[test]
    fn every_shape_is_a_sound_file_of_three_pages() {
        for shape in Shape::ALL {
            let file = file_of(&shape.bytes());
            let verdict = qpdf_check(file.path());
            assert!(verdict.clean, "{shape:?}: {}", verdict.messages);
            assert_eq!(qpdf_pages(file.path()), 3, "{shape:?}");
        }
    }

    #[test]
    fn a_picture_makes_the_file_as_large_as_asked() {
        let bytes = Contract::new(2).with_picture(5_000_000).bytes();
        assert!(
            (5_000_000..5_020_000).contains(&bytes.len()),
            "{}",
            bytes.len()
        );
    }

    #[test]
    fn the_same_contract_has_the_same_bytes() {
        assert_eq!(Contract::new(4).bytes(), Contract::new(4).bytes());
    }
}
