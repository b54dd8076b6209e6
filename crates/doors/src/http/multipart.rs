//! `multipart/form-data` with one PDF and a few small texts, read whole and within bounds.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::body::{Unreadable, announced};

/// The most that an uploaded file may weigh: 25 MiB.
pub(crate) const FILE_BYTES_MAX: usize = 25 * 1024 * 1024;
/// The most that all text parts together may weigh.
const TEXT_BYTES_MAX: usize = 1024 * 1024;
/// The most that boundaries and part headers may add.
const FRAMING_BYTES_MAX: usize = 64 * 1024;
/// The most parts that a form may have.
const PARTS_MAX: usize = 32;

/// One part of a form.
#[derive(Clone, Debug)]
struct Part {
    name: String,
    /// Given by browsers and clients for files only.
    filename: Option<String>,
    bytes: Bytes,
}

impl Part {
    /// A part called `file` is a file even when the client gave it no file name.
    fn is_file(name: &str, filename: Option<&str>) -> bool {
        filename.is_some() || name == "file"
    }
}

/// The parts of a form, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form(Vec<Part>);

impl Form {
    /// The first part called `name`, as a file.
    pub(crate) fn file(&self, name: &str) -> Option<(Option<&str>, Bytes)> {
        let part = self.0.iter().find(|part| part.name == name)?;
        Some((part.filename.as_deref(), part.bytes.clone()))
    }

    /// The parts that are no files, as members to be read; text that is not UTF-8 reads as a wrong type.
    pub(crate) fn texts(&self) -> Map<String, Value> {
        let is_text = |part: &&Part| !Part::is_file(&part.name, part.filename.as_deref());
        let texts = self.0.iter().filter(is_text);
        texts
            .map(|part| (part.name.clone(), text(&part.bytes)))
            .collect()
    }

    /// SHA-256 of the ordered part names and part digests: boundaries do not matter.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        let mut whole = Sha256::new();
        for part in &self.0 {
            whole.update(Sha256::digest(&part.name));
            whole.update(Sha256::digest(&part.bytes));
        }
        whole.finalize().into()
    }
}

fn text(bytes: &Bytes) -> Value {
    std::str::from_utf8(bytes).map_or(Value::Bool(false), Value::from)
}

/// Reads a whole form.
///
/// # Errors
/// Another media type, too large as a whole or in its file, or not a form.
pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Form, Unreadable> {
    let media = headers
        .get(header::CONTENT_TYPE)
        .and_then(|media| media.to_str().ok());
    let media = media.unwrap_or_default();
    let kind = media.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("multipart/form-data") {
        return Err(Unreadable::MediaType);
    }
    let whole_max = FILE_BYTES_MAX + TEXT_BYTES_MAX + FRAMING_BYTES_MAX;
    if announced(headers).is_some_and(|length| length > whole_max) {
        return Err(Unreadable::TooLarge);
    }
    let boundary = multer::parse_boundary(media).map_err(|_| Unreadable::Multipart)?;
    let limits = multer::SizeLimit::new().whole_stream(whole_max as u64);
    let constraints = multer::Constraints::new().size_limit(limits);
    let stream = body.into_data_stream();
    read_parts(multer::Multipart::with_constraints(
        stream,
        boundary,
        constraints,
    ))
    .await
}

async fn read_parts(mut parts: multer::Multipart<'_>) -> Result<Form, Unreadable> {
    let (mut form, mut texts_left) = (Form::default(), TEXT_BYTES_MAX);
    while let Some(field) = parts.next_field().await.map_err(|fault| fault_of(&fault))? {
        let Some(name) = field.name().map(str::to_owned) else {
            return Err(Unreadable::Multipart);
        };
        if form.0.len() == PARTS_MAX {
            return Err(Unreadable::TooLarge);
        }
        let filename = field.file_name().map(str::to_owned);
        let is_file = Part::is_file(&name, filename.as_deref());
        let bytes = read_part(field, if is_file { FILE_BYTES_MAX } else { texts_left }).await?;
        if !is_file {
            texts_left -= bytes.len();
        }
        form.0.push(Part {
            name,
            filename,
            bytes,
        });
    }
    Ok(form)
}

async fn read_part(mut field: multer::Field<'_>, bytes_max: usize) -> Result<Bytes, Unreadable> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(|fault| fault_of(&fault))? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(Unreadable::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn fault_of(fault: &multer::Error) -> Unreadable {
    match fault {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => {
            Unreadable::TooLarge
        }
        _ => Unreadable::Multipart,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(media: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_TYPE, media.parse().unwrap())])
    }

    fn form(boundary: &str, file: &str) -> (HeaderMap, Body) {
        let body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nLease\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n{file}\r\n\
             --{boundary}--\r\n"
        );
        (
            headers(&format!("multipart/form-data; boundary={boundary}")),
            Body::from(body),
        )
    }

    #[tokio::test]
    async fn another_boundary_is_the_same_request() {
        let (headers, body) = form("one", "%PDF-");
        let one = read(&headers, body).await.unwrap();
        let (headers, body) = form("another", "%PDF-");
        let another = read(&headers, body).await.unwrap();
        assert_eq!(one.fingerprint(), another.fingerprint());
        assert_eq!(one.texts()["name"], "Lease");
        assert_eq!(one.file("file").unwrap().0, Some("a.pdf"));
    }

    #[tokio::test]
    async fn a_file_one_byte_over_the_limit_is_too_large() {
        let (headers, body) = form("b", &"x".repeat(FILE_BYTES_MAX));
        assert!(read(&headers, body).await.is_ok());
        let (headers, body) = form("b", &"x".repeat(FILE_BYTES_MAX + 1));
        assert_eq!(
            read(&headers, body).await.unwrap_err(),
            Unreadable::TooLarge
        );
    }

    #[tokio::test]
    async fn a_form_that_is_none_is_malformed() {
        let media = headers("multipart/form-data");
        assert_eq!(
            read(&media, Body::from("x")).await.unwrap_err(),
            Unreadable::Multipart
        );
        let media = headers("multipart/form-data; boundary=b");
        assert_eq!(
            read(&media, Body::from("--b\r\n")).await.unwrap_err(),
            Unreadable::Multipart
        );
        let media = headers("application/json");
        assert_eq!(
            read(&media, Body::from("{}")).await.unwrap_err(),
            Unreadable::MediaType
        );
    }
}
