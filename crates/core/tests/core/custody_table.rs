//! Every cell of table 4.2 of the partner API, and the transfer table of section 7.

use deedbox_core::asset::{Command, Mode, Party, Refusal, TamperSource, VaultState};
use deedbox_core::evidence::replay;
use deedbox_core::{Digest, OrgId};

use crate::world::{World, digest, email, org, release_id, transfer_id, verify};

/// `.` changes nothing whatever the answer; `X` is 404 for an id that never was and 409 for one that is closed;
/// `same` is the same answer again; a word is the new vault state; letters as in the contract.
const TABLE: &str = "
state            | immediate | escrow         | acknowledge | release-end | offer           | confirm | transfer-end | mismatch    | restored
vaulted          | released  | escrow_release | X           | X           | escrow_transfer | X       | X            | quarantined | .
escrow_transfer  | E         | E              | X           | X           | E               | vaulted | vaulted      | quarantined | .
escrow_release   | E         | E              | released    | vaulted     | E               | X       | X            | quarantined | .
quarantined      | Q         | Q              | X           | X           | Q               | X       | X            | quarantined | vaulted
released         | R         | R              | same        | X           | R               | X       | X            | .           | .
transferred      | R         | R              | X           | X           | R               | X       | X            | quarantined | .
held             | H         | H              | X           | X           | H               | X       | X            | quarantined | .
held-in-transfer | E         | E              | X           | X           | E               | H       | vaulted      | quarantined | .
held-in-release  | E         | E              | H           | vaulted     | E               | X       | X            | quarantined | .
";

fn to() -> Party {
    Party::Organization(org('b'))
}

/// A vaulted record in whose past a release and a transfer were closed, so that closed ids exist.
fn vaulted() -> World {
    let mut world = World::vaulted();
    world.release(org('a'), Mode::Escrow, "closed").unwrap();
    cancel_release(&mut world, "closed").unwrap();
    world.offer(org('a'), to(), "closed").unwrap();
    cancel_transfer(&mut world, "closed").unwrap();
    world
}

fn cancel_release(world: &mut World, label: &str) -> Result<(), deedbox_core::Refusal> {
    world.run(Command::CancelRelease {
        release_id: release_id(label),
        by: org('a'),
    })
}

fn cancel_transfer(world: &mut World, label: &str) -> Result<(), deedbox_core::Refusal> {
    let by = Party::Organization(org('a'));
    world.run(Command::CancelTransfer {
        transfer_id: transfer_id(label),
        by,
    })
}

fn mismatch(world: &mut World) -> Result<(), deedbox_core::Refusal> {
    world.run(Command::ReportMismatch {
        actual: Some(digest("altered")),
        source: TamperSource::Download,
    })
}

fn state(name: &str) -> World {
    let mut world = vaulted();
    match name {
        "escrow_transfer" | "held-in-transfer" => {
            world.offer(org('a'), to(), "open").unwrap();
            world.accept(to(), "open").unwrap();
        }
        "escrow_release" | "held-in-release" => {
            world.release(org('a'), Mode::Escrow, "open").unwrap();
        }
        "quarantined" => mismatch(&mut world).unwrap(),
        "released" => {
            world.release(org('a'), Mode::Escrow, "open").unwrap();
            world.acknowledge(org('a'), "open", "package").unwrap();
        }
        "transferred" => {
            world.offer(org('a'), to(), "gone").unwrap();
            world.accept(to(), "gone").unwrap();
            world.confirm(org('a'), "gone").unwrap();
        }
        _ => {}
    }
    if name.starts_with("held") {
        world
            .run(Command::PlaceHold {
                reason: Some("Court".to_owned()),
            })
            .unwrap();
    }
    world
}

/// Commands that name a release or transfer are tried with this id.
fn attempt(world: &mut World, column: &str, label: &str) -> Result<(), deedbox_core::Refusal> {
    match column {
        "immediate" => world.release(org('a'), Mode::Immediate, "new"),
        "escrow" => world.release(org('a'), Mode::Escrow, "new"),
        "acknowledge" => world.acknowledge(org('a'), label, "package"),
        "release-end" => cancel_release(world, label),
        "offer" => world.offer(org('a'), to(), "new"),
        "confirm" => world.confirm(org('a'), label),
        "transfer-end" => cancel_transfer(world, label),
        "mismatch" => mismatch(world),
        "restored" => {
            let actual = world.record.asset.document_hash.unwrap();
            world.run(Command::ReportRestored { actual })
        }
        other => panic!("unknown column {other}"),
    }
}

