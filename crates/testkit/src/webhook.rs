//! A receiver of webhooks that keeps every request byte for byte and answers as it is told.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Method of the request line.
    pub method: Method,
    /// Path and query.
    pub uri: Uri,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, byte for byte: signatures are made over these.
    pub body: Bytes,
    /// When the body had arrived whole.
    pub arrived: Instant,
}

impl Delivery {
    /// The value of a header, if there is one and it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When the body is not JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a webhook body is JSON")
    }
}

/// What the receiver says to one request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// This status with an empty body.
    Status(u16),
    /// This status with this body.
    Body(u16, String),
    /// A redirect to this address, which a careful sender does not follow.
    Redirect(String),
    /// Nothing for so long, then 200.
    Slow(Duration),
    /// As many bytes of body as this, which a careful sender does not read to the end.
    Endless(usize),
}

impl Answer {
    async fn give(self) -> Response {
        match self {
            Self::Status(code) => status(code).into_response(),
            Self::Body(code, body) => (status(code), body).into_response(),
            Self::Redirect(to) => {
                let to = HeaderValue::from_str(&to).expect("a redirect goes to an address");
                (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
            }
            Self::Slow(pause) => {
                tokio::time::sleep(pause).await;
                StatusCode::OK.into_response()
            }
            Self::Endless(bytes) => (StatusCode::OK, vec![b'x'; bytes]).into_response(),
        }
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).expect("an answer has an HTTP status")
}

#[derive(Debug, Default)]
struct Shelf {
    deliveries: Vec<Delivery>,
    answers: VecDeque<Answer>,
    otherwise: Option<Answer>,
}

#[derive(Debug, Default)]
struct Shared {
    shelf: Mutex<Shelf>,
    arrived: Notify,
}

impl Shared {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A receiver on a loopback port. It stops when it is dropped.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// Starts a receiver that answers 200 to everything.
    ///
    /// # Panics
    /// When no loopback port can be had.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a loopback port");
        let address = listener.local_addr().expect("a bound address");
        let shared = Arc::new(Shared::default());
        let router = Router::new()
            .fallback(receive)
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            // Ends with the task; an error of one connection is not the receiver's.
            let _ = axum::serve(listener, router).await;
        });
        Self {
            address,
            shared,
            task,
        }
    }

    /// The address to register: `http://127.0.0.1:PORT/hook`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// The next requests are answered with these, in this order, before the usual answer.
    pub fn answer_next(&self, answers: impl IntoIterator<Item = Answer>) {
        self.shared.shelf().answers.extend(answers);
    }

    /// What every request is answered with when nothing special was asked for.
    pub fn answer_always(&self, answer: Answer) {
        self.shared.shelf().otherwise = Some(answer);
    }

    /// Everything that arrived so far, oldest first.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.shelf().deliveries.clone()
    }

    /// Forgets what arrived so far.
    pub fn forget(&self) {
        self.shared.shelf().deliveries.clear();
    }

    /// Waits until `count` requests have arrived and answers all that arrived.
    ///
    /// # Panics
    /// When they have not arrived after `patience`; the message names what did.
    pub async fn wait_for(&self, count: usize, patience: Duration) -> Vec<Delivery> {
        self.wait_until(patience, |all| all.len() >= count).await
    }

    /// Waits until what arrived satisfies `enough` and answers all that arrived.
    ///
    /// # Panics
    /// When that has not happened after `patience`; the message names what arrived.
    pub async fn wait_until(
        &self,
        patience: Duration,
        enough: impl Fn(&[Delivery]) -> bool,
    ) -> Vec<Delivery> {
        let waiting = async {
            loop {
                let arrived = self.shared.arrived.notified();
                if enough(&self.shared.shelf().deliveries) {
                    return self.deliveries();
                }
                arrived.await;
            }
        };
        tokio::time::timeout(patience, waiting)
            .await
            .unwrap_or_else(|_| {
                panic!(
                    "not enough webhooks after {patience:?}; arrived: {:#?}",
                    self.outline()
                )
            })
    }

    fn outline(&self) -> Vec<String> {
        let all = self.deliveries();
        all.iter()
            .map(|one| {
                String::from_utf8_lossy(&one.body)
                    .chars()
                    .take(200)
                    .collect()
            })
            .collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn receive(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = {
        let mut shelf = shared.shelf();
        shelf.deliveries.push(Delivery {
            method,
            uri,
            headers,
            body,
            arrived: Instant::now(),
        });
        shelf
            .answers
            .pop_front()
            .or_else(|| shelf.otherwise.clone())
    };
    shared.arrived.notify_waiters();
    answer.unwrap_or(Answer::Status(200)).give().await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn post(url: &str, body: &'static str) -> reqwest::Response {
        let client = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client");
        client
            .post(url)
            .header("x-test", "yes")
            .body(body)
            .send()
            .await
            .expect("an answer")
    }

    #[tokio::test]
    async fn keeps_requests_byte_for_byte_and_answers_as_told() {
        let receiver = Receiver::start().await;
        receiver.answer_next([Answer::Status(503), Answer::Body(200, "fine".to_owned())]);

        assert_eq!(post(&receiver.url(), "{\"a\": 1}").await.status(), 503);
        assert_eq!(
            post(&receiver.url(), "{}")
                .await
                .text()
                .await
                .expect("a body"),
            "fine"
        );
        assert_eq!(post(&receiver.url(), "{}").await.status(), 200);

        let all = receiver.wait_for(3, Duration::from_secs(5)).await;
        assert_eq!(all[0].body, "{\"a\": 1}");
        assert_eq!(all[0].json()["a"], 1);
        assert_eq!(all[0].header("x-test"), Some("yes"));
        assert_eq!(all[0].uri.path(), "/hook");
    }
}
