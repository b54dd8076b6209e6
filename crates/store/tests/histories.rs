//! Random histories: both engines must answer alike, and lists must equal a naive model.

mod common;

use std::collections::BTreeMap;

use common::{announcement, customer, envelope, event, job};
use deedbox_store::customers;
use deedbox_store::envelopes::{self, Cursor, Envelope, EnvelopeItem, Filter, Sort};
use deedbox_store::feed;
use deedbox_store::idempotency::{self, IdempotencyKey};
use deedbox_store::jobs::{self, Job, NewJob};
use deedbox_store::page::{Page, PageRequest};
use deedbox_store::testing::{Engine, Fresh};
use deedbox_store::{Store, StoreError, Tx, attempts, events};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tokio::runtime::Runtime;

/// One step of a history.
#[derive(Clone, Debug)]
enum Step {
    Create {
        id: u8,
        at: i64,
        customer: Option<u8>,
        external: Option<u8>,
        paper: bool,
    },
    Advance {
        id: u8,
        status: u8,
        stale: bool,
    },
    Transfer {
        id: u8,
    },
    Append {
        id: u8,
        seq: u8,
    },
    Customer {
        email: u8,
    },
    Announce {
        org: u8,
        event: u8,
    },
    Enqueue {
        id: u8,
        key: Option<u8>,
        due: i64,
    },
    Claim {
        now: i64,
        limit: i64,
    },
    Complete {
        id: u8,
        attempts: i64,
    },
    Begin {
        key: u8,
        print: u8,
        owner: u8,
        now: i64,
    },
    Attempt {
        now: i64,
    },
    List {
        filter: Asked,
        page: i64,
        limit: i64,
    },
    After {
        filter: Asked,
        oldest: bool,
        cursor: Option<(i64, u8)>,
        limit: i64,
    },
}

#[derive(Clone, Debug)]
struct Asked {
    customer: Option<u8>,
    status: Option<u8>,
    external: Option<u8>,
    paper: Option<bool>,
}

const STATUSES: [&str; 4] = ["sent", "viewed", "completed", "vaulted"];

fn asked() -> impl Strategy<Value = Asked> {
    (
        option::of(0..3_u8),
        option::of(0..4_u8),
        option::of(0..2_u8),
        option::of(any::<bool>()),
    )
        .prop_map(|(customer, status, external, paper)| Asked {
            customer,
            status,
            external,
            paper,
        })
}

fn step() -> impl Strategy<Value = Step> {
    let id = 0..12_u8;
    prop_oneof![
        6 => (id.clone(), 0..6_i64, option::of(0..3_u8), option::of(0..2_u8), any::<bool>())
            .prop_map(|(id, at, customer, external, paper)| Step::Create {
                id, at: at * 1000, customer, external, paper
            }),
        5 => (id.clone(), 0..4_u8, prop::bool::weighted(0.2))
            .prop_map(|(id, status, stale)| Step::Advance { id, status, stale }),
        1 => id.clone().prop_map(|id| Step::Transfer { id }),
        2 => (id.clone(), 1..4_u8).prop_map(|(id, seq)| Step::Append { id, seq }),
        1 => (0..3_u8).prop_map(|email| Step::Customer { email }),
        2 => (0..2_u8, any::<u8>()).prop_map(|(org, event)| Step::Announce { org, event }),
        2 => (id.clone(), option::of(0..3_u8), 0..50_i64)
            .prop_map(|(id, key, due)| Step::Enqueue { id, key, due }),
        2 => (0..80_i64, 1..4_i64).prop_map(|(now, limit)| Step::Claim { now, limit }),
        1 => (id, 1..3_i64).prop_map(|(id, attempts)| Step::Complete { id, attempts }),
        1 => (0..2_u8, 0..2_u8, 0..3_u8, 0..90_i64)
            .prop_map(|(key, print, owner, now)| Step::Begin { key, print, owner, now }),
        1 => (0..300_i64).prop_map(|now| Step::Attempt { now }),
        4 => (asked(), 1..5_i64, 1..5_i64)
            .prop_map(|(filter, page, limit)| Step::List { filter, page, limit }),
        3 => (asked(), any::<bool>(), option::of((0..6_i64, 0..12_u8)), 1..5_i64)
            .prop_map(|(filter, oldest, cursor, limit)| Step::After {
                filter, oldest, cursor, limit
            }),
    ]
}

fn id(number: u8) -> String {
    format!("env_{number:012}")
}

