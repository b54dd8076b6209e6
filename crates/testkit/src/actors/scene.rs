use std::path::PathBuf;

use serde_json::{Value, json};

use super::{ALL_SCOPES, Partner, Signer};
use crate::postgres::Database;
use crate::repository;
use crate::server::{Installation, Server};

/// What most whole-server tests begin with: a server, an organization, a key with every scope.
#[derive(Debug)]
pub struct Scene {
    /// The running server.
    pub server: Server,
    /// The installation, for the command line.
    pub installation: Installation,
    /// The organization.
    pub org_id: String,
    /// A partner with every scope.
    pub partner: Partner,
    // Goes last: the server is connected to it.
    database: Option<Database>,
}

/// The two engines that everything has to work on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default.
    #[default]
    Sqlite,
    /// A database of its own in the private PostgreSQL.
    Postgres,
}

/// What a scene may have besides.
#[derive(Clone, Debug, Default)]
pub struct SceneOptions {
    /// Which database.
    pub engine: Engine,
    /// Where webhooks go, and the secret they are signed with.
    pub webhook: Option<(String, String)>,
    /// Further environment of the server and the commands.
    pub env: Vec<(String, String)>,
}

impl Scene {
    /// Starts a server on the embedded default.
    ///
    /// # Panics
    /// When anything of it is refused.
    #[must_use]
    pub fn start(binary: impl Into<PathBuf>) -> Self {
        Self::with(binary, &SceneOptions::default())
    }

    /// Starts a server.
    ///
    /// # Panics
    /// When anything of it is refused.
    #[must_use]
    pub fn with(binary: impl Into<PathBuf>, options: &SceneOptions) -> Self {
        let mut installation =
            Installation::new(binary).env("DEEDBOX_ALLOW_PRIVATE_WEBHOOKS", "true");
        let database = (options.engine == Engine::Postgres).then(Database::fresh);
        if let Some(database) = &database {
            installation = installation.env("DEEDBOX_DATABASE_URL", database.url());
        }
        for (name, value) in &options.env {
            installation = installation.env(name, value);
        }
        let server = installation.serve();
        let org = installation.cli(&["org", "create", "--name", "Harborlight Motors"]);
        let org_id = org["org_id"].as_str().expect("an org_id").to_owned();
        let key = create_key(&installation, &org_id, ALL_SCOPES, options.webhook.as_ref());
        let partner = Partner::new(server.base_url(), &key);
        Self {
            server,
            installation,
            org_id,
            partner,
            database,
        }
    }

    /// Kills the server as a power cut would, starts it again on the same data, and moves the partner to
    /// the new address.
    ///
    /// # Panics
    /// When it does not start again.
    #[must_use]
    pub fn after_a_power_cut(self) -> Self {
        let Self {
            server,
            installation,
            org_id,
            partner,
            database,
        } = self;
        server.kill();
        let server = installation.serve();
        let partner = partner.at(server.base_url());
        Self {
            server,
            installation,
            org_id,
            partner,
            database,
        }
    }

