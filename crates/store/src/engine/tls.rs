//! Where PostgreSQL is, and whether the way there is encrypted.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::OpenError;

/// A parsed `postgres://` URL.
pub(crate) struct Target {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Target {
    /// Parses a URL. `sslmode` is `disable`, `prefer` or `require`; `verify-ca` and `verify-full`
    /// mean the same as `require` here: an encrypted connection is always a verified one, against
    /// the web's roots and `sslrootcert`. Without it, a network address requires TLS and a local one
    /// does without.
    pub(crate) fn parse(text: &str) -> Result<Self, OpenError> {
        let bad = |problem: String| OpenError::Url { problem };
        let (rest, asked, root) = split(text);
        let parsed = rest.parse::<Config>();
        let mut config = parsed.map_err(|error| bad(super::postgres_error(&error)))?;
        let mode = match asked.as_deref() {
            Some("disable") => SslMode::Disable,
            Some("prefer") => SslMode::Prefer,
            Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
            Some(other) => {
                return Err(bad(format!(
                    "sslmode={other} is not known; use disable, prefer, require or verify-full"
                )));
            }
            None if config.get_hosts().iter().all(is_local) => SslMode::Disable,
            None => SslMode::Require,
        };
        config.ssl_mode(mode);
        config.application_name("deedbox");
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        let tls = match mode {
            SslMode::Disable => None,
            _ => Some(MakeRustlsConnect::new(client(root)?)),
        };
        Ok(Self { config, tls })
    }

    pub(crate) fn connect(&self) -> Result<Client, postgres::Error> {
        match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        }
    }
}

/// Splits `sslmode` and `sslrootcert` off a URL: the client knows neither `verify-full` nor files.
/// By hand, because `postgres://user@/db?host=…` (a socket) is no URL to a strict parser.
fn split(text: &str) -> (String, Option<String>, Option<PathBuf>) {
    let (base, query) = text.split_once('?').unwrap_or((text, ""));
    let (mut mode, mut root) = (None, None);
    let mut rest = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match url::form_urlencoded::parse(pair.as_bytes()).next() {
            Some((key, value)) if key == "sslmode" => mode = Some(value.into_owned()),
            Some((key, value)) if key == "sslrootcert" => root = Some(value.into_owned().into()),
            _ => rest.push(pair),
        }
    }
    let separator = if rest.is_empty() { "" } else { "?" };
    (format!("{base}{separator}{}", rest.join("&")), mode, root)
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse()
                    .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
    }
}

fn client(root: Option<PathBuf>) -> Result<ClientConfig, OpenError> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(path) = root {
        let bad = |problem: String| OpenError::Url {
            problem: format!("sslrootcert {}: {problem}", path.display()),
        };
        let certificates = CertificateDer::pem_file_iter(&path).map_err(|e| bad(e.to_string()))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| bad(error.to_string()))?;
            roots
                .add(certificate)
                .map_err(|error| bad(error.to_string()))?;
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OpenError::Url {
            problem: error.to_string(),
        })?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