fn filter(asked: &Asked) -> Filter {
    Filter {
        customer_id: asked.customer.map(|n| format!("cust_{n}")),
        status: asked.status.map(|n| STATUSES[usize::from(n)].to_owned()),
        external_id: asked.external.map(|n| format!("Order {n}")),
        kind: asked
            .paper
            .map(|paper| if paper { "paper" } else { "esign" }.to_owned()),
    }
}

/// Runs a step; what it answers is printed, so that the two engines can be compared.
fn run(tx: &mut Tx<'_>, step: &Step) -> Result<String, StoreError> {
    match step {
        Step::Create { .. } | Step::Advance { .. } | Step::Transfer { .. } => write(tx, step),
        Step::Enqueue { .. } | Step::Claim { .. } | Step::Complete { .. } => work(tx, step),
        Step::List { .. } | Step::After { .. } => list(tx, step),
        _ => other(tx, step),
    }
}

fn write(tx: &mut Tx<'_>, step: &Step) -> Result<String, StoreError> {
    let (Step::Create { id: number, .. }
    | Step::Advance { id: number, .. }
    | Step::Transfer { id: number }) = step
    else {
        return Ok(String::new());
    };
    let found = envelopes::find(tx, &id(*number))?;
    match (step, found) {
        (
            Step::Create {
                id: number,
                at,
                customer,
                external,
                paper,
            },
            None,
        ) => {
            let row = Envelope {
                created_at: *at,
                customer_id: customer.map(|n| format!("cust_{n}")),
                external_id: external.map(|n| format!("Order {n}")),
                kind: if *paper { "paper" } else { "esign" }.to_owned(),
                ..envelope(&id(*number), "org_1")
            };
            envelopes::insert(tx, &row)?;
        }
        (Step::Advance { status, stale, .. }, Some(before)) => {
            let status = STATUSES[usize::from(*status)].to_owned();
            let after = Envelope {
                status,
                seq: before.seq + 1,
                ..before.clone()
            };
            let read = Envelope {
                seq: before.seq - i64::from(*stale),
                ..before
            };
            envelopes::update(tx, &read, &after)?;
        }
        (Step::Transfer { .. }, Some(before)) => {
            let (org_id, seq) = ("org_2".to_owned(), before.seq + 1);
            let after = Envelope {
                org_id,
                customer_id: None,
                seq,
                ..before.clone()
            };
            envelopes::update(tx, &before, &after)?;
        }
        // Two indexes would refuse a second one, and which of them is named is the engine's choice.
        (_, found) => return Ok(format!("{}", found.is_some())),
    }
    Ok(format!("{:?}", envelopes::find(tx, &id(*number))?))
}

fn work(tx: &mut Tx<'_>, step: &Step) -> Result<String, StoreError> {
    Ok(match step {
        Step::Enqueue {
            id: number,
            key,
            due,
        } => {
            let row = NewJob {
                dedupe_key: key.map(|n| format!("key {n}")),
                ..job(&format!("job_{number}"), *due)
            };
            format!("{:?}", jobs::enqueue(tx, &row)?)
        }
        Step::Claim { now, limit } => {
            format!(
                "{:?}",
                jobs::claim(tx, "default", "w", *now, now + 30, *limit)?
            )
        }
        Step::Complete {
            id: number,
            attempts,
        } => {
            let Some(found) = jobs::get(tx, &format!("job_{number}"))? else {
                return Ok("none".into());
            };
            let held = Job {
                attempts: *attempts,
                ..found
            };
            format!("{:?} {:?}", jobs::complete(tx, &held)?, jobs::counts(tx)?)
        }
        _ => String::new(),
    })
}

fn other(tx: &mut Tx<'_>, step: &Step) -> Result<String, StoreError> {
    Ok(match step {
        Step::Append { id: number, seq } => {
            events::append(tx, &[event(&id(*number), i64::from(*seq))])?;
            format!("{:?}", events::stream(tx, &id(*number), 0)?)
        }
        Step::Customer { email } => {
            let row = customer(&format!("cust_{email}"), &format!("Ana{email}@example.com"));
            format!("{:?}", customers::find_or_create(tx, &row)?)
        }
        Step::Announce { org, event } => {
            let org = format!("org_{org}");
            feed::announce(tx, &[announcement(&format!("evt_{event}"), &org)])?;
            format!("{:?}", feed::after(tx, &org, 0, 50)?)
        }
        Step::Begin {
            key,
            print,
            owner,
            now,
        } => {
            let key = IdempotencyKey {
                org_id: "org_1".to_owned(),
                scope: "POST /x".to_owned(),
                key: key.to_string(),
            };
            let owner = owner.to_string();
            format!(
                "{:?}",
                idempotency::begin(tx, &key, &[*print; 32], &owner, *now, now + 20)?
            )
        }
        Step::Attempt { now } => format!("{:?}", attempts::hit(tx, "otp", "s", *now, 100)?),
        _ => String::new(),
    })
}

