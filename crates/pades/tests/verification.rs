//! Our own verifier on our own documents, whole and tampered with.

mod common;

use common::{
    FIELDS, Form, NOW, Prepared, archived, changed, filled, instance, prepared, sign_field,
    signed_three,
};
use deedbox_pades::{Change, Level, Object, Tail, Trust, Verdict, append, verify};
use lopdf::Object as Pdf;

fn trust(instance: &common::Instance) -> Trust {
    Trust {
        roots: vec![instance.authority.certificate().to_vec()],
        now: NOW,
    }
}

#[test]
fn three_signatures_are_genuine_and_every_byte_is_accounted_for() {
    let instance = instance();
    for form in [Form::Table, Form::Streams] {
        let (prepared, _) = signed_three(&instance, form);
        let report = verify(&prepared.pdf, &trust(&instance));
        assert_eq!(report.verdict(), Verdict::Genuine, "{form:?} {report:#?}");
        assert!(report.every_byte_accounted());
        assert_eq!(report.revisions.len(), 5);
        let fields: Vec<_> = report
            .signatures
            .iter()
            .map(|one| one.field.as_str())
            .collect();
        assert_eq!(fields, FIELDS);
        for one in &report.signatures {
            assert_eq!(one.level, Some(Level::Timestamped));
            assert_eq!(one.proven_time, Some(NOW));
        }
        let ana = report.signatures[0].signer.as_ref().unwrap();
        assert_eq!(ana.common_name.as_deref(), Some("Ana Núñez"));
        assert_eq!(ana.email.as_deref(), Some("ana@example.com"));
        assert_eq!(
            report.signatures[0].changes,
            [
                Change::FieldFilled {
                    field: "note".into(),
                    overwrote: false
                },
                Change::Signed {
                    field: "signer_bo".into()
                },
            ]
        );
    }
}

#[test]
fn the_original_is_a_prefix_of_every_revision() {
    let instance = instance();
    let original = prepared(Form::Table).pdf;
    let (signed, tail) = signed_three(&instance, Form::Table);
    assert!(signed.pdf.starts_with(&original));
    assert_eq!(tail.length, signed.pdf.len() as u64);
    assert_eq!(Tail::read(&signed.pdf).unwrap(), tail);
}

#[test]
fn a_signer_nobody_trusts_is_unknown_not_altered() {
    let instance = instance();
    let (prepared, _) = signed_three(&instance, Form::Table);
    let nobody = Trust {
        roots: Vec::new(),
        now: NOW,
    };
    assert_eq!(
        verify(&prepared.pdf, &nobody).verdict(),
        Verdict::UnknownSigner
    );
}

#[test]
fn with_material_and_document_timestamp_every_signature_is_archival() {
    let instance = instance();
    for form in [Form::Table, Form::Streams] {
        let pdf = archived(&instance, form);
        let report = verify(&pdf, &trust(&instance));
        assert_eq!(report.verdict(), Verdict::Genuine, "{form:?} {report:#?}");
        assert_eq!(report.signatures.len(), 5);
        for one in &report.signatures[..3] {
            assert_eq!(one.level, Some(Level::Archival), "{one:#?}");
        }
        let after_seal = &report.signatures[2].changes;
        assert!(
            after_seal.contains(&Change::ValidationMaterial),
            "{after_seal:?}"
        );
    }
}

#[test]
fn a_place_read_before_signing_is_the_same_after_it() {
    use deedbox_pades::dss::Place;
    let instance = instance();
    let before = Place::read(&prepared(Form::Table).pdf).unwrap();
    let (signed, _) = signed_three(&instance, Form::Table);
    assert_eq!(before, Place::read(&signed.pdf).unwrap());
    let stored = serde_json::to_string(&before).unwrap();
    assert_eq!(before, serde_json::from_str::<Place>(&stored).unwrap());
}

#[test]
fn a_revoked_signer_is_not_trusted() {
    use deedbox_pades::{
        Revoked,
        dss::{Material, Place},
    };
    let instance = instance();
    let (prepared, tail) = signed_three(&instance, Form::Table);
    let mut pdf = prepared.pdf;
    let signatures = verify(&pdf, &trust(&instance)).signatures;
    let serial = hex::decode(&signatures[0].signer.as_ref().unwrap().certificate_serial).unwrap();
    let revoked = Revoked {
        serial,
        at: NOW - time::Duration::hours(1),
    };
    let crl = instance
        .authority
        .crl(2, NOW, NOW + time::Duration::days(1), &[revoked])
        .unwrap();
    let material = Material {
        crls: vec![crl],
        ..Material::default()
    };
    let (segment, _) = Place::read(&pdf)
        .unwrap()
        .with_material(&tail, &material)
        .unwrap();
    pdf.extend_from_slice(&segment.bytes);
    let report = verify(&pdf, &trust(&instance));
    assert_eq!(report.verdict(), Verdict::UnknownSigner);
    assert_eq!(
        report.signatures[0].chain.revocation,
        deedbox_pades::Revocation::Revoked
    );
    assert_eq!(
        report.signatures[2].chain.revocation,
        deedbox_pades::Revocation::Good
    );
}

