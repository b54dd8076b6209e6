//! The eight checks: each fails for its own reason and for no other, and the certificate says what they found.

use deedbox_core::asset::{CertificateStatus, Command, Mode, Party};
use deedbox_core::compliance::{
    CertificateFact, CertificateTerms, Check, CheckResult, CopyFact, Facts, LogFact, PdfSeal,
    Profile, ReceiptTerms, Report, SealOwner, Software, certificate, evaluate, release_receipt,
};
use deedbox_core::envelope::{Attestation, Disposition, PaperOriginal};
use deedbox_core::evidence::chain::ChainFaultKind;
use deedbox_core::evidence::completion::{CompletionTerms, Sender, certificate_of_completion};
use deedbox_core::evidence::{ChainFault, Opened, Signature, SignedJson, replay, verify_chain};
use deedbox_core::ids::Id;
use deedbox_core::{CertificateId, Digest};
use serde_json::Value;

use crate::world::{VAULT, World, digest, key, org, release_id, sign, verify};

/// A vaulted and certified record.
fn certified(mut world: World) -> World {
    world.certify("first", true).unwrap();
    world
}

/// What an honest look at the outside finds.
fn facts(world: &World) -> Facts {
    let record = &world.record;
    let hash = record.asset.document_hash.unwrap();
    let seal = |owner, sha256| PdfSeal {
        owner,
        sha256,
        valid: true,
        timestamped: true,
    };
    Facts {
        live_copies: 1,
        object: Some(hash),
        seals: vec![
            seal(SealOwner::Instance, digest("revision 4")),
            seal(SealOwner::Vault, hash),
        ],
        revisions: record
            .envelope
            .revisions
            .iter()
            .map(|it| it.sha256)
            .collect(),
        copies: record
            .asset
            .copies
            .iter()
            .map(|copy| CopyFact {
                path: copy.path.clone(),
                registered: copy.sha256,
                found: Some(copy.sha256),
                marked_on_every_page: true,
                marked_in_metadata: true,
            })
            .collect(),
        control: record.asset.control.clone(),
        replay: replay(&record.asset.control, verify),
        certificate: CertificateFact::Stored {
            sha256: digest("first"),
            signed: true,
            log: LogFact::Pending,
        },
        log: LogFact::Included {
            root: digest("root"),
        },
        ..Facts::unvaulted(
            VAULT,
            verify_chain(&record.envelope.envelope_id, &world.entries),
        )
    }
}

fn report(world: &World, facts: &Facts) -> Report {
    evaluate(&world.record, facts, Profile::Ucc2022B, world.now)
}

/// The checks that are not satisfied, with their results.
fn unsatisfied(report: &Report) -> Vec<(&str, CheckResult)> {
    report
        .checks
        .iter()
        .filter(|it| !it.satisfied)
        .map(|it| (it.id.as_str(), it.result))
        .collect()
}

#[test]
fn an_honest_record_passes_all_eight() {
    let world = certified(World::vaulted());
    let report = report(&world, &facts(&world));
    assert_eq!(
        (report.compliant, report.score, unsatisfied(&report)),
        (true, 100, vec![])
    );
    let printed: Vec<_> = report
        .checks
        .iter()
        .map(|it| (it.requirement.as_str(), it.ucc_reference.as_str()))
        .collect();
    assert_eq!(
        printed,
        [
            ("Single authoritative copy", "UCC §9-105(b)(1)"),
            ("Tamper-evident record", "UCC §9-105(b)(1)"),
            ("Controlling party identified", "UCC §9-105(b)(2)-(3)"),
            ("All required signatures collected", "UCC §9-102(a)(11)"),
            (
                "Copies identifiable as non-authoritative",
                "UCC §9-105(b)(5)"
            ),
            (
                "Revisions identifiable as authorized or unauthorized",
                "UCC §9-105(b)(6)"
            ),
            ("Assignee changes require consent", "UCC §9-105(b)(4)"),
            ("Certificate and intact audit trail", "UCC §9-105(a)"),
        ]
    );
}

/// A fault of the outside, and the checks that it fails.
struct Case {
    name: &'static str,
    change: fn(&mut Facts),
    fails: &'static [(&'static str, CheckResult)],
}

const fn case(
    name: &'static str,
    change: fn(&mut Facts),
    fails: &'static [(&'static str, CheckResult)],
) -> Case {
    Case {
        name,
        change,
        fails,
    }
}