fn list(tx: &mut Tx<'_>, step: &Step) -> Result<String, StoreError> {
    Ok(match step {
        Step::List {
            filter: asked,
            page,
            limit,
        } => {
            let request = PageRequest {
                page: *page,
                limit: *limit,
            };
            format!(
                "{:?}",
                envelopes::page(tx, "org_1", &filter(asked), request)?
            )
        }
        Step::After {
            filter: asked,
            oldest,
            cursor,
            limit,
        } => {
            let sort = if *oldest {
                Sort::OldestFirst
            } else {
                Sort::NewestFirst
            };
            let cursor = cursor.map(|(at, number)| Cursor {
                created_at: at * 1000,
                envelope_id: id(number),
            });
            let filter = filter(asked);
            format!(
                "{:?}",
                envelopes::after(tx, "org_1", &filter, sort, cursor.as_ref(), *limit)?
            )
        }
        _ => String::new(),
    })
}

fn observe(runtime: &Runtime, store: &Store, step: &Step) -> Result<String, StoreError> {
    let step = step.clone();
    runtime.block_on(store.write("step", move |tx| run(tx, &step)))
}

/// The envelopes as a plain map, to say what a list must be.
#[derive(Default)]
struct Model(BTreeMap<String, Envelope>);

impl Model {
    fn follow(&mut self, runtime: &Runtime, store: &Store) {
        for number in 0..12 {
            let found: Result<Option<Envelope>, StoreError> =
                runtime.block_on(store.read("find", move |tx| envelopes::find(tx, &id(number))));
            if let Some(row) = found.expect("readable") {
                self.0.insert(row.envelope_id.clone(), row);
            }
        }
    }

    fn matching(&self, filter: &Filter) -> Vec<String> {
        let wants = |asked: &Option<String>, has: Option<&String>| {
            asked.as_ref().is_none_or(|asked| has == Some(asked))
        };
        let mut rows: Vec<&Envelope> = self
            .0
            .values()
            .filter(|row| row.org_id == "org_1")
            .filter(|row| wants(&filter.customer_id, row.customer_id.as_ref()))
            .filter(|row| wants(&filter.external_id, row.external_id.as_ref()))
            .filter(|row| wants(&filter.status, Some(&row.status)))
            .filter(|row| wants(&filter.kind, Some(&row.kind)))
            .collect();
        rows.sort_by(|a, b| (b.created_at, &a.envelope_id).cmp(&(a.created_at, &b.envelope_id)));
        rows.into_iter()
            .map(|row| row.envelope_id.clone())
            .collect()
    }
}

/// Every page of every filter equals the model's, and the pages add up to the total.
fn lists_agree(runtime: &Runtime, store: &Store, model: &Model) -> Result<(), TestCaseError> {
    for bits in 0..16_u8 {
        let asked = Asked {
            customer: (bits & 1 > 0).then_some(1),
            status: (bits & 2 > 0).then_some(1),
            external: (bits & 4 > 0).then_some(0),
            paper: (bits & 8 > 0).then_some(false),
        };
        let filter = filter(&asked);
        let expected = model.matching(&filter);
        let mut listed = Vec::new();
        for page in 1..=7 {
            let (filter, request) = (filter.clone(), PageRequest { page, limit: 2 });
            let page: Result<Page<EnvelopeItem>, StoreError> =
                runtime.block_on(store.read("page", move |tx| {
                    envelopes::page(tx, "org_1", &filter, request)
                }));
            let page = page.expect("readable");
            prop_assert_eq!(usize::try_from(page.total), Ok(expected.len()));
            listed.extend(page.items.into_iter().map(|item| item.envelope_id));
        }
        prop_assert_eq!(listed, expected);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_engines_answer_alike(history in vec(step(), 1..60)) {
        let runtime = Runtime::new().expect("a runtime");
        let [one, two] = Engine::ALL.map(|engine| runtime.block_on(Fresh::new(engine)));
        for step in &history {
            let answers = [&one, &two].map(|fresh| observe(&runtime, &fresh.store, step));
            prop_assert_eq!(&answers[0], &answers[1], "{:?}", step);
        }
        let mut model = Model::default();
        model.follow(&runtime, &one.store);
        lists_agree(&runtime, &one.store, &model)?;
        lists_agree(&runtime, &two.store, &model)?;
    }
}
