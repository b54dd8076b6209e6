//! Contracts to sign: of any number of pages and any size, in every structure that a PDF can have.

mod page;
mod shape;

use lopdf::{Document, Object, ObjectId, dictionary};

pub use shape::Shape;

/// Page size of the generated contracts in points: US Letter.
pub const PAGE_POINTS: (f32, f32) = (612.0, 792.0);

/// A contract to make. Every page has text; the last one has the places to sign, each once in the
/// file: `Buyer signature:`, `Buyer date:`, `Co-buyer signature:`, `Co-buyer date:`.
#[derive(Clone, Debug)]
pub struct Contract {
    pages: usize,
    picture_bytes: usize,
    rotation: i64,
    crop_inset: Option<f32>,
    form: bool,
}

impl Contract {
    /// A contract of so many pages of text.
    ///
    /// # Panics
    /// When there is no page.
    #[must_use]
    pub fn new(pages: usize) -> Self {
        assert!(pages > 0, "a contract has a page");
        Self {
            pages,
            picture_bytes: 0,
            rotation: 0,
            crop_inset: None,
            form: false,
        }
    }

    /// Adds a picture of noise, so that the file grows by about as many bytes and cannot be compressed.
    #[must_use]
    pub const fn with_picture(mut self, bytes: usize) -> Self {
        self.picture_bytes = bytes;
        self
    }

    /// Turns every page by 90, 180 or 270 degrees through an inherited `/Rotate`.
    #[must_use]
    pub const fn rotated(mut self, degrees: i64) -> Self {
        self.rotation = degrees;
        self
    }

    /// Shows only what lies this many points inside the media box, through an inherited `/CropBox`.
    #[must_use]
    pub const fn cropped(mut self, inset: f32) -> Self {
        self.crop_inset = Some(inset);
        self
    }

    /// Gives it an interactive form of its own with one filled text field, `loan_number`.
    #[must_use]
    pub const fn with_form(mut self) -> Self {
        self.form = true;
        self
    }

    /// The file: version 1.7, a classic cross-reference table, the same bytes for the same contract.
    ///
    /// # Panics
    /// Never for a contract that could be described.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut document = Document::with_version("1.7");
        let catalog = self.catalog(&mut document);
        document.trailer.set("Root", catalog);
        document
            .trailer
            .set("ID", vec![Object::string_literal("deedbox-testkit!"); 2]);
        let mut bytes = Vec::new();
        document
            .save_to(&mut bytes)
            .expect("memory takes a document");
        bytes
    }

    fn catalog(&self, document: &mut Document) -> ObjectId {
        let tree = document.new_object_id();
        let resources = self.resources(document);
        let pages: Vec<Object> = (1..=self.pages)
            .map(|number| {
                page::add(document, &self.page(number), tree, self.picture_bytes > 0).into()
            })
            .collect();
        let first = pages[0].as_reference().expect("pages are references");
        document
            .objects
            .insert(tree, self.tree(pages, resources).into());
        let mut catalog = dictionary! { "Type" => "Catalog", "Pages" => tree };
        if self.form {
            catalog.set("AcroForm", page::add_form(document, first));
        }
        document.add_object(catalog)
    }

    fn page(&self, number: usize) -> page::Text {
        page::Text {
            number,
            of: self.pages,
        }
    }

    fn tree(&self, pages: Vec<Object>, resources: ObjectId) -> lopdf::Dictionary {
        let (width, height) = PAGE_POINTS;
        let mut tree = dictionary! {
            "Type" => "Pages",
            "Count" => i64::try_from(pages.len()).expect("few pages"),
            "Kids" => pages,
            "Resources" => resources,
            "MediaBox" => vec![0.into(), 0.into(), width.into(), height.into()],
        };
        if self.rotation != 0 {
            tree.set("Rotate", self.rotation);
        }
        if let Some(inset) = self.crop_inset {
            let corner = [inset, inset, width - inset, height - inset];
            tree.set("CropBox", corner.map(Object::Real).to_vec());
        }
        tree
    }

    fn resources(&self, document: &mut Document) -> ObjectId {
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
        });
        let mut resources = dictionary! { "Font" => dictionary! { "F1" => font } };
        if self.picture_bytes > 0 {
            let picture = page::add_picture(document, self.picture_bytes);
            resources.set("XObject", dictionary! { "Im1" => picture });
        }
        document.add_object(resources)
    }
}
