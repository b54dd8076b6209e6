//! Documents and helpers for the tests of this crate.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::{Command, Output},
};

use deedbox_pdf::{
    Caption, FieldKind, FieldSpec, Fill, Legend, Locale, Look, Object, Plan, PrepareSpec, Prepared,
    Script, Seal, SignatureRef, SignerSpec, Value, append, fill, geometry::Fraction, legend, seal,
};
use lopdf::{Dictionary, Document, Object as Pdf, SaveOptions, Stream, dictionary};

/// How a page of a sample lies on its sheet.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    pub media: [f32; 4],
    pub crop: Option<[f32; 4]>,
    pub rotate: i64,
    pub user_unit: Option<f32>,
}

impl Sheet {
    pub const LETTER: Self = Self {
        media: [0.0, 0.0, 612.0, 792.0],
        crop: None,
        rotate: 0,
        user_unit: None,
    };

    pub const fn turned(rotate: i64) -> Self {
        Self {
            media: [-20.0, 30.0, 600.0, 830.0],
            crop: Some([10.0, 60.0, 560.0, 800.0]),
            rotate,
            user_unit: None,
        }
    }
}

/// A document of `sheets` pages whose boxes and resources are inherited from the page tree
/// where all pages share them; each page shows `content`.
pub fn document(sheets: &[Sheet], content: &str) -> Document {
    let mut doc = Document::with_version("1.6");
    let pages = doc.new_object_id();
    let font = doc.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding",
    });
    let kids: Vec<Pdf> = sheets
        .iter()
        .map(|sheet| {
            let content = doc.add_object(Stream::new(Dictionary::new(), content.into()));
            let numbers = |v: [f32; 4]| Pdf::Array(v.map(Pdf::Real).to_vec());
            let mut page = dictionary! {
                "Type" => "Page", "Parent" => pages, "Contents" => content,
                "MediaBox" => numbers(sheet.media), "Rotate" => sheet.rotate,
            };
            if let Some(crop) = sheet.crop {
                page.set("CropBox", numbers(crop));
            }
            if let Some(unit) = sheet.user_unit {
                page.set("UserUnit", Pdf::Real(unit));
            }
            Pdf::Reference(doc.add_object(page))
        })
        .collect();
    let count = i64::try_from(kids.len()).unwrap();
    doc.set_object(
        pages,
        dictionary! {
            "Type" => "Pages", "Kids" => kids, "Count" => count,
            // Inherited by every page: nobody may lose it.
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        },
    );
    let root = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    doc.trailer.set("Root", root);
    let info = doc.add_object(dictionary! { "Title" => Pdf::string_literal("A sample") });
    doc.trailer.set("Info", info);
    let id = Pdf::string_literal("0123456789abcdef");
    doc.trailer.set("ID", vec![id.clone(), id]);
    doc
}

/// Text at a place, in the document's own font.
pub fn words(x: f64, y: f64, size: f64, text: &str) -> String {
    format!("BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n")
}

pub fn plain(sheets: &[Sheet], content: &str) -> Vec<u8> {
    let mut doc = document(sheets, content);
    doc.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
    saved(&mut doc)
}

pub fn saved(doc: &mut Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).unwrap();
    bytes
}

pub fn modern(sheets: &[Sheet], content: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let options = SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .build();
    document(sheets, content)
        .save_with_options(&mut bytes, options)
        .unwrap();
    bytes
}

