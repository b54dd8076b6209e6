//! Known attacks on signed PDFs: incremental saving, prepared objects, byte range games, wrapped or
//! duplicate signature values. None may read genuine.

mod common;

use common::{Form, Instance, NOW, changed, filled, instance, prepared, sign_field, signed_three};
use deedbox_pades::{
    Change, Object, Report, SignatureDict, Tail, Trust, Verdict, append, sign, verify,
};
use lopdf::{Dictionary, Object as Pdf, dictionary};

fn check(instance: &Instance, pdf: &[u8]) -> Report {
    let trust = Trust {
        roots: vec![instance.authority.certificate().to_vec()],
        now: NOW,
    };
    verify(pdf, &trust)
}

/// Adds objects to a file, as anybody can.
fn appended(pdf: &[u8], objects: &[Object]) -> Vec<u8> {
    let tail = Tail::read(pdf).unwrap();
    [pdf, &append(&tail, objects).unwrap().bytes].concat()
}

/// A document that `prepare` changed before Ana signed it, and that `attack` changed afterwards.
fn attacked(
    prepare: impl Fn(&common::Prepared) -> Vec<Object>,
    attack: impl Fn(&common::Prepared) -> Vec<Object>,
) -> Report {
    let instance = instance();
    let mut document = prepared(Form::Table);
    let objects = prepare(&document);
    if !objects.is_empty() {
        document.pdf = appended(&document.pdf, &objects);
    }
    let tail = Tail::read(&document.pdf).unwrap();
    sign_field(
        &instance,
        &mut document,
        &tail,
        0,
        &instance.signer("Ana"),
        true,
    );
    assert_eq!(check(&instance, &document.pdf).verdict(), Verdict::Genuine);
    document.pdf = appended(&document.pdf, &attack(&document));
    // The attacker lets somebody sign on, so that the last signature covers everything.
    let tail = Tail::read(&document.pdf).unwrap();
    sign_field(
        &instance,
        &mut document,
        &tail,
        1,
        &instance.signer("Bo"),
        true,
    );
    check(&instance, &document.pdf)
}

fn refused(report: &Report) {
    assert_eq!(report.verdict(), Verdict::ContentAdded, "{report:#?}");
    let changes = &report.signatures[0].changes;
    assert!(
        changes
            .iter()
            .any(|change| matches!(change, Change::NotPermitted { .. }))
    );
}

const OVERLAY: &str = "<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Length 18 >>\nstream\n0 0 612 792 re f \n\nendstream";

#[test]
fn an_object_that_was_only_referred_to_cannot_be_defined_later() {
    let waiting = 4000;
    let report = attacked(
        |document| {
            vec![changed(&document.pdf, document.page, |page| {
                let contents = page.get(b"Contents").unwrap().clone();
                page.set("Contents", vec![contents, Pdf::Reference((waiting, 0))]);
            })]
        },
        |_| {
            vec![Object::new(
                waiting,
                "<< /Length 16 >>\nstream\n0 0 612 792 re f\nendstream",
            )]
        },
    );
    refused(&report);
}

#[test]
fn a_page_resource_cannot_hide_as_validation_material() {
    let shared = 5000;
    let report = attacked(
        |document| {
            let resources = Pdf::Reference((shared, 0));
            vec![
                changed(&document.pdf, document.page, |page| {
                    page.set("Resources", resources.clone());
                }),
                changed(&document.pdf, document.catalog, |catalog| {
                    catalog.set("DSS", dictionary! { "VRI" => resources.clone() });
                }),
                Object::new(shared, "<< /Font << >> >>"),
            ]
        },
        |_| vec![Object::new(shared, "<< /Font << /F1 1 0 R >> >>")],
    );
    refused(&report);
}

#[test]
fn an_appearance_shared_with_the_page_cannot_be_replaced_by_filling() {
    let shared = 5000;
    let look = || dictionary! { "N" => Pdf::Reference((shared, 0)) };
    let report = attacked(
        |document| {
            vec![
                changed(&document.pdf, document.text_field, |field| {
                    field.set("AP", look());
                }),
                changed(&document.pdf, document.page, |page| {
                    page.set("Resources", dictionary! { "XObject" => dictionary! { "X" => Pdf::Reference((shared, 0)) } });
                }),
                Object::new(
                    shared,
                    "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 0 >>\nstream\n\nendstream",
                ),
            ]
        },
        |document| {
            let value = Pdf::string_literal("x");
            vec![
                filled(&document.pdf, document.text_field, &value),
                Object::new(shared, OVERLAY),
            ]
        },
    );
    refused(&report);
}

