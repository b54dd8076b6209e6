//! Who is asking: partners by key, people by link, the operator by command.

use std::net::IpAddr;

use deedbox_core::{Actor, ActorKind, KeyId, OrgId};

/// What a partner key may do (partner-api.md §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Read envelopes, links, events, templates.
    EnvelopesRead,
    /// Create and steer envelopes, write templates, configure the webhook.
    EnvelopesWrite,
    /// Mint embed tokens for signing.
    EsignWrite,
    /// Read the vault; mint embed tokens for the vault widget.
    VaultRead,
    /// Vault in.
    VaultWrite,
    /// Release and transfer.
    VaultRelease,
    /// Read evidence, certificates, compliance.
    ComplianceRead,
    /// Read customers.
    CustomersRead,
}

impl Scope {
    /// Every scope, in the order of the contract's table.
    pub const ALL: [Self; 8] = [
        Self::EnvelopesRead,
        Self::EnvelopesWrite,
        Self::EsignWrite,
        Self::VaultRead,
        Self::VaultWrite,
        Self::VaultRelease,
        Self::ComplianceRead,
        Self::CustomersRead,
    ];

    /// The scope's name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EnvelopesRead => "envelopes:read",
            Self::EnvelopesWrite => "envelopes:write",
            Self::EsignWrite => "esign:write",
            Self::VaultRead => "vault:read",
            Self::VaultWrite => "vault:write",
            Self::VaultRelease => "vault:release",
            Self::ComplianceRead => "compliance:read",
            Self::CustomersRead => "customers:read",
        }
    }

    /// The scope of that name, if there is one.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// A partner key that was recognised.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The key's organization; every look-up stays inside it.
    pub org: OrgId,
    /// The key's service identity, actor of what it does.
    pub key: KeyId,
    /// The key's name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Requests per window of 60 s.
    pub rate_limit_rpm: u32,
}

impl Caller {
    /// The actor recorded for this key's acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::new(ActorKind::ApiKey, self.key.as_str(), &self.name)
    }
}

/// Who is on the line, for the evidence.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// Address of the peer.
    pub ip: Option<IpAddr>,
    /// The browser's name for itself, at most 512 characters.
    pub user_agent: Option<String>,
}

/// One page of a list.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// 1-based.
    pub page: u32,
    /// Items per page.
    pub limit: u32,
}

/// Items of one page and how many there are in all.
#[derive(Clone, Debug)]
pub struct Paged<T> {
    /// This page.
    pub items: Vec<T>,
    /// All items.
    pub total: u64,
}

/// What a PATCH says of one key.
#[derive(Clone, Debug)]
pub enum Change<T> {
    /// The key was absent.
    Keep,
    /// The key was `null`.
    Clear,
    /// A new value.
    Set(T),
}

impl From<Page> for deedbox_store::page::PageRequest {
    fn from(page: Page) -> Self {
        Self {
            page: i64::from(page.page),
            limit: i64::from(page.limit),
        }
    }
}
