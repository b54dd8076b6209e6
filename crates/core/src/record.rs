//! A record: envelope and asset, folded from one chain.

use crate::asset::{self, Asset, Standing, VaultState};
use crate::context::Context;
use crate::decision::{Decision, Outcome};
use crate::digest::Digest;
use crate::envelope::admit::{Admission, VaultSource};
use crate::envelope::{self, Envelope, EnvelopeEvent, Kind, Status};
use crate::event::{DecodeFault, Event};
use crate::evidence::chain::{Chain, ChainFault, Entry, verify_chain};
use crate::evidence::seal::DataKey;
use crate::ids::OrgId;
use crate::time::Timestamp;

/// What can be asked of a record: of its envelope, or of its asset.
#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "one per request, made and consumed; a box would burden every caller"
)]
pub enum Command {
    /// Of the envelope.
    Envelope(envelope::Command),
    /// Of the asset.
    Asset(asset::Command),
}

impl From<envelope::Command> for Command {
    fn from(command: envelope::Command) -> Self {
        Self::Envelope(command)
    }
}

impl From<asset::Command> for Command {
    fn from(command: asset::Command) -> Self {
        Self::Asset(command)
    }
}

/// Why a record refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The envelope refuses.
    #[error(transparent)]
    Envelope(#[from] envelope::Refusal),
    /// The asset refuses.
    #[error(transparent)]
    Asset(#[from] asset::Refusal),
}

impl Refusal {
    /// A stable code, the same for ever.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Envelope(refusal) => refusal.code(),
            Self::Asset(refusal) => refusal.code(),
        }
    }
}

/// Why stored entries cannot be folded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// There is no entry, or the first is no creation.
    #[error("the record does not begin with its creation")]
    Unborn,
    /// The chain is broken.
    #[error(transparent)]
    Chain(#[from] ChainFault),
    /// An event cannot be read.
    #[error(transparent)]
    Decode(#[from] DecodeFault),
}

/// Envelope and asset as their common chain tells them.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Asking for signatures.
    pub envelope: Envelope,
    /// Custody.
    pub asset: Asset,
    /// Number of the last entry: the expected version of the next commit.
    pub seq: u64,
    /// Hash of the last entry.
    pub head: Digest,
}

impl Record {
    /// Makes a new record.
    ///
    /// # Errors
    /// [`envelope::Refusal::Invalid`] when the input breaks limits.
    pub fn create(
        create: envelope::Create,
        ctx: &Context,
        key: &DataKey,
    ) -> Result<(Self, Outcome), Refusal> {
        let envelope_id = create.envelope_id.clone();
        let decision = envelope::create(create, ctx)?;
        let mut events = decision.events.iter();
        let Some(Event::Envelope(EnvelopeEvent::Created(created))) = events.next() else {
            // `create` always begins with the creation; without it there is nothing to make.
            return Err(envelope::Refusal::Invalid(Vec::new()).into());
        };
        let born = Envelope::born(created, ctx.now);
        let mut record = Self {
            envelope: born,
            asset: Asset::new(),
            seq: 0,
            head: Digest::ZERO,
        };
        for event in events {
            record.evolve(event, ctx.now);
        }
        let mut chain = Chain::genesis(envelope_id);
        let outcome = decision.record(&mut chain, ctx, key);
        record.moved_to(&chain);
        Ok((record, outcome))
    }

    /// Folds stored entries, from the first. Verifies the chain on the way. Without a key everything personal
    /// counts as erased.
    ///
    /// # Errors
    /// A [`RecordFault`] at the first entry that does not fit.
    pub fn fold(entries: &[Entry], key: Option<&DataKey>) -> Result<Self, RecordFault> {
        let (record, chain) = Self::fold_and_judge(entries, key)?;
        chain?;
        Ok(record)
    }

    /// Folds stored entries also when their chain does not verify, and says what the chain says: a report about a
    /// damaged record must still be made. Nothing may be appended to one.
    ///
    /// # Errors
    /// [`RecordFault::Unborn`] or [`RecordFault::Decode`] when entries cannot be read at all.
    pub fn fold_and_judge(
        entries: &[Entry],
        key: Option<&DataKey>,
    ) -> Result<(Self, Result<Chain, ChainFault>), RecordFault> {
        let (first, rest) = entries.split_first().ok_or(RecordFault::Unborn)?;
        let Event::Envelope(EnvelopeEvent::Created(created)) = first.open(key)?.event else {
            return Err(RecordFault::Unborn);
        };
        let envelope = Envelope::born(&created, first.at);
        let mut record = Self {
            envelope,
            asset: Asset::new(),
            seq: first.seq,
            head: first.hash,
        };
        for entry in rest {
            record.evolve(&entry.open(key)?.event, entry.at);
            (record.seq, record.head) = (entry.seq, entry.hash);
        }
        Ok((record, verify_chain(&first.envelope_id, entries)))
    }

    /// Applies the next stored entry.
    ///
    /// # Errors
    /// A [`RecordFault`] when it does not follow or cannot be read; the record is then as before.
    pub fn apply(&mut self, entry: &Entry, key: Option<&DataKey>) -> Result<(), RecordFault> {
        let mut chain = self.chain();
        chain.accept(entry)?;
        let opened = entry.open(key)?;
        self.evolve(&opened.event, entry.at);
        self.moved_to(&chain);
        Ok(())
    }

