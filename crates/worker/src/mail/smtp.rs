//! E-mail over SMTP.

use std::time::Duration;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        AsyncSmtpTransportBuilder, PoolConfig,
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use url::{Host, Url};

use super::message::{Message, SendError};

const SMTP_TIME_MAX: Duration = Duration::from_secs(20);
const CONNECTIONS_MAX: u32 = 8;

/// A mail server of the operator's.
///
/// `DEEDBOX_SMTP_URL` is `smtps://user:password@host[:465]` (TLS from the start) or
/// `smtp://[user:password@]host[:587|:25]`. The latter asks for STARTTLS: it must be offered when
/// there is a password to protect, and is used if offered when there is none; `?tls=required`,
/// `opportunistic` or `none` says it outright.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// What is wrong with `DEEDBOX_SMTP_URL`. The texts never carry the URL, which holds a password.
#[derive(Debug, thiserror::Error)]
pub enum SmtpUrlError {
    /// Not a URL, or of another scheme.
    #[error("DEEDBOX_SMTP_URL must be smtp://… or smtps://… with a host")]
    NotAnSmtpUrl,
    /// An unknown value of `tls`.
    #[error("tls in DEEDBOX_SMTP_URL must be required, opportunistic or none")]
    UnknownTls,
    /// The sender is no e-mail address.
    #[error("DEEDBOX_MAIL_FROM must be an e-mail address, with or without a name before it")]
    From,
    /// User name or password are not percent-encoded UTF-8.
    #[error("the user name and password in DEEDBOX_SMTP_URL must be percent-encoded")]
    Credentials,
    /// The TLS set-up failed.
    #[error("TLS for DEEDBOX_SMTP_URL: {0}")]
    Tls(String),
}

impl Smtp {
    /// A mail server as its URL says. All mail comes from `from`: `no-reply@example.com` or
    /// `Deeds <no-reply@example.com>`.
    ///
    /// # Errors
    /// [`SmtpUrlError`].
    pub fn try_new(url: &str, from: &str) -> Result<Self, SmtpUrlError> {
        let url = Url::parse(url).map_err(|_| SmtpUrlError::NotAnSmtpUrl)?;
        let host = url.host_str().ok_or(SmtpUrlError::NotAnSmtpUrl)?;
        let credentials = credentials(&url)?;
        let tls = tls(&url, host, credentials.is_some())?;
        let port = url.port().unwrap_or(match tls {
            Tls::Wrapper(_) => 465,
            _ if credentials.is_some() => 587,
            _ => 25,
        });
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(port)
            .tls(tls)
            .timeout(Some(SMTP_TIME_MAX))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS_MAX));
        Ok(Self {
            transport: with_credentials(builder, credentials).build(),
            from: from.parse().map_err(|_| SmtpUrlError::From)?,
        })
    }

    /// Hands `message` to the mail server.
    ///
    /// # Errors
    /// [`SendError::Permanent`] for what the server refuses with 5xx and for what is no address;
    /// [`SendError::Transient`] for everything that may pass.
    pub async fn send(&self, message: &Message) -> Result<(), SendError> {
        let mail = self.mail(message)?;
        match self.transport.send(mail).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(SendError::Permanent(error.to_string())),
            Err(error) => Err(SendError::Transient(error.to_string())),
        }
    }

    /// Asks the mail server whether it is there and lets us in, without sending anything.
    ///
    /// # Errors
    /// [`SendError::Transient`] with the server's answer.
    pub async fn probe(&self) -> Result<(), SendError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(SendError::Transient(
                "the mail server does not answer".into(),
            )),
            Err(error) => Err(SendError::Transient(error.to_string())),
        }
    }

    fn mail(&self, message: &Message) -> Result<lettre::Message, SendError> {
        let unfit = |error: &dyn std::error::Error| SendError::Permanent(error.to_string());
        let to: Address = message.to.parse().map_err(|error| unfit(&error))?;
        let mut builder = lettre::Message::builder()
            .from(self.on_behalf_of(&message.from_name))
            .to(Mailbox::new(some_name(&message.to_name), to))
            .subject(message.subject.clone())
            .message_id(Some(format!("<{}@{}>", message.id, self.from.email.domain())))
            // RFC 3834: no vacation notes in return.
            .raw_header(raw("Auto-Submitted", "auto-generated"));
        if let Some(url) = &message.unsubscribe {
            builder = builder
                .raw_header(raw("List-Unsubscribe", &format!("<{url}>")))
                .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        match &message.html {
            Some(html) => builder.multipart(MultiPart::alternative_plain_html(
                message.text.clone(),
                html.clone(),
            )),
            None => builder.body(message.text.clone()),
        }
        .map_err(|error| unfit(&error))
    }
}

