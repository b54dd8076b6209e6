//! Every structure a PDF can have goes through its whole life.

mod support;

use std::fmt::Write as _;

use deedbox_pdf::{
    FieldKind, FillError, Limits, NormaliseReason, PrepareError, Refusal, ReserveSpec, Value, fill,
    geometry::Fraction, inspect, mark_copy, normalise, page_text, prepare, reserve_vault_seal,
};
use lopdf::Document;
use support::{
    Sheet, complaints, field, filling, modern, next_free, plain, qpdf, saved, seal_and_vault, spec,
    whole_life, with_form, words,
};

fn content() -> String {
    words(72.0, 700.0, 12.0, "Text of the contract")
}

fn lives_whole_life(name: &str, base: &[u8]) -> Vec<u8> {
    let seen = inspect(base, &Limits::default()).unwrap();
    let prepared = prepare(base, &spec()).unwrap_or_else(|e| panic!("{name}: {e}"));
    let file = whole_life(base, &prepared, &["ana", "ben"]);
    assert!(file.starts_with(base), "{name}: the base is a byte prefix");
    assert_eq!(complaints(&file), "", "{name}");
    let after = inspect(
        &file,
        &Limits {
            bytes_max: usize::MAX,
            ..Limits::default()
        },
    )
    .unwrap();
    assert_eq!(
        after.pages.len(),
        seen.pages.len() + 1,
        "{name}: one sheet is appended"
    );
    assert_eq!(after.normalise, None, "{name}: still no repair needed");
    let before = Document::load_mem(base).unwrap();
    let now = Document::load_mem(&file).unwrap();
    assert_eq!(
        before.trailer.get(b"ID").ok(),
        now.trailer.get(b"ID").ok(),
        "{name}: ID is kept"
    );
    let copy = mark_copy(&file).unwrap();
    assert_eq!(complaints(&copy), "", "{name}: copy");
    file
}

#[test]
fn a_plain_xref_table_gets_plain_xref_tables() {
    let file = lives_whole_life("plain", &plain(&[Sheet::LETTER], &content()));
    let text = String::from_utf8_lossy(&file).into_owned();
    assert_eq!(text.matches("\ntrailer\n").count(), 6);
    assert!(!text.contains("/Type/XRef"));
}

#[test]
fn xref_streams_and_object_streams_get_xref_streams() {
    let file = lives_whole_life(
        "modern",
        &modern(&[Sheet::LETTER, Sheet::LETTER], &content()),
    );
    assert!(!String::from_utf8_lossy(&file).contains("\ntrailer\n"));
}

#[test]
fn turned_and_cropped_pages_are_taken() {
    for rotate in [0, 90, 180, 270, -90, 450] {
        lives_whole_life("turned", &plain(&[Sheet::turned(rotate)], &content()));
    }
}

#[test]
fn a_linearized_file_is_taken() {
    let Some((_, base)) = qpdf(&plain(&[Sheet::LETTER; 3], &content()), &["--linearize"]) else {
        return;
    };
    lives_whole_life("linearized", &base);
}

#[test]
fn a_form_of_its_own_is_kept() {
    for direct in [true, false] {
        let base = with_form(direct);
        let file = lives_whole_life("form", &base);
        let doc = Document::load_mem(&file).unwrap();
        let form = doc
            .catalog()
            .unwrap()
            .get_deref(b"AcroForm", &doc)
            .unwrap()
            .as_dict()
            .unwrap();
        let fields = form.get_deref(b"Fields", &doc).unwrap().as_array().unwrap();
        assert_eq!(
            fields.len(),
            1 + spec().fields.len() + 1 + 2,
            "own, envelope's, sheet's, seals"
        );
        assert!(
            !form.has(b"NeedAppearances"),
            "viewers must not redraw what was signed"
        );
        let page = doc.page_iter().next().unwrap();
        let annots = doc.get_page_annotations(page).unwrap();
        assert_eq!(annots.len(), 1 + spec().fields.len());
        let shown = page_text(&file, 1).unwrap();
        assert!(shown.iter().any(|r| r.text == "prefilled"));
    }
}

