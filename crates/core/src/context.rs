//! What a decision may know of the world: the time, who acts, a seed for ids, and the settings in force.

use serde::{Deserialize, Serialize};

use crate::ids::{Id, OrgId};
use crate::names::names;
use crate::time::Timestamp;

names! {
    /// What kind of identity acts.
    ActorKind {
        /// A partner's key, acting as its service identity.
        ApiKey = "api_key",
        /// A person in the console.
        User = "user",
        /// A signer, on the signing page.
        Signer = "signer",
        /// deedbox itself: timers, sweeps.
        System = "system",
    }
}

/// Who did it. Kind and id stand in the clear in the trail; the name is personal and sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What kind of identity.
    pub kind: ActorKind,
    /// The id within its kind: `key_…`, `user_…`, a signer's UUID, or the name of a timer.
    pub id: String,
    /// The name it goes by; absent when it has none or was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Actor {
    /// An actor with a name.
    pub fn new(kind: ActorKind, id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind,
            id: id.into(),
            name: Some(name.into()),
        }
    }

    /// deedbox itself; `id` says which part of it, e.g. `expiry`.
    pub fn system(id: impl Into<String>) -> Self {
        Self {
            kind: ActorKind::System,
            id: id.into(),
            name: None,
        }
    }
}

/// Where a request came from. Personal data: sealed with the entry, shown only in the evidence bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The caller's IP address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The caller's browser or program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
}

/// Settings that change what is decided. The defaults are those of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Vault a completed envelope without being asked (organization setting).
    pub auto_vault: bool,
    /// Days until an e-sign envelope expires when its sender names no time.
    pub expiry_days: i64,
    /// Seconds between two reminders to one signer.
    pub reminder_cooldown_s: i64,
    /// Seconds a one-time code lives.
    pub otp_ttl_s: i64,
    /// Seconds between two codes for the same step.
    pub otp_cooldown_s: i64,
    /// Wrong codes that lock a step, for signers without a try limit of their own.
    pub otp_attempts_max: u32,
    /// Seconds a step stays locked.
    pub otp_lock_s: i64,
    /// Seconds a release in escrow waits for its acknowledgement.
    pub escrow_ttl_s: i64,
    /// Seconds after a release during which its acknowledgement is answered again.
    pub acknowledge_again_s: i64,
    /// Seconds an assignee's consent stays good.
    pub consent_ttl_s: i64,
    /// Days a transfer stays open when the offer names no time.
    pub transfer_days: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            auto_vault: false,
            expiry_days: 30,
            reminder_cooldown_s: 60,
            otp_ttl_s: 600,
            otp_cooldown_s: 60,
            otp_attempts_max: 5,
            otp_lock_s: 900,
            escrow_ttl_s: 72 * 3600,
            acknowledge_again_s: 30 * 86_400,
            consent_ttl_s: 72 * 3600,
            transfer_days: 7,
        }
    }
}

/// All that a decision may know beside state and command. Same state, command and context: same decision.
#[derive(Debug, Clone)]
pub struct Context {
    /// The time of the decision, in whole milliseconds.
    pub now: Timestamp,
    /// Who acts.
    pub actor: Actor,
    /// The organization on whose behalf the actor acts; none for signers and timers.
    pub org: Option<OrgId>,
    /// Where the request came from.
    pub client: Client,
    /// Source of all ids made by this decision; drawn at random once per request by the app.
    pub seed: [u8; 32],
    /// The settings in force.
    pub policy: Policy,
}

impl Context {
    /// A context without organization, client or special settings; the time is cut to milliseconds.
    #[must_use]
    pub fn new(now: Timestamp, actor: Actor, seed: [u8; 32]) -> Self {
        let policy = Policy::default();
        Self {
            now: now.whole_millis(),
            actor,
            org: None,
            client: Client::default(),
            seed,
            policy,
        }
    }

    /// Acting on behalf of this organization.
    #[must_use]
    pub fn for_org(mut self, org: OrgId) -> Self {
        self.org = Some(org);
        self
    }

    /// Coming from this client.
    #[must_use]
    pub fn from_client(mut self, client: Client) -> Self {
        self.client = client;
        self
    }

    /// Under these settings.
    #[must_use]
    pub fn under(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Derives an id; labels must differ between two ids of the same kind made under one context.
    #[must_use]
    pub fn id<T: Id>(&self, label: &str) -> T {
        T::from_seed(&self.seed, label)
    }
}
