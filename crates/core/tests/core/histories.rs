//! Random histories: whatever is asked in whatever order, the laws hold at every step.

use deedbox_core::asset::{Command as Asset, Mode, Party, TamperSource, VaultState};
use deedbox_core::envelope::{Command, Create, Kind, SigningOrder, Status, VaultSource};
use deedbox_core::evidence::{replay, verify_chain};
use deedbox_core::{Record, Refusal};
use proptest::prelude::*;

use crate::world::{
    World, create, digest, email, key, org, prepared, release_id, signer_id, transfer_id, upload,
    verify,
};

#[derive(Debug, Clone)]
enum Act {
    Wait(i64),
    Prepare,
    Send,
    Upload,
    Open(usize),
    Agree(usize),
    Sign(usize),
    Decline(usize),
    Resend(usize),
    Remind,
    Void,
    Expire,
    VaultIn(bool),
    Release(char, bool, u8),
    Acknowledge(char, u8, bool),
    CancelRelease(char, u8),
    LapseRelease(u8),
    Offer(char, char, u8),
    Accept(char, u8),
    Reject(char, u8),
    Confirm(char, u8),
    CancelTransfer(char, u8),
    LapseTransfer(u8),
    /// Everything that has a deadline passes it.
    Overdue,
    /// Offer, acceptance and confirmation in one go, by whoever is in control.
    HandOver(char, u8),
    Tamper(bool),
    Restore,
    Hold(bool),
    Certify(u8, bool),
}

fn act() -> impl Strategy<Value = Act> {
    let org = || prop_oneof![Just('a'), Just('b'), Just('c')];
    prop_oneof![
        2 => (1_i64..400_000).prop_map(Act::Wait),
        2 => Just(Act::Overdue),
        1 => Just(Act::Prepare),
        1 => Just(Act::Send),
        2 => Just(Act::Upload),
        4 => (0_usize..3).prop_map(Act::Open),
        4 => (0_usize..3).prop_map(Act::Agree),
        6 => (0_usize..3).prop_map(Act::Sign),
        1 => (0_usize..3).prop_map(Act::Decline),
        1 => (0_usize..3).prop_map(Act::Resend),
        1 => Just(Act::Remind),
        1 => Just(Act::Void),
        1 => Just(Act::Expire),
        6 => any::<bool>().prop_map(Act::VaultIn),
        2 => (org(), any::<bool>(), 0_u8..3).prop_map(|(o, m, n)| Act::Release(o, m, n)),
        2 => (org(), 0_u8..3, any::<bool>()).prop_map(|(o, n, p)| Act::Acknowledge(o, n, p)),
        1 => (org(), 0_u8..3).prop_map(|(o, n)| Act::CancelRelease(o, n)),
        1 => (0_u8..3).prop_map(Act::LapseRelease),
        4 => (org(), org(), 0_u8..3).prop_map(|(o, t, n)| Act::Offer(o, t, n)),
        4 => (org(), 0_u8..3).prop_map(|(o, n)| Act::Accept(o, n)),
        1 => (org(), 0_u8..3).prop_map(|(o, n)| Act::Reject(o, n)),
        4 => (org(), 0_u8..3).prop_map(|(o, n)| Act::Confirm(o, n)),
        1 => (org(), 0_u8..3).prop_map(|(o, n)| Act::CancelTransfer(o, n)),
        1 => (0_u8..3).prop_map(Act::LapseTransfer),
        3 => (org(), 10_u8..20).prop_map(|(to, n)| Act::HandOver(to, n)),
        1 => any::<bool>().prop_map(Act::Tamper),
        1 => Just(Act::Restore),
        1 => any::<bool>().prop_map(Act::Hold),
        1 => (any::<u8>(), any::<bool>()).prop_map(|(n, c)| Act::Certify(n, c)),
    ]
}

/// `c` is not an organization here but somebody named by e-mail.
fn party(letter: char) -> Party {
    if letter == 'c' {
        Party::Email(email("desk@example.com"))
    } else {
        Party::Organization(org(letter))
    }
}