#[test]
fn encrypted_files_with_an_empty_password_are_normalised_first() {
    let variants: [&[&str]; 3] = [
        &[
            "--allow-weak-crypto",
            "--encrypt",
            "",
            "owner",
            "128",
            "--use-aes=n",
            "--",
        ],
        &[
            "--allow-weak-crypto",
            "--encrypt",
            "",
            "owner",
            "128",
            "--use-aes=y",
            "--",
        ],
        &["--encrypt", "", "owner", "256", "--"],
    ];
    for args in variants {
        let Some((_, base)) = qpdf(&plain(&[Sheet::LETTER], &content()), args) else {
            return;
        };
        let seen = inspect(&base, &Limits::default()).unwrap();
        assert_eq!(seen.normalise, Some(NormaliseReason::Encrypted), "{args:?}");
        assert_eq!(prepare(&base, &spec()), Err(PrepareError::NeedsNormalising));
        let clear = normalise(&base).unwrap();
        assert_eq!(
            page_text(&clear, 1).unwrap()[0].text,
            "Text of the contract"
        );
        lives_whole_life("decrypted", &clear);
    }
}

#[test]
fn a_file_that_needs_a_password_is_refused() {
    let args = ["--encrypt", "secret", "owner", "256", "--"];
    let Some((_, base)) = qpdf(&plain(&[Sheet::LETTER], &content()), &args) else {
        return;
    };
    assert_eq!(
        inspect(&base, &Limits::default()),
        Err(Refusal::PasswordProtected)
    );
}

#[test]
fn a_damaged_xref_is_normalised_first() {
    let good = plain(&[Sheet::LETTER], &content());
    let at = good.windows(9).rposition(|w| w == b"startxref").unwrap();
    let mut bad = good[..at].to_vec();
    bad.extend_from_slice(b"startxref\n99999999\n%%EOF\n");
    let seen = inspect(&bad, &Limits::default()).unwrap();
    assert_eq!(seen.normalise, Some(NormaliseReason::RebuiltXref));
    lives_whole_life("repaired", &normalise(&bad).unwrap());
}

#[test]
fn what_is_no_pdf_or_not_a_whole_one_is_refused_by_name() {
    let limits = Limits::default();
    let good = plain(&[Sheet::LETTER; 3], &content());
    assert_eq!(inspect(b"PK\x03\x04", &limits), Err(Refusal::NotPdf));
    assert_eq!(inspect(b"", &limits), Err(Refusal::NotPdf));
    assert_eq!(
        inspect(&good[..good.len() / 2], &limits),
        Err(Refusal::Truncated)
    );
    let tight = Limits {
        pages_max: 2,
        ..limits
    };
    assert_eq!(
        inspect(&good, &tight),
        Err(Refusal::TooManyPages { pages: 3, max: 2 })
    );
    let small = Limits {
        bytes_max: 100,
        ..limits
    };
    assert_eq!(inspect(&good, &small).unwrap_err().code(), "too_large");
    let mut empty = support::document(&[], "");
    assert!(matches!(
        inspect(&saved(&mut empty), &limits),
        Err(Refusal::NoPages | Refusal::Unreadable { .. })
    ));
}

#[test]
fn fields_outside_their_page_are_refused_by_name() {
    let base = plain(&[Sheet::LETTER], &content());
    for (page, area) in [
        (2, Fraction::new(0.1, 0.1, 0.1, 0.1)),
        (1, Fraction::new(0.95, 0.1, 0.1, 0.1)),
    ] {
        let mut spec = spec();
        spec.fields
            .push(field("stray", FieldKind::Text, "ana", page, area));
        assert_eq!(
            prepare(&base, &spec),
            Err(PrepareError::OffPage {
                field: "stray".into()
            })
        );
    }
}

#[test]
fn what_cannot_be_drawn_is_refused_before_signing() {
    let base = plain(&[Sheet::LETTER], &content());
    let plan = prepare(&base, &spec()).unwrap().plan;
    let mut filling = filling("ana", 900);
    filling
        .values
        .insert("text".into(), Value::Text("ok 👍".into()));
    let refused = fill(&plan, &filling, 901);
    assert_eq!(
        refused,
        Err(FillError::CannotDraw {
            field: "text".into(),
            char: '👍'
        })
    );
}

#[test]
fn a_signer_fills_only_own_open_fields() {
    let base = plain(&[Sheet::LETTER], &content());
    let plan = prepare(&base, &spec()).unwrap().plan;
    for field in ["sig", "fixed"] {
        let mut filling = filling("ben", 900);
        filling.values.insert(field.into(), support::typed("Ben"));
        assert_eq!(
            fill(&plan, &filling, 901),
            Err(FillError::NotYours {
                field: field.into()
            })
        );
    }
}

#[test]
fn reserved_fields_show_nothing_until_they_are_used() {
    let base = plain(&[Sheet::LETTER], "");
    let mut spec = spec();
    spec.fields.retain(|f| f.fixed.is_none());
    let prepared = prepare(&base, &spec).unwrap();
    let file = [base.as_slice(), &prepared.segment].concat();
    let before = deedbox_pdf::render(&base, 1, 600, &Limits::default()).unwrap();
    let after = deedbox_pdf::render(&file, 1, 600, &Limits::default()).unwrap();
    assert!(before == after, "the page looks as it did");
}

