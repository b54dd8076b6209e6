//! Documents, keys and clocks for the tests. All people are invented.
#![allow(dead_code, reason = "each test binary uses its own part")]

use deedbox_pades::{
    Authority, KeyKind, Object, Organization, Person, Segment, SignatureDict, SoftKey, SoftSigner,
    Tail, Tsa, Validity, sign,
};
use lopdf::{Document, Object as Pdf, Stream, dictionary};
use time::{Duration, OffsetDateTime, macros::datetime};

pub const NOW: OffsetDateTime = datetime!(2026-04-11 10:00 UTC);

/// How the test document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Table,
    Streams,
}

/// A document with two pages, a text field and three empty signature fields, prepared as the
/// product prepares it: everything visible is there before the first signature.
pub struct Prepared {
    pub pdf: Vec<u8>,
    pub text_field: u32,
    pub signature_fields: Vec<u32>,
    pub catalog: u32,
    pub page: u32,
}

pub const FIELDS: [&str; 3] = ["signer_ana", "signer_bo", "seal"];

pub fn prepared(form: Form) -> Prepared {
    let mut doc = Document::with_version("1.7");
    let pages = doc.new_object_id();
    let font = doc.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
    });
    let page = doc.new_object_id();
    let second = doc.new_object_id();
    let mut widgets = Vec::new();
    let text_look = doc.add_object(look());
    let text_field = doc.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Tx", "F" => 4, "P" => page,
        "T" => Pdf::string_literal("note"), "DA" => Pdf::string_literal("/F1 12 Tf 0 g"),
        "Rect" => vec![72.into(), 600.into(), 300.into(), 620.into()],
        "AP" => dictionary! { "N" => text_look },
    });
    widgets.push(text_field);
    for (at, name) in FIELDS.iter().enumerate() {
        let look = doc.add_object(look());
        let y = 300 + 60 * i64::try_from(at).unwrap();
        widgets.push(doc.add_object(dictionary! {
            "Type" => "Annot", "Subtype" => "Widget", "FT" => "Sig", "F" => 132, "P" => page,
            "T" => Pdf::string_literal(*name),
            "Rect" => vec![72.into(), y.into(), 300.into(), (y + 50).into()],
            "AP" => dictionary! { "N" => look },
        }));
    }
    let annots: Vec<Pdf> = widgets.iter().map(|&id| id.into()).collect();
    let content = doc.add_object(Stream::new(
        dictionary! {},
        b"BT /F1 18 Tf 72 720 Td (A deed between two people) Tj ET".to_vec(),
    ));
    for id in [page, second] {
        doc.objects.insert(
            id,
            dictionary! {
                "Type" => "Page", "Parent" => pages, "Contents" => content,
                "Annots" => if id == page { annots.clone() } else { vec![] },
            }
            .into(),
        );
    }
    doc.objects.insert(
        pages,
        dictionary! {
            "Type" => "Pages", "Kids" => vec![page.into(), second.into()], "Count" => 2,
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
            "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
        }
        .into(),
    );
    let catalog = doc.add_object(dictionary! {
        "Type" => "Catalog", "Pages" => pages,
        "AcroForm" => dictionary! {
            "Fields" => annots, "SigFlags" => 3,
            "DR" => dictionary! { "Font" => dictionary! { "F1" => font } },
        },
    });
    let info = doc.add_object(dictionary! { "Title" => Pdf::string_literal("Deed") });
    doc.trailer.set("Root", catalog);
    doc.trailer.set("Info", info);
    let mut pdf = Vec::new();
    match form {
        Form::Table => {
            doc.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
            doc.save_to(&mut pdf).unwrap();
        }
        Form::Streams => doc.save_modern(&mut pdf).unwrap(),
    }
    located(pdf)
}

fn look() -> Stream {
    Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Form",
            "BBox" => vec![0.into(), 0.into(), 228.into(), 50.into()],
        },
        Vec::new(),
    )
}

