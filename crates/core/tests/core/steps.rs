//! The signing page: order of steps, one-time codes, biometric checks, turns, reminders, failures.

use deedbox_core::envelope::signer::Proof;
use deedbox_core::envelope::{
    AuthKind, BiometricDecision, Captured, Command, Create, Kind, OnFail, ReasonCode, Refusal,
    SignerStatus, SigningOrder, Status, StepKind, StepStatus,
};

use crate::world::{World, create, digest, email, prepared, signer_id, with_auth};

fn send(world: &mut World, channel: AuthKind) -> Result<(), deedbox_core::Refusal> {
    let document_sha256 = world.shown();
    let sealed_code = "sealed".to_owned();
    world.run(Command::SendOtp {
        signer_id: signer_id(0),
        channel,
        document_sha256,
        sealed_code,
    })
}

fn pass(world: &mut World, channel: AuthKind) -> Result<(), deedbox_core::Refusal> {
    let document_sha256 = world.shown();
    world.run(Command::PassOtp {
        signer_id: signer_id(0),
        channel,
        document_sha256,
    })
}

fn fail(world: &mut World, channel: AuthKind) -> Result<(), deedbox_core::Refusal> {
    world.run(Command::FailOtp {
        signer_id: signer_id(0),
        channel,
    })
}

fn steps(world: &World) -> Vec<(StepKind, StepStatus)> {
    world.record.envelope.signers[0]
        .steps()
        .into_iter()
        .map(|step| (step.kind, step.status))
        .collect()
}

#[test]
fn steps_are_taken_in_the_order_given() {
    let mut world = with_auth(&[AuthKind::EmailOtp, AuthKind::SmsOtp]);
    let wrong = Refusal::WrongStep {
        current: StepKind::OtpEmail,
    };
    assert_eq!(
        send(&mut world, AuthKind::SmsOtp).unwrap_err(),
        wrong.clone().into()
    );
    assert_eq!(world.sign(0).unwrap_err(), wrong.into());
    for channel in [AuthKind::EmailOtp, AuthKind::SmsOtp] {
        send(&mut world, channel).unwrap();
        pass(&mut world, channel).unwrap();
    }
    assert_eq!(
        steps(&world),
        [
            (StepKind::Consent, StepStatus::Done),
            (StepKind::OtpEmail, StepStatus::Done),
            (StepKind::OtpSms, StepStatus::Done),
            (StepKind::Sign, StepStatus::Open)
        ]
    );
    world.sign(0).unwrap();
}

#[test]
fn consent_comes_before_everything_and_opening_before_consent() {
    let mut world = World::sent(1);
    assert_eq!(world.consent(0).unwrap_err(), Refusal::NotOpened.into());
    world.open(0).unwrap();
    let current = StepKind::Consent;
    assert_eq!(
        world.sign(0).unwrap_err(),
        Refusal::WrongStep { current }.into()
    );
    world.consent(0).unwrap();
    let before = world.record.clone();
    world.consent(0).unwrap();
    world.open(0).unwrap();
    assert_eq!(world.record, before, "agreeing or opening twice is one");
}

#[test]
fn five_wrong_codes_lock_the_step_for_a_quarter_of_an_hour() {
    let mut world = with_auth(&[AuthKind::EmailOtp]);
    let channel = AuthKind::EmailOtp;
    send(&mut world, channel).unwrap();
    for _ in 0..5 {
        fail(&mut world, channel).unwrap();
    }
    let locked = Refusal::TooManyAttempts { retry_after_s: 900 };
    assert_eq!(
        pass(&mut world, channel).unwrap_err(),
        locked.clone().into()
    );
    assert_eq!(send(&mut world, channel).unwrap_err(), locked.into());
    assert_eq!(world.record.envelope.status, Status::Viewed);
    world.wait(900);
    assert_eq!(
        pass(&mut world, channel).unwrap_err(),
        Refusal::CodeNotSent.into()
    );
    send(&mut world, channel).unwrap();
    pass(&mut world, channel).unwrap();
}

#[test]
fn a_code_lives_ten_minutes_and_is_bound_to_the_document() {
    let channel = AuthKind::EmailOtp;
    let mut world = with_auth(&[channel]);
    send(&mut world, channel).unwrap();
    let cooldown = Refusal::CodeCooldown { retry_after_s: 60 };
    assert_eq!(send(&mut world, channel).unwrap_err(), cooldown.into());
    let other = Command::PassOtp {
        signer_id: signer_id(0),
        channel,
        document_sha256: digest("other"),
    };
    assert_eq!(
        world.run(other).unwrap_err(),
        Refusal::DocumentChanged.into()
    );
    world.wait(600);
    assert_eq!(
        pass(&mut world, channel).unwrap_err(),
        Refusal::CodeExpired.into()
    );
    assert_eq!(
        fail(&mut world, channel).unwrap_err(),
        Refusal::CodeExpired.into()
    );
}