/// A document with a form of its own; `direct` says whether form, fields and annotations stand
/// inside their owners or are objects of their own.
pub fn with_form(direct: bool) -> Vec<u8> {
    let mut doc = document(&[Sheet::LETTER], &words(72.0, 700.0, 12.0, "Form"));
    let page = doc.page_iter().next().unwrap();
    let look = doc.add_object(Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Form",
            "BBox" => vec![0.into(), 0.into(), 100.into(), 20.into()],
        },
        b"0.9 g 0 0 100 20 re f".to_vec(),
    ));
    let field = doc.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Tx", "T" => Pdf::string_literal("own"),
        "V" => Pdf::string_literal("kept"), "P" => page, "F" => 4,
        "Rect" => vec![72.into(), 600.into(), 172.into(), 620.into()],
        "AP" => dictionary! { "N" => look },
    });
    let mut form = dictionary! { "NeedAppearances" => true };
    if direct {
        form.set("Fields", vec![Pdf::Reference(field)]);
        doc.get_dictionary_mut(page)
            .unwrap()
            .set("Annots", vec![Pdf::Reference(field)]);
        doc.catalog_mut().unwrap().set("AcroForm", form);
    } else {
        let fields = doc.add_object(vec![Pdf::Reference(field)]);
        let annots = doc.add_object(vec![Pdf::Reference(field)]);
        let resources = doc.add_object(dictionary! { "Font" => Dictionary::new() });
        form.set("Fields", fields);
        form.set("DR", resources);
        let form = doc.add_object(form);
        doc.get_dictionary_mut(page).unwrap().set("Annots", annots);
        doc.catalog_mut().unwrap().set("AcroForm", form);
    }
    saved(&mut doc)
}

/// Runs qpdf over a file; `None` when qpdf is not installed.
pub fn qpdf(bytes: &[u8], args: &[&str]) -> Option<(Output, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in.pdf"), folder.path().join("out.pdf"));
    std::fs::write(&input, bytes).unwrap();
    let result = Command::new("qpdf")
        .args(args)
        .arg(&input)
        .arg(&output)
        .output()
        .ok()?;
    Some((result, std::fs::read(&output).unwrap_or_default()))
}

/// What qpdf finds wrong with a file; empty when it is clean or qpdf is not installed.
pub fn complaints(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.pdf");
    std::fs::write(&input, bytes).unwrap();
    match Command::new("qpdf").arg("--check").arg(&input).output() {
        Ok(result) if !result.status.success() => {
            String::from_utf8_lossy(&[result.stdout, result.stderr].concat()).into_owned()
        }
        _ => String::new(),
    }
}

pub fn field(id: &str, kind: FieldKind, signer: &str, page: u32, area: Fraction) -> FieldSpec {
    FieldSpec {
        id: id.into(),
        name: id.into(),
        kind,
        signer: signer.into(),
        required: true,
        options: vec!["One".into(), "Two".into()],
        page,
        area,
        fixed: None,
    }
}

/// An envelope with two signers: Ana signs on page 1, Ben on the sheet.
pub fn spec() -> PrepareSpec {
    let at = |x, y, w, h| Fraction::new(x, y, w, h);
    PrepareSpec {
        envelope_id: "env_x7k9m2p4q1w3".into(),
        envelope_name: "Sample agreement".into(),
        sender: "Northwind Motors".into(),
        locale: Locale::En,
        signers: vec![signer("ana", "Ana Example"), signer("ben", "Ben Example")],
        fields: vec![
            field(
                "sig",
                FieldKind::Signature,
                "ana",
                1,
                at(0.1, 0.7, 0.3, 0.07),
            ),
            field(
                "sig2",
                FieldKind::Signature,
                "ana",
                1,
                at(0.5, 0.7, 0.3, 0.07),
            ),
            field(
                "init",
                FieldKind::Initials,
                "ana",
                1,
                at(0.85, 0.7, 0.1, 0.04),
            ),
            field("text", FieldKind::Text, "ana", 1, at(0.1, 0.5, 0.3, 0.03)),
            field(
                "date",
                FieldKind::DateNow,
                "ana",
                1,
                at(0.5, 0.5, 0.2, 0.03),
            ),
            field(
                "tick",
                FieldKind::Checkbox,
                "ana",
                1,
                at(0.1, 0.6, 0.03, 0.03),
            ),
            field("pick", FieldKind::Select, "ana", 1, at(0.2, 0.6, 0.2, 0.03)),
            field("dot", FieldKind::Radio, "ana", 1, at(0.5, 0.58, 0.2, 0.08)),
            field("phone", FieldKind::Phone, "ana", 1, at(0.7, 0.5, 0.2, 0.03)),
            FieldSpec {
                fixed: Some("prefilled".into()),
                ..field("fixed", FieldKind::Text, "ana", 1, at(0.1, 0.45, 0.3, 0.03))
            },
        ],
        cover: vec![],
    }
}

