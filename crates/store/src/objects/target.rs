//! A storage URL and the store behind it.

use std::collections::HashMap;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore, RetryConfig};

use super::error::ObjectError;
use crate::folder;

pub(super) struct Target {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) prefix: Path,
    /// Whether objects can carry metadata of their own.
    pub(super) attributes: bool,
}

pub(super) fn open(url: &str) -> Result<Target, ObjectError> {
    match url.split_once("://") {
        Some(("s3", _)) => s3(url),
        Some(("file", path)) => local(path),
        None => local(url),
        Some((scheme, _)) => Err(bad(format!(
            "{scheme}:// is not known; use file:///folder or s3://bucket/prefix?endpoint=…"
        ))),
    }
}

/// `with_fsync` is what makes a stored object survive a power cut: by default nothing is synced.
fn local(path: &str) -> Result<Target, ObjectError> {
    folder::make(FilePath::new(path)).map_err(|error| unavailable(&format!("{path}: {error}")))?;
    let store = LocalFileSystem::new_with_prefix(path)
        .map_err(|error| unavailable(&error))?
        .with_fsync(true);
    Ok(Target {
        store: Arc::new(store),
        prefix: Path::default(),
        attributes: false,
    })
}

fn s3(text: &str) -> Result<Target, ObjectError> {
    let url = url::Url::parse(text).map_err(|error| bad(error.to_string()))?;
    let bucket = url.host_str().filter(|host| !host.is_empty());
    let bucket =
        bucket.ok_or_else(|| bad("s3:// needs a bucket: s3://bucket/prefix".to_owned()))?;
    let mut asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .with_client_options(client())
        .with_retry(retry());
    if let Some(endpoint) = asked.remove("endpoint") {
        builder = builder
            .with_allow_http(endpoint.starts_with("http://"))
            .with_endpoint(endpoint);
    }
    if let Some(region) = asked.remove("region") {
        builder = builder.with_region(region);
    }
    if let Some(id) = asked.remove("access_key_id") {
        builder = builder.with_access_key_id(id);
    }
    if let Some(secret) = asked.remove("secret_access_key") {
        builder = builder.with_secret_access_key(secret);
    }
    if let Some(unknown) = asked.keys().next() {
        return Err(bad(format!("{unknown} is not known in an s3:// url")));
    }
    let prefix = Path::from_url_path(url.path()).map_err(|error| bad(error.to_string()))?;
    let store = builder.build().map_err(|error| bad(error.to_string()))?;
    Ok(Target {
        store: Arc::new(store),
        prefix,
        attributes: true,
    })
}

fn client() -> ClientOptions {
    ClientOptions::new()
        .with_connect_timeout(Duration::from_secs(5))
        .with_timeout(Duration::from_mins(1))
}

/// A caller waits behind this: better a clear 502 than minutes of silence.
fn retry() -> RetryConfig {
    RetryConfig {
        max_retries: 3,
        retry_timeout: Duration::from_secs(20),
        ..RetryConfig::default()
    }
}

fn bad(problem: String) -> ObjectError {
    ObjectError::Url { problem }
}

fn unavailable(error: &impl ToString) -> ObjectError {
    ObjectError::Unavailable {
        message: error.to_string(),
    }
}
