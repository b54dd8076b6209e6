//! One signature revision in process: what one signer costs in processor time, without I/O.

use std::collections::BTreeMap;
use std::time::Duration;

use deedbox_pades::{
    Authority, KeyKind, Object, Organization, Person, SignatureDict, SoftKey, SoftSigner, Tail,
    Validity, sign,
};
use deedbox_pdf::geometry::Fraction;
use deedbox_pdf::{
    Caption, FieldKind, FieldSpec, Fill, Locale, Look, Plan, Point, PrepareSpec, SignatureRef,
    SignerSpec, Value, fill, prepare,
};
use deedbox_testkit::contract::Contract;
use rustix::time::{ClockId, clock_gettime};
use time::OffsetDateTime;

use crate::Effort;
use crate::report::{Goal, Report, milliseconds, quantile};

const SIGNER: &str = "buyer";
const KINDS: [FieldKind; 4] = [
    FieldKind::Signature,
    FieldKind::Text,
    FieldKind::Date,
    FieldKind::Text,
];

pub fn measure(report: &mut Report, effort: Effort) {
    let small = Prepared::of(85_000);
    let large = Prepared::of(4_800_000);
    for (kind, name, goal) in [
        (KeyKind::P256, "P-256", 0.2),
        (KeyKind::Rsa2048, "RSA-2048", 0.5),
    ] {
        let signer = authority(kind).signer(kind);
        let at_small = small.revision(&signer, effort);
        let at_large = large.revision(&signer, effort);
        report.add_time(
            format!("one signature revision, 100 kB, {name}, cpu"),
            at_small,
            goal,
        );
        report.add_time(
            format!("one signature revision, 5 MB, {name}, cpu"),
            at_large,
            goal,
        );
        let ratio = milliseconds(at_large) / milliseconds(at_small);
        report.add(
            format!("the same, 5 MB to 100 kB, {name}"),
            ratio,
            "×",
            Goal::AtMost(1.2),
        );
    }
    let authority = authority(KeyKind::P256);
    let issue = cpu_of(effort, || drop(authority.signer(KeyKind::P256)));
    report.add_time("key and certificate for one signer, P-256, cpu", issue, 0.2);
}

struct Issuing(Authority);

fn authority(kind: KeyKind) -> Issuing {
    let key = SoftKey::generate(kind).expect("a key");
    let name = Organization {
        common_name: "Bench CA".to_owned(),
        organization: None,
    };
    Issuing(Authority::create(key, &name, validity()).expect("an authority"))
}

impl Issuing {
    fn signer(&self, kind: KeyKind) -> SoftSigner {
        let person = Person {
            name: "Ana Torres".to_owned(),
            id: "9b2e5a10-0000-4000-8000-000000000001".to_owned(),
            email: Some("ana@example.com".to_owned()),
        };
        let key = SoftKey::generate(kind).expect("a key");
        let certificate = self
            .0
            .issue_person(&key, &person, validity())
            .expect("a certificate");
        self.0.join(key, certificate)
    }
}

fn validity() -> Validity {
    let now = OffsetDateTime::now_utc();
    Validity {
        from: now - time::Duration::minutes(5),
        until: now + time::Duration::minutes(15),
    }
}

struct Prepared {
    plan: Plan,
    tail: Tail,
}

impl Prepared {
    fn of(picture_bytes: usize) -> Self {
        let mut pdf = Contract::new(10).with_picture(picture_bytes).bytes();
        let prepared = prepare(&pdf, &spec()).expect("a contract that can be prepared");
        pdf.extend_from_slice(&prepared.segment);
        let tail = Tail::read(&pdf).expect("a prepared file");
        Self {
            plan: prepared.plan,
            tail,
        }
    }

    /// Processor time of filling and signing once, median.
    fn revision(&self, signer: &SoftSigner, effort: Effort) -> Duration {
        cpu_of(effort, || {
            let number = self.tail.next_object;
            let objects = fill(&self.plan, &filled(number), number + 1).expect("fitting values");
            let objects: Vec<_> = objects
                .into_iter()
                .map(|one| Object {
                    number: one.number,
                    generation: one.generation,
                    body: one.body,
                })
                .collect();
            let dictionary = SignatureDict::signature(number);
            sign(&self.tail, &objects, &dictionary, signer, None).expect("a revision");
        })
    }
}

fn spec() -> PrepareSpec {
    let field = |(index, kind): (u8, FieldKind)| FieldSpec {
        id: format!("field{index}"),
        name: format!("Field {index}"),
        kind,
        signer: SIGNER.to_owned(),
        required: true,
        options: Vec::new(),
        page: 10,
        area: Fraction {
            x: 0.1,
            y: 0.3 + 0.08 * f64::from(index),
            w: 0.3,
            h: 0.05,
        },
        fixed: None,
    };
    PrepareSpec {
        envelope_id: "env_000000000000".to_owned(),
        envelope_name: "Bench".to_owned(),
        sender: "Harborlight Motors".to_owned(),
        locale: Locale::En,
        signers: vec![SignerSpec {
            key: SIGNER.to_owned(),
            name: "Ana Torres".to_owned(),
            role: "Buyer".to_owned(),
        }],
        fields: (0..).zip(KINDS).map(field).collect(),
        cover: Vec::new(),
    }
}

fn filled(signature_number: u32) -> Fill {
    let strokes = vec![(0..60_u8).map(point).collect()];
    let values = [
        ("field0", Value::Look(Look::Drawn { strokes })),
        ("field1", Value::Text("218 Juniper Lane".to_owned())),
        ("field2", Value::Text("2026-04-11".to_owned())),
        ("field3", Value::Text("as agreed".to_owned())),
    ];
    let caption = Caption {
        name: "Ana Torres".to_owned(),
        time: "2026-04-11 10:00 UTC".to_owned(),
        reference: "env_000000000000".to_owned(),
    };
    Fill {
        signer: SIGNER.to_owned(),
        values: BTreeMap::from(values.map(|(id, value)| (id.to_owned(), value))),
        signature: Some(SignatureRef {
            object: signature_number,
            caption,
        }),
    }
}

fn point(step: u8) -> Point {
    let x = 0.1 + 0.013 * f64::from(step);
    Point {
        x,
        y: 0.5 + 0.3 * (f64::from(step) * 0.4).sin(),
        t: f64::from(step) * 16.0,
        p: 0.5,
    }
}

/// Median processor time of this thread for one call.
fn cpu_of(effort: Effort, mut work: impl FnMut()) -> Duration {
    work();
    let mut times: Vec<Duration> = (0..effort.times * 20)
        .map(|_| {
            let before = cpu_now();
            work();
            cpu_now().saturating_sub(before)
        })
        .collect();
    quantile(&mut times, 0.5)
}

fn cpu_now() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(now).expect("a time since the thread began")
}