/// Finds the parts of a prepared document in `pdf`, which another tool may have rewritten.
pub fn located(pdf: Vec<u8>) -> Prepared {
    let doc = Document::load_mem(&pdf).unwrap();
    let named = |name: &str| {
        let found = doc.objects.iter().find(|(_, object)| {
            let field = object.as_dict().and_then(|field| field.get(b"T"));
            field.is_ok_and(|title| title.as_str().is_ok_and(|title| title == name.as_bytes()))
        });
        found.unwrap().0.0
    };
    let text_field = named("note");
    let signature_fields = FIELDS.map(named).to_vec();
    let catalog = doc.trailer.get(b"Root").unwrap().as_reference().unwrap().0;
    let page = doc.page_iter().next().unwrap().0;
    Prepared {
        pdf,
        text_field,
        signature_fields,
        catalog,
        page,
    }
}

/// An authority, a TSA and a seal, all P-256.
pub struct Instance {
    pub authority: Authority,
    pub tsa: Tsa,
    pub seal: SoftSigner,
    /// How long the certificates of people hold.
    pub people: Validity,
}

pub fn years(count: i64) -> Validity {
    Validity {
        from: NOW - Duration::days(1),
        until: NOW + Duration::days(365 * count),
    }
}

pub fn organization(name: &str) -> Organization {
    Organization {
        common_name: name.into(),
        organization: Some("Example Ltd".into()),
    }
}

pub fn instance() -> Instance {
    let key = || SoftKey::generate(KeyKind::P256).unwrap();
    let authority = Authority::create(key(), &organization("Example CA"), years(20)).unwrap();
    let tsa_key = key();
    let tsa_certificate = authority
        .issue_tsa(&tsa_key, &organization("Example TSA"), years(10))
        .unwrap();
    let tsa = Tsa::new(
        authority.join(tsa_key, tsa_certificate),
        "1.3.6.1.4.1.55555.1",
    )
    .unwrap();
    let seal_key = key();
    let seal_certificate = authority
        .issue_seal(&seal_key, &organization("Example Seal"), years(5))
        .unwrap();
    let seal = authority.join(seal_key, seal_certificate);
    Instance {
        authority,
        tsa,
        seal,
        people: short(),
    }
}

pub fn short() -> Validity {
    Validity {
        from: NOW - Duration::minutes(5),
        until: NOW + Duration::minutes(15),
    }
}

impl Instance {
    pub fn signer(&self, name: &str) -> SoftSigner {
        let person = Person {
            name: name.into(),
            id: "9b2e5a10-0000-4000-8000-000000000001".into(),
            email: Some("ana@example.com".into()),
        };
        self.authority.signer_for(&person, self.people).unwrap()
    }
}

/// The current bytes of an object of `pdf`, with `/V` set.
pub fn filled(pdf: &[u8], number: u32, value: &Pdf) -> Object {
    changed(pdf, number, |dictionary| dictionary.set("V", value.clone()))
}

/// The current bytes of an object of `pdf` after `change`.
pub fn changed(pdf: &[u8], number: u32, change: impl FnOnce(&mut lopdf::Dictionary)) -> Object {
    let doc = Document::load_mem(pdf).unwrap();
    let mut object = doc.get_object((number, 0)).unwrap().clone();
    match &mut object {
        Pdf::Dictionary(dictionary) => change(dictionary),
        Pdf::Stream(stream) => change(&mut stream.dict),
        _ => panic!("object {number} is no dictionary"),
    }
    let mut body = Vec::new();
    lopdf::Writer::write_object(&mut body, &object).unwrap();
    Object::new(number, body)
}

/// Signs field `at` of the prepared document; B-T when `minute` gives the TSA's time.
pub fn sign_field(
    instance: &Instance,
    prepared: &mut Prepared,
    tail: &Tail,
    at: usize,
    signer: &dyn deedbox_pades::Signer,
    with_time: bool,
) -> Segment {
    let number = tail.next_object;
    let dictionary = SignatureDict {
        name: Some("Ana Núñez".into()),
        reason: Some("I agree (really)".into()),
        location: Some("Bogotá".into()),
        time: Some(NOW),
        ..SignatureDict::signature(number)
    };
    let field = filled(
        &prepared.pdf,
        prepared.signature_fields[at],
        &Pdf::Reference((number, 0)),
    );
    let stamp = instance.tsa.at(NOW, 1 + u64::from(number));
    let timestamper: Option<&dyn deedbox_pades::Timestamper> =
        if with_time { Some(&stamp) } else { None };
    let segment = sign(tail, &[field], &dictionary, signer, timestamper).unwrap();
    prepared.pdf.extend_from_slice(&segment.bytes);
    segment
}

