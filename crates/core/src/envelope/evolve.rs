//! Folding what happened into the state of an envelope. Nothing here may refuse: what is written is true.

use crate::asset::AssetEvent;
use crate::context::Actor;
use crate::envelope::event::{
    BiometricDecided, BiometricOutcome, Created, CreatedSigner, Declined, EnvelopeEvent, OtpFailed,
    OtpFault, OtpSent, Reinvited, Signed, Uploaded,
};
use crate::envelope::signer::{
    AuthKind, AuthStep, Code, Consent, Failure, Person, Signature, Signer, SignerStatus,
};
use crate::envelope::state::{
    Closing, Envelope, PaperOriginal, ReasonCode, Revision, RevisionKind, Status, UploadedFile,
};
use crate::event::Event;
use crate::ids::SignerId;
use crate::time::Timestamp;

impl Envelope {
    /// The envelope as its creation made it.
    #[must_use]
    pub fn born(created: &Created, at: Timestamp) -> Self {
        let person = &created.person;
        let of = |signer: &CreatedSigner| {
            person
                .signer_details
                .get(&signer.signer_id)
                .cloned()
                .unwrap_or_default()
        };
        Self {
            envelope_id: created.envelope_id.clone(),
            document_id: created.document_id.clone(),
            org_id: created.org_id.clone(),
            origin: created.origin,
            kind: created.envelope_kind,
            status: Status::Pending,
            name: person.envelope_name.clone(),
            customer_id: created.customer_id.clone(),
            customer: person.customer.clone(),
            template: created.template.clone(),
            external_id: created.external_id.clone(),
            metadata: person.metadata.clone(),
            signing_order: created.signing_order,
            on_fail: created.on_fail,
            locale: created.locale.clone(),
            message: person.message.clone(),
            secured_party: person.secured_party.clone(),
            created_by: Actor {
                name: person.created_by_name.clone(),
                ..created.created_by.clone()
            },
            created_at: at,
            updated_at: at,
            expires_at: created.expires_at,
            sent_at: None,
            completed_at: None,
            vaulted_at: None,
            released_at: None,
            signers: created
                .signers
                .iter()
                .map(|signer| signer_born(signer, of(signer)))
                .collect(),
            revisions: Vec::new(),
            pages: None,
            upload: None,
            paper_original: None,
            closing: None,
        }
    }

