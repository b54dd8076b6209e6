use axum::body::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, byte for byte.
    pub body: Bytes,
}

impl Reply {
    /// Sends a request and reads the answer.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("the server answers");
        Self::read(response).await
    }

    async fn read(response: Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.bytes().await.expect("a whole answer");
        Self {
            status,
            headers,
            body,
        }
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// A header, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The same answer, which has to have this status.
    ///
    /// # Panics
    /// When it has another; the message carries the body.
    #[must_use]
    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        let body = String::from_utf8_lossy(&self.body[..self.body.len().min(2000)]);
        assert_eq!(self.status, status, "unexpected status; the body: {body}");
        self
    }

    /// `data` of a partner answer that has to be a success.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    #[track_caller]
    pub fn data(self) -> Value {
        let body = String::from_utf8_lossy(&self.body[..self.body.len().min(2000)]).into_owned();
        assert!(
            (200..300).contains(&self.status),
            "{} instead of a success: {body}",
            self.status
        );
        self.json()
            .get_mut("data")
            .map_or_else(|| panic!("no data: {body}"), Value::take)
    }

    /// `error` of a partner answer that has to be a refusal.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    #[track_caller]
    pub fn error(&self) -> String {
        let json = self.json();
        let error = json.get("error").and_then(Value::as_str);
        error
            .unwrap_or_else(|| panic!("no error: {} {json}", self.status))
            .to_owned()
    }
}
