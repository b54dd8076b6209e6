//! What stands on the pages.

use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, ObjectId, Stream, dictionary};

use super::PAGE_POINTS;
use crate::chance::Chance;

const MARGIN: f32 = 72.0;
const LINES: &[&str] = &[
    "The buyer promises to pay the amount financed and the finance charge to the seller, or to whom",
    "this contract is assigned, in sixty monthly payments, each on the fifteenth day of a month.",
    "The buyer gives a security interest in the goods and in what they are exchanged for.",
    "The buyer may pay early at any time and owes no fee for that.",
    "The seller may assign this contract; the buyer is told to whom, and where to pay.",
    "There is one authoritative copy of this record. Every other copy says that it is a copy.",
];

/// Number of a page and of all pages.
pub(super) struct Text {
    pub number: usize,
    pub of: usize,
}

impl Text {
    fn is_last(&self) -> bool {
        self.number == self.of
    }

    fn lines(&self) -> Vec<(f32, f32, f32, String)> {
        let (_, height) = PAGE_POINTS;
        let top = height - 100.0;
        let mut lines = vec![(
            MARGIN,
            top,
            16.0,
            format!(
                "Instalment sale contract, page {} of {}",
                self.number, self.of
            ),
        )];
        for (row, words) in (1_u8..).zip(LINES.iter().cycle().take(18)) {
            lines.push((
                MARGIN,
                top - 12.0 - 20.0 * f32::from(row),
                10.0,
                (*words).to_owned(),
            ));
        }
        if self.is_last() {
            for (party, y) in [("Buyer", 240.0), ("Co-buyer", 180.0)] {
                lines.push((
                    MARGIN,
                    y,
                    10.0,
                    format!("{party} signature: ________________________"),
                ));
                lines.push((400.0, y, 10.0, format!("{party} date: ____________")));
            }
        }
        lines
    }
}

/// Adds a page with its content and answers its object.
pub(super) fn add(
    document: &mut Document,
    text: &Text,
    parent: ObjectId,
    picture: bool,
) -> ObjectId {
    let mut operations = Vec::new();
    for (x, y, size, words) in text.lines() {
        operations.extend(show(x, y, size, &words));
    }
    if picture && text.number == 1 {
        operations.extend(place_picture());
    }
    let content = Content { operations }.encode().expect("operations encode");
    let content = document.add_object(Stream::new(dictionary! {}, content));
    document.add_object(dictionary! { "Type" => "Page", "Parent" => parent, "Contents" => content })
}

fn show(x: f32, y: f32, size: f32, words: &str) -> [Operation; 5] {
    [
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), size.into()]),
        Operation::new("Td", vec![x.into(), y.into()]),
        Operation::new("Tj", vec![Object::string_literal(words)]),
        Operation::new("ET", vec![]),
    ]
}

fn place_picture() -> [Operation; 4] {
    let matrix = [144.0, 0.0, 0.0, 72.0, 400.0, 60.0]
        .map(Object::Real)
        .to_vec();
    [
        Operation::new("q", vec![]),
        Operation::new("cm", matrix),
        Operation::new("Do", vec!["Im1".into()]),
        Operation::new("Q", vec![]),
    ]
}

/// Adds a grey picture of about so many bytes of noise.
pub(super) fn add_picture(document: &mut Document, bytes: usize) -> ObjectId {
    const WIDTH: usize = 1000;
    let height = bytes.div_ceil(WIDTH);
    let pixels = noise(WIDTH * height);
    document.add_object(Stream::new(
        dictionary! {
            "Type" => "XObject",
            "Subtype" => "Image",
            "Width" => i64::try_from(WIDTH).expect("a small number"),
            "Height" => i64::try_from(height).expect("a small number"),
            "ColorSpace" => "DeviceGray",
            "BitsPerComponent" => 8,
        },
        pixels,
    ))
}

/// The same noise every time.
fn noise(bytes: usize) -> Vec<u8> {
    let mut chance = Chance::seeded(1);
    (0..bytes).map(|_| chance.byte()).collect()
}

/// Adds a form with one filled text field on the page and answers the form's object.
pub(super) fn add_form(document: &mut Document, on_page: ObjectId) -> ObjectId {
    let look = document.add_object(Stream::new(
        dictionary! {
            "Type" => "XObject",
            "Subtype" => "Form",
            "BBox" => vec![0.into(), 0.into(), 150.into(), 20.into()],
            "Resources" => dictionary! {},
        },
        b"/Tx BMC EMC".to_vec(),
    ));
    let field = document.add_object(dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Tx",
        "T" => Object::string_literal("loan_number"),
        "V" => Object::string_literal("HM-1"),
        "DA" => Object::string_literal("/Helv 10 Tf 0 g"),
        "F" => 4,
        "P" => on_page,
        "Rect" => vec![400.into(), 700.into(), 550.into(), 720.into()],
        "AP" => dictionary! { "N" => look },
    });
    let page = document
        .get_object_mut(on_page)
        .and_then(Object::as_dict_mut)
        .expect("the page");
    page.set("Annots", vec![Object::from(field)]);
    document.add_object(dictionary! { "Fields" => vec![Object::from(field)] })
}