fn check_closed_and_unknown(world: &mut World, column: &str, place: &str) {
    let (unknown, closed): (Refusal, Refusal) = match column {
        "acknowledge" | "release-end" => {
            (Refusal::UnknownRelease, Refusal::ReleaseStateDoesNotAllow)
        }
        _ => (Refusal::UnknownTransfer, Refusal::TransferStateDoesNotAllow),
    };
    assert_eq!(
        attempt(world, column, "never").unwrap_err(),
        unknown.into(),
        "{place}"
    );
    assert_eq!(
        attempt(world, column, "closed").unwrap_err(),
        closed.into(),
        "{place}"
    );
}

fn check(row: &str, column: &str, cell: &str) {
    let mut world = state(row);
    let before = world.record.clone();
    let place = format!("{row} × {column}");
    if cell == "X" {
        check_closed_and_unknown(&mut world, column, &place);
        return;
    }
    let answer = attempt(&mut world, column, "open");
    let code = answer.as_ref().err().map(deedbox_core::Refusal::code);
    let refused = match cell {
        "E" => Some("in_escrow"),
        "Q" => Some("quarantined"),
        "H" => Some("under_hold"),
        "R" => Some("released"),
        _ => None,
    };
    assert_eq!(code, refused, "{place}");
    match cell {
        "." | "same" => assert_eq!(world.record, before, "{place}"),
        _ if refused.is_some() => assert_eq!(world.record, before, "{place}"),
        state => assert_eq!(world.record.asset.vault_state.as_str(), state, "{place}"),
    }
}

#[test]
fn every_cell_of_the_custody_table_is_kept() {
    let mut lines = TABLE
        .trim()
        .lines()
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let mut cells = 0;
    for row in lines {
        assert_eq!(row.len(), head.len(), "{row:?}");
        for (column, cell) in head.iter().zip(&row).skip(1) {
            check(row[0], column, cell);
            cells += 1;
        }
    }
    assert_eq!(cells, 9 * 9);
}

#[test]
fn nothing_can_be_asked_of_a_record_that_is_not_vaulted() {
    let mut world = World::completed();
    for column in ["immediate", "escrow", "offer"] {
        assert_eq!(
            attempt(&mut world, column, "x").unwrap_err(),
            Refusal::NotVaulted.into()
        );
    }
    assert_eq!(
        world.record.asset.admit_read(&org('a')),
        Err(Refusal::NotVaulted)
    );
    assert_eq!(
        world.record.asset.admit_read_copy(),
        Err(Refusal::NotVaulted)
    );
    let hold = world.run(Command::PlaceHold { reason: None });
    assert_eq!(hold.unwrap_err(), Refusal::NotVaulted.into());
}

#[test]
fn reading_stays_open_in_a_transfer_and_closes_in_a_release() {
    let reads = |name: &str| state(name).record.asset.admit_read(&org('a'));
    assert_eq!(reads("vaulted"), Ok(()));
    assert_eq!(reads("escrow_transfer"), Ok(()));
    assert_eq!(reads("escrow_release"), Err(Refusal::InEscrow));
    assert_eq!(reads("quarantined"), Err(Refusal::Quarantined));
    assert_eq!(reads("released"), Err(Refusal::Released));
    assert_eq!(reads("transferred"), Err(Refusal::Released));
    for name in ["vaulted", "released", "transferred", "quarantined"] {
        assert_eq!(state(name).record.asset.admit_read_copy(), Ok(()));
    }
}

#[test]
fn tampering_ends_an_open_transfer_or_release() {
    let mut world = state("escrow_transfer");
    mismatch(&mut world).unwrap();
    let tail = [
        "vault.tamper_detected",
        "transfer.cancelled",
        "quarantine.entered",
    ];
    assert!(world.trail().ends_with(&tail));
    let mut world = state("escrow_release");
    mismatch(&mut world).unwrap();
    let tail = [
        "vault.tamper_detected",
        "release.cancelled",
        "quarantine.entered",
    ];
    assert!(world.trail().ends_with(&tail));
    let count = world
        .announced()
        .iter()
        .filter(|it| **it == "vault.tamper_detected")
        .count();
    mismatch(&mut world).unwrap();
    let after = world
        .announced()
        .iter()
        .filter(|it| **it == "vault.tamper_detected")
        .count();
    assert_eq!((count, after), (1, 1), "told once");
}

