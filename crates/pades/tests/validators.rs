//! What strangers' validators say: pyHanko (strict), poppler's pdfsig, qpdf and OpenSSL.
//!
//! A validator that is not installed is skipped, unless `DEEDBOX_REQUIRE_VALIDATORS=1` (set by
//! `make test`), when its absence fails the test.

mod common;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use common::{
    Form, Instance, NOW, Prepared, archived, filled, instance, organization, pem, prepared,
    sign_field, signed_three, years,
};
use deedbox_pades::{
    KeyKind, Lock, Permission, Restriction, Segment, SignatureDict, SoftKey, Tail, Verdict, sign,
};
use lopdf::Object as Pdf;

fn required() -> bool {
    std::env::var("DEEDBOX_REQUIRE_VALIDATORS").is_ok_and(|value| value == "1")
}

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn python() -> Option<PathBuf> {
    let python = std::env::var_os("DEEDBOX_TEST_PYTHON")
        .map_or_else(|| root().join(".venv/bin/python"), PathBuf::from);
    let there = Command::new(&python)
        .args(["-c", "import pyhanko"])
        .output();
    let there = there.is_ok_and(|output| output.status.success());
    assert!(
        there || !required(),
        "pyHanko is required: run scripts/setup test"
    );
    there.then_some(python)
}

fn tool(name: &str) -> Option<Command> {
    let there = Command::new(name).arg("--version").output().is_ok()
        || Command::new(name).arg("-v").output().is_ok();
    assert!(
        there || !required(),
        "{name} is required: run scripts/setup test"
    );
    there.then(|| Command::new(name))
}

struct Case {
    folder: tempfile::TempDir,
    file: PathBuf,
}

impl Case {
    fn new(pdf: &[u8], instance: &Instance) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("case.pdf");
        std::fs::write(&file, pdf).unwrap();
        std::fs::write(
            folder.path().join("ca.pem"),
            pem(instance.authority.certificate()),
        )
        .unwrap();
        Self { folder, file }
    }

    /// pyHanko's verdict on `count` signatures, strict.
    fn pyhanko(&self, count: usize) {
        let Some(python) = python() else { return };
        let output = Command::new(python)
            .arg(root().join("scripts/validate_pdf.py"))
            .arg("--trust")
            .arg(self.folder.path().join("ca.pem"))
            .args(["--at", "2026-04-11T10:00:30Z"])
            .arg(&self.file)
            .output()
            .unwrap();
        let answer = String::from_utf8_lossy(&output.stdout);
        let verdict: serde_json::Value = serde_json::from_str(&answer)
            .unwrap_or_else(|_| panic!("{answer} {}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(verdict["ok"], true, "{verdict:#}");
        let signatures = verdict["signatures"].as_array().unwrap();
        assert_eq!(signatures.len(), count, "{verdict:#}");
        for signature in signatures {
            assert_ne!(signature["docmdp_ok"], false, "{signature:#}");
            assert_ne!(signature["coverage"], "UNCLEAR", "{signature:#}");
        }
    }

    fn pdfsig(&self, count: usize) {
        let Some(mut pdfsig) = tool("pdfsig") else {
            return;
        };
        let output = pdfsig.arg("-nocert").arg(&self.file).output().unwrap();
        let answer = String::from_utf8_lossy(&output.stdout);
        let valid = answer.matches("Signature is Valid").count();
        assert_eq!(valid, count, "{answer}");
    }

    fn qpdf(&self) {
        let Some(mut qpdf) = tool("qpdf") else { return };
        let output = qpdf.arg("--check").arg(&self.file).output().unwrap();
        let answer = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{answer}");
    }
}

#[test]
fn three_sequential_signatures_are_valid_everywhere() {
    let instance = instance();
    for form in [Form::Table, Form::Streams] {
        let (prepared, _) = signed_three(&instance, form);
        let case = Case::new(&prepared.pdf, &instance);
        case.qpdf();
        case.pdfsig(3);
        case.pyhanko(3);
    }
}

/// pyHanko's algorithm for archived signatures (EN 319 102-1 §5.6), at a time given as argument.
const LTA: &str = r"
import asyncio, sys
from datetime import datetime
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import ades
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
from pyhanko_certvalidator.context import CertValidationPolicySpec, ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule)
from pyhanko_certvalidator.registry import SimpleTrustManager
file, root, now = sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3])
rule = RevocationCheckingRule.CRL_REQUIRED
policy = CertValidationPolicySpec(
    trust_manager=SimpleTrustManager.build(trust_roots=list(load_certs_from_pemder([root]))),
    revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy(rule, rule)))