#[test]
fn a_shown_appearance_cannot_be_replaced_without_a_value() {
    let next = 5000;
    let report = attacked(
        |document| {
            let look = changed(&document.pdf, document.text_field, |field| {
                field.set("AP", dictionary! { "N" => Pdf::Reference((next, 0)) });
            });
            vec![look, Object::new(next, OVERLAY)]
        },
        |document| {
            let look = changed(&document.pdf, document.text_field, |field| {
                field.set(
                    "AP",
                    dictionary! { "N" => Pdf::Reference((next + 1000, 0)) },
                );
            });
            vec![look, Object::new(next + 1000, OVERLAY)]
        },
    );
    refused(&report);
}

#[test]
fn a_hidden_field_cannot_be_revealed() {
    let report = attacked(
        |document| {
            vec![changed(&document.pdf, document.text_field, |field| {
                field.set("F", 2);
            })]
        },
        |document| {
            vec![changed(&document.pdf, document.text_field, |field| {
                field.set("F", 4);
            })]
        },
    );
    refused(&report);
}

#[test]
fn a_new_field_other_than_a_signature_is_not_permitted() {
    let next = 5000;
    let report = attacked(
        |_| Vec::new(),
        |document| {
            let catalog = changed(&document.pdf, document.catalog, |catalog| {
                let form: &mut Dictionary =
                    catalog.get_mut(b"AcroForm").unwrap().as_dict_mut().unwrap();
                let fields = form.get_mut(b"Fields").unwrap().as_array_mut().unwrap();
                fields.push(Pdf::Reference((next, 0)));
            });
            vec![
                catalog,
                Object::new(
                    next,
                    "<< /FT /Tx /T (new) /Subtype /Widget /Rect [0 0 600 700] /V (x) >>",
                ),
            ]
        },
    );
    refused(&report);
}

#[test]
fn a_catalog_swapped_for_another_is_caught() {
    let instance = instance();
    let (document, tail) = signed_three(&instance, Form::Table);
    let mut other = tail.clone();
    other.root.number = tail.next_object;
    let catalog = changed(&document.pdf, document.catalog, |_| ());
    let copy = Object::new(tail.next_object, catalog.body);
    let pdf = [&document.pdf[..], &append(&other, &[copy]).unwrap().bytes].concat();
    assert_eq!(check(&instance, &pdf).verdict(), Verdict::ContentAdded);
}

/// Ana's signed file, the place of her signature's dictionary, and the byte range.
fn signed_once(instance: &Instance) -> (Vec<u8>, [usize; 4]) {
    let mut document = prepared(Form::Table);
    let tail = Tail::read(&document.pdf).unwrap();
    let segment = sign_field(
        instance,
        &mut document,
        &tail,
        0,
        &instance.signer("Ana"),
        true,
    );
    let range = segment.signature.unwrap().byte_range;
    (
        document.pdf,
        range.map(|number| usize::try_from(number).unwrap()),
    )
}

#[test]
fn a_signature_wrapped_into_a_larger_gap_is_caught() {
    let instance = instance();
    let (pdf, [_, first, second, rest]) = signed_once(&instance);
    // The signed second part moves to the end; something else takes its place in the gap.
    let mut wrapped = pdf[..second].to_vec();
    wrapped.extend_from_slice(b" /Injected (content) >>\nendobj\n");
    let moved = wrapped.len();
    wrapped.extend_from_slice(&pdf[second..]);
    let old = format!("[0 {first} {second} {rest}]");
    let new = format!("[0 {first} {moved} {rest}]");
    let text = String::from_utf8_lossy(&wrapped).into_owned();
    assert!(text.contains(&old));
    let at = wrapped
        .windows(old.len())
        .position(|part| part == old.as_bytes())
        .unwrap();
    wrapped.splice(at..at + old.len(), new.into_bytes());
    assert_ne!(check(&instance, &wrapped).verdict(), Verdict::Genuine);
}

