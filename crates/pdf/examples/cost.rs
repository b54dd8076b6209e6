//! What one signer's revision costs to draw:
//! `cargo run --release -p deedbox-pdf --example cost`.

use std::{collections::BTreeMap, error::Error, hint::black_box, time::Instant};

use deedbox_pdf::{
    Caption, FieldKind, FieldSpec, Fill, Limits, Locale, Look, Point, PrepareSpec, Script,
    SignatureRef, SignerSpec, Value, fill, geometry::Fraction, inspect, mark_copy, page_text,
    prepare, render,
};
use lopdf::{Document, Object, dictionary};

const ROUNDS: u32 = 2_000;

fn main() -> Result<(), Box<dyn Error>> {
    let prepared = prepare(&page()?, &spec())?;
    let drawn = Look::Drawn {
        strokes: vec![wave()],
    };
    let typed = Look::Typed {
        text: "Ana Example".into(),
        font: Script::Sacramento,
    };
    for (name, look) in [("drawn, 160 points", drawn), ("typed", typed)] {
        let filling = Fill {
            signer: "ana".into(),
            values: BTreeMap::from([
                ("sig".to_owned(), Value::Look(look)),
                ("date".to_owned(), Value::Text("2026-04-11".into())),
            ]),
            signature: Some(SignatureRef {
                object: prepared.plan.first_free,
                caption: Caption {
                    name: "Ana Example".into(),
                    time: "11 Apr 2026, 10:00:00 UTC".into(),
                    reference: "env_x7k9m2p4q1w3".into(),
                },
            }),
        };
        let free = prepared.plan.first_free + 1;
        let bytes: usize = fill(&prepared.plan, &filling, free)?
            .iter()
            .map(|o| o.body.len())
            .sum();
        let start = Instant::now();
        for _ in 0..ROUNDS {
            black_box(fill(black_box(&prepared.plan), black_box(&filling), free)?);
        }
        let micros = start.elapsed().as_micros() / u128::from(ROUNDS);
        println!("fill, signature {name} and a date: {micros} µs, {bytes} bytes");
    }
    others()
}

fn others() -> Result<(), Box<dyn Error>> {
    let base = page()?;
    let file = [base.clone(), prepare(&base, &spec())?.segment].concat();
    timed("prepare", || Ok(prepare(&base, &spec())?.segment.len()))?;
    timed("inspect", || Ok(inspect(&file, &Limits::default())?.bytes))?;
    timed("mark_copy", || Ok(mark_copy(&file)?.len()))?;
    timed("render, 1200 px", || {
        Ok(render(&file, 2, 1200, &Limits::default())?.len())
    })?;
    timed("page_text", || Ok(page_text(&file, 2)?.len()))
}

fn timed(
    name: &str,
    work: impl Fn() -> Result<usize, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let (start, rounds) = (Instant::now(), 20);
    let mut size = 0;
    for _ in 0..rounds {
        size = black_box(work()?);
    }
    println!(
        "{name}: {} µs, {size}",
        start.elapsed().as_micros() / rounds
    );
    Ok(())
}

fn wave() -> Vec<Point> {
    let point = |i: i32| {
        let t = f64::from(i) / 160.0;
        Point {
            x: t,
            y: 0.5 + 0.4 * (t * 30.0).sin(),
            t: f64::from(i) * 8.0,
            p: 0.0,
        }
    };
    (0..160).map(point).collect()
}

fn page() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut doc = Document::with_version("1.5");
    let pages = doc.new_object_id();
    let paper = vec![0.into(), 0.into(), 612.into(), 792.into()];
    let page =
        doc.add_object(dictionary! { "Type" => "Page", "Parent" => pages, "MediaBox" => paper });
    let kids = vec![Object::Reference(page)];
    doc.set_object(
        pages,
        dictionary! { "Type" => "Pages", "Count" => 1, "Kids" => kids },
    );
    let root = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    doc.trailer.set("Root", root);
    let mut out = Vec::new();
    doc.save_to(&mut out)?;
    Ok(out)
}

fn spec() -> PrepareSpec {
    let field = |id: &str, kind, y| FieldSpec {
        id: id.into(),
        name: id.into(),
        kind,
        signer: "ana".into(),
        required: true,
        options: vec![],
        page: 1,
        area: Fraction::new(0.1, y, 0.3, 0.07),
        fixed: None,
    };
    PrepareSpec {
        envelope_id: "env_x7k9m2p4q1w3".into(),
        envelope_name: "Sample".into(),
        sender: "Northwind Motors".into(),
        locale: Locale::En,
        signers: vec![SignerSpec {
            key: "ana".into(),
            name: "Ana Example".into(),
            role: "Buyer".into(),
        }],
        fields: vec![
            field("sig", FieldKind::Signature, 0.7),
            field("date", FieldKind::Date, 0.5),
        ],
        cover: vec![],
    }
}
