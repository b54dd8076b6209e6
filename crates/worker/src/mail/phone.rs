//! Text messages and WhatsApp over an HTTP gateway of the shape Twilio made common: a form with
//! `To`, `From` and `Body`, basic authentication.

use std::time::Duration;

use http::StatusCode;
use reqwest::{Client, header, redirect::Policy};
use secrecy::{ExposeSecret, SecretString};
use url::{Url, form_urlencoded::Serializer};

use super::message::{Channel, Message, SendError};

const GATEWAY_TIME_MAX: Duration = Duration::from_secs(10);

/// A gateway of the operator's.
///
/// `DEEDBOX_SMS_URL` is `https://user:password@host/path?from=+15550100`; `whatsapp_from` names
/// another sender for WhatsApp. Both are taken out of the address that is posted to.
#[derive(Clone)]
pub struct PhoneGateway {
    http: Client,
    endpoint: Url,
    user: String,
    password: Option<SecretString>,
    from: String,
    whatsapp_from: String,
}

/// What is wrong with `DEEDBOX_SMS_URL`. The texts never carry the URL, which holds a password.
#[derive(Debug, thiserror::Error)]
pub enum PhoneUrlError {
    /// Not an http or https URL.
    #[error("DEEDBOX_SMS_URL must be an https URL")]
    NotAUrl,
    /// No sender.
    #[error("DEEDBOX_SMS_URL must name a sender: …?from=+15550100")]
    NoSender,
    /// User name or password are not percent-encoded UTF-8.
    #[error("the user name and password in DEEDBOX_SMS_URL must be percent-encoded")]
    Credentials,
    /// The HTTP client could not be made.
    #[error("HTTP for DEEDBOX_SMS_URL: {0}")]
    Http(String),
}

impl PhoneGateway {
    /// A gateway as its URL says.
    ///
    /// # Errors
    /// [`PhoneUrlError`].
    pub fn try_new(url: &str) -> Result<Self, PhoneUrlError> {
        let url = Url::parse(url).map_err(|_| PhoneUrlError::NotAUrl)?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(PhoneUrlError::NotAUrl);
        }
        let from = query(&url, "from").ok_or(PhoneUrlError::NoSender)?;
        let http = Client::builder()
            .redirect(Policy::none())
            .timeout(GATEWAY_TIME_MAX)
            .build()
            .map_err(|error| PhoneUrlError::Http(error.to_string()))?;
        Ok(Self {
            http,
            user: decoded(url.username())?,
            password: url
                .password()
                .map(decoded)
                .transpose()?
                .map(SecretString::from),
            whatsapp_from: query(&url, "whatsapp_from").unwrap_or_else(|| from.clone()),
            from,
            endpoint: bare(url),
        })
    }

    /// Hands `message` to the gateway.
    ///
    /// # Errors
    /// [`SendError::Permanent`] for what the gateway refuses as such (4xx, but not 408 and 429);
    /// [`SendError::Transient`] for everything that may pass.
    pub async fn send(&self, message: &Message) -> Result<(), SendError> {
        let mut request = self
            .http
            .post(self.endpoint.clone())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            // Gateways that know it send a message only once, however often it is handed over.
            .header("Idempotency-Key", message.id.to_string())
            .body(self.form(message));
        if !self.user.is_empty() {
            let password = self.password.as_ref().map(ExposeSecret::expose_secret);
            request = request.basic_auth(&self.user, password);
        }
        let answer = request
            .send()
            .await
            .map_err(|error| SendError::Transient(error.without_url().to_string()))?;
        judge(answer.status())
    }

    fn form(&self, message: &Message) -> String {
        let (to, from) = match message.channel {
            Channel::Whatsapp => (
                format!("whatsapp:{}", message.to),
                format!("whatsapp:{}", self.whatsapp_from),
            ),
            Channel::Sms | Channel::Email => (message.to.clone(), self.from.clone()),
        };
        Serializer::new(String::new())
            .append_pair("To", &to)
            .append_pair("From", &from)
            .append_pair("Body", &message.text)
            .finish()
    }
}

fn judge(status: StatusCode) -> Result<(), SendError> {
    let text = format!("the gateway answered {}", status.as_u16());
    match status {
        status if status.is_success() => Ok(()),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            Err(SendError::Transient(text))
        }
        status if status.is_client_error() => Err(SendError::Permanent(text)),
        _ => Err(SendError::Transient(text)),
    }
}

