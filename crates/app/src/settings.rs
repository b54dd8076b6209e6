//! What the operator decides per server.

use std::path::PathBuf;

use url::Url;

/// Settings of one running server. Per-organization settings are rows, not these.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of the embedded default: database, objects, master key, outbox.
    pub data_dir: PathBuf,
    /// Address of signing pages, console and API, as people reach them.
    pub public_url: Url,
    /// Address of embedded widgets; its host is the audience of embed tokens.
    pub embed_url: Url,
    /// Webhooks may go to loopback, private ranges and plain http (labs and tests only).
    pub allow_private_webhooks: bool,
    /// The 32-byte master key, hex in a 0600 file; `None`: `<data_dir>/master.key`.
    pub master_key_file: Option<PathBuf>,
    /// Program that serves the PDF child protocol; `None`: this executable.
    pub pdf_child: Option<PathBuf>,
    /// Name of whoever operates this server, printed in certificates.
    pub operator: String,
}

impl Settings {
    /// Settings for the embedded default in `data_dir`, reached at `public_url`.
    #[must_use]
    pub fn new(data_dir: PathBuf, public_url: Url) -> Self {
        Self {
            data_dir,
            embed_url: public_url.clone(),
            public_url,
            allow_private_webhooks: false,
            master_key_file: None,
            pdf_child: None,
            operator: "deedbox".to_owned(),
        }
    }

    /// An absolute URL under the public address, without a double slash.
    #[must_use]
    pub fn public(&self, path: &str) -> String {
        join(&self.public_url, path)
    }

    /// An absolute URL under the embed address.
    #[must_use]
    pub fn embed(&self, path: &str) -> String {
        join(&self.embed_url, path)
    }
}

fn join(base: &Url, path: &str) -> String {
    format!("{}{path}", base.as_str().trim_end_matches('/'))
}
