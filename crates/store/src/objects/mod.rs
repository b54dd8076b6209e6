//! Bytes at rest: create-only, encrypted objects in a folder or an S3 bucket.
//!
//! Every object is sealed under a [`DataKey`] before it leaves the process (`sealed.rs` has the
//! format), so a store that leaks or is restored from a backup shows nothing, and erasing the key
//! erases the object. Objects are never overwritten.

mod address;
mod error;
mod key;
mod sealed;
mod target;

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutMode, PutOptions,
};

pub use self::address::{Bucket, ObjectRef};
pub use self::error::ObjectError;
pub use self::key::DataKey;
use self::sealed::{HEADER_BYTES, Header};
use self::target::Target;

/// Work above this size is done off the async threads.
const INLINE_MAX: usize = 256 * 1024;

/// A place for objects; clones share it.
#[derive(Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    attributes: bool,
}

/// What an object says of itself without being decrypted. Reading the object proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectStat {
    /// Plaintext bytes.
    pub size: u64,
    /// Stored as a non-authoritative copy.
    pub non_authoritative: bool,
}

/// What kind of object is stored; bound into its encryption.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// Working files, sources, authoritative bytes.
    #[default]
    Plain,
    /// A marked copy: flagged `non_authoritative` in the object and, on S3, in its metadata.
    NonAuthoritative,
}

/// Whether an object was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is new, and on disk.
    Stored,
    /// The same content was there already.
    AlreadyThere,
}

impl Objects {
    /// Opens `file:///folder` (made when missing), a bare path, or
    /// `s3://bucket/prefix?endpoint=…&region=…`. S3 credentials come from the environment
    /// (`AWS_ACCESS_KEY_ID` …), from the instance's role, or from the URL's `access_key_id` and
    /// `secret_access_key`.
    ///
    /// # Errors
    /// [`ObjectError::Url`] and [`ObjectError::Unavailable`] when the place cannot be used.
    pub fn open(url: &str) -> Result<Self, ObjectError> {
        let Target {
            store,
            prefix,
            attributes,
        } = target::open(url)?;
        Ok(Self {
            store,
            prefix,
            attributes,
        })
    }

    /// Stores an object that must not exist yet. The same plaintext at the same place is no error:
    /// a step that is repeated after a crash finds its own work.
    ///
    /// # Errors
    /// [`ObjectError::Conflict`] when something else is there.
    pub async fn put_new(
        &self,
        key: &DataKey,
        at: &ObjectRef,
        plain: Bytes,
        mark: Mark,
    ) -> Result<Put, ObjectError> {
        let sealed = self.seal(key, at, plain.clone(), mark).await?;
        let options = PutOptions {
            mode: PutMode::Create,
            attributes: self.attributes_of(mark),
            ..PutOptions::default()
        };
        match self
            .store
            .put_opts(&self.path(at), sealed.into(), options)
            .await
        {
            Ok(_) => Ok(Put::Stored),
            Err(object_store::Error::AlreadyExists { .. }) => self.compare(key, at, &plain).await,
            Err(error) => Err(ObjectError::of(at, error)),
        }
    }

