//! Stored events decode for ever: one file per type and version, as it was first written. Files are added, never
//! changed. `cargo test -p deedbox-core --test core -- --ignored` writes the files of types that have none yet.

use std::collections::BTreeMap;
use std::path::PathBuf;

use deedbox_core::Event;
use deedbox_core::asset::{Command as Asset, Mode, Party};
use deedbox_core::envelope::command::Seal;
use deedbox_core::envelope::signer::Proof;
use deedbox_core::envelope::{
    Attestation, AuthKind, BiometricDecision, Captured, Command, Create, Disposition, FilledField,
    Kind, OnFail, PaperOriginal, Revision, RevisionKind,
};
use deedbox_core::ids::{FieldId, Id};
use deedbox_core::template::{FieldKind, FieldValue};
use serde_json::{Map, Value, json};

use crate::world::{
    SEED, World, create, digest, email, key, org, prepared, release_id, signer_id, transfer_id,
    upload, with_auth,
};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Histories that between them make every type of event.
fn tour() -> Vec<World> {
    vec![
        signing(),
        otp(),
        biometric(),
        failing(),
        voided(),
        expired(),
        declined(),
        paper(),
        transfers(),
        releases(),
        consents(),
        tampering(),
    ]
}

fn signing() -> World {
    let mut world = World::viewed(1);
    world.run(Command::Remind { email: None }).unwrap();
    let later = world.now.plus_days(60);
    world.run(Command::Extend { expires_at: later }).unwrap();
    let mut sign = world.signature(0, world.shown());
    sign.fields.push(FilledField {
        field_id: FieldId::from_seed(&SEED, "city"),
        name: "city".to_owned(),
        kind: FieldKind::Text,
        page: 1,
        value: FieldValue::Text("Lima".to_owned()),
    });
    world.run(Command::Sign(Box::new(sign))).unwrap();
    let (n, offset) = world.record.envelope.next_revision();
    let revision = Revision {
        n,
        kind: RevisionKind::Augmentation,
        sha256: digest("lta"),
        offset,
        length: 10,
    };
    world
        .run(Command::Augment(Seal {
            revision,
            level: "B-LTA".to_owned(),
        }))
        .unwrap();
    world
}

fn otp() -> World {
    let mut world = with_auth(&[AuthKind::EmailOtp]);
    let (signer_id, channel, document_sha256) = (signer_id(0), AuthKind::EmailOtp, world.shown());
    let sealed_code = "sealed".to_owned();
    world
        .run(Command::SendOtp {
            signer_id: signer_id.clone(),
            channel,
            document_sha256,
            sealed_code,
        })
        .unwrap();
    world
        .run(Command::FailOtp {
            signer_id: signer_id.clone(),
            channel,
        })
        .unwrap();
    world
        .run(Command::PassOtp {
            signer_id,
            channel,
            document_sha256,
        })
        .unwrap();
    world
}

fn biometric() -> World {
    let mut world = with_auth(&[AuthKind::Biometric]);
    world
        .run(Command::CaptureBiometric(Captured {
            signer_id: signer_id(0),
            release_id: "biometric-release-1-es".to_owned(),
            release_sha256: digest("release"),
            images: vec![("selfie".to_owned(), digest("selfie"))],
            document_number: Some("12345678".to_owned()),
        }))
        .unwrap();
    let proof = Proof {
        provider: "manual_review".to_owned(),
        transaction_id: Some("tx-1".to_owned()),
        liveness: false,
    };
    let decision = BiometricDecision::Rejected {
        proof,
        reason: "unreadable".to_owned(),
    };
    world
        .run(Command::DecideBiometric {
            signer_id: signer_id(0),
            decision,
        })
        .unwrap();
    world
}

fn failing() -> World {
    let mut create = Create {
        on_fail: OnFail::Continue,
        document: Some(prepared()),
        ..create(Kind::Esign, 2)
    };
    create.signers[0].auth = vec![AuthKind::EmailOtp];
    create.signers[0].attempts_max = Some(1);
    let mut world = World::new(create);
    world.ready(0);
    let (id, channel, document_sha256) = (signer_id(0), AuthKind::EmailOtp, world.shown());
    let sealed_code = "sealed".to_owned();
    world
        .run(Command::SendOtp {
            signer_id: id.clone(),
            channel,
            document_sha256,
            sealed_code,
        })
        .unwrap();
    world
        .run(Command::FailOtp {
            signer_id: id.clone(),
            channel,
        })
        .unwrap();
    world.run(Command::Resend { signer_id: id }).unwrap();
    world
}

fn voided() -> World {
    let mut world = World::sent(1);
    world
        .run(Command::Void {
            reason: Some("Wrong price".to_owned()),
        })
        .unwrap();
    world
}

fn expired() -> World {
    let mut world = World::sent(1);
    world.wait(31 * 86_400);
    world.run(Command::Expire).unwrap();
    world
}

fn declined() -> World {
    let mut world = World::viewed(1);
    world
        .run(Command::Decline {
            signer_id: signer_id(0),
            reason: Some("Not mine".to_owned()),
        })
        .unwrap();
    world
}

fn attested() -> PaperOriginal {
    let attestation = Attestation {
        name: "Ana Example".to_owned(),
        title: Some("Clerk".to_owned()),
        statement: "I destroyed it".to_owned(),
    };
    PaperOriginal {
        disposition: Disposition::Destroyed,
        attestation: Some(attestation),
    }
}