spec = PdfSignatureValidationSpec(SignatureValidationSpec(cert_validation_policy=policy))
for number in range(len(PdfFileReader(open(file, 'rb')).embedded_regular_signatures)):
    signature = PdfFileReader(open(file, 'rb')).embedded_regular_signatures[number]
    timing = ValidationTimingInfo(now, now, True)
    status = asyncio.run(ades.ades_lta_validation(signature, spec, timing_info=timing))
    passed = status.ades_subindic == ades.AdESPassed.OK
    print('PASSED' if passed else 'FAILED', signature.field_name, status.failure_msg)
";

/// Certificates of people must outlive the revocation list that is put beside them: the algorithm
/// moves its clock to the end of the list. The keys are gone right after signing all the same.
#[test]
fn archived_signatures_pass_after_the_certificates_have_expired() {
    let Some(python) = python() else { return };
    let mut instance = instance();
    instance.people = years(1);
    for form in [Form::Table, Form::Streams] {
        let case = Case::new(&archived(&instance, form), &instance);
        // Everybody's certificates have expired; the revocation list of the renewal is fresh.
        let moment = "2028-04-11T12:00:00+00:00";
        let output = Command::new(&python)
            .args(["-c", LTA])
            .arg(&case.file)
            .arg(case.folder.path().join("ca.pem"))
            .arg(moment)
            .output()
            .unwrap();
        let answer = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(answer.matches("PASSED").count(), 3, "{answer} {errors}");
    }
}

/// What qpdf makes of a file.
fn rewritten(pdf: &[u8], options: &[&str]) -> Option<Vec<u8>> {
    let mut qpdf = tool("qpdf")?;
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("from.pdf"), folder.path().join("to.pdf"));
    std::fs::write(&from, pdf).unwrap();
    let status = qpdf.args(options).arg(&from).arg(&to).status().unwrap();
    assert!(status.success());
    Some(std::fs::read(to).unwrap())
}

#[test]
fn linearized_and_compressed_files_are_signed_validly() {
    let instance = instance();
    for options in [
        &["--linearize", "--object-streams=disable"][..],
        &["--linearize", "--object-streams=generate"],
        &["--object-streams=generate", "--compress-streams=y"],
    ] {
        let Some(pdf) = rewritten(&prepared(Form::Table).pdf, options) else {
            return;
        };
        let (prepared, _) = common::sign_three(&instance, common::located(pdf));
        let case = Case::new(&prepared.pdf, &instance);
        case.qpdf();
        case.pdfsig(3);
        case.pyhanko(3);
        let trust = deedbox_pades::Trust {
            roots: vec![instance.authority.certificate().to_vec()],
            now: NOW,
        };
        let report = deedbox_pades::verify(&prepared.pdf, &trust);
        assert_eq!(
            report.verdict(),
            deedbox_pades::Verdict::Genuine,
            "{options:?} {report:#?}"
        );
        assert_eq!(report.revisions.len(), 5, "{options:?}");
    }
}

#[test]
fn material_and_document_timestamps_keep_everything_valid() {
    let instance = instance();
    for form in [Form::Table, Form::Streams] {
        let case = Case::new(&archived(&instance, form), &instance);
        case.qpdf();
        case.pdfsig(3);
        case.pyhanko(5);
    }
}