    /// Stores bytes under their own SHA-256: `<folder>/<hex>`. Answers where.
    ///
    /// # Errors
    /// As [`Objects::put_new`]; a path that is not allowed.
    pub async fn put_content(
        &self,
        key: &DataKey,
        bucket: Bucket,
        folder: &str,
        plain: Bytes,
    ) -> Result<ObjectRef, ObjectError> {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &plain);
        let at = ObjectRef::new(bucket, &format!("{folder}/{}", hex::encode(digest)))?;
        self.put_new(key, &at, plain, Mark::Plain).await?;
        Ok(at)
    }

    async fn compare(
        &self,
        key: &DataKey,
        at: &ObjectRef,
        plain: &Bytes,
    ) -> Result<Put, ObjectError> {
        match self.get(key, at).await {
            Ok(found) if found == *plain => Ok(Put::AlreadyThere),
            Ok(_) | Err(ObjectError::Corrupt { .. }) => Err(ObjectError::Conflict {
                object: at.to_string(),
            }),
            Err(error) => Err(error),
        }
    }

    /// The whole object, decrypted and authenticated.
    ///
    /// # Errors
    /// [`ObjectError::NotFound`]; [`ObjectError::Corrupt`] when one bit differs from what was
    /// stored, or the key or the place is another one.
    pub async fn get(&self, key: &DataKey, at: &ObjectRef) -> Result<Bytes, ObjectError> {
        let found = self.store.get(&self.path(at)).await;
        let found = found.map_err(|error| ObjectError::of(at, error))?;
        let sealed = found
            .bytes()
            .await
            .map_err(|error| ObjectError::of(at, error))?;
        let (key, at) = (key.clone(), at.clone());
        let size = sealed.len();
        off_thread(size, move || sealed::open(&key, &at, &sealed)).await
    }

    /// Part of an object, decrypted and authenticated: only the chunks it lies in are read. The
    /// range is cut to the object's length.
    ///
    /// # Errors
    /// As [`Objects::get`].
    pub async fn get_range(
        &self,
        key: &DataKey,
        at: &ObjectRef,
        range: Range<u64>,
    ) -> Result<Bytes, ObjectError> {
        let header = self.header(at).await?;
        let range = range.start.min(header.size())..range.end.min(header.size());
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let chunks = header.chunks(&range);
        let stored = header.stored(&chunks);
        let sealed = self.store.get_range(&self.path(at), stored).await;
        let sealed = sealed.map_err(|error| ObjectError::of(at, error))?;
        sealed::open_range(key, at, &header, &sealed, &chunks, &range)
    }

    /// What an object says of itself; `None` when it is not there.
    ///
    /// # Errors
    /// [`ObjectError::Corrupt`] when it is no object of ours.
    pub async fn stat(&self, at: &ObjectRef) -> Result<Option<ObjectStat>, ObjectError> {
        match self.header(at).await {
            Ok(header) => Ok(Some(ObjectStat {
                size: header.size(),
                non_authoritative: header.mark() == Mark::NonAuthoritative,
            })),
            Err(ObjectError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// SHA-256 of an object's bytes as they lie in the store, sealed; `None` when there is none. It
    /// names what was found where the seal no longer opens.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn digest_as_stored(&self, at: &ObjectRef) -> Result<Option<[u8; 32]>, ObjectError> {
        let found = match self.store.get(&self.path(at)).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            other => other.map_err(|error| ObjectError::of(at, error))?,
        };
        let sealed = found
            .bytes()
            .await
            .map_err(|error| ObjectError::of(at, error))?;
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &sealed);
        Ok(digest.as_ref().try_into().ok())
    }

    /// Whether there is an object.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn exists(&self, at: &ObjectRef) -> Result<bool, ObjectError> {
        match self.store.head(&self.path(at)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(ObjectError::of(at, error)),
        }
    }

    /// Deletes an object; one that is not there is no error.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn delete(&self, at: &ObjectRef) -> Result<(), ObjectError> {
        match self.store.delete(&self.path(at)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(ObjectError::of(at, error)),
        }
    }

    /// Every object of a bucket under a folder (`""` for all), in no order.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn list(&self, bucket: Bucket, folder: &str) -> Result<Vec<ObjectRef>, ObjectError> {
        let mut root = self.prefix.clone().join(bucket.name());
        root.extend(folder.split('/').filter(|part| !part.is_empty()));
        let unavailable = |error: object_store::Error| ObjectError::Unavailable {
            message: error.to_string(),
        };
        let found: Vec<_> = self
            .store
            .list(Some(&root))
            .try_collect()
            .await
            .map_err(unavailable)?;
        let base = self.prefix.clone().join(bucket.name());
        Ok(found
            .iter()
            .filter_map(|meta| meta.location.prefix_match(&base))
            .map(|parts| {
                parts
                    .map(|part| part.as_ref().to_owned())
                    .collect::<Vec<_>>()
                    .join("/")
            })
            .filter_map(|path| ObjectRef::new(bucket, &path).ok())
            .collect())
    }

    /// Writes, reads and deletes a small object: proves that the place can be used (`/readyz`,
    /// `doctor`).
    ///
    /// # Errors
    /// What did not work.
    pub async fn probe(&self) -> Result<(), ObjectError> {
        let key = DataKey::generate();
        let name = format!("probe/{}", hex::encode(&DataKey::generate().bytes()[..8]));
        let at = ObjectRef::new(Bucket::Work, &name)?;
        self.put_new(&key, &at, Bytes::from_static(b"probe"), Mark::Plain)
            .await?;
        self.get(&key, &at).await?;
        self.delete(&at).await
    }

    async fn header(&self, at: &ObjectRef) -> Result<Header, ObjectError> {
        let options = GetOptions {
            range: Some(GetRange::Bounded(0..HEADER_BYTES)),
            ..GetOptions::default()
        };
        let found = self.store.get_opts(&self.path(at), options).await;
        let found = found.map_err(|error| ObjectError::of(at, error))?;
        let stored = found.meta.size;
        let head = found
            .bytes()
            .await
            .map_err(|error| ObjectError::of(at, error))?;
        Header::parse(at, &head, stored)
    }

    async fn seal(
        &self,
        key: &DataKey,
        at: &ObjectRef,
        plain: Bytes,
        mark: Mark,
    ) -> Result<Bytes, ObjectError> {
        let (key, at) = (key.clone(), at.clone());
        off_thread(plain.len(), move || sealed::seal(&key, &at, &plain, mark)).await
    }

    fn attributes_of(&self, mark: Mark) -> Attributes {
        let mut attributes = Attributes::new();
        if self.attributes && mark == Mark::NonAuthoritative {
            attributes.insert(
                Attribute::Metadata("non_authoritative".into()),
                "true".into(),
            );
        }
        attributes
    }

    fn path(&self, at: &ObjectRef) -> Path {
        let mut path = self.prefix.clone().join(at.bucket().name());
        path.extend(at.path().split('/'));
        path
    }
}

/// Runs cryptography on large inputs where it does not hold up other requests.
async fn off_thread<T: Send + 'static>(
    bytes: usize,
    work: impl FnOnce() -> Result<T, ObjectError> + Send + 'static,
) -> Result<T, ObjectError> {
    if bytes <= INLINE_MAX {
        return work();
    }
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| ObjectError::Unavailable {
        message: error.to_string(),
    })?
}
