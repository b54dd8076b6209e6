//! Prints what one signature revision costs, on a small and on a large file, and what verifying
//! costs. Run it with `cargo run --release -p deedbox-pades --example speed`.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use deedbox_pades::{
    Authority, KeyKind, Object, Organization, Person, SignatureDict, Signer, SoftKey, SoftSigner,
    Tail, Timestamper, Trust, Tsa, Validity, sign, verify,
};
use time::OffsetDateTime;

const ROUNDS: u32 = 300;

fn main() {
    let now = OffsetDateTime::now_utc();
    let validity = Validity {
        from: now - time::Duration::days(1),
        until: now + time::Duration::days(30),
    };
    let name = |text: &str| Organization {
        common_name: text.into(),
        organization: None,
    };
    let key = || SoftKey::generate(KeyKind::P256).expect("random numbers");
    let authority = Authority::create(key(), &name("CA"), validity).expect("authority");
    let tsa_key = key();
    let certificate = authority
        .issue_tsa(&tsa_key, &name("TSA"), validity)
        .expect("certificate");
    let tsa =
        Tsa::new(authority.join(tsa_key, certificate), "1.3.6.1.4.1.55555.1").expect("policy");
    let person = Person {
        name: "Ana Núñez".into(),
        id: "1".into(),
        email: Some("ana@example.com".into()),
    };

    let issue = time(|| {
        authority
            .signer_for(&person, validity)
            .expect("certificate")
    });
    println!("issue a signer's key and certificate        {issue:>8.1} µs");
    for size in [100_000, 5_000_000] {
        let pdf = document(size);
        let read = time_few(|| Tail::read(&pdf).expect("tail"));
        println!("{size} bytes: read the tail (once)  {read:>8.1} µs");
        let tail = Tail::read(&pdf).expect("tail");
        for kind in [KeyKind::P256, KeyKind::Rsa2048, KeyKind::Rsa3072] {
            let signer = signer(&authority, kind, validity);
            let basic = time(|| revision(&tail, &signer, None));
            let stamped = time(|| revision(&tail, &signer, Some(&tsa.at(now, 7))));
            println!("{size} bytes: sign {kind:?} B-B {basic:>8.1} µs, B-T {stamped:>8.1} µs");
        }
        let complete = time(|| {
            let signer = authority
                .signer_for(&person, validity)
                .expect("certificate");
            revision(&tail, &signer, Some(&tsa.at(now, 7)))
        });
        println!("{size} bytes: issue, sign and timestamp {complete:>8.1} µs");
        let signer = signer(&authority, KeyKind::P256, validity);
        let whole = [pdf, revision(&tail, &signer, Some(&tsa.at(now, 7)))].concat();
        let trust = Trust {
            roots: vec![authority.certificate().to_vec()],
            now,
        };
        let report = verify(&whole, &trust);
        let verified = time_few(|| verify(&whole, &trust));
        println!(
            "{size} bytes: verify ({:?}) {verified:>8.1} µs",
            report.verdict()
        );
    }
}

fn signer(authority: &Authority, kind: KeyKind, validity: Validity) -> SoftSigner {
    let key = SoftKey::generate(kind).expect("random numbers");
    let name = Organization {
        common_name: "Seal".into(),
        organization: None,
    };
    let certificate = authority
        .issue_seal(&key, &name, validity)
        .expect("certificate");
    authority.join(key, certificate)
}

fn revision(tail: &Tail, signer: &dyn Signer, stamp: Option<&dyn Timestamper>) -> Vec<u8> {
    let number = tail.next_object;
    let field = Object::new(
        4,
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (seal) /F 132 /Rect [0 0 0 0] \
             /P 3 0 R /V {number} 0 R >>"
        ),
    );
    let dictionary = SignatureDict::signature(number);
    sign(tail, &[field], &dictionary, signer, stamp)
        .expect("signature")
        .bytes
}

/// A document with one empty signature field and a page of noise.
fn document(size: usize) -> Vec<u8> {
    let noise: Vec<u8> = (0..size).map(|at| b"deedbox "[at % 8]).collect();
    let mut stream = format!("<< /Length {} >>\nstream\n", noise.len()).into_bytes();
    stream.extend_from_slice(&noise);
    stream.extend_from_slice(b"\nendstream");
    let bodies: [&[u8]; 5] = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /SigFlags 3 >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792] >>",
        b"<< /Type /Page /Parent 2 0 R /Resources << >> /Annots [4 0 R] >>",
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (seal) /F 132 /Rect [0 0 0 0] /P 3 0 R >>",
        &stream,
    ];
    let mut pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (index, body) in bodies.iter().enumerate() {
        offsets.push(pdf.len());
        pdf.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        pdf.extend_from_slice(body);
        pdf.extend_from_slice(b"\nendobj\n");
    }
    let start = pdf.len();
    pdf.extend_from_slice(b"xref\n0 6\n0000000000 65535 f\r\n");
    for offset in offsets {
        pdf.extend_from_slice(format!("{offset:010} 00000 n\r\n").as_bytes());
    }
    let end = format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    pdf.extend_from_slice(end.as_bytes());
    pdf
}

/// Median of many runs, in microseconds.
fn time<T>(work: impl FnMut() -> T) -> f64 {
    median(ROUNDS, work)
}

fn time_few<T>(work: impl FnMut() -> T) -> f64 {
    median(20, work)
}

fn median<T>(rounds: u32, mut work: impl FnMut() -> T) -> f64 {
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e6
}