#[test]
fn a_release_in_escrow_lapses_after_three_days_and_not_before() {
    let mut world = state("escrow_release");
    let lapse = || Command::LapseRelease {
        release_id: release_id("open"),
    };
    assert_eq!(world.run(lapse()).unwrap_err(), Refusal::NotYetDue.into());
    world.wait(72 * 3600);
    let late = world.acknowledge(org('a'), "open", "package");
    assert_eq!(late.unwrap_err(), Refusal::ReleaseStateDoesNotAllow.into());
    world.run(lapse()).unwrap();
    assert_eq!(world.record.asset.vault_state, VaultState::Vaulted);
    let before = world.record.clone();
    world.run(lapse()).unwrap();
    assert_eq!(world.record, before);
}

#[test]
fn a_wrong_package_is_refused_and_the_right_one_answered_for_thirty_days() {
    let mut world = state("escrow_release");
    let wrong = world.acknowledge(org('a'), "open", "other");
    assert_eq!(wrong.unwrap_err(), Refusal::PackageHashDiffers.into());
    world.acknowledge(org('a'), "open", "package").unwrap();
    world.wait(29 * 86_400);
    world.acknowledge(org('a'), "open", "package").unwrap();
    world.wait(2 * 86_400);
    let late = world.acknowledge(org('a'), "open", "package");
    assert_eq!(late.unwrap_err(), Refusal::ReleaseStateDoesNotAllow.into());
}

/// The table of section 7; `4` is 409.
const TRANSFERS: &str = "
state     | accept   | reject   | confirm   | cancel    | expire  | tamper
offered   | accepted | rejected | 4         | cancelled | expired | cancelled
accepted  | 4        | rejected | confirmed | cancelled | expired | cancelled
confirmed | 4        | 4        | 4         | 4         | .       | .
rejected  | 4        | 4        | 4         | 4         | .       | .
cancelled | 4        | 4        | 4         | 4         | .       | .
expired   | 4        | 4        | 4         | 4         | .       | .
";

fn step(world: &mut World, column: &str) -> Result<(), deedbox_core::Refusal> {
    let id = transfer_id("t");
    match column {
        "accept" => world.accept(to(), "t"),
        "reject" => world.run(Command::Reject {
            transfer_id: id,
            by: to(),
        }),
        "confirm" => world.confirm(org('a'), "t"),
        "cancel" => cancel_transfer(world, "t"),
        "expire" => {
            world.wait(8 * 86_400);
            world.run(Command::LapseTransfer { transfer_id: id })
        }
        "tamper" => mismatch(world),
        other => panic!("unknown column {other}"),
    }
}

fn transfer_in(state: &str) -> World {
    let mut world = World::vaulted();
    world.offer(org('a'), to(), "t").unwrap();
    let path: &[&str] = match state {
        "accepted" => &["accept"],
        "confirmed" => &["accept", "confirm"],
        "rejected" => &["reject"],
        "cancelled" => &["cancel"],
        "expired" => &["expire"],
        _ => &[],
    };
    for column in path {
        step(&mut world, column).unwrap();
    }
    world
}

#[test]
fn every_cell_of_the_transfer_table_is_kept() {
    let mut lines = TRANSFERS
        .trim()
        .lines()
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let head = lines.next().unwrap();
    for row in lines {
        for (column, cell) in head.iter().zip(&row).skip(1) {
            let mut world = transfer_in(row[0]);
            let answer = step(&mut world, column);
            let code = answer.as_ref().err().map(deedbox_core::Refusal::code);
            let place = format!("{} × {column}", row[0]);
            let refused = (*cell == "4").then_some("transfer_state_does_not_allow");
            assert_eq!(code, refused, "{place}");
            let state = world
                .record
                .asset
                .transfer(&transfer_id("t"))
                .unwrap()
                .state
                .as_str();
            let expected = if ["4", "."].contains(cell) {
                row[0]
            } else {
                cell
            };
            assert_eq!(state, expected, "{place}");
        }
    }
}

#[test]
fn the_wrong_party_is_told_so_and_a_third_one_learns_nothing() {
    let mut world = World::vaulted();
    world.offer(org('a'), to(), "t").unwrap();
    let id = || transfer_id("t");
    let by = |letter| Party::Organization(org(letter));
    let reject = world.run(Command::Reject {
        transfer_id: id(),
        by: by('a'),
    });
    assert_eq!(reject.unwrap_err(), Refusal::NotTheReceiver.into());
    let cancel = world.run(Command::CancelTransfer {
        transfer_id: id(),
        by: by('b'),
    });
    assert_eq!(cancel.unwrap_err(), Refusal::NotTheOfferer.into());
    let third = world.run(Command::Reject {
        transfer_id: id(),
        by: by('c'),
    });
    assert_eq!(third.unwrap_err(), Refusal::UnknownTransfer.into());
    let other = world.release(org('c'), Mode::Immediate, "r");
    assert_eq!(other.unwrap_err(), Refusal::NotTheController.into());
}