#[test]
fn a_paper_upload_gets_a_custody_page_with_the_legend() {
    let base = modern(&[Sheet::turned(90)], &content());
    let spec = ReserveSpec {
        envelope_id: "env_x7k9m2p4q1w3".into(),
        envelope_name: "Scanned contract".into(),
        locale: deedbox_pdf::Locale::Es,
    };
    let prepared = reserve_vault_seal(&base, &spec).unwrap();
    assert!(prepared.plan.vault.is_visible());
    let mut file = [base.as_slice(), &prepared.segment].concat();
    seal_and_vault(&mut file, &prepared.plan);
    assert_eq!(complaints(&file), "");
    let words: Vec<String> = page_text(&file, 2)
        .unwrap()
        .into_iter()
        .map(|r| r.text)
        .collect();
    assert!(words.iter().any(|w| w == "AUTHORITATIVE COPY"), "{words:?}");
}

#[test]
fn the_cost_of_a_signature_does_not_grow_with_the_document() {
    let small = plain(&[Sheet::LETTER], &content());
    let large = plain(&[Sheet::LETTER; 60], &content().repeat(200));
    let size = |base: &[u8]| {
        let prepared = prepare(base, &spec()).unwrap();
        let free = next_free(&[base, &prepared.segment].concat());
        let objects = fill(&prepared.plan, &filling("ana", free), free + 1).unwrap();
        objects.iter().map(|o| o.body.len()).sum::<usize>()
    };
    assert!(size(&large).abs_diff(size(&small)) < 200);
}

#[test]
fn what_an_update_keeps_of_an_object_stays_as_it_stood() {
    let precise = "[0 0 595.303937007874 841.889763779528]";
    let text = String::from_utf8_lossy(&plain(&[Sheet::LETTER], "")).into_owned();
    let changed = text.replace("[0.0 0.0 612.0 792.0]", precise);
    assert_ne!(changed, text);
    let base = realigned(&changed);
    let prepared = prepare(base.as_bytes(), &spec()).unwrap();
    assert!(String::from_utf8_lossy(&prepared.segment).contains(precise));
}

/// The same file with offsets that are right again.
fn realigned(file: &str) -> String {
    let at = file.find("xref\n").unwrap();
    let start = file.rfind("startxref\n").unwrap();
    let trailer = &file[file.rfind("trailer").unwrap()..start];
    let body = &file[..at];
    let mut table = "xref\n".to_owned();
    for number in 1..20 {
        if let Some(offset) = body.find(&format!("\n{number} 0 obj")) {
            let _ = write!(table, "{number} 1\n{:010} 00000 n\r\n", offset + 1);
        }
    }
    format!("{body}{table}{trailer}startxref\n{at}\n%%EOF\n")
}

#[test]
fn an_upload_that_is_signed_gets_signature_fields_and_nothing_else() {
    let first = plain(&[Sheet::LETTER], &content());
    let signed = whole_life(&first, &prepare(&first, &spec()).unwrap(), &["ana", "ben"]);
    let seen = inspect(&signed, &Limits::default()).unwrap();
    assert_eq!(seen.signatures, 4, "two signers, seal and vault seal");
    let refused = prepare(&signed, &spec());
    assert!(
        matches!(refused, Err(PrepareError::SignedUpload { .. })),
        "{refused:?}"
    );
    let mut bare = spec();
    bare.fields.retain(|f| f.id == "sig");
    let prepared = prepare(&signed, &bare).unwrap();
    assert_eq!(prepared.plan.sheet, None);
    assert!(
        !prepared.plan.vault.is_visible(),
        "no page is added that could carry a legend"
    );
    assert!(!prepared.plan.field("sheet-ben").unwrap().place.is_visible());
    let file = [signed.as_slice(), &prepared.segment].concat();
    assert_eq!(
        inspect(&file, &Limits::default()).unwrap().pages.len(),
        seen.pages.len()
    );
    let reserve = ReserveSpec {
        envelope_id: "env_x7k9m2p4q1w3".into(),
        envelope_name: "Signed elsewhere".into(),
        locale: deedbox_pdf::Locale::En,
    };
    assert!(
        !reserve_vault_seal(&signed, &reserve)
            .unwrap()
            .plan
            .vault
            .is_visible()
    );
}