const SINGLE: &[(&str, CheckResult)] = &[("ac.single", CheckResult::Failed)];
const INTEGRITY: &[(&str, CheckResult)] = &[("ac.integrity", CheckResult::Failed)];
const COPIES: &[(&str, CheckResult)] = &[("copies.marked", CheckResult::Failed)];
const TRAIL: &[(&str, CheckResult)] = &[("certificate.trail", CheckResult::Failed)];

const FAULTS: [Case; 17] = [
    case("second live row", |it| it.live_copies = 2, SINGLE),
    case("no live row", |it| it.live_copies = 0, SINGLE),
    case("live elsewhere", |it| it.live_elsewhere = 1, SINGLE),
    case(
        "flipped byte",
        |it| it.object = Some(Digest::ZERO),
        INTEGRITY,
    ),
    case(
        "object missing",
        |it| it.object = None,
        &[
            ("ac.single", CheckResult::Failed),
            ("ac.integrity", CheckResult::Failed),
        ],
    ),
    case("vault seal missing", |it| it.seals.truncate(1), INTEGRITY),
    case("seal broken", |it| it.seals[0].valid = false, INTEGRITY),
    case("log broken", break_log, INTEGRITY),
    case("copy missing", |it| it.copies[0].found = None, COPIES),
    case(
        "copy unmarked",
        |it| it.copies[0].marked_on_every_page = false,
        COPIES,
    ),
    case(
        "no copy",
        |it| it.copies.clear(),
        &[("copies.marked", CheckResult::NotEstablished)],
    ),
    case(
        "unknown revision",
        |it| it.revisions.insert(3, digest("foreign")),
        &[("amend.authorized", CheckResult::Failed)],
    ),
    case(
        "control entry edited",
        edit_control,
        &[
            ("assignee.identified", CheckResult::Failed),
            ("assignee.consent", CheckResult::Failed),
        ],
    ),
    case(
        "another vault",
        |it| it.vault_id.push('x'),
        &[("assignee.identified", CheckResult::Failed)],
    ),
    case("certificate unsigned", unsign_certificate, TRAIL),
    case(
        "certificate gone",
        |it| it.certificate = CertificateFact::Missing,
        TRAIL,
    ),
    case("trail broken", break_trail, TRAIL),
];

fn break_log(facts: &mut Facts) {
    facts.log = LogFact::Failed {
        detail: "no inclusion".to_owned(),
    };
}

fn edit_control(facts: &mut Facts) {
    facts.control[0].draft.assignee.name.push('x');
    facts.replay = replay(&facts.control, verify);
}

fn unsign_certificate(facts: &mut Facts) {
    let sha256 = digest("first");
    facts.certificate = CertificateFact::Stored {
        sha256,
        signed: false,
        log: LogFact::Pending,
    };
}

fn break_trail(facts: &mut Facts) {
    let kind = ChainFaultKind::Altered;
    facts.trail = Err(ChainFault { seq: 2, kind });
}

#[test]
fn each_fault_fails_exactly_the_checks_it_concerns() {
    let world = certified(World::vaulted());
    for Case {
        name,
        change,
        fails,
    } in FAULTS
    {
        let mut facts = facts(&world);
        change(&mut facts);
        let report = report(&world, &facts);
        assert_eq!(unsatisfied(&report), fails, "{name}");
        assert!(!report.compliant, "{name}");
        assert_eq!(report.missing_requirements.len(), fails.len(), "{name}");
    }
}

#[test]
fn a_flagged_revision_is_identified_as_unauthorized() {
    let world = certified(World::vaulted());
    let mut facts = facts(&world);
    facts.revisions.insert(3, digest("foreign"));
    facts.flagged.push(digest("foreign"));
    assert!(report(&world, &facts).compliant);
}

#[test]
fn a_record_that_was_never_vaulted_establishes_only_its_signatures() {
    for (world, score, result) in [
        (World::viewed(2), 0, CheckResult::NotEstablished),
        (World::completed(), 13, CheckResult::Verified),
        (World::uploaded(), 0, CheckResult::NotEstablished),
    ] {
        let trail = verify_chain(&world.record.envelope.envelope_id, &world.entries);
        let report = report(&world, &Facts::unvaulted(VAULT, trail));
        assert_eq!(report.score, score);
        assert_eq!(report.outcome(Check::Signatures).unwrap().result, result);
        assert!(
            report
                .checks
                .iter()
                .all(|it| it.result != CheckResult::Failed)
        );
    }
}

