//! Every message, written out and read.

use super::*;

fn composed(notice: &Notice) -> Composed {
    Composer::new()
        .compose(notice)
        .expect("the built-in templates render")
}

fn invitation(locale: Locale) -> Notice {
    samples(locale).remove(0)
}

#[test]
fn every_message_reads_well_in_every_language() {
    for locale in Locale::ALL {
        for notice in samples(locale) {
            let kind = notice.subject.kind().as_str();
            let words = composed(&notice);
            let shown = format!(
                "Subject: {}\n\n{}\n==== on a phone ====\n{}\n",
                words.subject, words.text, words.phone
            );
            insta::assert_snapshot!(format!("{kind}_{locale}"), shown);
        }
    }
}

#[test]
fn both_languages_leave_out_the_same_places() {
    for kind in MessageKind::ALL {
        let of = |locale| {
            let catalog = words::Catalog::of(locale);
            let words = catalog.words(kind);
            [&words.status, &words.quote, &words.button, &words.note].map(String::is_empty)
        };
        assert_eq!(of(Locale::En), of(Locale::Es), "{kind:?}");
    }
}

#[test]
fn the_link_stands_in_the_button_below_it_and_once_in_the_text() {
    for locale in Locale::ALL {
        for notice in samples(locale) {
            let (Subject::Invitation { link, .. }
            | Subject::Reminder { link, .. }
            | Subject::Completed { link, .. }) = &notice.subject
            else {
                assert!(
                    !composed(&notice).html.contains("href="),
                    "no links where none belong"
                );
                continue;
            };
            let words = composed(&notice);
            let href = format!("href=\"{link}\"");
            assert_eq!(words.html.matches(&href).count(), 2);
            assert_eq!(words.text.matches(link.as_str()).count(), 1);
            assert_eq!(words.phone.matches(link.as_str()).count(), 1);
        }
    }
}

#[test]
fn a_link_with_an_ampersand_stays_whole_and_is_escaped_in_html() {
    let mut notice = invitation(Locale::En);
    if let Subject::Invitation { link, .. } = &mut notice.subject {
        *link = "https://sign.example.com/s?a=1&b='2'#token=x"
            .parse()
            .expect("a URL");
    }
    let words = composed(&notice);
    assert!(
        words
            .text
            .contains("https://sign.example.com/s?a=1&b=%272%27#token=x")
    );
    assert!(
        words
            .html
            .contains("href=\"https://sign.example.com/s?a=1&amp;b=%272%27#token=x\"")
    );
}

#[test]
fn what_people_typed_is_shown_as_text_and_never_as_markup_or_template() {
    let hostile = "<img src=x onerror=alert(1)>\"'& {{ 7*7 }} {% if %}";
    let mut notice = invitation(Locale::En);
    notice.name = hostile.into();
    notice.brand.name = hostile.into();
    notice.document = hostile.into();
    if let Subject::Invitation { role, message, .. } = &mut notice.subject {
        *role = hostile.into();
        *message = Some(Quote(hostile.into()));
    }
    let words = composed(&notice);
    assert!(!words.html.contains("<img"));
    assert!(words.html.contains("&lt;img src=x onerror=alert(1)&gt;"));
    assert!(words.html.contains("{{ 7*7 }} {% if %}"));
    assert!(words.text.contains(hostile) && words.subject.contains(hostile));
}

#[test]
fn a_subject_is_one_line_without_tricks_of_direction() {
    let mut notice = invitation(Locale::En);
    notice.brand.name = "Evil\r\nBcc: ana@example.com".into();
    notice.document = "annual\u{202e}fdp.exe".into();
    let subject = composed(&notice).subject;
    assert_eq!(
        subject,
        "Evil Bcc: ana@example.com asks you to sign: annualfdp.exe"
    );
}

#[test]
fn long_names_are_cut_where_room_is_short_but_not_in_the_message() {
    let mut notice = invitation(Locale::En);
    notice.document = "Lease ".repeat(42).trim().into();
    let words = composed(&notice);
    assert!(words.subject.chars().count() < 180 && words.subject.ends_with('\u{2026}'));
    assert!(words.text.contains(&notice.document));
    assert!(words.phone.chars().count() < 320);
}

#[test]
fn a_code_is_nowhere_but_where_it_is_looked_for() {
    let notice = samples(Locale::Es).remove(2);
    let words = composed(&notice);
    assert!(
        !words.subject.contains("402917"),
        "subjects show on lock screens"
    );
    assert_eq!(words.text.matches("402917").count(), 1);
    assert_eq!(words.html.matches("402917").count(), 1);
    // The last line of a text message that lets a phone fill the code in, on our page only.
    assert!(words.phone.ends_with("\n\n@sign.example.com #402917"));
}

#[test]
fn an_organization_shows_its_logo_and_colour() {
    let mut notice = invitation(Locale::En);
    notice.brand.logo = Some(
        "https://cdn.example.com/logo.png?a=1&b=2"
            .parse()
            .expect("a URL"),
    );
    notice.brand.accent = Some("#004d40".into());
    let html = composed(&notice).html;
    assert!(html.contains("<img src=\"https://cdn.example.com/logo.png?a=1&amp;b=2\""));
    assert!(html.contains("background-color:#004d40") && !html.contains("#3451ca;border"));
}

#[test]
fn one_click_stops_reminders_where_the_server_offers_it() {
    let mut notice = samples(Locale::En).remove(1);
    assert!(!composed(&notice).html.contains("Stop reminders"));
    notice.unsubscribe = Some("https://sign.example.com/u/abc".parse().expect("a URL"));
    let words = composed(&notice);
    assert!(
        words
            .html
            .contains("href=\"https://sign.example.com/u/abc\"")
    );
    assert!(
        words
            .text
            .contains("Stop reminders about this document: https://sign.example.com/u/abc")
    );
}
