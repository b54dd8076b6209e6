//! The marked copy.

mod support;

use deedbox_pdf::{COPY_MARK, Limits, inspect, is_marked_copy, mark_copy, page_text, prepare};
use lopdf::Document;
use support::{Sheet, complaints, modern, plain, spec, whole_life, with_form, words};

fn vaulted(base: &[u8]) -> Vec<u8> {
    whole_life(base, &prepare(base, &spec()).unwrap(), &["ana", "ben"])
}

#[test]
fn every_page_shows_the_mark_and_the_metadata_says_it() {
    let content = words(100.0, 300.0, 12.0, "Contract");
    let turned: Vec<Sheet> = [0, 90, 180, 270].map(Sheet::turned).to_vec();
    for base in [
        plain(&turned, &content),
        modern(&turned, &content),
        with_form(false),
    ] {
        let file = vaulted(&base);
        let copy = mark_copy(&file).unwrap();
        assert_eq!(complaints(&copy), "");
        assert!(is_marked_copy(&copy).unwrap().is_complete());
        let pages = inspect(&copy, &Limits::default()).unwrap().pages.len();
        for page in 1..=u32::try_from(pages).unwrap() {
            let texts: Vec<String> = page_text(&copy, page)
                .unwrap()
                .into_iter()
                .map(|r| r.text)
                .collect();
            assert!(
                texts.iter().any(|t| t == COPY_MARK),
                "page {page}: {texts:?}"
            );
        }
    }
}

#[test]
fn the_mark_hides_nothing_of_the_page() {
    let base = plain(&[Sheet::turned(90)], &words(100.0, 300.0, 12.0, "Contract"));
    let file = vaulted(&base);
    let copy = mark_copy(&file).unwrap();
    let height = |f: &[u8]| inspect(f, &Limits::default()).unwrap().pages[0].height;
    assert!(
        (height(&copy) - height(&file) - 22.0).abs() < 0.01,
        "the band is added above"
    );
}

#[test]
fn signatures_are_flattened_to_what_they_show() {
    let file = vaulted(&plain(&[Sheet::LETTER], ""));
    let copy = mark_copy(&file).unwrap();
    assert_eq!(inspect(&copy, &Limits::default()).unwrap().signatures, 0);
    let doc = Document::load_mem(&copy).unwrap();
    assert!(!doc.catalog().unwrap().has(b"AcroForm"));
    let texts: Vec<String> = page_text(&copy, 1)
        .unwrap()
        .into_iter()
        .map(|r| r.text)
        .collect();
    assert!(
        texts.iter().any(|t| t.contains("Núñez (Ελλάδα)")),
        "{texts:?}"
    );
    let last = page_text(&copy, 2).unwrap();
    assert!(last.iter().any(|r| r.text == "AUTHORITATIVE COPY"));
}

#[test]
fn a_document_that_is_no_copy_is_told_from_one() {
    let file = vaulted(&plain(&[Sheet::LETTER], ""));
    let marks = is_marked_copy(&file).unwrap();
    assert!(!marks.metadata && marks.pages.iter().all(|marked| !marked));
    let mut half = Document::load_mem(&mark_copy(&file).unwrap()).unwrap();
    let first = half.page_iter().next().unwrap();
    half.get_dictionary_mut(first).unwrap().remove(b"Contents");
    let marks = is_marked_copy(&support::saved(&mut half)).unwrap();
    assert_eq!(marks.pages, [false, true]);
    assert!(!marks.is_complete());
}

#[test]
fn a_copy_can_be_copied_and_the_words_stay() {
    let copy = mark_copy(&plain(&[Sheet::LETTER], "")).unwrap();
    let again = mark_copy(&copy).unwrap();
    assert!(is_marked_copy(&again).unwrap().is_complete());
}