    /// The messages in the local outbox, oldest first.
    ///
    /// # Panics
    /// When a file there is not JSON.
    #[must_use]
    pub fn outbox(&self) -> Vec<Value> {
        let folder = self.installation.data_dir().join("outbox");
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut files: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "json")
            })
            .collect();
        files.sort();
        let read = |path: &PathBuf| {
            let bytes = std::fs::read(path).expect("a message");
            serde_json::from_slice(&bytes).expect("a message is JSON")
        };
        files.iter().map(read).collect()
    }

    /// Another partner of the same organization with only these scopes.
    ///
    /// # Panics
    /// When it is refused.
    #[must_use]
    pub fn partner_with(&self, scopes: &[&str]) -> Partner {
        let key = create_key(&self.installation, &self.org_id, scopes, None);
        Partner::new(self.server.base_url(), &key)
    }

    /// A partner of another organization, with every scope.
    ///
    /// # Panics
    /// When it is refused.
    #[must_use]
    pub fn stranger(&self) -> Partner {
        let org = self
            .installation
            .cli(&["org", "create", "--name", "Elsewhere Ltd"]);
        let org_id = org["org_id"].as_str().expect("an org_id");
        let key = create_key(&self.installation, org_id, ALL_SCOPES, None);
        Partner::new(self.server.base_url(), &key)
    }

    /// A template from the sample contract for the roles Buyer and Co-Signer.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn sample_template(&self) -> String {
        let pdf = std::fs::read(repository::sample_contract()).expect("the sample contract");
        self.partner
            .template(pdf, "Instalment sale", &sample_fields())
            .await
    }

    /// All signers of a parallel envelope sign, in the order of their links.
    ///
    /// # Panics
    /// When one is refused.
    pub async fn all_sign(&self, envelope_id: &str) {
        for link in self.partner.links(envelope_id).await {
            let url = link.signing_url.expect("everybody's turn");
            let _ = Signer::open(&url).sign().await;
        }
    }

    /// A completed envelope of the sample contract, signed by Ana and Ben.
    ///
    /// # Panics
    /// When a step is refused.
    pub async fn completed_envelope(&self) -> String {
        let template = self.sample_template().await;
        let envelope = self.partner.envelope_for_two(&template).await;
        self.all_sign(&envelope).await;
        envelope
    }

    /// A vaulted envelope of the sample contract.
    ///
    /// # Panics
    /// When a step is refused.
    pub async fn vaulted_envelope(&self) -> String {
        let envelope = self.completed_envelope().await;
        let _ = self.partner.vault_in(&envelope).await.data();
        envelope
    }
}

/// Fields on the sample contract: a signature and a date each, initials, and a text field.
#[must_use]
pub fn sample_fields() -> Value {
    json!([
        anchored(
            "buyer_signature",
            "signature",
            "Buyer",
            "Buyer signature:",
            (0.13, 0.30, 0.04)
        ),
        anchored(
            "buyer_date",
            "date",
            "Buyer",
            "Buyer date:",
            (0.09, 0.12, 0.025)
        ),
        anchored(
            "co_signature",
            "signature",
            "Co-Signer",
            "Co-buyer signature:",
            (0.15, 0.28, 0.04)
        ),
        anchored(
            "co_date",
            "date",
            "Co-Signer",
            "Co-buyer date:",
            (0.11, 0.10, 0.025)
        ),
        anchored(
            "buyer_initials",
            "initials",
            "Buyer",
            "Buyer initials:",
            (0.11, 0.10, 0.03)
        ),
        anchored(
            "garaging",
            "text",
            "Buyer",
            "Garaging address:",
            (0.14, 0.45, 0.025)
        ),
    ])
}

/// A field whose lower edge stands near the anchor's line, to the right of it.
fn anchored(name: &str, kind: &str, role: &str, text: &str, (dx, w, h): (f64, f64, f64)) -> Value {
    json!({
        "name": name, "type": kind, "role": role,
        "placement": {"mode": "anchor", "text": text, "offset_x": dx, "offset_y": 0.015 - h, "w": w, "h": h},
    })
}

fn create_key(
    installation: &Installation,
    org_id: &str,
    scopes: &[&str],
    webhook: Option<&(String, String)>,
) -> String {
    // A limit that no test reaches by accident; tests of the limit make their own key.
    let mut words = vec!["key", "create", "--org", org_id, "--name", "tests"];
    words.extend(["--rate-limit-rpm", "100000"]);
    for scope in scopes {
        words.extend(["--scope", scope]);
    }
    if let Some((url, secret)) = webhook {
        words.extend(["--webhook-url", url, "--webhook-secret", secret]);
    }
    let key = installation.cli(&words);
    key["api_key"].as_str().expect("an api_key").to_owned()
}
