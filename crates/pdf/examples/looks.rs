//! Writes a prepared, signed, sealed and vaulted document, a marked copy and a report into a
//! folder, for looking at: `cargo run -p deedbox-pdf --example looks -- IN.pdf OUT_DIR`.

use std::{collections::BTreeMap, env, error::Error, fs, path::PathBuf};

use deedbox_pdf::geometry::Fraction;
use deedbox_pdf::{
    Caption, FieldKind, FieldSpec, Fill, Legend, Locale, Look, Plan, Point, PrepareSpec, Script,
    Seal, SignatureRef, SignerSpec, Value, append, fill, legend, prepare, seal,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let base = fs::read(args.next().ok_or("name a PDF")?)?;
    let out = PathBuf::from(args.next().ok_or("name a folder")?);
    fs::create_dir_all(&out)?;
    let seen = deedbox_pdf::inspect(&base, &deedbox_pdf::Limits::default())?;
    let base = if seen.normalise.is_some() {
        deedbox_pdf::normalise(&base)?
    } else {
        base
    };
    if seen.certified.is_some() {
        return reserve(base, &out);
    }
    let mut spec = spec();
    if seen.signatures > 0 {
        // Anything but a signature field would break the signatures that are there.
        spec.fields
            .retain(|f| f.kind == FieldKind::Signature && f.id == "ana_sig");
    }
    let prepared = prepare(&base, &spec)?;
    let mut file = base;
    file.extend_from_slice(&prepared.segment);
    fs::write(out.join("1-prepared.pdf"), &file)?;
    for (n, signer) in (2..).zip(["ana", "ben", "zoe"]) {
        let free = next_free(&file)?;
        let mut filling = filling(signer, free);
        filling
            .values
            .retain(|id, _| prepared.plan.field(id).is_some());
        let mut objects = fill(&prepared.plan, &filling, free + 1)?;
        objects.push(stand_in(free));
        file.extend(append(&file, &objects)?);
        sign(&mut file)?;
        fs::write(out.join(format!("{n}-{signer}.pdf")), &file)?;
    }
    file = apply(&file, &prepared.plan, true)?;
    fs::write(out.join("5-sealed.pdf"), &file)?;
    file = apply(&file, &prepared.plan, false)?;
    fs::write(out.join("6-vaulted.pdf"), &file)?;
    fs::write(out.join("7-copy.pdf"), deedbox_pdf::mark_copy(&file)?)?;
    Ok(())
}

/// A certified upload: the vault seal alone.
fn reserve(base: Vec<u8>, out: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let spec = deedbox_pdf::ReserveSpec {
        envelope_id: "env_x7k9m2p4q1w3".into(),
        envelope_name: "Scanned contract".into(),
        locale: Locale::En,
    };
    let reserved = deedbox_pdf::reserve_vault_seal(&base, &spec)?;
    let mut file = base;
    file.extend_from_slice(&reserved.segment);
    fs::write(
        out.join("6-vaulted.pdf"),
        apply(&file, &reserved.plan, false)?,
    )?;
    Ok(())
}

fn apply(file: &[u8], plan: &Plan, is_seal: bool) -> Result<Vec<u8>, Box<dyn Error>> {
    let free = next_free(file)?;
    let mut objects = if is_seal {
        let shown = Seal {
            sealed_by: "Northwind Deeds".into(),
            time: "11 Apr 2026, 10:00:00 UTC".into(),
            envelope_id: "env_x7k9m2p4q1w3".into(),
            verify_url: "https://deeds.example.com/verify".into(),
        };
        seal(plan, &shown, free, free + 1)?
    } else {
        let shown = Legend {
            asset_id: "ast_4f6h8j2k1m3n".into(),
            vault: "Northwind Vault".into(),
            assignee: "First Example Bank".into(),
            time: "11 Apr 2026, 10:16:10 UTC".into(),
            verify_url: "https://deeds.example.com/verify".into(),
        };
        legend(plan, &shown, free, free + 1)?
    };
    objects.push(stand_in(free));
    let mut whole = file.to_vec();
    whole.extend(append(file, &objects)?);
    sign(&mut whole)?;
    Ok(whole)
}

/// A signature dictionary as the signing crate would write it, still to be filled.
fn stand_in(number: u32) -> deedbox_pdf::Object {
    let body = format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20260411100000+00'00')\
         /ByteRange[0 {BLANK} {BLANK} {BLANK}]/Contents<{}>>>",
        "0".repeat(8192)
    );
    deedbox_pdf::Object::new(number, body.into_bytes())
}

const BLANK: &str = "##########";

/// Signs the last signature dictionary with openssl when `SIGN_CERT` and `SIGN_KEY` name a
/// certificate and its key, so that outside validators can judge the revisions.
fn sign(file: &mut [u8]) -> Result<(), Box<dyn Error>> {
    let (Ok(cert), Ok(key)) = (env::var("SIGN_CERT"), env::var("SIGN_KEY")) else {
        return Ok(());
    };
    let find = |needle: &[u8]| file.windows(needle.len()).rposition(|w| w == needle);
    let gap = find(b"/Contents<000").ok_or("no place for a signature")? + 9;
    let (after, range) = (gap + 8194, find(BLANK.as_bytes()).ok_or("no range")?);
    let first = range - 22;
    for (at, value) in [
        (first, gap),
        (first + 11, after),
        (first + 22, file.len() - after),
    ] {
        file[at..at + 10].copy_from_slice(format!("{value:<10}").as_bytes());
    }
    let signed = [&file[..gap], &file[after..]].concat();
    let input = env::temp_dir().join("deedbox-looks-signed");
    fs::write(&input, signed)?;
    let cms = std::process::Command::new("openssl")
        .args([
            "cms", "-sign", "-binary", "-cades", "-md", "sha256", "-outform", "DER",
        ])
        .args(["-signer", &cert, "-inkey", &key, "-in"])
        .arg(&input)
        .output()?;
    for (index, byte) in cms.stdout.iter().enumerate() {
        let at = gap + 1 + index * 2;
        file[at..at + 2].copy_from_slice(format!("{byte:02X}").as_bytes());
    }
    Ok(())
}