#[test]
fn an_unsigned_file_has_no_signature() {
    let instance = instance();
    let report = verify(&prepared(Form::Streams).pdf, &trust(&instance));
    assert_eq!(report.verdict(), Verdict::NoSignature);
    assert_eq!(report.unsigned_fields, FIELDS);
}

#[test]
fn bytes_after_the_last_revision_are_found() {
    let instance = instance();
    let (prepared, _) = signed_three(&instance, Form::Table);
    for extra in [&b"\n"[..], b"%junk\n", &[0; 4096]] {
        let pdf = [&prepared.pdf, extra].concat();
        let report = verify(&pdf, &trust(&instance));
        assert_ne!(report.verdict(), Verdict::Genuine, "{extra:?}");
        assert!(!report.every_byte_accounted());
    }
}

fn after_signing(form: Form, edit: impl Fn(&Prepared) -> Vec<Object>) -> (Verdict, Vec<Change>) {
    let instance = instance();
    let (mut prepared, tail) = signed_three(&instance, form);
    let segment = append(&tail, &edit(&prepared)).unwrap();
    prepared.pdf.extend_from_slice(&segment.bytes);
    let report = verify(&prepared.pdf, &trust(&instance));
    (
        report.verdict(),
        report.signatures.last().unwrap().changes.clone(),
    )
}

#[test]
fn page_changes_after_signing_are_not_permitted() {
    for form in [Form::Table, Form::Streams] {
        let (verdict, changes) = after_signing(form, |prepared| {
            vec![changed(&prepared.pdf, prepared.page, |page| {
                page.set("Rotate", 90);
            })]
        });
        assert_eq!(verdict, Verdict::ContentAdded, "{changes:?}");
    }
}

#[test]
fn replaced_content_added_annotations_and_new_actions_are_not_permitted() {
    type Edit = fn(&Prepared) -> Vec<Object>;
    let content: Edit = |prepared| {
        let doc = lopdf::Document::load_mem(&prepared.pdf).unwrap();
        let id = doc.get_page_contents((prepared.page, 0))[0];
        vec![Object::new(
            id.0,
            "<< /Length 4 >>\nstream\nq Q \nendstream",
        )]
    };
    let annotation: Edit = |prepared| {
        let next = Tail::read(&prepared.pdf).unwrap().next_object;
        vec![
            changed(&prepared.pdf, prepared.page, |page| {
                let annots = page.get_mut(b"Annots").unwrap().as_array_mut().unwrap();
                annots.push(Pdf::Reference((next, 0)));
            }),
            Object::new(
                next,
                "<< /Type /Annot /Subtype /FreeText /Rect [0 0 9 9] >>",
            ),
        ]
    };
    let action: Edit = |prepared| {
        vec![changed(&prepared.pdf, prepared.catalog, |catalog| {
            catalog.set("OpenAction", Pdf::Null);
            catalog.set("Names", lopdf::Dictionary::new());
        })]
    };
    let moved: Edit = |prepared| {
        vec![changed(&prepared.pdf, prepared.text_field, |field| {
            field.set("Rect", vec![0.into(), 0.into(), 612.into(), 792.into()]);
        })]
    };
    let cleared: Edit = |prepared| {
        vec![changed(
            &prepared.pdf,
            prepared.signature_fields[0],
            |field| {
                field.remove(b"V");
            },
        )]
    };
    let look: Edit = |prepared| {
        let next = Tail::read(&prepared.pdf).unwrap().next_object;
        vec![
            changed(&prepared.pdf, prepared.signature_fields[0], |field| {
                field.set(
                    "AP",
                    lopdf::dictionary! { "N" => Pdf::Reference((next, 0)) },
                );
            }),
            Object::new(
                next,
                "<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Length 0 >>\nstream\n\nendstream",
            ),
        ]
    };
    for (name, edit) in [
        ("content", content),
        ("annotation", annotation),
        ("action", action),
        ("moved", moved),
        ("cleared", cleared),
        ("look", look),
    ] {
        let (verdict, changes) = after_signing(Form::Table, edit);
        assert_eq!(verdict, Verdict::ContentAdded, "{name} {changes:?}");
        assert!(
            changes.iter().any(|change| !change.permitted()),
            "{name} {changes:?}"
        );
    }
}

