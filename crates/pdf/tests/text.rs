//! Text runs, anchors and tags on pages of every kind.

mod support;

use deedbox_pdf::{Limits, find_anchor, find_tags, page_text, prepare, render};
use support::{Sheet, plain, spec, words};

fn texts(file: &[u8]) -> Vec<String> {
    page_text(file, 1)
        .unwrap()
        .into_iter()
        .map(|r| r.text)
        .collect()
}

#[test]
fn runs_come_in_reading_order_with_their_places() {
    let content = words(72.0, 700.0, 12.0, "First line") + &words(72.0, 680.0, 12.0, "Second line");
    let runs = page_text(&plain(&[Sheet::LETTER], &content), 1).unwrap();
    assert_eq!(
        runs.iter().map(|r| r.text.as_str()).collect::<Vec<_>>(),
        ["First line", "Second line"]
    );
    let first = &runs[0];
    assert!((first.x - 72.0 / 612.0).abs() < 0.002);
    let (top, bottom) = (first.y * 792.0, (first.y + first.h) * 792.0);
    assert!(top < 92.0 - 7.0 && top > 92.0 - 13.0, "top {top}");
    assert!(bottom > 92.0 && bottom < 96.0, "bottom {bottom}");
    assert!(
        (first.w * 612.0 - 45.3).abs() < 0.5,
        "width {}",
        first.w * 612.0
    );
}

#[test]
fn kerned_and_split_text_is_joined() {
    let content = "BT /F1 12 Tf 72 700 Td [(Si) -20 (gn) 40 ( he) (re)] TJ ET\n\
                   BT /F1 12 Tf 72 650 Td (Da) Tj ET BT /F1 12 Tf 87.4 650 Td (te) Tj 8 0 Td (:) Tj ET\n";
    let file = plain(&[Sheet::LETTER], content);
    assert_eq!(texts(&file)[0], "Sign here");
    assert!(find_anchor(&file, "Sign here", 1).unwrap().is_some());
    let date = find_anchor(&file, "Date", 1).unwrap().unwrap();
    assert!((date.area.x * 612.0 - 72.0).abs() < 1.0);
}

#[test]
fn occurrences_count_over_all_pages() {
    let content = words(72.0, 700.0, 12.0, "Date: Date:");
    let file = plain(&[Sheet::LETTER, Sheet::LETTER], &content);
    let hit = |n| find_anchor(&file, "Date:", n).unwrap().map(|a| a.page);
    assert_eq!(
        [hit(1), hit(2), hit(3), hit(4), hit(5)],
        [Some(1), Some(1), Some(2), Some(2), None]
    );
    assert_eq!(find_anchor(&file, "  ", 1).unwrap(), None);
}

#[test]
fn text_is_found_where_a_turned_page_shows_it() {
    for rotate in [0, 90, 180, 270] {
        let sheet = Sheet::turned(rotate);
        let crop = sheet.crop.unwrap();
        let file = plain(&[sheet], &words(110.0, 260.0, 10.0, "Anchor"));
        let area = find_anchor(&file, "Anchor", 1).unwrap().unwrap().area;
        let page = deedbox_pdf::geometry::PageBox::new(
            deedbox_pdf::geometry::Rect::new(
                crop[0].into(),
                crop[1].into(),
                crop[2].into(),
                crop[3].into(),
            ),
            rotate,
            1.0,
        );
        let rect = page.to_user(&area);
        assert!((rect.x0 - 110.0).abs() < 0.5, "{rotate}: {rect:?}");
        assert!((rect.y0 - 257.8).abs() < 0.5, "{rotate}: {rect:?}");
        assert!(
            rect.width() > 28.0 && rect.width() < 38.0,
            "{rotate}: {rect:?}"
        );
    }
}

#[test]
fn text_written_sideways_is_one_run() {
    let content = "BT /F1 12 Tf 0 1 -1 0 300 300 Tm (Sideways text) Tj ET\n";
    let file = plain(&[Sheet::LETTER], content);
    assert_eq!(texts(&file), ["Sideways text"]);
    let hit = find_anchor(&file, "Sideways", 1).unwrap().unwrap();
    assert!(hit.area.h > hit.area.w);
}

#[test]
fn tags_are_read_and_left_out_of_the_text() {
    let content = words(
        72.0,
        700.0,
        10.0,
        "Name: {{Full name;role=Buyer}} of legal age",
    ) + "BT /F1 10 Tf 72 600 Td [({{Sign) -40 (ed;ty) (pe=signature;width=200;height=60}})] TJ ET\n";
    let file = plain(&[Sheet::LETTER], &content);
    let tags = find_tags(&file).unwrap();
    assert_eq!(tags.len(), 2);
    assert_eq!(
        (tags[0].name.as_str(), tags[0].kind.as_str()),
        ("Full name", "text")
    );
    assert_eq!(tags[0].role.as_deref(), Some("Buyer"));
    assert_eq!(
        (tags[1].name.as_str(), tags[1].kind.as_str()),
        ("Signed", "signature")
    );
    assert!((tags[1].area.w * 612.0 - 150.0).abs() < 1e-6);
    assert!((tags[1].area.h * 792.0 - 45.0).abs() < 1e-6);
    assert_eq!(texts(&file), ["Name: of legal age"]);
}

#[test]
fn covered_tags_are_not_seen() {
    for rotate in [0, 90, 180, 270] {
        let tagged = plain(
            &[Sheet::turned(rotate)],
            &words(110.0, 260.0, 10.0, "{{Name}}"),
        );
        let blank = plain(&[Sheet::turned(rotate)], "");
        let mut spec = spec();
        spec.fields.clear();
        spec.cover = find_tags(&tagged)
            .unwrap()
            .iter()
            .map(|t| deedbox_pdf::Cover {
                page: t.page,
                area: t.cover,
            })
            .collect();
        let prepared = prepare(&tagged, &spec).unwrap();
        let file = [tagged, prepared.segment].concat();
        let picture = |f: &[u8]| render(f, 1, 700, &Limits::default()).unwrap();
        assert!(picture(&file) == picture(&blank), "turned by {rotate}");
    }
}