#[test]
fn an_undelivered_code_is_void_and_counts_no_try() {
    let channel = AuthKind::EmailOtp;
    let mut world = with_auth(&[channel]);
    send(&mut world, channel).unwrap();
    world
        .run(Command::OtpUndelivered {
            signer_id: signer_id(0),
            channel,
        })
        .unwrap();
    assert_eq!(
        pass(&mut world, channel).unwrap_err(),
        Refusal::CodeNotSent.into()
    );
    assert_eq!(world.record.envelope.signers[0].auth[0].failures, 0);
    send(&mut world, channel).unwrap();
}

fn m2m(on_fail: OnFail, signers: usize) -> World {
    let mut create = Create {
        on_fail,
        document: Some(prepared()),
        ..create(Kind::Esign, signers)
    };
    create.signers[0].auth = vec![AuthKind::EmailOtp];
    create.signers[0].attempts_max = Some(3);
    create.signers[0].cooldown_s = Some(0);
    let mut world = World::new(create);
    for index in 0..signers {
        world.ready(index);
    }
    world
}

fn use_up(world: &mut World) {
    send(world, AuthKind::EmailOtp).unwrap();
    for _ in 0..3 {
        fail(world, AuthKind::EmailOtp).unwrap();
    }
}

#[test]
fn used_up_tries_end_the_envelope_under_cancel_flow() {
    let mut world = m2m(OnFail::CancelFlow, 2);
    use_up(&mut world);
    assert_eq!(world.record.envelope.status, Status::Declined);
    let closing = world.record.envelope.closing.clone().unwrap();
    assert_eq!(closing.reason_code, Some(ReasonCode::AttemptsExhausted));
}

#[test]
fn used_up_tries_can_be_reopened_under_continue() {
    let mut world = m2m(OnFail::Continue, 2);
    use_up(&mut world);
    assert_eq!(world.record.envelope.status, Status::Viewed);
    assert_eq!(
        world.record.envelope.signers[0].status,
        SignerStatus::Declined
    );
    world.sign(1).unwrap();
    assert_eq!(
        world.record.envelope.status,
        Status::Viewed,
        "one can still be asked again"
    );
    world
        .run(Command::Resend {
            signer_id: signer_id(0),
        })
        .unwrap();
    world.open(0).unwrap();
    send(&mut world, AuthKind::EmailOtp).unwrap();
    pass(&mut world, AuthKind::EmailOtp).unwrap();
    world.sign(0).unwrap();
    assert_eq!(world.record.envelope.status, Status::Completed);
}

#[test]
fn a_decline_under_continue_is_final_and_ends_the_envelope_with_the_last_signature() {
    let mut world = m2m(OnFail::Continue, 2);
    world
        .run(Command::Decline {
            signer_id: signer_id(0),
            reason: Some("No".to_owned()),
        })
        .unwrap();
    assert_eq!(world.record.envelope.status, Status::Viewed);
    let resend = world.run(Command::Resend {
        signer_id: signer_id(0),
    });
    assert_eq!(resend.unwrap_err(), Refusal::HasDeclined.into());
    world.sign(1).unwrap();
    assert_eq!(world.record.envelope.status, Status::Declined);
    assert!(world.announced().contains(&"envelope.declined"));
}

fn capture(world: &mut World) -> Result<(), deedbox_core::Refusal> {
    world.run(Command::CaptureBiometric(Captured {
        signer_id: signer_id(0),
        release_id: "biometric-release-1-en".to_owned(),
        release_sha256: digest("release"),
        images: vec![
            ("selfie".to_owned(), digest("selfie")),
            ("id_front".to_owned(), digest("front")),
        ],
        document_number: Some("12345678".to_owned()),
    }))
}

fn proof() -> Proof {
    Proof {
        provider: "manual_review".to_owned(),
        transaction_id: None,
        liveness: false,
    }
}

fn review(world: &mut World, decision: BiometricDecision) -> Result<(), deedbox_core::Refusal> {
    world.run(Command::DecideBiometric {
        signer_id: signer_id(0),
        decision,
    })
}

