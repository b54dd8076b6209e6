//! A POST to an address that a customer configured, and as little trust as possible in the answer.

use std::{sync::Arc, time::Duration};

use deedbox_app::webhook_target::{Guard, TargetRefusal, check_target};
use http::HeaderMap;
use reqwest::{Client, Response, redirect::Policy};
use tokio::time::{Instant, timeout_at};

use super::resolver::{GuardedResolver, Names, SystemNames};

/// How much of an answer is read, in bytes: enough to show an engineer what their receiver said.
pub const ANSWER_BYTES_MAX: usize = 4096;

/// The whole time a request may take, connecting included (partner-api 10.3).
pub const REQUEST_TIME_MAX: Duration = Duration::from_secs(10);

const IDLE_CONNECTIONS_PER_HOST_MAX: usize = 4;
const IDLE_TIME_MAX: Duration = Duration::from_secs(30);

/// One request to be made.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The target, as configured.
    pub target: &'a str,
    /// Headers, content type included.
    pub headers: HeaderMap,
    /// The exact bytes of the body.
    pub body: Vec<u8>,
    /// The whole time allowed, at most [`REQUEST_TIME_MAX`] unless the caller knows better.
    pub time_max: Duration,
}

/// What came back: any status, redirects included, which are never followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status code.
    pub status: u16,
    /// The first [`ANSWER_BYTES_MAX`] bytes of the body, or what of them arrived in time.
    pub body: Vec<u8>,
}

/// Why there is no answer. The texts carry no URL, which may hold a secret.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// The target, or an address its name resolved to, is not allowed.
    #[error("target refused: {0}")]
    Refused(#[from] TargetRefusal),
    /// Nothing within the time allowed.
    #[error("no answer within {} ms", .0.as_millis())]
    TimedOut(Duration),
    /// No connection: unknown name, refused, TLS failure.
    #[error("could not connect: {0}")]
    NotConnected(String),
    /// The connection broke or the answer was not HTTP.
    #[error("connection failed: {0}")]
    Broken(String),
}

/// The guarded HTTP client. Cheap to clone; clones share connections.
///
/// It follows no redirects, uses no proxy (a proxy would connect where the guard cannot look),
/// checks the URL on each request and every address on each connection.
#[derive(Clone)]
pub struct Outbound {
    http: Client,
    guard: Guard,
}

impl Outbound {
    /// A client that resolves names with the operating system.
    ///
    /// # Errors
    /// When the TLS set-up of this machine (its root certificates) cannot be loaded.
    pub fn try_new(guard: Guard) -> Result<Self, reqwest::Error> {
        Self::try_with_names(guard, Arc::new(SystemNames))
    }

    /// A client that resolves names with `names`.
    ///
    /// # Errors
    /// As [`Outbound::try_new`].
    pub fn try_with_names(guard: Guard, names: Arc<dyn Names>) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .dns_resolver(Arc::new(GuardedResolver::new(names, guard)))
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(REQUEST_TIME_MAX)
            .timeout(REQUEST_TIME_MAX)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST_MAX)
            .pool_idle_timeout(IDLE_TIME_MAX)
            .build()?;
        Ok(Self { http, guard })
    }

    /// Posts `request` and reads the beginning of the answer.
    ///
    /// # Errors
    /// [`OutboundError`]; a status outside 2xx is an [`Answer`], not an error.
    pub async fn post(&self, request: Request<'_>) -> Result<Answer, OutboundError> {
        let url = check_target(request.target, &self.guard)?;
        let deadline = Instant::now() + request.time_max;
        let sending = self
            .http
            .post(url)
            .headers(request.headers)
            .timeout(request.time_max)
            .body(request.body)
            .send();
        let response = match timeout_at(deadline, sending).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(classify(error, request.time_max)),
            Err(_) => return Err(OutboundError::TimedOut(request.time_max)),
        };
        let status = response.status().as_u16();
        Ok(Answer {
            status,
            body: read_beginning(response, deadline).await,
        })
    }
}

/// The status has been received, so the outcome is known: a body that stalls, breaks or never
/// ends changes nothing and is cut off.
async fn read_beginning(mut response: Response, deadline: Instant) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < ANSWER_BYTES_MAX {
        let Ok(Ok(Some(chunk))) = timeout_at(deadline, response.chunk()).await else {
            break;
        };
        let room = ANSWER_BYTES_MAX - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    body
}

fn classify(error: reqwest::Error, time_max: Duration) -> OutboundError {
    let error = error.without_url();
    if let Some(refusal) = refusal_within(&error) {
        return OutboundError::Refused(refusal);
    }
    if error.is_timeout() {
        return OutboundError::TimedOut(time_max);
    }
    let text = innermost(&error).to_string();
    if error.is_connect() {
        OutboundError::NotConnected(text)
    } else {
        OutboundError::Broken(text)
    }
}

/// A refusal by the resolver arrives as the root cause of a connection error.
fn refusal_within(error: &reqwest::Error) -> Option<TargetRefusal> {
    causes(error).find_map(|cause| cause.downcast_ref::<TargetRefusal>().copied())
}

fn innermost(error: &reqwest::Error) -> &(dyn std::error::Error + 'static) {
    causes(error).last().unwrap_or(error)
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |e| {
        e.source()
    })
}