    /// Decides a command without carrying it out.
    ///
    /// # Errors
    /// The [`Refusal`], which changes nothing.
    pub fn decide(&self, command: impl Into<Command>, ctx: &Context) -> Result<Decision, Refusal> {
        match command.into() {
            Command::Envelope(command) => Ok(envelope::decide(&self.envelope, command, ctx)?),
            Command::Asset(asset::Command::VaultIn(vault_in)) => {
                self.decide_vault_in(*vault_in, ctx)
            }
            Command::Asset(asset::Command::RecordPaper(paper)) => self.decide_paper(paper, ctx),
            Command::Asset(command) => Ok(asset::decide(&self.asset, command, ctx)?),
        }
    }

    /// Decides a command, applies it here, and returns what to commit. Several commands of one transaction are
    /// executed one after the other and their outcomes put together with [`Outcome::extend`].
    ///
    /// # Errors
    /// The [`Refusal`]; the record is then as before.
    pub fn execute(
        &mut self,
        command: impl Into<Command>,
        ctx: &Context,
        key: &DataKey,
    ) -> Result<Outcome, Refusal> {
        let decision = self.decide(command, ctx)?;
        Ok(self.carry_out(&decision, ctx, key))
    }

    /// Applies a decision that was made on this very state, and returns what to commit.
    pub fn carry_out(&mut self, decision: &Decision, ctx: &Context, key: &DataKey) -> Outcome {
        for event in &decision.events {
            self.evolve(event, ctx.now);
        }
        let mut chain = self.chain();
        let outcome = decision.record(&mut chain, ctx, key);
        self.moved_to(&chain);
        outcome
    }

    /// The end of its chain.
    #[must_use]
    pub fn chain(&self) -> Chain {
        Chain {
            envelope_id: self.envelope.envelope_id.clone(),
            seq: self.seq,
            head: self.head,
        }
    }

    /// Whether it may be vaulted from this source by this organization now: asked before the bytes are made.
    /// [`Admission::Already`] means it is vaulted and the stored result is the answer.
    ///
    /// # Errors
    /// The cell of table 4.1.
    pub fn admit_vault_in(&self, source: VaultSource, by: &OrgId) -> Result<Admission, Refusal> {
        let former = self.asset.standing(by) == Standing::Former;
        if former && self.envelope.fits(source) {
            return Err(asset::Refusal::Released.into());
        }
        if self.envelope.fits(source) && self.asset.vault_state == VaultState::Released {
            return Err(asset::Refusal::Released.into());
        }
        Ok(self.envelope.admit_vault_in(source)?)
    }

    /// The envelope's status as an organization sees it: `released` for who gave control to another one.
    #[must_use]
    pub fn status_for(&self, org: &OrgId) -> Status {
        match self.asset.vault_state_for(org) {
            VaultState::Transferred => Status::Released,
            _ => self.envelope.status,
        }
    }

    /// When an event last changed it.
    #[must_use]
    pub fn updated_at(&self) -> Timestamp {
        self.asset
            .updated_at
            .map_or(self.envelope.updated_at, |at| {
                at.max(self.envelope.updated_at)
            })
    }

    /// The organization whose record it is now: the controller once vaulted, before that its maker.
    #[must_use]
    pub fn holder(&self) -> &OrgId {
        self.asset
            .controller
            .as_ref()
            .unwrap_or(&self.envelope.org_id)
    }

    fn decide_vault_in(
        &self,
        vault_in: asset::VaultIn,
        ctx: &Context,
    ) -> Result<Decision, Refusal> {
        let source = match self.envelope.kind {
            Kind::Esign => VaultSource::Signed,
            Kind::Paper => VaultSource::Upload { file: None },
        };
        if self.admit_vault_in(source, &vault_in.controller)? == Admission::Already {
            return Ok(Decision::nothing());
        }
        let expected = self.envelope.next_revision();
        let seal = &vault_in.vault_seal;
        let follows = (seal.n, seal.offset) == expected
            && Some(vault_in.source_sha256) == self.envelope.source_digest();
        if !follows || vault_in.envelope_id != self.envelope.envelope_id {
            return Err(asset::Refusal::SourceDiffers.into());
        }
        let mut vault_in = vault_in;
        vault_in.paper_original = self.settle_paper(vault_in.paper_original)?;
        Ok(asset::decide(
            &self.asset,
            asset::Command::VaultIn(Box::new(vault_in)),
            ctx,
        )?)
    }

    fn decide_paper(
        &self,
        paper: envelope::PaperOriginal,
        ctx: &Context,
    ) -> Result<Decision, Refusal> {
        let settled = self.settle_paper(Some(paper))?;
        match settled.filter(|_| self.envelope.paper_original.is_none()) {
            Some(new) => Ok(asset::decide(
                &self.asset,
                asset::Command::RecordPaper(new),
                ctx,
            )?),
            None => Ok(Decision::nothing()),
        }
    }

    /// What is recorded of the paper original: once said, it is never changed (P13).
    fn settle_paper(
        &self,
        given: Option<envelope::PaperOriginal>,
    ) -> Result<Option<envelope::PaperOriginal>, asset::Refusal> {
        match (&self.envelope.paper_original, given) {
            (_, Some(_)) if self.envelope.kind == Kind::Esign => {
                Err(asset::Refusal::NoPaperOriginal)
            }
            (Some(recorded), Some(given)) if *recorded != given => {
                Err(asset::Refusal::PaperAlreadyRecorded)
            }
            (Some(recorded), _) => Ok(Some(recorded.clone())),
            (None, given) => Ok(given),
        }
    }

    fn evolve(&mut self, event: &Event, at: Timestamp) {
        self.envelope.evolve(event, at);
        self.asset.evolve(event, at);
    }

    fn moved_to(&mut self, chain: &Chain) {
        self.seq = chain.seq;
        self.head = chain.head;
    }
}