fn next_free(file: &[u8]) -> Result<u32, Box<dyn Error>> {
    let document = lopdf::Document::load_mem(file)?;
    Ok(document.max_id + 1)
}

fn spec() -> PrepareSpec {
    let signer = |key: &str, name: &str, role: &str| SignerSpec {
        key: key.into(),
        name: name.into(),
        role: role.into(),
    };
    let field = |id: &str, kind, signer: &str, x, y, w, h| FieldSpec {
        id: id.into(),
        name: id.into(),
        kind,
        signer: signer.into(),
        required: true,
        options: vec!["Monthly".into(), "Quarterly".into(), "Yearly".into()],
        page: 1,
        area: Fraction::new(x, y, w, h),
        fixed: None,
    };
    PrepareSpec {
        envelope_id: "env_x7k9m2p4q1w3".into(),
        envelope_name: "Retail installment contract – Ana Núñez".into(),
        sender: "Northwind Motors".into(),
        locale: Locale::En,
        signers: vec![
            signer("ana", "Ana Núñez", "Buyer"),
            signer("ben", "Ben Example", "Co-Signer"),
            signer("zoe", "Ζωή Παπαδοπούλου", "Guarantor"),
        ],
        fields: vec![
            field(
                "ana_sig",
                FieldKind::Signature,
                "ana",
                0.10,
                0.70,
                0.32,
                0.08,
            ),
            field(
                "ana_init",
                FieldKind::Initials,
                "ana",
                0.80,
                0.70,
                0.1,
                0.04,
            ),
            field(
                "ana_sig2",
                FieldKind::Signature,
                "ana",
                0.10,
                0.82,
                0.4,
                0.025,
            ),
            field(
                "ana_date",
                FieldKind::DateNow,
                "ana",
                0.55,
                0.74,
                0.2,
                0.022,
            ),
            field(
                "ana_agree",
                FieldKind::Checkbox,
                "ana",
                0.55,
                0.70,
                0.022,
                0.017,
            ),
            field(
                "ana_no",
                FieldKind::Checkbox,
                "ana",
                0.60,
                0.70,
                0.022,
                0.017,
            ),
            field("ana_notes", FieldKind::Text, "ana", 0.55, 0.78, 0.35, 0.06),
            field("ana_plan", FieldKind::Radio, "ana", 0.55, 0.86, 0.2, 0.06),
            FieldSpec {
                fixed: Some("VIN 1HGCM82633A004352".into()),
                ..field("vin", FieldKind::Text, "ana", 0.55, 0.66, 0.35, 0.022)
            },
        ],
        cover: Vec::new(),
    }
}

fn filling(signer: &str, free: u32) -> Fill {
    let typed = |text: &str, font| {
        Value::Look(Look::Typed {
            text: text.into(),
            font,
        })
    };
    let (name, values) = match signer {
        "ana" => (
            "Ana Núñez",
            vec![
                ("ana_sig", Value::Look(Look::Drawn { strokes: strokes() })),
                ("ana_init", typed("AN", Script::Caveat)),
                ("ana_sig2", Value::Look(Look::Drawn { strokes: strokes() })),
                ("ana_date", Value::Text("2026-04-11".into())),
                ("ana_agree", Value::Checked(true)),
                ("ana_no", Value::Checked(false)),
                ("ana_notes", Value::Text("Delivery to the side gate; please call ahead: +57 300 000 0000. Ελλάδα, Łódź.".into())),
                ("ana_plan", Value::Text("Quarterly".into())),
            ],
        ),
        "ben" => ("Ben Example", vec![("sheet-ben", typed("Ben Example", Script::GreatVibes))]),
        _ => ("Ζωή Παπαδοπούλου", vec![("sheet-zoe", typed("Ζωή Παπαδοπούλου", Script::Sacramento))]),
    };
    let values: BTreeMap<String, Value> =
        values.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    Fill {
        signer: signer.into(),
        values,
        signature: Some(SignatureRef {
            object: free,
            caption: Caption {
                name: name.into(),
                time: "11 Apr 2026, 10:00:00 UTC".into(),
                reference: "env_x7k9m2p4q1w3".into(),
            },
        }),
    }
}

/// A flourish: three loops and a line under them.
fn strokes() -> Vec<Vec<Point>> {
    let loops = (0..160).map(|i| {
        let t = f64::from(i) / 160.0;
        let turn = t * 6.0 * std::f64::consts::TAU / 2.0;
        Point {
            x: 0.08 + t * 0.7 + 0.05 * turn.cos(),
            y: 0.5 - 0.3 * (turn * 1.0).sin() * (1.0 - t * 0.6),
            t: f64::from(i) * 8.0 + 3.0 * turn.sin(),
            p: 0.0,
        }
    });
    let under = (0..40).map(|i| {
        let t = f64::from(i) / 40.0;
        Point {
            x: 0.2 + t * 0.75,
            y: 0.86 - 0.1 * t * t,
            t: 1400.0 + f64::from(i) * 5.0,
            p: 0.0,
        }
    });
    vec![loops.collect(), under.collect()]
}
