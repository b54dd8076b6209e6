//! Real and hostile files: each ends prepared, filled, sealed and copied, or refused by name.
//! Runs over a sample of the folder that `DEEDBOX_PDF_CORPUS` names; does nothing without one.

mod support;

use std::{
    collections::BTreeMap,
    fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
    time::Instant,
};

use deedbox_pdf::{
    FieldKind, Limits, NormaliseReason, PrepareError, PrepareSpec, geometry::Fraction, inspect,
    is_marked_copy, mark_copy, normalise, prepare,
};
use support::{complaints, corpus, field, seal_and_vault, signer, spec};

/// Files that cost more than this are left out, so that the test stays short.
const BYTES_MAX: u64 = 600_000;

fn small_spec() -> PrepareSpec {
    PrepareSpec {
        signers: vec![signer("ana", "Ana Example"), signer("ben", "Ben Example")],
        fields: vec![
            field(
                "sig",
                FieldKind::Signature,
                "ana",
                1,
                Fraction::new(0.1, 0.7, 0.3, 0.07),
            ),
            field(
                "text",
                FieldKind::Text,
                "ana",
                1,
                Fraction::new(0.1, 0.5, 0.3, 0.03),
            ),
        ],
        ..spec()
    }
}

fn live(path: &Path) -> Result<&'static str, String> {
    let bytes = fs::read(path).unwrap();
    let seen = inspect(&bytes, &Limits::default()).map_err(|r| r.code().to_owned())?;
    let base = match seen.normalise {
        Some(_) => normalise(&bytes).map_err(|r| format!("normalise: {}", r.code()))?,
        None => bytes.clone(),
    };
    let mut small = small_spec();
    if seen.signatures > 0 {
        small.fields.retain(|f| f.kind == FieldKind::Signature);
    }
    let prepared = match prepare(&base, &small) {
        Ok(prepared) => prepared,
        Err(PrepareError::Certified) => return Err("certified".into()),
        Err(error) => panic!("{}: {error}", path.display()),
    };
    let mut file = [base.as_slice(), &prepared.segment].concat();
    for who in ["ana", "ben"] {
        let free = support::next_free(&file);
        let mut filling = support::filling(who, free);
        filling
            .values
            .retain(|id, _| prepared.plan.field(id).is_some());
        let mut objects = deedbox_pdf::fill(&prepared.plan, &filling, free + 1).unwrap();
        objects.push(support::stand_in(free));
        support::extend(&mut file, &objects);
    }
    seal_and_vault(&mut file, &prepared.plan);
    assert!(file.starts_with(&base), "{}", path.display());
    let after = inspect(
        &file,
        &Limits {
            bytes_max: usize::MAX,
            pages_max: 600,
            ..Limits::default()
        },
    );
    let after = after.unwrap_or_else(|r| panic!("{}: {r} after signing", path.display()));
    let added = prepared.plan.pages as usize - seen.pages.len();
    assert_eq!(
        after.pages.len(),
        seen.pages.len() + added,
        "{}",
        path.display()
    );
    if complaints(&base).is_empty() {
        assert_eq!(complaints(&file), "", "{}", path.display());
    }
    let copy = mark_copy(&file).unwrap_or_else(|r| panic!("{}: {r} as a copy", path.display()));
    assert!(
        is_marked_copy(&copy).unwrap().is_complete(),
        "{}",
        path.display()
    );
    Ok(match seen.normalise {
        None => "as it is",
        Some(NormaliseReason::Encrypted) => "decrypted",
        Some(NormaliseReason::RebuiltXref) => "repaired",
        Some(NormaliseReason::Hybrid) => "made plain",
    })
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "pdf")
            && entry.metadata().unwrap().len() < BYTES_MAX
        {
            found.push(path);
        }
    }
}

#[test]
fn every_file_is_taken_through_its_life_or_refused_by_name() {
    let Some(folder) = corpus() else { return };
    let every: usize = std::env::var("DEEDBOX_PDF_CORPUS_EVERY")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(7);
    let mut all = Vec::new();
    files(&folder, &mut all);
    all.sort();
    let mut broken = Vec::new();
    let mut ends: BTreeMap<String, u32> = BTreeMap::new();
    for path in all.iter().step_by(every) {
        let start = Instant::now();
        let end = match catch_unwind(|| live(path)) {
            Ok(Ok(how)) => format!("taken {how}"),
            Ok(Err(code)) => format!("refused: {code}"),
            Err(_) => {
                broken.push(path);
                "broken".to_owned()
            }
        };
        let seconds = start.elapsed().as_secs();
        if seconds > 5 {
            println!("{seconds} s: {}", path.display());
        }
        *ends.entry(end).or_default() += 1;
    }
    for (end, count) in &ends {
        println!("{count:5} {end}");
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(ends.keys().any(|e| e.starts_with("taken")));
}