#[test]
fn a_duplicate_key_in_a_filled_field_is_caught() {
    let (verdict, changes) = after_signing(Form::Table, |prepared| {
        let mut object = filled(
            &prepared.pdf,
            prepared.text_field,
            &Pdf::string_literal("x"),
        );
        let at = object.body.len() - 2;
        let sneaked = b" /Rect [72 600 300 620]".to_vec();
        object.body.splice(at..at, sneaked);
        let body = String::from_utf8(object.body).unwrap();
        object.body = body
            .replacen("/Rect[", "/Rect[0 0 600 700]/Rect[", 1)
            .into_bytes();
        vec![object]
    });
    assert_eq!(verdict, Verdict::ContentAdded, "{changes:?}");
}

#[test]
fn filling_a_field_after_the_last_signature_is_permitted_but_nobody_signed_for_it() {
    let (verdict, changes) = after_signing(Form::Streams, |prepared| {
        vec![filled(
            &prepared.pdf,
            prepared.text_field,
            &Pdf::string_literal("other"),
        )]
    });
    assert_eq!(
        changes,
        [Change::FieldFilled {
            field: "note".into(),
            overwrote: true
        }]
    );
    assert_eq!(verdict, Verdict::ContentAdded);
}

#[test]
fn a_short_lived_certificate_is_judged_at_the_proven_time() {
    let instance = instance();
    let (prepared, _) = signed_three(&instance, Form::Table);
    let later = Trust {
        now: NOW + time::Duration::days(900),
        ..trust(&instance)
    };
    assert_eq!(verify(&prepared.pdf, &later).verdict(), Verdict::Genuine);
}

#[test]
fn without_any_timestamp_the_certificate_must_hold_now() {
    let instance = instance();
    let mut prepared = prepared(Form::Table);
    let tail = Tail::read(&prepared.pdf).unwrap();
    sign_field(
        &instance,
        &mut prepared,
        &tail,
        0,
        &instance.signer("Ana"),
        false,
    );
    let report = verify(&prepared.pdf, &trust(&instance));
    assert_eq!(report.verdict(), Verdict::Genuine);
    assert_eq!(report.signatures[0].level, Some(Level::Basic));
    let later = Trust {
        now: NOW + time::Duration::days(1),
        ..trust(&instance)
    };
    let report = verify(&prepared.pdf, &later);
    assert_eq!(report.verdict(), Verdict::UnknownSigner);
    assert!(
        report.signatures[0]
            .chain
            .problem
            .as_ref()
            .unwrap()
            .contains("expired")
    );
}

/// Changes single bytes of a signed file at `places` and expects each change to be noticed.
fn tamper(form: Form, places: impl Fn(usize, std::ops::Range<usize>) -> Vec<usize>) {
    let instance = instance();
    let trust = trust(&instance);
    let (prepared, _) = signed_three(&instance, form);
    let mut pdf = prepared.pdf;
    let range = verify(&pdf, &trust).signatures[2].byte_range;
    let [_, gap, end, _] = range.map(|number| usize::try_from(number).unwrap());
    for at in places(pdf.len(), gap..end) {
        let kept = pdf[at];
        for flip in [0x01, 0x20] {
            pdf[at] = kept ^ flip;
            let verdict = verify(&pdf, &trust).verdict();
            assert_ne!(
                verdict,
                Verdict::Genuine,
                "{form:?} byte {at} of {gap}..{end}"
            );
        }
        pdf[at] = kept;
    }
}

#[test]
fn no_byte_of_a_signed_file_can_change_unnoticed() {
    // Only the last signature's value is not hashed, so it is sampled most densely.
    for form in [Form::Table, Form::Streams] {
        tamper(form, |length, gap| {
            let value = gap.clone().take(6200).step_by(23);
            let elsewhere = (0..length).filter(|at| !gap.contains(at)).step_by(499);
            value
                .chain(gap.clone().rev().take(3))
                .chain(elsewhere)
                .collect()
        });
    }
}

#[test]
#[ignore = "every byte takes minutes without optimisation"]
fn no_byte_of_the_last_signature_value_can_change_unnoticed() {
    tamper(Form::Table, |_, gap| gap.collect());
}

#[test]
fn no_truncation_of_a_signed_file_is_taken_for_the_whole() {
    let instance = instance();
    let trust = trust(&instance);
    let (prepared, _) = signed_three(&instance, Form::Table);
    let ends: Vec<usize> = verify(&prepared.pdf, &trust)
        .revisions
        .iter()
        .map(|revision| usize::try_from(revision.end).unwrap())
        .collect();
    for length in (0..prepared.pdf.len())
        .step_by(211)
        .filter(|length| !ends.contains(length))
    {
        let verdict = verify(&prepared.pdf[..length], &trust).verdict();
        assert_ne!(verdict, Verdict::Genuine, "{length}");
    }
}
