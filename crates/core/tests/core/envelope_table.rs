//! Every cell of table 4.1 of the partner API. The table below is the contract's, with the two kinds of envelope in
//! rows of their own and `vault-in-upload` once without and once with another file.

use deedbox_core::envelope::{self, Status, VaultSource};
use deedbox_core::{Refusal, asset};

use crate::world::{World, digest, org, signer_id, upload};

/// `.` cannot occur: whatever the answer, nothing changes. A word is the new status; letters as in the contract;
/// `0` nothing has been uploaded, `2` a file is already uploaded.
const TABLE: &str = "
state            | upload   | send | open   | sign   | last      | decline  | void   | remind | expiry  | signed  | upload-in | file-in | out
pending          | K        | sent | .      | .      | .         | .        | voided | S      | expired | S       | K         | K       | N
pending-paper    | uploaded | .    | .      | .      | .         | .        | voided | K      | .       | K       | 0         | vaulted | N
uploaded-paper   | S        | .    | .      | .      | .         | .        | voided | K      | .       | K       | vaulted   | 2       | N
preparing        | K        | sent | .      | .      | .         | .        | voided | S      | expired | S       | K         | K       | N
sent             | K        | .    | viewed | .      | .         | .        | voided | sent   | expired | S       | K         | K       | N
viewed           | K        | .    | viewed | viewed | completed | declined | voided | viewed | expired | S       | K         | K       | N
completed        | K        | .    | .      | G      | .         | G        | S      | S      | .       | vaulted | K         | K       | N
vaulted          | K        | .    | .      | G      | .         | G        | S      | S      | .       | vaulted | K         | K       | released
vaulted-paper    | S        | .    | .      | .      | .         | .        | S      | K      | .       | K       | vaulted   | 2       | released
released         | K        | .    | .      | G      | .         | G        | S      | S      | .       | R       | K         | K       | R
released-paper   | S        | .    | .      | .      | .         | .        | S      | K      | .       | K       | R         | R       | R
declined         | K        | .    | G      | G      | .         | G        | S      | S      | .       | S       | K         | K       | N
voided           | K        | .    | G      | G      | .         | G        | S      | S      | .       | S       | K         | K       | N
expired          | K        | .    | G      | G      | .         | G        | S      | S      | .       | S       | K         | K       | N
voided-paper     | S        | .    | .      | .      | .         | .        | S      | K      | .       | K       | S         | S       | N
";

fn state(name: &str) -> World {
    let void = || envelope::Command::Void { reason: None };
    let mut world = match name {
        "pending" | "preparing" => World::new(crate::world::create(envelope::Kind::Esign, 2)),
        "sent" => World::sent(2),
        "pending-paper" | "voided-paper" => World::paper(),
        "uploaded-paper" => World::uploaded(),
        "completed" => World::completed(),
        "vaulted" | "released" => World::vaulted(),
        "vaulted-paper" | "released-paper" => World::vaulted_paper(),
        _ => World::viewed(2),
    };
    let command = match name {
        "preparing" => Some(envelope::Command::Prepare(crate::world::prepared())),
        "declined" => Some(envelope::Command::Decline {
            signer_id: signer_id(0),
            reason: None,
        }),
        "voided" | "voided-paper" => Some(void()),
        "expired" => {
            world.wait(40 * 86_400);
            Some(envelope::Command::Expire)
        }
        _ => None,
    };
    if let Some(command) = command {
        world.run(command).unwrap();
    }
    if name.starts_with("released") {
        world
            .release(org('a'), asset::Mode::Immediate, "first")
            .unwrap();
    }
    world
}