fn paper() -> World {
    let mut world = World::paper();
    world.run(Command::Upload(upload("scan"))).unwrap();
    let vault_in = world.vault_in_command();
    world.run(Asset::VaultIn(Box::new(vault_in))).unwrap();
    world.certify("first", false).unwrap();
    world.run(Asset::RecordPaper(attested())).unwrap();
    world.certify("second", true).unwrap();
    world
}

fn transfers() -> World {
    let mut world = World::vaulted();
    let to = || Party::Organization(org('b'));
    world.offer(org('a'), to(), "rejected").unwrap();
    world
        .run(Asset::Reject {
            transfer_id: transfer_id("rejected"),
            by: to(),
        })
        .unwrap();
    world.offer(org('a'), to(), "lapsed").unwrap();
    world.wait(8 * 86_400);
    world
        .run(Asset::LapseTransfer {
            transfer_id: transfer_id("lapsed"),
        })
        .unwrap();
    world.offer(org('a'), to(), "done").unwrap();
    world.accept(to(), "done").unwrap();
    world.confirm(org('a'), "done").unwrap();
    world
}

fn releases() -> World {
    let mut world = World::vaulted();
    world
        .run(Asset::AccessAuthoritative {
            purpose: "download".to_owned(),
        })
        .unwrap();
    world
        .run(Asset::AccessCopy {
            purpose: "download".to_owned(),
        })
        .unwrap();
    world.release(org('a'), Mode::Escrow, "cancelled").unwrap();
    world
        .run(Asset::CancelRelease {
            release_id: release_id("cancelled"),
            by: org('a'),
        })
        .unwrap();
    world.release(org('a'), Mode::Escrow, "lapsed").unwrap();
    world.wait(72 * 3600);
    world
        .run(Asset::LapseRelease {
            release_id: release_id("lapsed"),
        })
        .unwrap();
    world
        .run(Asset::PlaceHold {
            reason: Some("Court order".to_owned()),
        })
        .unwrap();
    world.run(Asset::LiftHold).unwrap();
    world.release(org('a'), Mode::Immediate, "done").unwrap();
    world
}

fn consents() -> World {
    let mut world = World::vaulted();
    let to = || Party::Email(email("desk@example.com"));
    world.offer(org('a'), to(), "mail").unwrap();
    world.accept(to(), "mail").unwrap();
    world.confirm(org('a'), "mail").unwrap();
    world.consent_of_assignee(digest("scope")).unwrap();
    world
}

fn tampering() -> World {
    let mut world = World::vaulted();
    world
        .offer(org('a'), Party::Organization(org('b')), "open")
        .unwrap();
    let source = deedbox_core::asset::TamperSource::Scheduled;
    world
        .run(Asset::ReportMismatch {
            actual: None,
            source,
        })
        .unwrap();
    let actual = world.record.asset.document_hash.unwrap();
    world.run(Asset::ReportRestored { actual }).unwrap();
    world
}

/// The first event of each type that the tour makes.
fn samples() -> BTreeMap<String, Value> {
    let mut samples = BTreeMap::new();
    for entry in tour().iter().flat_map(|world| &world.entries) {
        let event = entry.open(Some(&key())).unwrap().event;
        let parts = event.parts();
        let name = format!("{}.v{}.json", event.kind(), event.version());
        let sample = json!({"type": event.kind(), "v": event.version(), "data": parts.data, "person": parts.person});
        samples.entry(name).or_insert(sample);
    }
    samples
}

fn golden() -> Vec<(String, Value)> {
    let mut files: Vec<_> = folder()
        .read_dir()
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                serde_json::from_str(&text).unwrap(),
            )
        })
        .collect()
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

fn decode(file: &Value, person: Map<String, Value>) -> Event {
    let version = u32::try_from(file["v"].as_u64().unwrap()).unwrap();
    Event::decode(
        file["type"].as_str().unwrap(),
        version,
        &object(&file["data"]),
        person,
    )
    .unwrap()
}

#[test]
fn every_type_of_event_has_a_golden_file() {
    let files: Vec<String> = golden().into_iter().map(|(name, _)| name).collect();
    for kind in Event::kinds() {
        assert!(
            files
                .iter()
                .any(|name| name.starts_with(&format!("{kind}.v"))),
            "{kind}"
        );
    }
}

#[test]
fn every_golden_event_decodes_and_says_the_same_again() {
    for (name, file) in golden() {
        let event = decode(&file, object(&file["person"]));
        let parts = event.parts();
        assert_eq!(Value::Object(parts.data), file["data"], "{name}");
        assert_eq!(Value::Object(parts.person), file["person"], "{name}");
    }
}

#[test]
fn every_golden_event_decodes_without_its_person() {
    for (name, file) in golden() {
        let event = decode(&file, Map::new());
        assert_eq!(event.kind(), file["type"].as_str().unwrap(), "{name}");
        assert_eq!(Value::Object(event.parts().data), file["data"], "{name}");
    }
}

#[test]
fn an_unknown_type_or_version_is_a_fault_and_no_guess() {
    let data = Map::new();
    for (kind, version) in [
        ("envelope.melted", 1),
        ("envelope.sent", 99),
        ("vault.stored", 1),
    ] {
        assert!(Event::decode(kind, version, &data, Map::new()).is_err());
    }
}

#[test]
#[ignore = "writes golden files for types that have none"]
#[expect(
    clippy::disallowed_methods,
    reason = "this writes the corpus, outside the core"
)]
fn write_missing_golden_files() {
    for (name, sample) in samples() {
        let path = folder().join(name);
        if !path.exists() {
            std::fs::write(path, format!("{sample:#}\n")).unwrap();
        }
    }
}