fn perform(world: &mut World, act: &Act) -> Result<(), Refusal> {
    let label = |n: &u8| format!("id {n}");
    match act {
        Act::Wait(seconds) => {
            world.wait(*seconds);
            Ok(())
        }
        Act::Prepare => world.run(Command::Prepare(prepared())),
        Act::Send => world.run(Command::Send),
        Act::Upload => world.run(Command::Upload(upload("scan"))),
        Act::Open(index) => world.open(*index),
        Act::Agree(index) => world.consent(*index),
        Act::Sign(index) => world.sign(*index),
        Act::Decline(index) => world.run(Command::Decline {
            signer_id: signer_id(*index),
            reason: None,
        }),
        Act::Resend(index) => world.run(Command::Resend {
            signer_id: signer_id(*index),
        }),
        Act::Remind => world.run(Command::Remind { email: None }),
        Act::Void => world.run(Command::Void { reason: None }),
        Act::Expire => world.run(Command::Expire),
        Act::VaultIn(signed) => world.vault_in(if *signed {
            VaultSource::Signed
        } else {
            VaultSource::Upload { file: None }
        }),
        Act::Release(by, escrow, n) => world.release(
            org(*by),
            if *escrow {
                Mode::Escrow
            } else {
                Mode::Immediate
            },
            &label(n),
        ),
        Act::Acknowledge(by, n, right) => world.acknowledge(
            org(*by),
            &label(n),
            if *right { "package" } else { "other" },
        ),
        Act::CancelRelease(by, n) => world.run(Asset::CancelRelease {
            release_id: release_id(&label(n)),
            by: org(*by),
        }),
        Act::LapseRelease(n) => world.run(Asset::LapseRelease {
            release_id: release_id(&label(n)),
        }),
        Act::Offer(by, to, n) => offer(world, *by, *to, &label(n)),
        Act::Accept(by, n) => world.accept(party(*by), &label(n)),
        Act::Reject(by, n) => world.run(Asset::Reject {
            transfer_id: transfer_id(&label(n)),
            by: party(*by),
        }),
        Act::Confirm(by, n) => world.confirm(org(*by), &label(n)),
        Act::CancelTransfer(by, n) => world.run(Asset::CancelTransfer {
            transfer_id: transfer_id(&label(n)),
            by: party(*by),
        }),
        Act::LapseTransfer(n) => world.run(Asset::LapseTransfer {
            transfer_id: transfer_id(&label(n)),
        }),
        Act::Overdue => overdue(world),
        Act::HandOver(to, n) => hand_over(world, *to, &label(n)),
        Act::Tamper(missing) => {
            let actual = (!missing).then(|| digest("altered"));
            world.run(Asset::ReportMismatch {
                actual,
                source: TamperSource::Scheduled,
            })
        }
        Act::Restore => {
            let actual = world.record.asset.document_hash.unwrap_or_default();
            world.run(Asset::ReportRestored { actual })
        }
        Act::Hold(true) => world.run(Asset::PlaceHold { reason: None }),
        Act::Hold(false) => world.run(Asset::LiftHold),
        Act::Certify(n, compliant) => world.certify(&format!("certificate {n}"), *compliant),
    }
}

/// Ids are made fresh in life; here a name may come twice, which only tests must avoid.
fn offer(world: &mut World, by: char, to: char, label: &str) -> Result<(), Refusal> {
    if world.record.asset.transfer(&transfer_id(label)).is_some() {
        return Ok(());
    }
    world.offer(org(by), party(to), label)
}

fn overdue(world: &mut World) -> Result<(), Refusal> {
    world.wait(31 * 86_400);
    world.run(Command::Expire)?;
    if let Some(release_id) = world
        .record
        .asset
        .open_release()
        .map(|it| it.release_id.clone())
    {
        world.run(Asset::LapseRelease { release_id })?;
    }
    if let Some(transfer_id) = world
        .record
        .asset
        .open_transfer()
        .map(|it| it.transfer_id.clone())
    {
        world.run(Asset::LapseTransfer { transfer_id })?;
    }
    Ok(())
}

fn hand_over(world: &mut World, to: char, label: &str) -> Result<(), Refusal> {
    let from = if world.record.holder() == &org('a') {
        'a'
    } else {
        'b'
    };
    offer(world, from, to, label)?;
    world.accept(party(to), label)?;
    world.confirm(org(from), label)
}

