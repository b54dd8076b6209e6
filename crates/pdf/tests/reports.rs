//! The documents the instance writes itself.

use deedbox_pdf::{
    Limits, Locale, inspect, page_text,
    report::{
        Attachment, Check, Completion, CustodyRecord, Fact, ReportError, SignerBlock, TrailEntry,
        write,
    },
};

fn digest(letter: char) -> String {
    letter.to_string().repeat(64)
}

fn evidence() -> Attachment {
    Attachment {
        name: "evidence.json".into(),
        mime: "application/json".into(),
        description: "Evidence of the envelope".into(),
        bytes: br#"{"envelope_id":"env_x7k9m2p4q1w3"}"#.to_vec(),
    }
}

fn completion(locale: Locale) -> Completion {
    let signer = |name: &str, role: &str| SignerBlock {
        name: name.into(),
        email: "ana@example.com".into(),
        role: role.into(),
        signed_at: "11 Apr 2026, 10:00:00 UTC".into(),
        steps: vec![
            "Code by e-mail to a…@example.com, accepted 11 Apr 2026, 09:58:11 UTC".into(),
            "Consent to electronic records, disclosure esign-en-3".into(),
        ],
        facts: vec![
            Fact::new("Address", "203.0.113.7"),
            Fact::new(
                "Browser",
                "Mozilla/5.0 (Linux; Android 15) 👍 Chrome/140 Mobile",
            ),
        ],
    };
    let entry = |seq: u64| TrailEntry {
        seq,
        at: format!("2026-04-11 09:{:02}:00.000Z", seq % 60),
        what: if seq.is_multiple_of(3) {
            "signer.otp_verified".into()
        } else {
            "document.opened".into()
        },
        who: "Ana Núñez (signer)".into(),
        hash: digest('b'),
    };
    Completion {
        locale,
        operator: "Northwind Deeds".into(),
        envelope_id: "env_x7k9m2p4q1w3".into(),
        envelope_name: "Retail installment contract – Ana Núñez".into(),
        sender: "Northwind Motors".into(),
        sent_at: "11 Apr 2026, 09:40:00 UTC".into(),
        completed_at: "11 Apr 2026, 10:15:00 UTC".into(),
        sha256_original: digest('a'),
        sha256_final: digest('c'),
        pages: 9,
        bytes: 182_044,
        seal: "PAdES B-T, built-in time-stamping authority".into(),
        signers: vec![
            signer("Ana Núñez", "Buyer"),
            signer("Ben Example", "Co-Signer"),
        ],
        trail: (1..=40).map(entry).collect(),
        notices: vec![
            "This certificate reports what the software recorded. It is not a legal opinion."
                .into(),
        ],
        created: 1_775_901_600,
        attachments: vec![evidence()],
    }
}

fn custody(locale: Locale) -> CustodyRecord {
    let check = |title: &str, satisfied, result: &str| Check {
        title: title.into(),
        satisfied,
        result: result.into(),
        detail:
            "One live authoritative copy, stored create-only; the source bytes live nowhere else."
                .into(),
    };
    CustodyRecord {
        locale,
        operator: "Northwind Deeds".into(),
        envelope_id: "env_x7k9m2p4q1w3".into(),
        envelope_name: "Retail installment contract – Ana Núñez".into(),
        asset_id: "ast_4f6h8j2k1m3n".into(),
        source: "Signed electronically".into(),
        paper_original: None,
        titles: vec!["Retail installment contract".into()],
        document_sha256: digest('d'),
        document_bytes: 182_044,
        pages: 9,
        location: "Northwind Vault".into(),
        submitted_at: "11 Apr 2026, 10:16:10 UTC".into(),
        submitted_by: "Dealer backend".into(),
        assignee: "First Example Bank".into(),
        copy_sha256: digest('e'),
        checks: vec![
            check("Single authoritative copy", true, "verified"),
            check("Assignee changes require consent", false, "not established"),
        ],
        created: 1_775_901_600,
        attachments: vec![evidence()],
    }
}

fn words(file: &[u8], page: u32) -> String {
    page_text(file, page)
        .unwrap()
        .into_iter()
        .map(|r| r.text)
        .collect::<Vec<_>>()
        .join(" | ")
}

/// Keeps a file for looking at when `DEEDBOX_PDF_OUT` names a folder.
fn keep(name: &str, file: &[u8]) {
    if let Some(folder) = std::env::var_os("DEEDBOX_PDF_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(name), file).unwrap();
    }
}

#[test]
fn a_certificate_of_completion_is_a_pdf_a_with_its_evidence_attached() {
    for (locale, title) in [
        (Locale::En, "Certificate of completion"),
        (Locale::Es, "Certificado de finalización"),
    ] {
        let file = write(&completion(locale).report()).unwrap();
        keep(&format!("completion-{}.pdf", locale as u8), &file);
        let seen = inspect(&file, &Limits::default()).unwrap();
        assert!(seen.pages.len() > 1, "a long trail takes several pages");
        assert!(words(&file, 1).contains(title));
        let raw = String::from_utf8_lossy(&file);
        assert!(raw.contains("pdfaid:part>3<") && raw.contains("pdfaid:conformance>B<"));
        assert!(raw.contains("/AFRelationship"));
    }
}

#[test]
fn every_page_says_which_of_how_many_it_is() {
    let file = write(&completion(Locale::En).report()).unwrap();
    let count = u32::try_from(inspect(&file, &Limits::default()).unwrap().pages.len()).unwrap();
    for page in 1..=count {
        assert!(words(&file, page).contains(&format!("Page {page} of {count}")));
    }
}

#[test]
fn a_custody_record_names_document_and_actor() {
    let file = write(&custody(Locale::Es).report()).unwrap();
    keep("custody.pdf", &file);
    let text = words(&file, 1);
    for part in [
        "Registro de custodia",
        "Dealer backend",
        "First Example Bank",
        &digest('d'),
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = custody(Locale::En).report();
    assert_eq!(write(&report).unwrap(), write(&report).unwrap());
}

#[test]
fn two_attachments_of_one_name_are_refused() {
    let mut report = custody(Locale::En).report();
    report.attachments.push(evidence());
    assert_eq!(
        write(&report),
        Err(ReportError::Attachment("evidence.json".into()))
    );
}