/// The address that is posted to: without credentials, and without what the query told us.
fn bare(mut url: Url) -> Url {
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != "from" && key != "whatsapp_from")
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    if !others.is_empty() {
        url.query_pairs_mut().extend_pairs(others);
    }
    // An http URL with a host, which was checked, takes both.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// A `+` in a query means a space to the URL standard; in a phone number nobody means a space.
fn query(url: &Url, name: &str) -> Option<String> {
    let (_, value) = url.query_pairs().find(|(key, _)| key == name)?;
    let value = value.trim();
    let is_number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    (!value.is_empty()).then(|| {
        if is_number {
            format!("+{value}")
        } else {
            value.to_owned()
        }
    })
}

fn decoded(text: &str) -> Result<String, PhoneUrlError> {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| PhoneUrlError::Credentials)
}

#[cfg(test)]
mod tests {
    use deedbox_core::time::Timestamp;
    use wiremock::{
        Mock, MockServer, ResponseTemplate,
        matchers::{body_string, header, method, path, query_param_is_missing},
    };

    use super::*;
    use crate::mail::MessageKind;

    fn message(channel: Channel) -> Message {
        let created_at = Timestamp::EPOCH.plus_days(20_000);
        Message {
            id: Message::id_for("job_1", "+573000000000", created_at),
            channel,
            to: "+573000000000".into(),
            subject: String::new(),
            text: "402917 is your code & more".into(),
            html: None,
            created_at,
            envelope_id: None,
            signer_id: None,
            kind: MessageKind::Otp,
            to_name: String::new(),
            from_name: String::new(),
            unsubscribe: None,
        }
    }

    fn gateway(server: &MockServer, query: &str) -> PhoneGateway {
        let url = format!(
            "http://account:to%20ken@{}/Messages.json?{query}",
            server.address()
        );
        PhoneGateway::try_new(&url).expect("a gateway")
    }

    async fn answering(status: u16) -> MockServer {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .respond_with(ResponseTemplate::new(status))
            .mount(&server)
            .await;
        server
    }

    #[tokio::test]
    async fn a_text_message_is_a_form_post_with_basic_authentication() {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/Messages.json"))
            .and(query_param_is_missing("from"))
            .and(header("authorization", "Basic YWNjb3VudDp0byBrZW4="))
            .and(header("content-type", "application/x-www-form-urlencoded"))
            .and(body_string(
                "To=%2B573000000000&From=%2B15550100&Body=402917+is+your+code+%26+more",
            ))
            .respond_with(ResponseTemplate::new(201))
            .expect(1)
            .mount(&server)
            .await;
        // `+` unescaped, as people write it.
        gateway(&server, "from=+15550100")
            .send(&message(Channel::Sms))
            .await
            .expect("sent");
    }

    #[tokio::test]
    async fn whatsapp_goes_by_its_own_sender_with_the_gateways_prefix() {
        let server = answering(201).await;
        let gateway = gateway(&server, "from=%2B15550100&whatsapp_from=%2B15550199");
        gateway
            .send(&message(Channel::Whatsapp))
            .await
            .expect("sent");
        let requests = server.received_requests().await.expect("recording is on");
        let body = String::from_utf8_lossy(&requests[0].body).into_owned();
        assert!(body.starts_with("To=whatsapp%3A%2B573000000000&From=whatsapp%3A%2B15550199&"));
    }

    #[tokio::test]
    async fn a_refusal_is_final_but_an_overload_is_not() {
        for (status, is_final) in [
            (400, true),
            (401, true),
            (408, false),
            (429, false),
            (503, false),
        ] {
            let server = answering(status).await;
            let error = gateway(&server, "from=+15550100")
                .send(&message(Channel::Sms))
                .await
                .expect_err("not sent");
            assert_eq!(
                matches!(error, SendError::Permanent(_)),
                is_final,
                "{status}"
            );
        }
    }

    #[test]
    fn a_wrong_url_is_refused_without_repeating_its_password() {
        for url in [
            "https://u:hunter2@sms.example.com/",
            "ftp://u:hunter2@sms.example.com/?from=1",
        ] {
            let error = PhoneGateway::try_new(url)
                .err()
                .expect("refused")
                .to_string();
            assert!(
                error.contains("DEEDBOX_SMS_URL") && !error.contains("hunter2"),
                "{error}"
            );
        }
    }
}
