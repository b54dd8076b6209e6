//! A record with a clock, and the people around it.

use deedbox_core::asset::{
    self, Assignee, Custodian, IssueCertificate, Location, Mode, NewRelease, Offer, Party, Reason,
    Recipient, StoredFile, VaultIn,
};
use deedbox_core::envelope::command::Seal;
use deedbox_core::envelope::{
    self, AuthKind, Create, Kind, NewSigner, OnFail, Origin, Person, Prepared, Revision,
    RevisionKind, SecuredParty, Sign, SigningOrder, Upload, VaultSource,
};
use deedbox_core::evidence::{ControlDraft, ControlEntry, Signature};
use deedbox_core::ids::Id;
use deedbox_core::{
    Actor, ActorKind, Announcement, AssetId, CertificateId, Client, Command, ConsentId, Context,
    DataKey, Digest, DocumentId, EmailAddress, Entry, EnvelopeId, Job, OrgId, Policy, Record,
    Refusal, ReleaseId, SignerId, Timestamp, TransferId,
};

pub const SEED: [u8; 32] = [3; 32];
pub const VAULT: &str = "vault-1";

pub fn key() -> DataKey {
    DataKey::new([9; 32])
}

pub fn org(letter: char) -> OrgId {
    OrgId::parse(&format!("org_{}", letter.to_string().repeat(12))).unwrap()
}

pub fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub fn signer_id(index: usize) -> SignerId {
    SignerId::from_seed(&SEED, &format!("signer {index}"))
}

pub fn release_id(label: &str) -> ReleaseId {
    ReleaseId::from_seed(&SEED, label)
}

pub fn transfer_id(label: &str) -> TransferId {
    TransferId::from_seed(&SEED, label)
}

pub fn digest(label: &str) -> Digest {
    Digest::of(label.as_bytes())
}

/// A stand-in for Ed25519: whoever knows the key's name can sign and verify.
pub fn sign(key: &str, bytes: &[u8]) -> Signature {
    Signature::ed25519(key, Digest::of_all(&[key.as_bytes(), bytes]).as_bytes())
}

pub fn verify(signature: &Signature, bytes: &[u8]) -> Option<Digest> {
    let expected = sign(&signature.key_id, bytes);
    (expected == *signature).then(|| digest(&signature.key_id))
}

pub fn assignee(name: &str) -> Assignee {
    Assignee {
        name: name.to_owned(),
        organization_id: None,
        email: None,
        registration_id: None,
        key_fpr: digest(name),
    }
}

pub fn org_assignee(letter: char) -> Assignee {
    let name = format!("bank {letter}");
    Assignee {
        organization_id: Some(org(letter)),
        ..assignee(&name)
    }
}

pub fn recipient() -> Recipient {
    Recipient {
        name: "Second Example Bank".to_owned(),
        email: None,
        organization: None,
    }
}

pub fn new_signer(index: usize) -> NewSigner {
    NewSigner {
        signer_id: signer_id(index),
        person: Person {
            email: Some(email(&format!("signer{index}@example.com"))),
            name: Some(format!("Signer {index}")),
            phone: Some("+573000000000".to_owned()),
            ..Person::default()
        },
        role: format!("Role {index}"),
        order: u32::try_from(index).unwrap() + 1,
        auth: Vec::new(),
        attempts_max: None,
        cooldown_s: None,
    }
}

pub fn create(kind: Kind, signers: usize) -> Create {
    Create {
        envelope_id: EnvelopeId::from_seed(&SEED, "envelope"),
        document_id: DocumentId::from_seed(&SEED, "document"),
        org_id: org('a'),
        origin: Origin::Partner,
        kind,
        name: "Q1 Sales Agreement".to_owned(),
        customer_id: None,
        customer: Person {
            email: Some(email("ana@example.com")),
            name: Some("Ana Example".to_owned()),
            ..Person::default()
        },
        template: None,
        external_id: Some("order 1".to_owned()),
        metadata: serde_json::Map::new(),
        signing_order: SigningOrder::Parallel,
        on_fail: OnFail::CancelFlow,
        expires_at: None,
        message: None,
        locale: "en".to_owned(),
        secured_party: SecuredParty {
            name: "bank a".to_owned(),
            registration_id: None,
        },
        signers: (0..signers).map(new_signer).collect(),
        document: None,
    }
}

