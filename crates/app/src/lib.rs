#![doc = include_str!("../README.md")]

pub mod api_key;
mod audit;
pub mod caller;
pub mod clock;
pub mod delivery;
pub mod doctor;
pub mod document;
pub mod envelope;
pub mod error;
pub mod idempotency;
mod input;
pub mod job;
pub mod keys;
pub mod letter;
pub mod org;
pub mod record;
pub mod settings;
pub mod signing;
pub mod storage_url;
pub mod template;
pub mod token;
pub mod user;
pub mod vault;
pub mod verify;
pub mod webhook;
pub mod webhook_target;

use std::{sync::Arc, time::Duration};

pub use caller::{Caller, Change, Client, Page, Paged, Scope};
use clock::{Clock, Entropy, SystemClock, SystemEntropy};
use deedbox_core::{Actor, Context, Timestamp};
use deedbox_pdf::child::Launcher;
use deedbox_store::{Store, objects::Objects};
pub use envelope::{
    EmbedToken, NewEnvelope, NewEnvelopeSigner as NewSigner, SigningLink, TrailEntry,
};
pub use error::{Error, FieldError, What};
use keys::KeyRing;
pub use keys::PublicKey;
pub use settings::Settings;
pub use signing::Session;
pub use vault::{Compliance, Download, VaultedIn};

/// What the application stands on.
pub struct Ports {
    /// The database.
    pub store: Store,
    /// The object store.
    pub objects: Objects,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub entropy: Arc<dyn Entropy>,
}

impl Ports {
    /// The machine's own clock and randomness.
    #[must_use]
    pub fn system(store: Store, objects: Objects) -> Self {
        Self {
            store,
            objects,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        }
    }
}

/// The application: every use case is a method; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    store: Store,
    objects: Objects,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    settings: Settings,
    keys: KeyRing,
    launcher: Launcher,
    cache: document::Cache,
    locks: record::Locks,
}

impl App {
    /// Opens the application on a migrated database; makes the instance's keys on first start.
    ///
    /// # Errors
    /// [`Error::Internal`] with the remedy when keys and master key do not fit each other.
    pub async fn open(ports: Ports, settings: Settings) -> Result<Self, Error> {
        let Ports {
            store,
            objects,
            clock,
            entropy,
        } = ports;
        let ctx = Context::new(clock.now(), Actor::system("deedbox"), entropy.seed());
        let keys = KeyRing::open(&store, &settings, entropy.clone(), &ctx).await?;
        let launcher = launcher(&settings)?;
        let cache = document::Cache::default();
        let locks = record::Locks::default();
        let inner = Inner {
            store,
            objects,
            clock,
            entropy,
            settings,
            keys,
            launcher,
            cache,
            locks,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Now, by the application's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The server's settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The database, for the worker's job loop.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The instance's keys.
    #[must_use]
    pub fn keys(&self) -> &KeyRing {
        &self.0.keys
    }

    /// The public keys that verifiers pin: certificates, receipts, and every party's control key.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database cannot be read.
    pub async fn public_keys(&self) -> Result<Vec<PublicKey>, Error> {
        let rows = self
            .store()
            .read("public keys", deedbox_store::keys::all)
            .await?;
        let mut listed = self.keys().published();
        listed.extend(rows.into_iter().filter_map(keys::control_key));
        Ok(listed)
    }

    /// Certificates of the authorities that issue this server's signing certificates, DER in base64.
    #[must_use]
    pub fn authorities(&self) -> Vec<String> {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        vec![STANDARD.encode(self.keys().authority.certificate())]
    }

    /// Origins that may frame the pages of an envelope; none unless the organization listed them.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown envelope.
    pub async fn frame_ancestors(&self, envelope_id: &str) -> Result<Vec<String>, Error> {
        let loaded = self.load_any(envelope_id).await?;
        let org = self.org(loaded.record.holder().as_str()).await?;
        Ok(org::allowed_origins(&org))
    }

    /// What a server does once at its start: on the embedded default no other server can hold a request, so
    /// requests that a crash cut off give their idempotency keys back at once.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database cannot be written.
    pub async fn after_start(&self) -> Result<(), Error> {
        use deedbox_store::{EngineKind, idempotency};
        if self.store().kind() == EngineKind::Sqlite {
            self.store()
                .write("clear running requests", idempotency::clear_running)
                .await?;
        }
        Ok(())
    }

    /// Ends the database work in flight.
    pub async fn close(&self) {
        let store = self.0.store.clone();
        // Closing waits for the writer thread, so it must not block the runtime.
        let _ = tokio::task::spawn_blocking(move || store.close()).await;
    }

    pub(crate) fn objects(&self) -> &Objects {
        &self.0.objects
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        self.0.entropy.as_ref()
    }

    pub(crate) fn launcher(&self) -> &Launcher {
        &self.0.launcher
    }

    pub(crate) fn cache(&self) -> &document::Cache {
        &self.0.cache
    }

    pub(crate) fn locks(&self) -> &record::Locks {
        &self.0.locks
    }

    /// A context for one command of `actor`: the time and fresh randomness, taken once.
    #[must_use]
    pub fn context(&self, actor: Actor) -> Context {
        Context::new(self.now(), actor, self.0.entropy.seed())
    }

    /// A context for a command that the operator gives at the console of the machine.
    pub(crate) fn operator_context(&self) -> Context {
        self.context(Actor::system("operator"))
    }
}

fn launcher(settings: &Settings) -> Result<Launcher, Error> {
    let program = match &settings.pdf_child {
        Some(program) => program.clone(),
        None => std::env::current_exe().map_err(Error::internal)?,
    };
    let mut launcher = Launcher::new(program, vec!["pdf-child".to_owned()]);
    launcher.wall_clock = Duration::from_secs(15);
    Ok(launcher)
}