#[test]
fn every_kind_of_key_signs_validly() {
    let instance = instance();
    for kind in [
        KeyKind::P256,
        KeyKind::P384,
        KeyKind::Rsa2048,
        KeyKind::Rsa3072,
    ] {
        let key = SoftKey::generate(kind).unwrap();
        let certificate = instance
            .authority
            .issue_seal(&key, &organization("Own Seal"), years(3))
            .unwrap();
        let signer = instance.authority.join(key, certificate);
        let mut prepared = prepared(Form::Streams);
        let tail = Tail::read(&prepared.pdf)
            .unwrap()
            .track_sha384(&prepared.pdf);
        let tail = sign_field(&instance, &mut prepared, &tail, 0, &signer, false).tail;
        sign_field(&instance, &mut prepared, &tail, 1, &signer, true);
        let case = Case::new(&prepared.pdf, &instance);
        case.qpdf();
        case.pdfsig(2);
        case.pyhanko(2);
        let trust = deedbox_pades::Trust {
            roots: vec![instance.authority.certificate().to_vec()],
            now: NOW,
        };
        let report = deedbox_pades::verify(&prepared.pdf, &trust);
        assert_eq!(
            report.verdict(),
            deedbox_pades::Verdict::Genuine,
            "{kind:?} {report:#?}"
        );
    }
}

#[test]
fn a_certification_that_allows_nothing_still_allows_archiving() {
    use deedbox_pades::dss::Place;
    let instance = instance();
    let (mut prepared, segment) = certify(&instance, Permission::Nothing);
    let place = Place::read(&prepared.pdf).unwrap();
    let material = common::material(&instance);
    let (segment, place) = place.with_material(&segment.tail, &material).unwrap();
    prepared.pdf.extend_from_slice(&segment.bytes);
    let stamp = instance.tsa.at(NOW, 900_003);
    let (segment, _) = place.with_timestamp(&segment.tail, &stamp).unwrap();
    prepared.pdf.extend_from_slice(&segment.bytes);
    let case = Case::new(&prepared.pdf, &instance);
    case.qpdf();
    case.pdfsig(1);
    case.pyhanko(2);
    assert_eq!(own_verdict(&instance, &prepared.pdf), Verdict::Genuine);

    let note = filled(
        &prepared.pdf,
        prepared.text_field,
        &Pdf::string_literal("late"),
    );
    let late = deedbox_pades::append(&segment.tail, &[note]).unwrap();
    prepared.pdf.extend_from_slice(&late.bytes);
    assert_eq!(own_verdict(&instance, &prepared.pdf), Verdict::ContentAdded);
}

fn own_verdict(instance: &Instance, pdf: &[u8]) -> Verdict {
    let roots = vec![instance.authority.certificate().to_vec()];
    deedbox_pades::verify(pdf, &deedbox_pades::Trust { roots, now: NOW }).verdict()
}

/// Certifies in the first field.
fn certify(instance: &Instance, permission: Permission) -> (Prepared, Segment) {
    let mut prepared = prepared(Form::Table);
    let tail = Tail::read(&prepared.pdf).unwrap();
    let number = tail.next_object;
    let dictionary = SignatureDict {
        restrictions: vec![Restriction::DocMdp(permission)],
        ..SignatureDict::signature(number)
    };
    let reference = Pdf::Reference((number, 0));
    let field = filled(&prepared.pdf, prepared.signature_fields[0], &reference);
    let catalog = common::changed(&prepared.pdf, prepared.catalog, |catalog| {
        catalog.set(
            "Perms",
            lopdf::dictionary! { "DocMDP" => reference.clone() },
        );
    });
    let signer = instance.signer("Ana");
    let stamp = instance.tsa.at(NOW, 900_000);
    let segment = sign(&tail, &[field, catalog], &dictionary, &signer, Some(&stamp)).unwrap();
    prepared.pdf.extend_from_slice(&segment.bytes);
    (prepared, segment)
}