pub fn prepared() -> Prepared {
    let revision = |n, kind, offset| Revision {
        n,
        kind,
        sha256: digest(&format!("revision {n}")),
        offset,
        length: 100,
    };
    Prepared {
        revisions: vec![
            revision(0, RevisionKind::Original, 0),
            revision(1, RevisionKind::Prepared, 100),
        ],
        pages: 2,
        fields: 4,
        signature_sheet: false,
    }
}

/// A record and everything that came of it.
#[derive(Clone)]
pub struct World {
    pub record: Record,
    pub entries: Vec<Entry>,
    pub announcements: Vec<Announcement>,
    pub jobs: Vec<Job>,
    pub now: Timestamp,
    pub policy: Policy,
    pub actor: Actor,
    turn: u64,
}

impl World {
    pub fn try_new(create: Create) -> Result<Self, Refusal> {
        let now = Timestamp::parse("2026-04-01T10:00:00.000Z").unwrap();
        let actor = Actor::new(ActorKind::ApiKey, "key_aaaaaaaaaaaa", "Dealer backend");
        let ctx = Context::new(now, actor.clone(), SEED).from_client(client());
        let (record, outcome) = Record::create(create, &ctx, &key())?;
        Ok(Self {
            record,
            entries: outcome.entries,
            announcements: outcome.announcements,
            jobs: outcome.jobs,
            now,
            policy: Policy::default(),
            actor,
            turn: 0,
        })
    }

    pub fn new(create: Create) -> Self {
        Self::try_new(create).unwrap()
    }

    /// An e-sign envelope that was sent.
    pub fn sent(signers: usize) -> Self {
        Self::new(Create {
            document: Some(prepared()),
            ..create(Kind::Esign, signers)
        })
    }

    /// Sent, opened and agreed to by everybody.
    pub fn viewed(signers: usize) -> Self {
        let mut world = Self::sent(signers);
        for index in 0..signers {
            world.ready(index);
        }
        world
    }

    pub fn completed() -> Self {
        let mut world = Self::viewed(2);
        world.sign(0).unwrap();
        world.sign(1).unwrap();
        world
    }

    pub fn vaulted() -> Self {
        let mut world = Self::completed();
        world.vault_in(VaultSource::Signed).unwrap();
        world
    }

    pub fn paper() -> Self {
        Self::new(create(Kind::Paper, 1))
    }

    pub fn uploaded() -> Self {
        let mut world = Self::paper();
        world
            .run(envelope::Command::Upload(upload("scan")))
            .unwrap();
        world
    }

    pub fn vaulted_paper() -> Self {
        let mut world = Self::uploaded();
        world.vault_in(VaultSource::Upload { file: None }).unwrap();
        world
    }

    pub fn context(&self) -> Context {
        let mut seed = SEED;
        seed[..8].copy_from_slice(&self.turn.to_be_bytes());
        Context::new(self.now, self.actor.clone(), seed)
            .under(self.policy)
            .from_client(client())
    }

    pub fn wait(&mut self, seconds: i64) {
        self.now = self.now.plus_seconds(seconds);
    }

    /// Executes a command; a refusal must leave everything as it was.
    pub fn run(&mut self, command: impl Into<Command>) -> Result<(), Refusal> {
        self.turn += 1;
        let ctx = self.context();
        let before = self.record.clone();
        match self.record.execute(command, &ctx, &key()) {
            Ok(outcome) => {
                self.entries.extend(outcome.entries);
                self.announcements.extend(outcome.announcements);
                self.jobs.extend(outcome.jobs);
                Ok(())
            }
            Err(refusal) => {
                assert_eq!(self.record, before, "a refused command changed something");
                Err(refusal)
            }
        }
    }

    /// Opens and agrees.
    pub fn ready(&mut self, index: usize) {
        self.open(index).unwrap();
        self.consent(index).unwrap();
    }

    pub fn open(&mut self, index: usize) -> Result<(), Refusal> {
        let document_sha256 = self.shown();
        self.run(envelope::Command::Open {
            signer_id: signer_id(index),
            document_sha256,
        })
    }

    pub fn consent(&mut self, index: usize) -> Result<(), Refusal> {
        self.run(envelope::Command::Consent {
            signer_id: signer_id(index),
            disclosure_id: "electronic-records-1-en".to_owned(),
            version: 1,
            locale: "en".to_owned(),
            sha256: digest("disclosure"),
        })
    }

    pub fn shown(&self) -> Digest {
        self.record
            .envelope
            .latest_revision()
            .map_or(Digest::ZERO, |revision| revision.sha256)
    }