#[test]
fn paper_without_disposition_misses_exactly_the_first_check() {
    let mut world = certified(World::vaulted_paper());
    let before = report(&world, &facts(&world));
    assert_eq!((before.score, before.compliant), (88, false));
    assert_eq!(before.missing_requirements, ["Single authoritative copy"]);
    assert_eq!(
        before.outcome(Check::Signatures).unwrap().result,
        CheckResult::Attested
    );
    let attestation = Attestation {
        name: "Ana Example".into(),
        title: None,
        statement: "Shredded".into(),
    };
    let paper = PaperOriginal {
        disposition: Disposition::Destroyed,
        attestation: Some(attestation),
    };
    world.run(Command::RecordPaper(paper)).unwrap();
    let after = report(&world, &facts(&world));
    assert_eq!((after.score, after.compliant), (100, true));
    assert_eq!(
        after.outcome(Check::Single).unwrap().result,
        CheckResult::Attested
    );
}

#[test]
fn a_broken_signature_inside_an_upload_fails_the_fourth_check() {
    let world = certified(World::vaulted_paper());
    let mut facts = facts(&world);
    facts.seals.push(PdfSeal {
        owner: SealOwner::Uploaded,
        sha256: digest("scan"),
        valid: false,
        timestamped: false,
    });
    let report = report(&world, &facts);
    assert_eq!(
        report.outcome(Check::Signatures).unwrap().result,
        CheckResult::Failed
    );
    assert!(report.outcome(Check::Integrity).unwrap().satisfied);
}

#[test]
fn after_release_the_first_check_names_time_and_recipient() {
    let mut world = certified(World::vaulted());
    world.release(org('a'), Mode::Immediate, "r").unwrap();
    let mut facts = facts(&world);
    facts.live_copies = 0;
    let report = report(&world, &facts);
    let single = report.outcome(Check::Single).unwrap();
    assert_eq!(single.result, CheckResult::NotEstablished);
    assert!(single.detail.contains("Second Example Bank") && single.detail.contains("2026-04-01"));
    assert!(!report.compliant);
    assert!(report.outcome(Check::Consent).unwrap().satisfied);
}

#[test]
fn a_transfer_keeps_the_seventh_check_verified() {
    let mut world = World::vaulted();
    world
        .offer(org('a'), Party::Organization(org('b')), "t")
        .unwrap();
    world.accept(Party::Organization(org('b')), "t").unwrap();
    world.confirm(org('a'), "t").unwrap();
    let world = certified(world);
    let report = report(&world, &facts(&world));
    assert_eq!((report.compliant, unsatisfied(&report)), (true, vec![]));
    let document = certificate(&world.record, &report, &terms(&world)).unwrap();
    let document = Value::Object(document.document().clone());
    assert_eq!(document["assignee"]["name"], "bank b");
    assert_eq!(
        document["secured_party"]["organization_id"],
        org('b').as_str()
    );
    assert_eq!(document["transferor"]["organization_id"], org('a').as_str());
}

fn terms(world: &World) -> CertificateTerms {
    CertificateTerms {
        certificate_id: CertificateId::from_seed(&crate::world::SEED, "first"),
        issued_at: world.now,
        status: CertificateStatus::Active,
        supersedes: None,
        governing_law: Some("US-NY".to_owned()),
        object_version: "1".to_owned(),
        policy_snapshot_sha256: digest("policy"),
        software: Software {
            name: "deedbox".to_owned(),
            version: "0.1.0".to_owned(),
            build_sha256: None,
        },
    }
}

fn issued() -> (World, SignedJson) {
    let world = World::vaulted();
    let mut facts = facts(&world);
    facts.certificate = CertificateFact::BeingIssued;
    let report = report(&world, &facts);
    assert!(
        report.compliant,
        "the first certificate already counts itself"
    );
    let document = certificate(&world.record, &report, &terms(&world)).unwrap();
    (world, document)
}