/// Certifies with `P 2`, then locks the note with the second signature.
fn certified(instance: &Instance) -> (Prepared, Segment) {
    let (mut prepared, segment) = certify(instance, Permission::FillAndSign);
    let tail = segment.tail;
    let lock = Lock::Include(vec!["note".into()]);
    let approve = SignatureDict {
        restrictions: vec![Restriction::FieldMdp(lock)],
        ..SignatureDict::signature(tail.next_object)
    };
    let reference = Pdf::Reference((tail.next_object, 0));
    let field = filled(&prepared.pdf, prepared.signature_fields[1], &reference);
    let segment = sign(&tail, &[field], &approve, &instance.signer("Bo"), None).unwrap();
    prepared.pdf.extend_from_slice(&segment.bytes);
    (prepared, segment)
}

#[test]
fn certification_and_field_locks_are_understood() {
    let instance = instance();
    let (mut prepared, segment) = certified(&instance);
    let case = Case::new(&prepared.pdf, &instance);
    case.pdfsig(2);
    case.pyhanko(2);
    let trust = deedbox_pades::Trust {
        roots: vec![instance.authority.certificate().to_vec()],
        now: NOW,
    };
    let report = deedbox_pades::verify(&prepared.pdf, &trust);
    assert_eq!(
        report.verdict(),
        deedbox_pades::Verdict::Genuine,
        "{report:#?}"
    );
    assert_eq!(
        report.signatures[0].certification,
        Some(Permission::FillAndSign)
    );

    let note = filled(
        &prepared.pdf,
        prepared.text_field,
        &Pdf::string_literal("late"),
    );
    let late = deedbox_pades::append(&segment.tail, &[note]).unwrap();
    prepared.pdf.extend_from_slice(&late.bytes);
    let report = deedbox_pades::verify(&prepared.pdf, &trust);
    assert_eq!(
        report.verdict(),
        deedbox_pades::Verdict::ContentAdded,
        "{report:#?}"
    );
}

#[test]
fn openssl_accepts_signature_and_timestamp() {
    let Some(_) = tool("openssl") else { return };
    let instance = instance();
    let (prepared, _) = signed_three(&instance, Form::Table);
    let case = Case::new(&prepared.pdf, &instance);
    let trust = deedbox_pades::Trust {
        roots: Vec::new(),
        now: NOW,
    };
    let range = deedbox_pades::verify(&prepared.pdf, &trust).signatures[2].byte_range;
    let [_, first, second, rest] = range.map(|number| usize::try_from(number).unwrap());
    let signed = [&prepared.pdf[..first], &prepared.pdf[second..second + rest]].concat();
    let value = hex::decode(&prepared.pdf[first + 1..second - 1]).unwrap();
    let path = |name: &str| case.folder.path().join(name);
    std::fs::write(path("signed"), signed).unwrap();
    std::fs::write(path("value"), value).unwrap();
    let output = Command::new("openssl")
        .args([
            "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any",
        ])
        .args(["-attime", &NOW.unix_timestamp().to_string()])
        .arg("-in")
        .arg(path("value"))
        .arg("-content")
        .arg(path("signed"))
        .arg("-CAfile")
        .arg(path("ca.pem"))
        .arg("-out")
        .arg(path("out"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    std::fs::write(path("data"), b"to be timestamped").unwrap();
    let query = Command::new("openssl")
        .args(["ts", "-query", "-sha512", "-cert", "-data"])
        .arg(path("data"))
        .output()
        .unwrap();
    let answer = instance.tsa.respond(&query.stdout, NOW, 77);
    std::fs::write(path("query"), &query.stdout).unwrap();
    std::fs::write(path("answer"), answer).unwrap();
    let output = Command::new("openssl")
        .args([
            "ts",
            "-verify",
            "-attime",
            &NOW.unix_timestamp().to_string(),
            "-queryfile",
        ])
        .arg(path("query"))
        .arg("-in")
        .arg(path("answer"))
        .arg("-CAfile")
        .arg(path("ca.pem"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