    /// Applies an event of the record; those of the asset matter only where they change the status.
    pub fn evolve(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Envelope(event) => {
                self.updated_at = at;
                self.evolve_own(event, at);
            }
            Event::Asset(event) => self.evolve_custody(event, at),
        }
    }

    fn evolve_own(&mut self, event: &EnvelopeEvent, at: Timestamp) {
        match event {
            EnvelopeEvent::Created(created) => *self = Self::born(created, at),
            EnvelopeEvent::Prepared(prepared) => {
                self.status = Status::Preparing;
                self.revisions.clone_from(&prepared.revisions);
                self.pages = Some(prepared.pages);
            }
            EnvelopeEvent::Sent(sent) => {
                self.status = Status::Sent;
                self.sent_at = Some(sent.sent_at);
                self.invite(&sent.invited, sent.sent_at);
            }
            EnvelopeEvent::Uploaded(uploaded) => self.uploaded(uploaded, at),
            EnvelopeEvent::Viewed(viewed) => {
                self.status = Status::Viewed;
                self.with(&viewed.signer_id, |signer| {
                    signer.status = SignerStatus::Viewed;
                    signer.viewed_at = signer.viewed_at.or(Some(viewed.viewed_at));
                });
            }
            EnvelopeEvent::Consented(given) => {
                let consent = Consent {
                    disclosure_id: given.disclosure_id.clone(),
                    version: given.version,
                    locale: given.locale.clone(),
                    sha256: given.sha256,
                    at: given.accepted_at,
                };
                self.with(&given.signer_id, |signer| signer.consent = Some(consent));
            }
            EnvelopeEvent::OtpSent(sent) => self.otp_sent(sent),
            EnvelopeEvent::OtpVerified(verified) => {
                self.with_step(&verified.signer_id, verified.channel, |step| {
                    *step = AuthStep {
                        passed_at: Some(verified.verified_at),
                        code: None,
                        failures: 0,
                        ..step.clone()
                    };
                });
            }
            EnvelopeEvent::OtpFailed(failed) => self.otp_failed(failed),
            EnvelopeEvent::BiometricCaptured(captured) => {
                self.with_step(&captured.signer_id, AuthKind::Biometric, |step| {
                    step.pending_review = true;
                    step.captures = captured.capture_number;
                });
            }
            EnvelopeEvent::BiometricDecided(decided) => self.biometric_decided(decided),
            EnvelopeEvent::SignerFailed(failed) => {
                self.fail(
                    &failed.signer_id,
                    failed.failed_at,
                    failed.reason_code,
                    failed.person.reason.as_ref(),
                );
                self.invite(&failed.invited, failed.failed_at);
            }
            EnvelopeEvent::Reinvited(reinvited) => self.reinvited(reinvited),
            EnvelopeEvent::Signed(signed) => self.signed(signed),
            EnvelopeEvent::Completed(completed) => {
                self.status = Status::Completed;
                self.completed_at = Some(completed.completed_at);
                self.revisions.push(completed.seal.clone());
            }
            EnvelopeEvent::Augmented(augmented) => self.revisions.push(augmented.revision.clone()),
            EnvelopeEvent::Declined(declined) => self.declined(declined),
            EnvelopeEvent::Voided(voided) => self.close(
                Status::Voided,
                voided.voided_at,
                voided.person.reason.clone(),
            ),
            EnvelopeEvent::Expired(expired) => {
                self.close(Status::Expired, expired.expired_at, None);
            }
            EnvelopeEvent::Reminded(reminded) => {
                for signer_id in &reminded.signers {
                    self.with(signer_id, |signer| {
                        signer.reminded_at = Some(reminded.reminded_at);
                    });
                }
            }
            EnvelopeEvent::Extended(extended) => self.expires_at = Some(extended.expires_at),
            // Evidence only: the state knows it from the signature or the first view.
            EnvelopeEvent::FieldSigned(_) | EnvelopeEvent::Opened(_) => {}
        }
    }

    fn evolve_custody(&mut self, event: &AssetEvent, at: Timestamp) {
        match event {
            AssetEvent::Stored(stored) => {
                self.status = Status::Vaulted;
                self.vaulted_at = Some(stored.stored_at);
                self.revisions.push(stored.vault_seal.clone());
                self.paper_original = stored
                    .paper_original
                    .map(|disposition| PaperOriginal {
                        disposition,
                        attestation: stored.person.attestation.clone(),
                    })
                    .or_else(|| self.paper_original.take());
                self.updated_at = at;
            }
            AssetEvent::PaperRecorded(recorded) => {
                self.paper_original = Some(PaperOriginal {
                    disposition: recorded.paper_original,
                    attestation: recorded.person.attestation.clone(),
                });
                self.updated_at = at;
            }
            AssetEvent::Released(released) => {
                self.status = Status::Released;
                self.released_at = Some(released.released_at);
                self.updated_at = at;
            }
            _ => {}
        }
    }

    fn with(&mut self, id: &SignerId, change: impl FnOnce(&mut Signer)) {
        if let Some(signer) = self
            .signers
            .iter_mut()
            .find(|signer| signer.signer_id == *id)
        {
            change(signer);
        }
    }

    fn with_step(&mut self, id: &SignerId, kind: AuthKind, change: impl FnOnce(&mut AuthStep)) {
        self.with(id, |signer| {
            if let Some(step) = signer.auth.iter_mut().find(|step| step.kind == kind) {
                change(step);
            }
        });
    }

    fn invite(&mut self, invited: &[SignerId], at: Timestamp) {
        for signer_id in invited {
            self.with(signer_id, |signer| {
                signer.status = SignerStatus::Sent;
                signer.invited_at = Some(at);
            });
        }
    }

    fn uploaded(&mut self, uploaded: &Uploaded, at: Timestamp) {
        self.status = Status::Uploaded;
        self.pages = Some(uploaded.pages);
        self.upload = Some(UploadedFile {
            filename: uploaded.person.filename.clone(),
            size: uploaded.size,
            sha256: uploaded.sha256,
            pages: uploaded.pages,
            signatures: uploaded.signatures,
            uploaded_at: at,
        });
        let base = Revision {
            n: 0,
            kind: RevisionKind::Original,
            sha256: uploaded.sha256,
            offset: 0,
            length: uploaded.size,
        };
        self.revisions = vec![base];
        self.paper_original = uploaded.paper_original.map(|disposition| PaperOriginal {
            disposition,
            attestation: uploaded.person.attestation.clone(),
        });
    }

    fn otp_sent(&mut self, sent: &OtpSent) {
        let code = Code {
            sent_at: sent.sent_at,
            expires_at: sent.expires_at,
            document_sha256: sent.document_sha256,
        };
        self.with_step(&sent.signer_id, sent.channel, |step| {
            step.code = Some(code);
            step.codes_sent = step.codes_sent.saturating_add(1);
            step.locked_until = None;
        });
    }

    fn otp_failed(&mut self, failed: &OtpFailed) {
        self.with_step(&failed.signer_id, failed.channel, |step| {
            match (failed.reason, failed.locked_until) {
                (OtpFault::DeliveryFailed, _) => step.code = None,
                (OtpFault::WrongCode, Some(until)) => {
                    *step = AuthStep {
                        locked_until: Some(until),
                        failures: 0,
                        code: None,
                        ..step.clone()
                    };
                }
                (OtpFault::WrongCode, None) => step.failures = step.failures.saturating_add(1),
            }
        });
    }

    fn biometric_decided(&mut self, decided: &BiometricDecided) {
        self.with_step(&decided.signer_id, AuthKind::Biometric, |step| {
            step.pending_review = false;
            match decided.outcome {
                BiometricOutcome::Approved => {
                    step.passed_at = Some(decided.decided_at);
                    step.proof.clone_from(&decided.proof);
                }
                BiometricOutcome::Rejected => step.failures = step.failures.saturating_add(1),
                BiometricOutcome::ConsentRefused => {}
            }
        });
    }

    fn reinvited(&mut self, reinvited: &Reinvited) {
        self.with(&reinvited.signer_id, |signer| {
            signer.reminded_at = Some(reinvited.invited_at);
            if reinvited.reopened {
                signer.status = SignerStatus::Sent;
                signer.failure = None;
                signer.invited_at = Some(reinvited.invited_at);
                for step in &mut signer.auth {
                    *step = AuthStep {
                        failures: 0,
                        locked_until: None,
                        pending_review: false,
                        code: None,
                        ..step.clone()
                    };
                }
            }
        });
    }

    fn signed(&mut self, signed: &Signed) {
        self.revisions.push(signed.revision.clone());
        let signature = Signature {
            at: signed.signed_at,
            shown_sha256: signed.shown_sha256,
            signed_over_sha256: signed.signed_over_sha256,
            revision: signed.revision.n,
            fields: signed.fields,
        };
        self.with(&signed.signer_id, |signer| {
            signer.status = SignerStatus::Signed;
            signer.signature = Some(signature);
        });
        self.invite(&signed.invited, signed.signed_at);
    }

    fn declined(&mut self, declined: &Declined) {
        let reason = &declined.person.reason;
        self.fail(
            &declined.signer_id,
            declined.declined_at,
            declined.reason_code,
            reason.as_ref(),
        );
        self.status = Status::Declined;
        self.closing = Some(Closing {
            at: declined.declined_at,
            reason: reason.clone(),
            reason_code: Some(declined.reason_code),
            signer_id: Some(declined.signer_id.clone()),
        });
    }

    fn fail(
        &mut self,
        id: &SignerId,
        at: Timestamp,
        reason_code: ReasonCode,
        reason: Option<&String>,
    ) {
        let failure = Failure {
            at,
            reason_code,
            reason: reason.cloned(),
        };
        self.with(id, |signer| {
            signer.status = SignerStatus::Declined;
            signer.failure = Some(failure);
        });
    }

    fn close(&mut self, status: Status, at: Timestamp, reason: Option<String>) {
        self.status = status;
        self.closing = Some(Closing {
            at,
            reason,
            reason_code: None,
            signer_id: None,
        });
    }
}

fn signer_born(signer: &CreatedSigner, person: Person) -> Signer {
    Signer {
        signer_id: signer.signer_id.clone(),
        person,
        role: signer.role.clone(),
        order: signer.order,
        auth: signer.auth.iter().copied().map(AuthStep::new).collect(),
        attempts_max: signer.attempts_max,
        cooldown_s: signer.cooldown_s,
        status: SignerStatus::Waiting,
        invited_at: None,
        reminded_at: None,
        viewed_at: None,
        consent: None,
        signature: None,
        failure: None,
    }
}
