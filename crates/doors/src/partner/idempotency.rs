//! `Idempotency-Key` (partner-api.md §1.6), honoured on every POST.

use deedbox_app::idempotency::{Begun, Stored};
use deedbox_core::FieldError;
use http::{HeaderMap, StatusCode};

use super::{
    answer::Answer,
    endpoint::{Call, Handler},
    error::Error,
};
use crate::http::task;

const HEADER: &str = "idempotency-key";
/// The most characters of a key.
const KEY_CHARACTERS_MAX: usize = 255;

/// Runs the handler at most once per key and fingerprint.
///
/// # Errors
/// What the handler refuses; 409 for a key in use; 422 for one of a wrong form.
pub(crate) async fn once(
    headers: &HeaderMap,
    path: &str,
    call: Call,
    handler: Handler,
) -> Result<Answer, Error> {
    let Some(key) = key_of(headers)? else {
        return to_the_end(handler(call)).await;
    };
    let app = call.app.clone();
    let scope = format!("POST {path}");
    let fingerprint = call.content.fingerprint();
    match app
        .idempotency_begin(&call.caller, &scope, &key, fingerprint)
        .await?
    {
        Begun::Replay(stored) => replay(stored),
        Begun::OtherRequest => Err(Error::conflict(
            "Idempotency-Key was used with a different request",
        )),
        Begun::InProgress => {
            Err(Error::conflict("Request with this Idempotency-Key is in progress").retry_after(1))
        }
        Begun::Fresh(ticket) => {
            // One task for both: a client that hangs up must not leave the key held.
            let work = async move {
                let outcome = to_the_end(handler(call)).await;
                let stored = outcome.as_ref().ok().map(store);
                app.idempotency_finish(ticket, stored).await?;
                outcome
            };
            to_the_end(work).await
        }
    }
}

fn key_of(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get(HEADER) else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default();
    let printable = key.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
    if printable && (1..=KEY_CHARACTERS_MAX).contains(&key.len()) {
        return Ok(Some(key.to_owned()));
    }
    let message = format!("must have 1 to {KEY_CHARACTERS_MAX} printable ASCII characters");
    Err(Error::invalid(vec![FieldError::new(
        "Idempotency-Key",
        message,
    )]))
}

async fn to_the_end(
    work: impl Future<Output = Result<Answer, Error>> + Send + 'static,
) -> Result<Answer, Error> {
    task::to_the_end(work)
        .await
        .unwrap_or_else(|| Err(Error::internal()))
}

fn store(answer: &Answer) -> Stored {
    Stored {
        status: answer.status.as_u16(),
        body: answer.body.to_vec(),
    }
}

fn replay(stored: Stored) -> Result<Answer, Error> {
    let status = StatusCode::from_u16(stored.status).map_err(|_| Error::internal())?;
    Ok(Answer {
        status,
        body: stored.body.into(),
        replayed: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(value: &[u8]) -> Result<Option<String>, Error> {
        let value = http::HeaderValue::from_bytes(value).unwrap();
        key_of(&HeaderMap::from_iter([(
            http::HeaderName::from_static(HEADER),
            value,
        )]))
    }

    #[test]
    fn a_key_is_one_to_255_printable_ascii_characters() {
        assert_eq!(key(b"order 4521"), Ok(Some("order 4521".into())));
        assert_eq!(key_of(&HeaderMap::new()), Ok(None));
        assert!(key(&[b'k'; 255]).is_ok());
        for bad in [&[b'k'; 256][..], b"", "ñ".as_bytes(), b"a\tb"] {
            assert_eq!(key(bad).unwrap_err().status, 422);
        }
    }
}
