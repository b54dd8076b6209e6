//! The chain, the seals, the control record and the bundle: what is altered does not verify.

use deedbox_core::asset::{Command, Party};
use deedbox_core::evidence::chain::ChainFaultKind;
use deedbox_core::evidence::{
    BundleEntry, ControlFault, bundle_entry, replay, verify_chain, verify_trail,
};
use deedbox_core::{DataKey, Digest, Entry, Record};

use crate::world::{World, key, org, sign, verify};

fn tour() -> World {
    let mut world = World::vaulted();
    world
        .offer(org('a'), Party::Organization(org('b')), "t")
        .unwrap();
    world.accept(Party::Organization(org('b')), "t").unwrap();
    world.confirm(org('a'), "t").unwrap();
    world
}

#[test]
fn a_stored_record_folds_into_the_same_state() {
    let world = tour();
    assert_eq!(
        Record::fold(&world.entries, Some(&key())).unwrap(),
        world.record
    );
}

#[test]
fn an_altered_entry_breaks_the_chain_at_its_place() {
    let world = tour();
    let id = &world.record.envelope.envelope_id;
    let chain = verify_chain(id, &world.entries).unwrap();
    assert_eq!(
        (chain.seq, chain.head),
        (world.record.seq, world.record.head)
    );
    let alterations: [fn(&mut Entry); 7] = [
        |it| it.at = it.at.plus_seconds(1),
        |it| it.v += 1,
        |it| it.kind.push('x'),
        |it| it.actor.id.push('x'),
        |it| {
            it.data.insert("x".to_owned(), 1.into());
        },
        |it| {
            if let Some(bytes) = &mut it.sealed {
                bytes[0] ^= 1;
            }
        },
        |it| it.hash = Digest::ZERO,
    ];
    for index in 0..world.entries.len() {
        for alter in alterations {
            let mut entries = world.entries.clone();
            alter(&mut entries[index]);
            let fault = verify_chain(id, &entries).unwrap_err();
            assert_eq!(fault.seq, entries[index].seq);
            assert_eq!(fault.kind, ChainFaultKind::Altered);
        }
    }
}

#[test]
fn a_missing_doubled_or_foreign_entry_is_found() {
    let world = tour();
    let id = world.record.envelope.envelope_id.clone();
    let mut missing = world.entries.clone();
    missing.remove(2);
    assert_eq!(
        verify_chain(&id, &missing).unwrap_err().kind,
        ChainFaultKind::Gap { expected: 3 }
    );
    let mut relinked = world.entries.clone();
    relinked[2].prev_hash = Digest::ZERO;
    assert_eq!(
        verify_chain(&id, &relinked).unwrap_err().kind,
        ChainFaultKind::Unlinked
    );
    let other = deedbox_core::EnvelopeId::parse("env_aaaaaaaaaaaa").unwrap();
    assert_eq!(
        verify_chain(&other, &world.entries).unwrap_err().kind,
        ChainFaultKind::OtherRecord
    );
}

#[test]
fn an_erased_person_leaves_the_chain_whole_and_the_record_readable() {
    let world = tour();
    let record = Record::fold(&world.entries, None).unwrap();
    assert_eq!(record.head, world.record.head);
    assert_eq!(record.envelope.status, world.record.envelope.status);
    assert_eq!(record.envelope.name, None);
    assert_eq!(record.envelope.signers[0].name(), "");
    assert_eq!(record.asset.document_hash, world.record.asset.document_hash);
    assert_eq!(record.asset.control_head, world.record.asset.control_head);
    assert!(record.asset.control.is_empty());
}

#[test]
fn nothing_personal_stands_in_the_clear() {
    let world = tour();
    let words = [
        "Ana",
        "Signer 0",
        "example.com",
        "192.0.2.1",
        "Example/1.0",
        "Dealer",
        "bank a",
        "+573",
    ];
    for entry in &world.entries {
        let clear = serde_json::to_string(&entry.data).unwrap();
        for word in words {
            assert!(!clear.contains(word), "{word} in {}", entry.kind);
        }
    }
}

#[test]
fn a_wrong_key_does_not_open_an_entry() {
    let world = tour();
    let wrong = DataKey::new([1; 32]);
    assert!(world.entries[0].open(Some(&wrong)).is_err());
    let opened = world.entries[0].open(Some(&key())).unwrap();
    assert_eq!(opened.client.ip.as_deref(), Some("192.0.2.1"));
    assert_eq!(opened.actor.name.as_deref(), Some("Dealer backend"));
}

#[test]
fn data_and_personal_data_never_use_the_same_key() {
    for entry in &tour().entries {
        let parts = entry.open(Some(&key())).unwrap().event.parts();
        for name in parts.person.keys() {
            assert!(!parts.data.contains_key(name), "{name} of {}", entry.kind);
        }
    }
}