#[test]
fn a_biometric_step_waits_for_its_reviewer() {
    let mut world = with_auth(&[AuthKind::Biometric]);
    let approved = BiometricDecision::Approved(proof());
    assert_eq!(
        review(&mut world, approved.clone()).unwrap_err(),
        Refusal::NothingToReview.into()
    );
    review(&mut world, BiometricDecision::ConsentRefused).unwrap();
    capture(&mut world).unwrap();
    assert_eq!(
        steps(&world)[1],
        (StepKind::Biometric, StepStatus::PendingReview)
    );
    assert_eq!(
        capture(&mut world).unwrap_err(),
        Refusal::ReviewPending.into()
    );
    let rejected = BiometricDecision::Rejected {
        proof: proof(),
        reason: "unreadable".to_owned(),
    };
    review(&mut world, rejected).unwrap();
    assert_eq!(steps(&world)[1], (StepKind::Biometric, StepStatus::Open));
    capture(&mut world).unwrap();
    review(&mut world, approved).unwrap();
    world.sign(0).unwrap();
}

#[test]
fn in_sequence_the_next_signer_is_invited_when_the_one_before_has_signed() {
    let sequential = SigningOrder::Sequential;
    let mut world = World::new(Create {
        signing_order: sequential,
        document: Some(prepared()),
        ..create(Kind::Esign, 3)
    });
    let statuses = |world: &World| {
        world
            .record
            .envelope
            .signers
            .iter()
            .map(|s| s.status)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        statuses(&world),
        [
            SignerStatus::Sent,
            SignerStatus::Waiting,
            SignerStatus::Waiting
        ]
    );
    assert_eq!(world.open(1).unwrap_err(), Refusal::NotYourTurn.into());
    world.ready(0);
    world.sign(0).unwrap();
    assert_eq!(
        statuses(&world),
        [
            SignerStatus::Signed,
            SignerStatus::Sent,
            SignerStatus::Waiting
        ]
    );
    assert_eq!(world.jobs(), ["expire", "invite", "invite"]);
}

#[test]
fn equal_orders_sign_in_parallel() {
    let mut create = create(Kind::Esign, 3);
    create.signing_order = SigningOrder::Sequential;
    create.signers[1].order = 1;
    create.document = Some(prepared());
    let mut world = World::new(create);
    world.ready(0);
    world.sign(0).unwrap();
    assert_eq!(world.open(2).unwrap_err(), Refusal::NotYourTurn.into());
    world.ready(1);
    world.sign(1).unwrap();
    world.open(2).unwrap();
}

#[test]
fn a_signature_on_an_overtaken_revision_is_built_again() {
    let mut world = World::viewed(3);
    let overtaken = world.signature(1, world.shown());
    world.sign(0).unwrap();
    let refusal = world
        .run(Command::Sign(Box::new(overtaken.clone())))
        .unwrap_err();
    assert_eq!(refusal, Refusal::DocumentChanged.into());
    let again = world.signature(1, overtaken.shown_sha256);
    world.run(Command::Sign(Box::new(again))).unwrap();
    let signature = world.record.envelope.signers[1].signature.clone().unwrap();
    assert_ne!(
        signature.shown_sha256, signature.signed_over_sha256,
        "both digests are recorded"
    );
}

#[test]
fn the_same_signature_again_is_the_same_answer() {
    let mut world = World::viewed(2);
    let first = world.signature(0, world.shown());
    world.run(Command::Sign(Box::new(first.clone()))).unwrap();
    let before = world.record.clone();
    world.run(Command::Sign(Box::new(first))).unwrap();
    assert_eq!(world.record, before);
    let other = world.signature(0, digest("never shown"));
    let refusal = world.run(Command::Sign(Box::new(other))).unwrap_err();
    assert_eq!(
        refusal,
        Refusal::EnvelopeClosed {
            status: Status::Viewed
        }
        .into()
    );
}

#[test]
fn a_seal_comes_exactly_with_the_last_signature() {
    let mut world = World::viewed(2);
    let mut early = world.signature(0, world.shown());
    world.sign(0).unwrap();
    let last = world.signature(1, world.shown());
    early.seal = last.seal.clone();
    let mut world = World::viewed(2);
    assert_eq!(
        world.run(Command::Sign(Box::new(early))).unwrap_err(),
        Refusal::DocumentChanged.into()
    );
    world.sign(0).unwrap();
    let unsealed = deedbox_core::envelope::Sign { seal: None, ..last };
    assert_eq!(
        world.run(Command::Sign(Box::new(unsealed))).unwrap_err(),
        Refusal::DocumentChanged.into()
    );
}

