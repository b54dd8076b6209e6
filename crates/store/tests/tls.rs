//! The way to PostgreSQL over a network: encrypted and verified, or refused.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use deedbox_store::{OpenError, Store, StoreConfig, StoreError};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

/// A cluster that speaks TLS, stopped at the end.
struct Cluster {
    folder: tempfile::TempDir,
    port: u16,
}

impl Cluster {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        certify(folder.path());
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let cluster = Self { folder, port };
        let output = cluster
            .script("url")
            .output()
            .expect("scripts/pg can be run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "PostgreSQL is needed for this test: {said}"
        );
        cluster
    }

    fn script(&self, command: &str) -> Command {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/pg");
        let mut run = Command::new(script);
        run.arg(command)
            .env(
                "DEEDBOX_PG_DIR",
                std::env::temp_dir().join(format!("deedbox-tls-{}", self.port)),
            )
            .env(
                "DEEDBOX_PG_TLS",
                format!("{}:{}", self.folder.path().display(), self.port),
            );
        run
    }

    fn open(&self, parameters: &str) -> Result<Store, OpenError> {
        let url = format!(
            "postgres://postgres@127.0.0.1:{}/postgres?{parameters}",
            self.port
        );
        Store::open(&StoreConfig::new(url, self.folder.path()))
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root.crt")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.script("stop").output());
    }
}

/// Writes a root and a server certificate for 127.0.0.1.
fn certify(folder: &Path) {
    let mut root = CertificateParams::new(Vec::new()).expect("parameters");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(root, KeyPair::generate().expect("a key"));
    let root = root.expect("a root");
    let key = KeyPair::generate().expect("a key");
    let server = CertificateParams::new(["127.0.0.1".to_owned()]).expect("parameters");
    let server = server.signed_by(&key, &root).expect("a certificate");
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text);
    write("root.crt", root.pem()).expect("written");
    write("server.crt", server.pem()).expect("written");
    write("server.key", key.serialize_pem()).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_connection_is_a_verified_one() {
    let cluster = Cluster::start();
    let root = cluster.root();
    for mode in ["require", "verify-full", "prefer"] {
        let parameters = format!("sslmode={mode}&sslrootcert={}", root.display());
        let store = cluster.open(&parameters).expect("the root is ours");
        let encrypted = deedbox_store::testing::number(
            &store,
            "SELECT COUNT(*) FROM pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()",
        );
        assert_eq!(encrypted.await, 1, "{mode}");
        let stranger = cluster.open(&format!("sslmode={mode}")).err();
        let refused = matches!(
            stranger,
            Some(OpenError::Database(StoreError::Unavailable { .. }))
        );
        assert!(refused, "{mode}: {stranger:?}");
    }
    cluster.open("sslmode=disable").expect("plain, as asked");
    let missing = cluster
        .open("sslmode=require&sslrootcert=/nowhere/root.crt")
        .err();
    assert!(
        matches!(missing, Some(OpenError::Url { .. })),
        "{missing:?}"
    );
}