fn check_laws(before: &Record, world: &World) {
    let (envelope, asset) = (&world.record.envelope, &world.record.asset);
    let was = before.envelope.status;
    if was.is_closed() || was == Status::Released {
        assert_eq!(envelope.status, was, "a terminal state absorbs");
    }
    if before.asset.vault_state == VaultState::Released {
        assert_eq!(asset.vault_state, VaultState::Released);
    }
    let live = asset.vault_state.is_live();
    assert_eq!(
        live,
        envelope.status == Status::Vaulted,
        "vaulted means exactly one live copy here"
    );
    let stored = world
        .trail()
        .iter()
        .filter(|kind| **kind == "vault.stored")
        .count();
    assert!(stored <= 1, "at most one authoritative copy was ever made");
    if live {
        assert!(
            asset.controller.is_some() && asset.authoritative.is_some() && asset.assignee.is_some()
        );
        let controllers = ['a', 'b', 'c']
            .into_iter()
            .filter(|it| asset.standing(&org(*it)) == deedbox_core::asset::Standing::Controller);
        assert_eq!(controllers.count(), 1, "exactly one controller");
        let head = replay(&asset.control, verify).unwrap();
        assert_eq!(
            (head.length, head.head),
            (asset.control_length, asset.control_head)
        );
        assert_eq!(Some(&head.assignee), asset.assignee.as_ref());
    }
    let transfer = asset.open_transfer().is_some();
    let release = asset.open_release().is_some();
    assert_eq!(transfer, asset.vault_state == VaultState::EscrowTransfer);
    assert_eq!(release, asset.vault_state == VaultState::EscrowRelease);
    let revisions = &envelope.revisions;
    assert!(
        revisions
            .windows(2)
            .all(|it| it[1].n == it[0].n + 1 && it[1].offset == it[0].end())
    );
}

fn live_through(mut world: World, acts: &[Act]) {
    for act in acts {
        let before = world.record.clone();
        // `World::run` asserts of every single command that its refusal changed nothing.
        let _ = perform(&mut world, act);
        check_laws(&before, &world);
    }
    let id = &world.record.envelope.envelope_id;
    assert_eq!(
        verify_chain(id, &world.entries).unwrap().head,
        world.record.head
    );
    assert_eq!(
        Record::fold(&world.entries, Some(&key())).unwrap(),
        world.record
    );
    let erased = Record::fold(&world.entries, None).unwrap();
    assert_eq!(erased.envelope.status, world.record.envelope.status);
    assert_eq!(erased.asset.vault_state, world.record.asset.vault_state);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_esign_envelope_keeps_the_laws(sequential in any::<bool>(), acts in prop::collection::vec(act(), 1..60)) {
        let signing_order = if sequential { SigningOrder::Sequential } else { SigningOrder::Parallel };
        live_through(World::new(Create { signing_order, ..create(Kind::Esign, 2) }), &acts);
    }

    #[test]
    fn a_paper_envelope_keeps_the_laws(acts in prop::collection::vec(act(), 1..60)) {
        live_through(World::paper(), &acts);
    }

    #[test]
    fn a_vaulted_record_keeps_the_laws(acts in prop::collection::vec(act(), 1..80)) {
        live_through(World::vaulted(), &acts);
    }
}

/// The laws say little if the histories never get far: a fixed sample of them reaches every part of custody.
#[test]
fn the_histories_get_far() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let histories = prop::collection::vec(act(), 60..80);
    let mut reached = std::collections::BTreeSet::new();
    for round in 0..200 {
        let mut world = if round % 2 == 0 {
            World::vaulted()
        } else {
            World::sent(2)
        };
        for act in histories.new_tree(&mut runner).unwrap().current() {
            // Whether it was refused does not matter here.
            let _ = perform(&mut world, &act);
        }
        reached.extend(world.trail().into_iter().map(str::to_owned));
    }
    for kind in [
        "envelope.completed",
        "envelope.declined",
        "envelope.voided",
        "envelope.expired",
        "envelope.reminded",
        "vault.stored",
        "vault.released",
        "release.opened",
        "release.cancelled",
        "release.expired",
        "transfer.offered",
        "transfer.accepted",
        "transfer.rejected",
        "transfer.cancelled",
        "custody.transferred",
        "quarantine.entered",
        "quarantine.lifted",
        "hold.placed",
        "hold.lifted",
        "certificate.issued",
    ] {
        assert!(reached.contains(kind), "{kind} was never reached");
    }
}