#[test]
fn the_certificate_has_every_documented_key() {
    let (_, document) = issued();
    let signature = Signature::ed25519("key-1", b"raw");
    let printed = document.logged(&signature, None);
    let mut keys: Vec<_> = printed
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    let mut expected = vec![
        "certificate_type",
        "certificate_version",
        "issued_at",
        "subject",
        "secured_party",
        "certificate_id",
        "status",
        "supersedes",
        "profile",
        "governing_law",
        "asset_id",
        "asset_kind",
        "source",
        "debtor",
        "transferor",
        "assignee",
        "custodian",
        "custody",
        "location",
        "document",
        "authoritative_copies",
        "tangible_original",
        "control_chain",
        "acknowledgments",
        "compliance",
        "policy_snapshot_sha256",
        "software",
        "limitations",
        "legal_notices",
        "signature",
        "log",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(printed["subject"]["status"], "vaulted");
    assert_eq!(printed["debtor"]["name"], "Ana Example");
    assert_eq!(printed["custody"]["custodian"], "key_aaaaaaaaaaaa");
    assert_eq!(printed["compliance"]["checks"].as_array().unwrap().len(), 8);
    assert_eq!(printed["control_chain"]["length"], 1);
}

#[test]
fn the_certificate_is_signed_without_signature_and_log() {
    let (_, document) = issued();
    let signature = sign("certificates", &document.signed_bytes());
    let printed = document.logged(&signature, None);
    let (read, found) = SignedJson::read(&printed).unwrap();
    assert_eq!(
        verify(&found, &read.signed_bytes()),
        Some(digest("certificates"))
    );
    let mut altered = printed;
    altered["debtor"]["name"] = "Bna Example".into();
    let (read, found) = SignedJson::read(&altered).unwrap();
    assert_eq!(verify(&found, &read.signed_bytes()), None);
}

#[test]
fn only_a_vaulted_record_has_a_certificate() {
    let world = World::completed();
    let trail = verify_chain(&world.record.envelope.envelope_id, &world.entries);
    let report = report(&world, &Facts::unvaulted(VAULT, trail));
    assert_eq!(certificate(&world.record, &report, &terms(&world)), None);
}

#[test]
fn the_receipt_and_the_closing_certificate_say_how_it_left() {
    let mut world = certified(World::vaulted());
    let terms_of = || ReceiptTerms {
        release_id: release_id("r"),
        org_id: org('a'),
        released_by: "key_aaaaaaaaaaaa".to_owned(),
    };
    assert_eq!(release_receipt(&world.record, &terms_of()), None);
    world.release(org('a'), Mode::Immediate, "r").unwrap();
    let receipt = release_receipt(&world.record, &terms_of()).unwrap();
    let receipt = receipt.signed(&Signature::ed25519("key-1", b"raw"));
    let mut keys: Vec<_> = receipt
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "asset_id",
            "control_head",
            "document_hash",
            "envelope_id",
            "mode",
            "org_id",
            "reason",
            "receipt_version",
            "recipient",
            "release_id",
            "released_at",
            "released_by",
            "signature"
        ]
    );
    assert_eq!(
        receipt["control_head"],
        world.record.asset.control_head.to_string()
    );
    let report = report(&world, &facts(&world));
    let closing = certificate(&world.record, &report, &terms(&world)).unwrap();
    let closing = closing.document();
    assert_eq!(closing["subject"]["status"], "released");
    assert_eq!(
        closing["release"]["recipient"]["name"],
        "Second Example Bank"
    );
    assert_eq!(closing["authoritative_copies"], Value::Array(Vec::new()));
}

#[test]
fn the_certificate_of_completion_masks_phones_and_names_the_steps() {
    let world = World::completed();
    let trail: Vec<Opened> = world
        .entries
        .iter()
        .map(|it| it.open(Some(&key())).unwrap())
        .collect();
    let sender = Sender {
        name: Some("Dealer backend".to_owned()),
        email: None,
        organization: "bank a".to_owned(),
    };
    let terms = CompletionTerms {
        generated_at: world.now,
        sender,
        seal: None,
        timestamps: Vec::new(),
        log: None,
    };
    let document = certificate_of_completion(&world.record, &trail, &terms);
    let signer = &document["signers"][0];
    assert_eq!(signer["phone_masked"], "+57********00");
    assert_eq!(
        signer["consent"]["disclosure_id"],
        "electronic-records-1-en"
    );
    assert_eq!(signer["signature"]["level"], "ses");
    assert_eq!(
        document["documents"][0]["sha256_final"],
        world.record.envelope.sealed_digest().unwrap().to_string()
    );
    assert!(!document.to_string().contains("+573000000000"));
}
