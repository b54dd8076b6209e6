//! Fresh stores for tests, on either engine.
//!
//! ```no_run
//! # use deedbox_store::testing::{Engine, Fresh};
//! # async fn test() {
//! for engine in Engine::ALL {
//!     let fresh = Fresh::new(engine).await;
//!     let version = fresh.store.migration_version().await;
//!     assert!(version.is_ok());
//! }
//! # }
//! ```
//!
//! PostgreSQL comes from `DEEDBOX_TEST_DATABASE_URL`, else from `scripts/pg url`, which starts a
//! private cluster. Without either a test fails; it is never skipped. Each store has a schema of its
//! own, dropped at the end.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::StoreError;
use crate::objects::DataKey;
use crate::store::{EngineKind, Store, StoreConfig};
use crate::tx::Tx;

pub use crate::store::EngineKind as Engine;

impl EngineKind {
    /// Both engines, for tests that run on each.
    pub const ALL: [EngineKind; 2] = [EngineKind::Sqlite, EngineKind::Postgres];
}

/// A migrated store and everything that must go away with it.
pub struct Fresh {
    /// The store.
    pub store: Store,
    /// How it was opened: open it again, or start a server on it, with these.
    pub config: StoreConfig,
    // Dropped after the store, in this order.
    _schema: Option<Schema>,
    _folder: Folder,
}

impl Fresh {
    /// A store of this engine with all migrations.
    ///
    /// # Panics
    /// When it cannot be made: the test cannot go on.
    pub async fn new(engine: EngineKind) -> Self {
        let fresh = Self::empty(engine);
        fresh.store.migrate().await.expect("the migrations apply");
        fresh
    }

    /// A store of this engine without tables.
    ///
    /// # Panics
    /// When it cannot be made: the test cannot go on.
    #[must_use]
    pub fn empty(engine: EngineKind) -> Self {
        let folder = Folder::new();
        let schema = (engine == EngineKind::Postgres).then(Schema::new);
        let url = schema.as_ref().map(Schema::url).unwrap_or_default();
        let mut config = StoreConfig::new(url, &folder.0);
        config.pg_threads = 4;
        let store = Store::open(&config).expect("the store opens");
        Self {
            store,
            config,
            _schema: schema,
            _folder: folder,
        }
    }

    /// The data directory of the store.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.config.data_dir
    }

    /// Runs any SQL text behind the store's back: tests tamper with rows in this way.
    ///
    /// # Panics
    /// When the text fails.
    pub async fn raw(&self, text: &'static str) {
        self.try_raw(text).await.expect("the text runs");
    }

    /// Runs any SQL text behind the store's back, which may refuse it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn try_raw(&self, text: &'static str) -> Result<(), StoreError> {
        self.store.write("raw", move |tx| tx.batch(text)).await
    }

    /// The number that any SQL text answers.
    ///
    /// # Panics
    /// When the text fails.
    pub async fn number(&self, text: &'static str) -> i64 {
        number(&self.store, text).await
    }
}

/// The number that any SQL text answers on a store.
///
/// # Panics
/// When the text fails.
pub async fn number(store: &Store, text: &'static str) -> i64 {
    store
        .read("number", move |tx| tx.number(text))
        .await
        .expect("the text runs")
}

/// Removes the append-only triggers of `events` and `certificates`, so that a test can tamper.
///
/// # Panics
/// When they cannot be removed.
pub async fn disarm(fresh: &Fresh) {
    match fresh.store.kind() {
        EngineKind::Sqlite => {
            fresh.raw("DROP TRIGGER events_no_update").await;
            fresh.raw("DROP TRIGGER events_no_delete").await;
            fresh.raw("DROP TRIGGER certificates_no_update").await;
            fresh.raw("DROP TRIGGER certificates_no_delete").await;
        }
        EngineKind::Postgres => {
            fresh.raw("DROP TRIGGER events_append_only ON events").await;
            fresh
                .raw("DROP TRIGGER certificates_append_only ON certificates")
                .await;
        }
    }
}

/// Ends the PostgreSQL connection of a transaction from outside, as a failing network would.
///
/// # Panics
/// When the connection cannot be asked for its number.
pub fn kill_connection(tx: &mut Tx<'_>) {
    let number = tx
        .number("SELECT pg_backend_pid()::BIGINT")
        .expect("it has a number");
    run(format!("SELECT pg_terminate_backend({number})"));
    // The server acts on it within moments, not at once.
    std::thread::sleep(std::time::Duration::from_millis(100));
}

/// The URL of the PostgreSQL for tests.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn postgres_url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| match std::env::var("DEEDBOX_TEST_DATABASE_URL") {
        Ok(url) => url,
        Err(_) => started(),
    })
}

fn started() -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/pg");
    let output = Command::new(&script)
        .arg("url")
        .output()
        .expect("scripts/pg can be run");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "PostgreSQL is needed for this test: {said}"
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A schema of its own in the test database.
struct Schema {
    name: String,
}

impl Schema {
    fn new() -> Self {
        let name = format!("t_{}", unique());
        run(format!("CREATE SCHEMA {name}"));
        Self { name }
    }

    fn url(&self) -> String {
        let url = postgres_url();
        let separator = if url.contains('?') { '&' } else { '?' };
        format!("{url}{separator}options=-c%20search_path%3D{}", self.name)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            run(format!(
                "SET client_min_messages = error; DROP SCHEMA {} CASCADE",
                self.name
            ));
        }
    }
}

/// Runs a text in the test database, on a thread of its own: the client must not block a runtime.
fn run(text: String) {
    let work = move || {
        let mut client = postgres::Client::connect(postgres_url(), postgres::NoTls)?;
        client.batch_execute(&text)
    };
    let done = std::thread::spawn(work).join().expect("the thread ends");
    done.expect("the test database answers");
}

/// A temporary folder.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("deedbox-test-{}", unique()));
        crate::folder::make(&path).expect("the folder is made");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A name that no other test of any process has.
fn unique() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let random = hex::encode(&DataKey::generate().bytes()[..6]);
    format!("{}_{next}_{random}", std::process::id())
}
