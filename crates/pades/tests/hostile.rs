//! Input from nowhere: nothing panics, nothing takes for ever, nothing broken reads genuine.

mod common;

use std::time::{Duration, Instant};

use common::{Form, NOW, archived, instance, prepared};
use deedbox_pades::{Object, Tail, Trust, Verdict, append, verify};
use proptest::{prelude::*, strategy::ValueTree as _};

fn nobody() -> Trust {
    Trust {
        roots: Vec::new(),
        now: NOW,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn noise_is_never_a_signed_document(bytes in proptest::collection::vec(any::<u8>(), 0..4096)) {
        let mut pdf = b"%PDF-1.7\n".to_vec();
        pdf.extend_from_slice(&bytes);
        prop_assert_ne!(verify(&pdf, &nobody()).verdict(), Verdict::Genuine);
        let _ = Tail::read(&pdf);
    }
}

#[test]
fn mutations_of_a_signed_file_are_all_noticed() {
    let instance = instance();
    let trust = Trust {
        roots: vec![instance.authority.certificate().to_vec()],
        now: NOW,
    };
    let pdf = archived(&instance, Form::Streams);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let places = (0..pdf.len(), 0..pdf.len(), 1..200_usize, any::<u8>());
    for _ in 0..300 {
        let (at, from, length, byte) = places.new_tree(&mut runner).expect("a value").current();
        let mut mutated = pdf.clone();
        match byte % 4 {
            0 => mutated[at] ^= byte | 1,
            1 => drop(mutated.drain(at..(at + length).min(pdf.len()))),
            2 => mutated.insert(at, byte),
            _ => {
                let piece = pdf[from..(from + length).min(pdf.len())].to_vec();
                mutated.splice(at..at, piece);
            }
        }
        if mutated != pdf {
            assert_ne!(
                verify(&mutated, &trust).verdict(),
                Verdict::Genuine,
                "{at} {byte}"
            );
        }
    }
}

#[test]
fn a_cross_reference_bomb_is_refused_quickly() {
    let stream =
        "<< /Type /XRef /W [1 1 1] /Size 50000000 /Root 1 0 R /Length 0 >>\nstream\n\nendstream";
    let pdf = format!("%PDF-1.7\n1 0 obj\n{stream}\nendobj\nstartxref\n9\n%%EOF\n");
    let start = Instant::now();
    assert_eq!(
        verify(pdf.as_bytes(), &nobody()).verdict(),
        Verdict::CouldNotCheck
    );
    assert!(Tail::read(pdf.as_bytes()).is_err());
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_loop_of_cross_reference_sections_is_refused() {
    let pdf = "%PDF-1.7\nxref\n0 0\ntrailer\n<< /Size 1 /Prev 9 >>\nstartxref\n9\n%%EOF\n";
    assert!(Tail::read(pdf.as_bytes()).is_err());
    assert_eq!(
        verify(pdf.as_bytes(), &nobody()).verdict(),
        Verdict::CouldNotCheck
    );
}

/// Real and hostile files; the folder comes from `DEEDBOX_PDF_CORPUS`.
#[test]
fn the_corpus_is_read_in_bounded_time_and_can_be_appended_to() {
    let Some(folder) = std::env::var_os("DEEDBOX_PDF_CORPUS") else {
        return;
    };
    let (mut read, mut refused) = (0, 0);
    for file in files(folder.as_ref()) {
        let pdf = std::fs::read(&file).expect("a file of the corpus");
        let start = Instant::now();
        let report = verify(&pdf, &nobody());
        assert_ne!(report.verdict(), Verdict::Genuine, "{}", file.display());
        match Tail::read(&pdf) {
            Ok(tail) => {
                read += 1;
                let extra = Object::new(tail.next_object, "<< /Note (appended) >>");
                let segment = append(&tail, &[extra]).expect("an update");
                let whole = [pdf, segment.bytes].concat();
                assert_eq!(
                    Tail::read(&whole).as_ref(),
                    Ok(&segment.tail),
                    "{}",
                    file.display()
                );
            }
            Err(_) => refused += 1,
        }
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{}",
            file.display()
        );
    }
    eprintln!("{read} files can be appended to, {refused} must be normalised or are refused");
    assert!(read > refused);
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the corpus folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[test]
fn files_that_an_update_would_break_are_refused_by_name() {
    let pdf = prepared(Form::Table).pdf;
    let shifted = [b"junk\n".as_slice(), &pdf].concat();
    assert_eq!(
        Tail::read(&shifted),
        Err(deedbox_pades::TailError::BytesBeforeHeader)
    );
    let cut = &pdf[..pdf.len() - 20];
    assert!(Tail::read(cut).is_err());
}