#[test]
fn after_confirmation_the_receiver_controls_and_the_former_controller_sees_it_gone() {
    let world = transfer_in("confirmed");
    let (record, asset) = (&world.record, &world.record.asset);
    let seen_by = |letter| asset.vault_state_for(&org(letter)).as_str();
    assert_eq!((seen_by('a'), seen_by('b')), ("transferred", "vaulted"));
    assert_eq!(record.status_for(&org('a')).as_str(), "released");
    assert_eq!(record.status_for(&org('b')).as_str(), "vaulted");
    assert_eq!(record.holder(), &org('b'));
    assert_eq!(asset.admit_read(&org('b')), Ok(()));
    let told: Vec<&OrgId> = world
        .announcements
        .iter()
        .filter(|it| it.body.event_type() == "custody.transferred")
        .map(|it| &it.org_id)
        .collect();
    assert_eq!(told, [&org('a'), &org('b')]);
    let head = replay(&asset.control, verify).unwrap();
    assert_eq!((head.changes, head.head), (1, asset.control_head));
    assert_eq!(Some(head.assignee), asset.assignee);
}

fn assignee_by_link() -> World {
    let mut world = World::vaulted();
    let receiver = Party::Email(email("desk@example.com"));
    world.offer(org('a'), receiver.clone(), "t").unwrap();
    world.accept(receiver, "t").unwrap();
    world.confirm(org('a'), "t").unwrap();
    world
}

#[test]
fn an_assignee_named_by_email_must_consent_to_exactly_the_command() {
    let mut world = assignee_by_link();
    assert!(world.jobs().contains(&"send_transfer_link"));
    assert_eq!(
        world.record.holder(),
        &org('a'),
        "the offering organization stays custodian"
    );
    let refusal = world.release(org('a'), Mode::Immediate, "r").unwrap_err();
    let deedbox_core::Refusal::Asset(Refusal::ConsentRequired { scope }) = refusal else {
        panic!("{refusal:?}");
    };
    world
        .consent_of_assignee(digest("another command"))
        .unwrap();
    assert!(world.release(org('a'), Mode::Immediate, "r").is_err());
    world.consent_of_assignee(scope).unwrap();
    let mut late = world.clone();
    late.wait(72 * 3600);
    assert!(
        late.release(org('a'), Mode::Immediate, "r").is_err(),
        "good for 72 hours"
    );
    let other = world.release(org('a'), Mode::Escrow, "r");
    assert!(other.is_err(), "another mode is another command");
    world.release(org('a'), Mode::Immediate, "r").unwrap();
    assert!(
        replay(&world.record.asset.control, verify)
            .unwrap()
            .released
    );
}

#[test]
fn consent_is_asked_once_and_cannot_be_given_late() {
    let mut world = assignee_by_link();
    let ask = |id: &str| Command::RequestConsent {
        consent_id: deedbox_core::ids::Id::from_seed(&crate::world::SEED, id),
        scope: digest("command"),
        summary: "Release".to_owned(),
    };
    world.run(ask("one")).unwrap();
    let before = world.record.clone();
    world.run(ask("two")).unwrap();
    assert_eq!(world.record, before);
    world.wait(72 * 3600);
    let give = |id: &str| Command::GiveConsent {
        consent_id: deedbox_core::ids::Id::from_seed(&crate::world::SEED, id),
    };
    assert_eq!(
        world.run(give("one")).unwrap_err(),
        Refusal::ConsentExpired.into()
    );
    assert_eq!(
        world.run(give("nobody")).unwrap_err(),
        Refusal::UnknownConsent.into()
    );
    world.run(ask("three")).unwrap();
    world.run(give("three")).unwrap();
}

#[test]
fn a_control_entry_that_says_something_else_is_refused() {
    let mut world = World::vaulted();
    let mut draft = world
        .record
        .asset
        .draft_release(&release_id("r"), world.now)
        .unwrap();
    draft.prev_hash = Digest::ZERO;
    let control = Some(crate::world::signed_by("bank a", draft));
    let order = |control| deedbox_core::asset::NewRelease {
        release_id: release_id("r"),
        by: org('a'),
        mode: Mode::Immediate,
        reason: deedbox_core::asset::Reason::Payoff,
        recipient: crate::world::recipient(),
        note: None,
        expected_sha256: None,
        package_sha256: None,
        control,
    };
    let refusal = world
        .run(Command::Release(Box::new(order(control))))
        .unwrap_err();
    assert_eq!(refusal.code(), "control_entry_unfit");
    let missing = world
        .run(Command::Release(Box::new(order(None))))
        .unwrap_err();
    assert_eq!(missing.code(), "release_incomplete");
    let mut wrong = order(None);
    wrong.expected_sha256 = Some(digest("other"));
    assert_eq!(
        world.run(Command::Release(Box::new(wrong))).unwrap_err(),
        Refusal::HashDiffers.into()
    );
}