#[test]
fn a_signature_dictionary_with_two_values_is_caught() {
    let instance = instance();
    for sneaked in [
        " /Contents <00>",
        " /Cont#65nts <00>",
        " /ByteRange [0 1 2 3]",
    ] {
        let mut document = prepared(Form::Table);
        let tail = Tail::read(&document.pdf).unwrap();
        let number = tail.next_object;
        let field = filled(
            &document.pdf,
            document.signature_fields[0],
            &Pdf::Reference((number, 0)),
        );
        let dictionary = SignatureDict::signature(number);
        let signer = instance.signer("Ana");
        let segment = sign(&tail, &[field], &dictionary, &signer, None).unwrap();
        document.pdf.extend_from_slice(&segment.bytes);
        let at = document.pdf.len() - segment.bytes.len()
            + segment
                .bytes
                .windows(9)
                .position(|part| part == b"/Filter /")
                .unwrap();
        document.pdf.splice(at..at, sneaked.bytes());
        let report = check(&instance, &document.pdf);
        assert_ne!(report.verdict(), Verdict::Genuine, "{sneaked}");
    }
}

#[test]
fn text_cannot_break_out_of_the_signature_dictionary() {
    let instance = instance();
    let mut document = prepared(Form::Table);
    let tail = Tail::read(&document.pdf).unwrap();
    let number = tail.next_object;
    let field = filled(
        &document.pdf,
        document.signature_fields[0],
        &Pdf::Reference((number, 0)),
    );
    let dictionary = SignatureDict {
        name: Some(") /Contents <00> (\\".into()),
        reason: Some("\n>> endobj \u{202e}".into()),
        ..SignatureDict::signature(number)
    };
    let segment = sign(&tail, &[field], &dictionary, &instance.signer("Ana"), None).unwrap();
    document.pdf.extend_from_slice(&segment.bytes);
    let report = check(&instance, &document.pdf);
    assert_eq!(report.verdict(), Verdict::Genuine, "{report:#?}");
    assert_eq!(
        report.signatures[0].name.as_deref(),
        Some(") /Contents <00> (\\")
    );
}

#[test]
fn a_certificate_made_for_timestamps_cannot_sign() {
    let instance = instance();
    let key = deedbox_pades::SoftKey::generate(deedbox_pades::KeyKind::P256).unwrap();
    let name = common::organization("Example TSA");
    let certificate = instance
        .authority
        .issue_tsa(&key, &name, common::years(1))
        .unwrap();
    let signer = instance.authority.join(key, certificate);
    let mut document = prepared(Form::Table);
    let tail = Tail::read(&document.pdf).unwrap();
    sign_field(&instance, &mut document, &tail, 0, &signer, true);
    assert_eq!(
        check(&instance, &document.pdf).verdict(),
        Verdict::UnknownSigner
    );
}

#[test]
fn a_signer_cannot_act_as_authority_for_another() {
    let mine = instance();
    let mut document = prepared(Form::Table);
    // Ana's own certificate is used as if it were an authority's.
    let key = deedbox_pades::SoftKey::generate(deedbox_pades::KeyKind::P256).unwrap();
    let pkcs8 = key.to_pkcs8().unwrap();
    let name = common::organization("Ana");
    let certificate = mine
        .authority
        .issue_seal(&key, &name, common::years(1))
        .unwrap();
    let key = deedbox_pades::SoftKey::from_pkcs8(&pkcs8).unwrap();
    let false_authority = deedbox_pades::Authority::load(certificate.clone(), key).unwrap();
    let victim = deedbox_pades::SoftKey::generate(deedbox_pades::KeyKind::P256).unwrap();
    let forged = false_authority
        .issue_seal(&victim, &common::organization("Bo"), common::years(1))
        .unwrap();
    let chain = vec![certificate, mine.authority.certificate().to_vec()];
    let signer = deedbox_pades::SoftSigner::new(victim, forged, chain);
    let tail = Tail::read(&document.pdf).unwrap();
    sign_field(&mine, &mut document, &tail, 0, &signer, true);
    assert_eq!(
        check(&mine, &document.pdf).verdict(),
        Verdict::UnknownSigner
    );
}