#[test]
fn a_signature_after_the_deadline_is_refused_before_the_timer_says_so() {
    let mut world = World::viewed(2);
    world.wait(30 * 86_400);
    let closed = Refusal::EnvelopeClosed {
        status: Status::Viewed,
    };
    assert_eq!(world.sign(0).unwrap_err(), closed.into());
    world.run(Command::Expire).unwrap();
    assert_eq!(world.record.envelope.status, Status::Expired);
}

#[test]
fn the_timer_that_comes_too_early_is_sent_back() {
    let mut world = World::sent(1);
    assert_eq!(
        world.run(Command::Expire).unwrap_err(),
        Refusal::NotYetDue.into()
    );
    let later = world.now.plus_days(60);
    world.run(Command::Extend { expires_at: later }).unwrap();
    world.wait(31 * 86_400);
    assert_eq!(
        world.run(Command::Expire).unwrap_err(),
        Refusal::NotYetDue.into()
    );
    let earlier = world.now.plus_days(1);
    let extend = world.run(Command::Extend {
        expires_at: earlier,
    });
    assert_eq!(extend.unwrap_err(), Refusal::DeadlineNotLater.into());
}

#[test]
fn reminders_leave_out_who_was_reminded_a_moment_ago() {
    let mut world = World::sent(2);
    let one = || Command::Remind {
        email: Some(email("SIGNER0@example.com")),
    };
    let all = || Command::Remind { email: None };
    world.run(one()).unwrap();
    assert_eq!(
        world.run(one()).unwrap_err(),
        Refusal::ReminderCooldown { retry_after_s: 60 }.into()
    );
    world.wait(10);
    world.run(all()).unwrap();
    let jobs = world
        .jobs
        .iter()
        .filter(|job| job.kind.as_str() == "remind")
        .count();
    assert_eq!(jobs, 2, "only the other one was reminded");
    assert_eq!(
        world.run(all()).unwrap_err(),
        Refusal::ReminderCooldown { retry_after_s: 50 }.into()
    );
    let stranger = Command::Remind {
        email: Some(email("stranger@example.com")),
    };
    assert_eq!(
        world.run(stranger).unwrap_err(),
        Refusal::NotAPendingSigner.into()
    );
}

#[test]
fn a_resent_invitation_has_its_own_cooldown() {
    let mut world = World::sent(1);
    let resend = || Command::Resend {
        signer_id: signer_id(0),
    };
    world.run(resend()).unwrap();
    assert_eq!(
        world.run(resend()).unwrap_err(),
        Refusal::ReminderCooldown { retry_after_s: 60 }.into()
    );
    world.wait(60);
    world.run(resend()).unwrap();
    let unknown = Command::Resend {
        signer_id: signer_id(7),
    };
    assert_eq!(
        world.run(unknown).unwrap_err(),
        Refusal::UnknownSigner.into()
    );
}

#[test]
fn the_limits_of_creation_are_all_named_at_once() {
    let mut input = create(Kind::Esign, 2);
    input.name = String::new();
    input.locale = "fr".to_owned();
    input.expires_at = Some(deedbox_core::Timestamp::EPOCH);
    input.signers[1].person.email = input.signers[0].person.email.clone();
    input.signers[1].auth = vec![AuthKind::SmsOtp];
    input.signers[1].person.phone = None;
    let Err(deedbox_core::Refusal::Envelope(Refusal::Invalid(faults))) =
        World::try_new(input).map(|_| ())
    else {
        panic!("creation must be refused");
    };
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "envelope_name",
            "locale",
            "expires_at",
            "signers[1].email",
            "signers[1].phone"
        ]
    );
    let none = World::try_new(create(Kind::Esign, 0))
        .map(|_| ())
        .unwrap_err();
    assert_eq!(none.code(), "invalid");
    assert!(World::try_new(create(Kind::Esign, 21)).is_err());
    assert!(World::try_new(create(Kind::Paper, 0)).is_ok());
}

#[test]
fn metadata_keys_with_an_underscore_are_dropped() {
    let mut input = create(Kind::Paper, 0);
    input.metadata.insert("_internal".to_owned(), 1.into());
    input.metadata.insert("deal".to_owned(), "4482".into());
    let world = World::new(input);
    assert_eq!(
        serde_json::Value::Object(world.record.envelope.metadata),
        serde_json::json!({"deal": "4482"})
    );
}