#[test]
fn the_same_bytes_live_elsewhere_and_foreign_bytes_are_refused_at_the_door() {
    let mut world = World::completed();
    let with = |change: &dyn Fn(&mut deedbox_core::asset::VaultIn)| {
        let mut command = World::completed().vault_in_command();
        change(&mut command);
        Command::VaultIn(Box::new(command))
    };
    for (command, code) in [
        (
            with(&|it| it.live_elsewhere = true),
            "duplicate_authoritative_copy",
        ),
        (
            with(&|it| it.source_sha256 = digest("foreign")),
            "source_differs",
        ),
        (with(&|it| it.vault_seal.n += 1), "source_differs"),
        (
            with(&|it| it.authoritative.sha256 = digest("flipped")),
            "integrity_failed",
        ),
        (
            with(&|it| it.copy.sha256 = it.authoritative.sha256),
            "source_differs",
        ),
        (
            with(&|it| it.assignee.name = "bank z".to_owned()),
            "control_entry_unfit",
        ),
    ] {
        assert_eq!(world.run(command).unwrap_err().code(), code);
    }
}

#[test]
fn a_disposition_is_recorded_once_and_never_changed() {
    use deedbox_core::envelope::{Attestation, Disposition, PaperOriginal};
    let paper = |disposition| PaperOriginal {
        disposition,
        attestation: Some(Attestation {
            name: "Ana".into(),
            title: None,
            statement: "I saw it".into(),
        }),
    };
    let mut world = World::vaulted_paper();
    world
        .run(Command::RecordPaper(paper(Disposition::Destroyed)))
        .unwrap();
    let before = world.record.clone();
    world
        .run(Command::RecordPaper(paper(Disposition::Destroyed)))
        .unwrap();
    assert_eq!(world.record, before);
    let other = world.run(Command::RecordPaper(paper(Disposition::InPossession)));
    assert_eq!(other.unwrap_err(), Refusal::PaperAlreadyRecorded.into());
    let esign = World::vaulted().run(Command::RecordPaper(paper(Disposition::Destroyed)));
    assert_eq!(esign.unwrap_err(), Refusal::NoPaperOriginal.into());
    let mut unattested = World::vaulted_paper();
    let bare = PaperOriginal {
        disposition: Disposition::Destroyed,
        attestation: None,
    };
    assert_eq!(
        unattested
            .run(Command::RecordPaper(bare))
            .unwrap_err()
            .code(),
        "invalid"
    );
}

#[test]
fn certificates_supersede_one_another_and_tell_only_of_changes() {
    let mut world = World::vaulted();
    world.certify("first", true).unwrap();
    world.certify("second", true).unwrap();
    world.certify("third", false).unwrap();
    let told: Vec<_> = world
        .announced()
        .into_iter()
        .filter(|it| it.starts_with("vault.compliance"))
        .collect();
    assert_eq!(told, ["vault.compliance.passed", "vault.compliance.failed"]);
    let stale = deedbox_core::asset::IssueCertificate {
        certificate_id: deedbox_core::ids::Id::from_seed(&crate::world::SEED, "stale"),
        sha256: digest("stale"),
        status: deedbox_core::asset::CertificateStatus::Active,
        supersedes: None,
        compliant: true,
        score: 100,
        missing_requirements: Vec::new(),
        evaluated_at: world.now,
        results: std::collections::BTreeMap::new(),
    };
    let refusal = world
        .run(Command::IssueCertificate(Box::new(stale)))
        .unwrap_err();
    assert_eq!(refusal, Refusal::CertificateOutOfOrder.into());
}

#[test]
fn reading_leaves_a_trail_and_no_change() {
    let mut world = World::vaulted();
    let updated = world.record.updated_at();
    world.wait(60);
    world
        .run(Command::AccessAuthoritative {
            purpose: "download".to_owned(),
        })
        .unwrap();
    world
        .run(Command::AccessCopy {
            purpose: "download".to_owned(),
        })
        .unwrap();
    assert!(
        world
            .trail()
            .ends_with(&["vault.accessed", "copy.accessed"])
    );
    assert_eq!(world.record.updated_at(), updated);
}