#[test]
fn a_control_record_replays_only_as_it_was_signed() {
    let control = tour().record.asset.control;
    assert_eq!(replay(&control, verify).unwrap().length, 4);
    assert_eq!(replay(&[], verify), Err(ControlFault::Empty));
    for index in 0..control.len() {
        let seq = index as u64 + 1;
        let mut altered = control.clone();
        altered[index].draft.assignee.name.push('x');
        assert_eq!(replay(&altered, verify), Err(ControlFault::Altered { seq }));
        let mut unsigned = control.clone();
        unsigned[index].signature.value.clear();
        assert_eq!(
            replay(&unsigned, verify),
            Err(ControlFault::Unsigned { seq })
        );
        let mut foreign = control.clone();
        let bytes = foreign[index].draft.signing_bytes();
        foreign[index].signature = sign("operator", &bytes);
        assert_eq!(
            replay(&foreign, verify),
            Err(ControlFault::ForeignSigner { seq })
        );
    }
    let mut gap = control;
    gap.remove(1);
    assert_eq!(replay(&gap, verify), Err(ControlFault::Unlinked { seq: 3 }));
}

#[test]
fn a_transfer_invented_by_the_operator_does_not_replay() {
    let mut world = World::vaulted();
    let asset = &world.record.asset;
    let id = crate::world::transfer_id("forged");
    let to = Party::Organization(org('z'));
    let mut draft = asset.draft_offer(&id, &to, world.now).unwrap();
    draft.signed_by = crate::world::digest("operator");
    let forged = crate::world::signed_by("operator", draft);
    let record = [asset.control[0].clone(), forged.clone()];
    assert_eq!(
        replay(&record, verify),
        Err(ControlFault::ForeignSigner { seq: 2 })
    );
    let offer = deedbox_core::asset::Offer {
        transfer_id: id,
        by: org('a'),
        by_name: "bank a".to_owned(),
        to,
        to_name: "Operator".to_owned(),
        note: None,
        expires_at: None,
        control: forged,
    };
    assert_eq!(
        world
            .run(Command::Offer(Box::new(offer)))
            .unwrap_err()
            .code(),
        "control_entry_unfit"
    );
}

fn bundle(world: &World) -> Vec<BundleEntry> {
    world
        .entries
        .iter()
        .map(|entry| bundle_entry(entry, Some(&key())).unwrap())
        .collect()
}

#[test]
fn a_bundle_verifies_with_nothing_but_itself() {
    let world = tour();
    let text = serde_json::to_string(&bundle(&world)).unwrap();
    let read: Vec<BundleEntry> = serde_json::from_str(&text).unwrap();
    let (chain, events) = verify_trail(&read).unwrap();
    assert_eq!(
        (chain.head, events.len()),
        (world.record.head, world.entries.len())
    );
    assert_eq!(read[0].ip.as_deref(), Some("192.0.2.1"));
}

#[test]
fn a_word_changed_in_a_bundle_is_found() {
    let alterations: [fn(&mut BundleEntry); 6] = [
        |it| it.ip = Some("198.51.100.1".to_owned()),
        |it| it.actor.name = Some("Somebody".to_owned()),
        |it| it.at = it.at.plus_seconds(1),
        |it| {
            it.data.insert("envelope_name".to_owned(), "Another".into());
        },
        |it| it.commitment.key = None,
        |it| it.commitment.data.clear(),
    ];
    for alter in alterations {
        let mut trail = bundle(&tour());
        alter(&mut trail[0]);
        assert!(verify_trail(&trail).is_err());
    }
}

#[test]
fn an_erased_bundle_still_verifies() {
    let world = tour();
    let erased: Vec<BundleEntry> = world
        .entries
        .iter()
        .map(|it| bundle_entry(it, None).unwrap())
        .collect();
    assert_eq!(verify_trail(&erased).unwrap().0.head, world.record.head);
}

#[test]
fn announcements_have_ids_of_their_own_and_the_documented_body() {
    let world = tour();
    let mut ids: Vec<_> = world
        .announcements
        .iter()
        .map(|it| it.event_id.clone())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), world.announcements.len());
    let stored = world
        .announcements
        .iter()
        .find(|it| it.body.event_type() == "vault.stored")
        .unwrap();
    let body = stored.to_json();
    let data = body["data"].as_object().unwrap();
    assert_eq!(data.keys().collect::<Vec<_>>(), ["hash", "path"]);
    for name in [
        "event_type",
        "event_id",
        "org_id",
        "envelope_id",
        "timestamp",
        "data",
    ] {
        assert!(body.get(name).is_some(), "{name}");
    }
}

#[test]
fn jobs_of_one_record_do_not_collide() {
    let world = tour();
    let mut keys: Vec<_> = world.jobs.iter().map(|it| it.dedupe.clone()).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), world.jobs.len());
}

#[test]
fn whatever_number_a_partner_stores_comes_back() {
    let mut input = crate::world::create(deedbox_core::envelope::Kind::Paper, 0);
    let text =
        r#"{"big":18446744073709551615,"small":-9007199254740993,"float":1.0e300,"exact":0.1}"#;
    input.metadata = serde_json::from_str(text).unwrap();
    let world = World::new(input.clone());
    let record = Record::fold(&world.entries, Some(&key())).unwrap();
    assert_eq!(record.envelope.metadata, input.metadata);
}