#[test]
fn many_signers_take_several_sheets_and_none_is_lost() {
    let base = plain(&[Sheet::LETTER], &content());
    let mut many = spec();
    many.fields.clear();
    many.signers = (0..50)
        .map(|n| support::signer(&format!("s{n}"), &format!("Signer {n}")))
        .collect();
    let prepared = prepare(&base, &many).unwrap();
    assert!(prepared.plan.pages > 3);
    let places: Vec<_> = prepared.plan.fields.iter().map(|f| &f.place).collect();
    assert_eq!(places.len(), 50);
    for (index, a) in places.iter().enumerate() {
        assert!(a.is_visible() && a.area.is_on_page());
        for b in &places[..index] {
            let apart = a.page != b.page
                || a.area.x >= b.area.x + b.area.w
                || b.area.x >= a.area.x + a.area.w
                || a.area.y >= b.area.y + b.area.h
                || b.area.y >= a.area.y + a.area.h;
            assert!(apart, "{a:?} meets {b:?}");
        }
    }
    assert_eq!(prepared.plan.vault.page, prepared.plan.pages);
}

#[test]
fn strange_strokes_are_drawn_without_strange_numbers() {
    use deedbox_pdf::{Look, Point};
    let base = plain(&[Sheet::LETTER], &content());
    let plan = prepare(&base, &spec()).unwrap().plan;
    let point = |x, y, p| Point { x, y, t: 0.0, p };
    let strange = [
        vec![],
        vec![vec![]],
        vec![vec![point(0.5, 0.5, 0.0)]],
        vec![vec![
            point(f64::NAN, 0.5, 0.0),
            point(f64::INFINITY, 0.0, 9.0),
        ]],
        vec![vec![point(0.5, 0.5, f64::NAN); 3]],
        vec![vec![
            point(-50.0, 90.0, 0.2),
            point(1e300, 0.0, 0.9),
            point(0.0, 0.0, -4.0),
        ]],
        vec![
            (0..20_000)
                .map(|n| point(f64::from(n) / 20_000.0, 0.5, 0.3))
                .collect(),
        ],
    ];
    for strokes in strange {
        let mut filling = filling("ana", 900);
        filling
            .values
            .insert("init".into(), Value::Look(Look::Drawn { strokes }));
        for object in fill(&plan, &filling, 901).unwrap() {
            let text = String::from_utf8_lossy(&object.body).into_owned();
            assert!(!text.contains("NaN") && !text.contains("inf "));
            assert!(object.body.len() < 200_000);
        }
    }
}

#[test]
fn pictures_that_are_none_are_refused_by_name() {
    use deedbox_pdf::Look;
    let base = plain(&[Sheet::LETTER], &content());
    let plan = prepare(&base, &spec()).unwrap().plan;
    for image in [
        vec![],
        b"GIF89a".to_vec(),
        b"\x89PNG\r\n\x1a\nrest".to_vec(),
        vec![0xff; 6 << 20],
        b"\xff\xd8\xff\xe0".to_vec(),
    ] {
        let mut filling = filling("ana", 900);
        filling
            .values
            .insert("init".into(), Value::Look(Look::Uploaded { image }));
        let refused = fill(&plan, &filling, 901);
        assert!(
            matches!(refused, Err(FillError::BadPicture { ref field, .. }) if field == "init"),
            "{refused:?}"
        );
    }
}

#[test]
fn a_plan_and_a_look_survive_being_stored_as_json() {
    let base = plain(&[Sheet::turned(90)], &content());
    let plan = prepare(&base, &spec()).unwrap().plan;
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(
        serde_json::from_str::<deedbox_pdf::Plan>(&json).unwrap(),
        plan
    );
    let look = deedbox_pdf::Look::Uploaded {
        image: vec![1, 2, 3],
    };
    let json = serde_json::to_value(&look).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"kind": "uploaded", "image": "AQID"})
    );
    let typed: deedbox_pdf::Look =
        serde_json::from_str(r#"{"kind":"typed","text":"Ana","font":"great-vibes"}"#).unwrap();
    assert!(matches!(
        typed,
        deedbox_pdf::Look::Typed {
            font: deedbox_pdf::Script::GreatVibes,
            ..
        }
    ));
}

#[test]
fn object_numbers_without_room_for_more_are_refused() {
    let text = String::from_utf8_lossy(&plain(&[Sheet::LETTER], "")).into_owned();
    let huge = realigned(&text.replace("/Size 7", "/Size 4294967295"));
    assert_ne!(huge, realigned(&text));
    let end = inspect(huge.as_bytes(), &Limits::default());
    let prepared = prepare(huge.as_bytes(), &spec());
    assert!(end.is_ok() == prepared.is_ok(), "{end:?} {prepared:?}");
}