/// Three sequential signatures: Ana B-B, Bo B-T after filling the note, the seal B-T.
pub fn signed_three(instance: &Instance, form: Form) -> (Prepared, Tail) {
    sign_three(instance, prepared(form))
}

pub fn sign_three(instance: &Instance, mut prepared: Prepared) -> (Prepared, Tail) {
    let tail = Tail::read(&prepared.pdf).unwrap();
    let ana = instance.signer("Ana Núñez");
    let tail = sign_field(instance, &mut prepared, &tail, 0, &ana, true).tail;
    let note = filled(
        &prepared.pdf,
        prepared.text_field,
        &Pdf::string_literal("agreed"),
    );
    let segment = deedbox_pades::append(&tail, &[note]).unwrap();
    prepared.pdf.extend_from_slice(&segment.bytes);
    let bo = instance.signer("博 李");
    let tail = sign_field(instance, &mut prepared, &segment.tail, 1, &bo, true).tail;
    let tail = sign_field(instance, &mut prepared, &tail, 2, &instance.seal, true).tail;
    (prepared, tail)
}

pub fn pem(der: &[u8]) -> String {
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    let encoded = base64(der);
    for line in encoded.as_bytes().chunks(64) {
        text.push_str(std::str::from_utf8(line).unwrap());
        text.push('\n');
    }
    text + "-----END CERTIFICATE-----\n"
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let group = chunk
                .iter()
                .fold(0_u32, |group, &byte| group << 8 | u32::from(byte))
                << (8 * (3 - chunk.len()));
            (0..4).map(move |at| {
                if at > chunk.len() {
                    '='
                } else {
                    DIGITS[(group >> (18 - 6 * at) & 63) as usize] as char
                }
            })
        })
        .collect()
}

/// Everything a validator needs for the documents of this instance.
pub fn material(instance: &Instance) -> deedbox_pades::dss::Material {
    material_at(instance, NOW)
}

pub fn material_at(instance: &Instance, now: OffsetDateTime) -> deedbox_pades::dss::Material {
    let next = now + Duration::days(30);
    let before = now - Duration::hours(1);
    deedbox_pades::dss::Material {
        certificates: vec![
            instance.authority.certificate().to_vec(),
            instance.tsa.certificate().to_vec(),
        ],
        crls: vec![instance.authority.crl(1, before, next, &[]).unwrap()],
        ocsps: Vec::new(),
    }
}

/// Two years later: every certificate of a person has expired.
pub const LATER: OffsetDateTime = datetime!(2028-04-11 10:00 UTC);

/// Three signatures, validation material, a document timestamp, and its renewal after two years.
pub fn archived(instance: &Instance, form: Form) -> Vec<u8> {
    use deedbox_pades::dss::Place;
    let place = Place::read(&prepared(form).pdf);
    let (prepared, tail) = signed_three(instance, form);
    let mut pdf = prepared.pdf;
    // The place read before signing still fits.
    assert_eq!(place.is_ok(), Place::read(&pdf).is_ok());
    let place = Place::read(&pdf).unwrap();
    let (segment, place) = place.with_material(&tail, &material(instance)).unwrap();
    pdf.extend_from_slice(&segment.bytes);
    let (segment, place) = place
        .with_timestamp(&segment.tail, &instance.tsa.at(NOW, 900_001))
        .unwrap();
    pdf.extend_from_slice(&segment.bytes);
    let (segment, place) = place
        .with_material(&segment.tail, &material_at(instance, LATER))
        .unwrap();
    pdf.extend_from_slice(&segment.bytes);
    let stamp = instance.tsa.at(LATER, 900_002);
    let (segment, _) = place.with_timestamp(&segment.tail, &stamp).unwrap();
    pdf.extend_from_slice(&segment.bytes);
    pdf
}