impl Smtp {
    /// `Northwind Motors via deedbox <no-reply@…>`: the reader sees whose document it is, and that
    /// the mail does not come from that organization's own address.
    fn on_behalf_of(&self, organization: &str) -> Mailbox {
        let name = match (some_name(organization), &self.from.name) {
            (Some(organization), Some(ours)) => Some(format!("{organization} via {ours}")),
            (Some(organization), None) => Some(organization),
            (None, ours) => ours.clone(),
        };
        Mailbox::new(name, self.from.email.clone())
    }
}

/// A header with an ASCII value of our own making, kept in one line.
fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(
        HeaderName::new_from_ascii_str(name),
        value.to_owned(),
        value.to_owned(),
    )
}

fn some_name(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    (!name.trim().is_empty()).then_some(name)
}

fn tls(url: &Url, host: &str, has_password: bool) -> Result<Tls, SmtpUrlError> {
    let parameters = || {
        TlsParameters::new(host.to_owned()).map_err(|error| SmtpUrlError::Tls(error.to_string()))
    };
    let asked = query(url, "tls");
    match (url.scheme(), asked.as_deref()) {
        ("smtps", _) => Ok(Tls::Wrapper(parameters()?)),
        ("smtp", Some("none")) => Ok(Tls::None),
        ("smtp", Some("required")) => Ok(Tls::Required(parameters()?)),
        ("smtp", None) if has_password && !is_loopback(url) => Ok(Tls::Required(parameters()?)),
        ("smtp", None | Some("opportunistic")) => Ok(Tls::Opportunistic(parameters()?)),
        ("smtp", Some(_)) => Err(SmtpUrlError::UnknownTls),
        _ => Err(SmtpUrlError::NotAnSmtpUrl),
    }
}

/// A relay on this machine needs no TLS to keep a password from the network.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // Of a scheme the URL standard does not know, the host stays text.
        Some(Host::Domain(name)) => {
            name == "localhost"
                || name
                    .parse()
                    .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
        }
        None => false,
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, SmtpUrlError> {
    let Some(password) = url.password() else {
        return Ok(None);
    };
    let user = decoded(url.username())?;
    Ok(Some(Credentials::new(user, decoded(password)?)))
}

fn decoded(text: &str) -> Result<String, SmtpUrlError> {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| SmtpUrlError::Credentials)
}

fn with_credentials(
    builder: AsyncSmtpTransportBuilder,
    credentials: Option<Credentials>,
) -> AsyncSmtpTransportBuilder {
    match credentials {
        Some(credentials) => builder.credentials(credentials),
        None => builder,
    }
}

fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn security(url: &str) -> &'static str {
        let url = Url::parse(url).expect("a URL");
        match tls(&url, "mail.example.com", url.password().is_some()).expect("a TLS mode") {
            Tls::None => "none",
            Tls::Opportunistic(_) => "opportunistic",
            Tls::Required(_) => "required",
            Tls::Wrapper(_) => "wrapper",
        }
    }

    #[tokio::test]
    async fn a_mail_names_the_organization_and_who_sends_for_it() {
        let by = |from: &str| Smtp::try_new("smtp://mail.example.com", from).expect("a relay");
        let named = by("deedbox <no-reply@example.com>").on_behalf_of("Northwind Motors");
        assert_eq!(named.name.as_deref(), Some("Northwind Motors via deedbox"));
        let bare = by("no-reply@example.com").on_behalf_of("Northwind\r\nBcc: x@example.com");
        assert_eq!(bare.name.as_deref(), Some("NorthwindBcc: x@example.com"));
        assert_eq!(bare.email.to_string(), "no-reply@example.com");
    }

    #[test]
    fn a_password_never_goes_over_an_open_line_unless_told_so() {
        assert_eq!(security("smtps://u:p@mail.example.com"), "wrapper");
        assert_eq!(security("smtp://u:p@mail.example.com"), "required");
        assert_eq!(security("smtp://u:p@mail.example.com?tls=none"), "none");
        assert_eq!(security("smtp://u:p@127.0.0.1:2525"), "opportunistic");
        assert_eq!(security("smtp://mail.example.com"), "opportunistic");
    }

    #[tokio::test]
    async fn a_wrong_url_is_refused_without_repeating_its_password() {
        for url in [
            "http://u:hunter2@mail.example.com",
            "smtp://u:hunter2@mail.example.com?tls=maybe",
            "not a url hunter2",
        ] {
            let refused = Smtp::try_new(url, "no-reply@example.com")
                .err()
                .expect(url)
                .to_string();
            assert!(refused.contains("DEEDBOX_SMTP_URL") && !refused.contains("hunter2"));
        }
    }
}