    pub fn sign(&mut self, index: usize) -> Result<(), Refusal> {
        let command = self.signature(index, self.shown());
        self.run(envelope::Command::Sign(Box::new(command)))
    }

    pub fn signature(&self, index: usize, shown_sha256: Digest) -> Sign {
        let revision = self.next_revision(RevisionKind::Signature, 0);
        let seal = self
            .record
            .envelope
            .is_last(&signer_id(index))
            .then(|| Seal {
                revision: self.next_revision(RevisionKind::Seal, 1),
                level: "B-T".to_owned(),
            });
        Sign {
            signer_id: signer_id(index),
            shown_sha256,
            signed_over_sha256: self.shown(),
            revision,
            fields: Vec::new(),
            seal,
        }
    }

    fn next_revision(&self, kind: RevisionKind, ahead: u32) -> Revision {
        let (n, offset) = self.record.envelope.next_revision();
        let n = n + ahead;
        let offset = offset + u64::from(ahead) * 100;
        Revision {
            n,
            kind,
            sha256: digest(&format!("revision {n}")),
            offset,
            length: 100,
        }
    }

    pub fn vault_in(&mut self, source: VaultSource) -> Result<(), Refusal> {
        use deedbox_core::envelope::Admission;
        if self.record.admit_vault_in(source, &org('a'))? == Admission::Already {
            return Ok(());
        }
        if let VaultSource::Upload { file: Some(_) } = source
            && self.record.envelope.upload.is_none()
        {
            self.run(envelope::Command::Upload(upload("scan")))?;
        }
        let command = self.vault_in_command();
        self.run(asset::Command::VaultIn(Box::new(command)))
    }

    pub fn vault_in_command(&self) -> VaultIn {
        let seal = self.next_revision(RevisionKind::VaultSeal, 0);
        let asset_id = AssetId::from_seed(&SEED, "asset");
        let custodian = Custodian::designated(&self.actor, &asset_id, 1, self.now);
        let draft = ControlDraft::first(
            asset_id.clone(),
            seal.sha256,
            org_assignee('a'),
            custodian.clone(),
            self.now,
        );
        VaultIn {
            envelope_id: self.record.envelope.envelope_id.clone(),
            controller: org('a'),
            asset_id,
            source_sha256: self.record.envelope.source_digest().unwrap_or_default(),
            live_elsewhere: false,
            authoritative: StoredFile {
                path: "ucc-vault/signed.pdf".to_owned(),
                sha256: seal.sha256,
                size: seal.end(),
            },
            vault_seal: seal,
            copy: StoredFile {
                path: "ucc-copies/copy.pdf".to_owned(),
                sha256: digest("copy"),
                size: 900,
            },
            custody_record: None,
            assignee: org_assignee('a'),
            custodian,
            location: Location {
                vault_id: VAULT.to_owned(),
                operator: "Example Operator".to_owned(),
                operator_is_transferor: false,
            },
            paper_original: None,
            control: signed_by("bank a", draft),
        }
    }

    /// The name of the key that signs for the assignee in force.
    pub fn assignee_key(&self) -> String {
        self.record
            .asset
            .assignee
            .as_ref()
            .map_or_else(String::new, |it| it.name.clone())
    }

    pub fn release(&mut self, by: OrgId, mode: Mode, label: &str) -> Result<(), Refusal> {
        let id = release_id(label);
        let control = self
            .record
            .asset
            .draft_release(&id, self.now)
            .ok()
            .filter(|_| mode == Mode::Immediate)
            .map(|draft| signed_by(&self.assignee_key(), draft));
        self.run(asset::Command::Release(Box::new(NewRelease {
            release_id: id,
            by,
            mode,
            reason: Reason::Assignment,
            recipient: recipient(),
            note: None,
            expected_sha256: None,
            package_sha256: (mode == Mode::Escrow).then(|| digest("package")),
            control,
        })))
    }

    pub fn acknowledge(&mut self, by: OrgId, label: &str, package: &str) -> Result<(), Refusal> {
        let id = release_id(label);
        let draft = self.record.asset.draft_release(&id, self.now).ok();
        let control = draft.map(|draft| signed_by(&self.assignee_key(), draft));
        self.run(asset::Command::Acknowledge {
            release_id: id,
            by,
            package_sha256: digest(package),
            control,
        })
    }