pub fn signer(key: &str, name: &str) -> SignerSpec {
    SignerSpec {
        key: key.into(),
        name: name.into(),
        role: "Buyer".into(),
    }
}

pub fn typed(text: &str) -> Value {
    Value::Look(Look::Typed {
        text: text.into(),
        font: Script::Sacramento,
    })
}

pub fn filling(signer: &str, object: u32) -> Fill {
    let text = |t: &str| Value::Text(t.into());
    let values: Vec<(&str, Value)> = match signer {
        "ana" => vec![
            ("sig", typed("Ana Example")),
            ("sig2", typed("Ana Example")),
            ("init", typed("AE")),
            ("text", text("Núñez (Ελλάδα)")),
            ("date", text("2026-04-11")),
            ("tick", Value::Checked(true)),
            ("pick", text("Two")),
            ("dot", text("One")),
            ("phone", text("+57 300 000 0000")),
        ],
        _ => vec![("sheet-ben", typed("Ben Example"))],
    };
    Fill {
        signer: signer.into(),
        values: values
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v))
            .collect::<BTreeMap<_, _>>(),
        signature: Some(SignatureRef {
            object,
            caption: Caption {
                name: "Ana Example".into(),
                time: "11 Apr 2026, 10:00:00 UTC".into(),
                reference: "env_x7k9m2p4q1w3".into(),
            },
        }),
    }
}

/// A dictionary where the signing crate would put a signature.
pub fn stand_in(number: u32) -> Object {
    Object::new(
        number,
        b"<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 1 2 3]/Contents<00>>>".to_vec(),
    )
}

pub fn next_free(file: &[u8]) -> u32 {
    Document::load_mem(file).unwrap().max_id + 1
}

/// The prepared file with every revision it will ever have.
pub fn whole_life(base: &[u8], prepared: &Prepared, signers: &[&str]) -> Vec<u8> {
    let mut file = [base, &prepared.segment].concat();
    for signer in signers {
        let free = next_free(&file);
        let mut objects = fill(&prepared.plan, &filling(signer, free), free + 1).unwrap();
        objects.push(stand_in(free));
        extend(&mut file, &objects);
    }
    seal_and_vault(&mut file, &prepared.plan);
    file
}

pub fn seal_and_vault(file: &mut Vec<u8>, plan: &Plan) {
    if plan.seal.is_some() {
        let free = next_free(file);
        let mut objects = seal(plan, &a_seal(), free, free + 1).unwrap();
        objects.push(stand_in(free));
        extend(file, &objects);
    }
    let free = next_free(file);
    let mut objects = legend(plan, &a_legend(), free, free + 1).unwrap();
    objects.push(stand_in(free));
    extend(file, &objects);
}

pub fn extend(file: &mut Vec<u8>, objects: &[Object]) {
    let segment = append(file, objects).unwrap();
    file.extend_from_slice(&segment);
}

pub fn a_seal() -> Seal {
    Seal {
        sealed_by: "Northwind Deeds".into(),
        time: "11 Apr 2026, 10:00:00 UTC".into(),
        envelope_id: "env_x7k9m2p4q1w3".into(),
        verify_url: "https://deeds.example.com/verify".into(),
    }
}

pub fn a_legend() -> Legend {
    Legend {
        asset_id: "ast_4f6h8j2k1m3n".into(),
        vault: "Northwind Vault".into(),
        assignee: "First Example Bank".into(),
        time: "11 Apr 2026, 10:16:10 UTC".into(),
        verify_url: "https://deeds.example.com/verify".into(),
    }
}

/// The folder of real and hostile files, when there is one.
pub fn corpus() -> Option<PathBuf> {
    std::env::var_os("DEEDBOX_PDF_CORPUS")
        .map(PathBuf::from)
        .filter(|p| p.is_dir())
}