fn attempt(world: &mut World, command: &str) -> Result<(), Refusal> {
    let file = Some(digest("another"));
    match command {
        "upload" => world.run(envelope::Command::Upload(upload("another"))),
        "send" => {
            if world.record.envelope.status == Status::Pending {
                world.run(envelope::Command::Prepare(crate::world::prepared()))?;
            }
            world.run(envelope::Command::Send)
        }
        "open" => world.open(0),
        "sign" => {
            // A digest of its own, so that a finished signer's same answer again does not hide the refusal.
            let shown = world
                .record
                .envelope
                .revisions
                .get(1)
                .map_or(digest("x"), |it| it.sha256);
            let shown = if world.record.envelope.completed_at.is_some() {
                digest("x")
            } else {
                shown
            };
            let command = world.signature(0, shown);
            world.run(envelope::Command::Sign(Box::new(command)))
        }
        "last" => {
            if world.record.envelope.status == Status::Viewed {
                world.sign(0)?;
            }
            world.sign(1)
        }
        "decline" => world.run(envelope::Command::Decline {
            signer_id: signer_id(0),
            reason: None,
        }),
        "void" => world.run(envelope::Command::Void { reason: None }),
        "remind" => world.run(envelope::Command::Remind { email: None }),
        "expiry" => {
            world.wait(40 * 86_400);
            world.run(envelope::Command::Expire)
        }
        "signed" => world.vault_in(VaultSource::Signed),
        "upload-in" => world.vault_in(VaultSource::Upload { file: None }),
        "file-in" => world.vault_in(VaultSource::Upload { file }),
        "out" => world.release(org('a'), asset::Mode::Immediate, "second"),
        other => panic!("unknown column {other}"),
    }
}

fn check(row: &str, column: &str, cell: &str) {
    let mut world = state(row);
    let before = world.record.clone();
    let answer = attempt(&mut world, column);
    let place = format!("{row} × {column}: {answer:?}");
    let code = answer.as_ref().err().map(Refusal::code);
    let expected = match cell {
        "." => {
            assert_eq!(world.record, before, "{place}");
            return;
        }
        "S" => Some("status_does_not_allow"),
        "K" => Some("kind_mismatch"),
        "N" => Some("not_vaulted"),
        "R" => Some("released"),
        "G" => Some("envelope_closed"),
        "0" => Some("nothing_uploaded"),
        "2" => Some("file_already_uploaded"),
        _ => None,
    };
    assert_eq!(code, expected, "{place}");
    if expected.is_some() {
        assert_eq!(world.record, before, "{place}");
    } else {
        assert_eq!(world.record.envelope.status.as_str(), cell, "{place}");
    }
}

#[test]
fn every_cell_of_the_envelope_table_is_kept() {
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
    assert_eq!(cells, 15 * 13);
}

#[test]
fn a_refusal_names_the_present_status_and_kind() {
    let mut world = World::completed();
    let refusal = world
        .run(envelope::Command::Void { reason: None })
        .unwrap_err();
    assert_eq!(
        refusal,
        envelope::Refusal::StatusDoesNotAllow {
            current: Status::Completed
        }
        .into()
    );
    let refusal = World::paper().vault_in(VaultSource::Signed).unwrap_err();
    assert_eq!(
        refusal,
        envelope::Refusal::KindMismatch {
            kind: envelope::Kind::Paper
        }
        .into()
    );
}

#[test]
fn a_new_envelope_passes_pending_and_preparing_and_is_sent() {
    let world = World::sent(2);
    assert_eq!(
        world.trail(),
        ["envelope.created", "envelope.prepared", "envelope.sent"]
    );
    assert_eq!(world.announced(), ["envelope.created", "envelope.sent"]);
    assert_eq!(world.jobs(), ["expire", "invite", "invite"]);
    assert_eq!(world.record.seq, 3);
}

#[test]
fn the_last_signature_and_completion_come_together() {
    let mut world = World::viewed(2);
    world.sign(0).unwrap();
    let before = world.entries.len();
    world.sign(1).unwrap();
    assert_eq!(
        world.trail()[before..],
        ["envelope.signed", "envelope.completed"]
    );
    assert!(
        world
            .announced()
            .ends_with(&["envelope.signed", "envelope.completed"])
    );
}

#[test]
fn with_auto_vault_completion_orders_the_vault_in_as_the_creator() {
    let mut world = World::viewed(1);
    world.policy.auto_vault = true;
    world.sign(0).unwrap();
    let creator = world.record.envelope.created_by.clone();
    let job = world.jobs.last().unwrap();
    assert_eq!(
        job.kind,
        deedbox_core::JobKind::AutoVault { actor: creator }
    );
    assert_eq!(world.record.envelope.status, Status::Completed);
}

#[test]
fn a_repeated_vault_in_changes_nothing() {
    let mut world = World::vaulted();
    let before = world.record.clone();
    world.vault_in(VaultSource::Signed).unwrap();
    let again = world.vault_in_command();
    world.run(asset::Command::VaultIn(Box::new(again))).unwrap();
    assert_eq!(world.record, before);
}