    pub fn offer(&mut self, by: OrgId, to: Party, label: &str) -> Result<(), Refusal> {
        let id = transfer_id(label);
        let control = match self.record.asset.draft_offer(&id, &to, self.now) {
            Ok(draft) => signed_by(&self.assignee_key(), draft),
            Err(_) => self.vault_in_command().control,
        };
        self.run(asset::Command::Offer(Box::new(Offer {
            transfer_id: id,
            by,
            by_name: "bank a".to_owned(),
            to,
            to_name: "Receiver".to_owned(),
            note: None,
            expires_at: None,
            control,
        })))
    }

    pub fn accept(&mut self, by: Party, label: &str) -> Result<(), Refusal> {
        let id = transfer_id(label);
        let next = match &by {
            Party::Email(email) => Assignee {
                email: Some(email.clone()),
                ..assignee("link")
            },
            Party::Organization(org) => {
                let name = format!("bank {}", org.as_str().chars().last().unwrap());
                Assignee {
                    organization_id: Some(org.clone()),
                    ..assignee(&name)
                }
            }
            Party::Erased => assignee("nobody"),
        };
        let control = match self
            .record
            .asset
            .draft_acceptance(&id, next.clone(), self.now)
        {
            Ok(draft) => signed_by(&next.name, draft),
            Err(_) => self.vault_in_command().control,
        };
        self.run(asset::Command::Accept {
            transfer_id: id,
            by,
            assignee: next,
            control,
        })
    }

    pub fn confirm(&mut self, by: OrgId, label: &str) -> Result<(), Refusal> {
        let id = transfer_id(label);
        let asset_id = AssetId::from_seed(&SEED, "asset");
        let seq = self.record.asset.control_length + 1;
        let custodian = Custodian::designated(&self.actor, &asset_id, seq, self.now);
        let control = match self
            .record
            .asset
            .draft_confirmation(&id, custodian.clone(), self.now)
        {
            Ok(draft) => signed_by(&self.assignee_key(), draft),
            Err(_) => self.vault_in_command().control,
        };
        let certificate_id = CertificateId::from_seed(&SEED, label);
        self.run(asset::Command::Confirm {
            transfer_id: id,
            by: Party::Organization(by),
            custodian,
            control,
            certificate_id,
        })
    }

    pub fn consent_of_assignee(&mut self, scope: Digest) -> Result<(), Refusal> {
        let consent_id = ConsentId::from_seed(&SEED, &scope.to_string());
        self.run(asset::Command::RequestConsent {
            consent_id: consent_id.clone(),
            scope,
            summary: "Release".to_owned(),
        })?;
        self.run(asset::Command::GiveConsent { consent_id })
    }

    pub fn certify(&mut self, label: &str, compliant: bool) -> Result<(), Refusal> {
        let supersedes = self
            .record
            .asset
            .newest_certificate()
            .map(|it| it.certificate_id.clone());
        self.run(asset::Command::IssueCertificate(Box::new(
            IssueCertificate {
                certificate_id: CertificateId::from_seed(&SEED, label),
                sha256: digest(label),
                status: asset::CertificateStatus::Active,
                supersedes,
                compliant,
                score: if compliant { 100 } else { 88 },
                missing_requirements: Vec::new(),
                evaluated_at: self.now,
                results: std::collections::BTreeMap::new(),
            },
        )))
    }

    pub fn announced(&self) -> Vec<&'static str> {
        self.announcements
            .iter()
            .map(|it| it.body.event_type())
            .collect()
    }

    pub fn trail(&self) -> Vec<&str> {
        self.entries.iter().map(|it| it.kind.as_str()).collect()
    }

    pub fn jobs(&self) -> Vec<&'static str> {
        self.jobs.iter().map(|it| it.kind.as_str()).collect()
    }
}

pub fn signed_by(key: &str, draft: ControlDraft) -> ControlEntry {
    let signature = sign(key, &draft.signing_bytes());
    draft.signed(signature)
}

pub fn upload(label: &str) -> Upload {
    Upload {
        filename: "scan.pdf".to_owned(),
        size: 500,
        sha256: digest(label),
        pages: 3,
        signatures: 0,
        paper_original: None,
    }
}

pub fn with_auth(auth: &[AuthKind]) -> World {
    let mut create = create(Kind::Esign, 1);
    create.signers[0].auth = auth.to_vec();
    create.document = Some(prepared());
    let mut world = World::new(create);
    world.ready(0);
    world
}

fn client() -> Client {
    Client {
        ip: Some("192.0.2.1".to_owned()),
        user_agent: Some("Example/1.0".to_owned()),
    }
}
