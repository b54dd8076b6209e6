//! Segments in, whole files out; every composed file is checked against its recorded hash.

use bytes::{Bytes, BytesMut};
use deedbox_store::{
    objects::{DataKey, Mark, ObjectError, ObjectRef},
    revisions::{self, Revision},
};
use sha2::{Digest, Sha256};

use crate::{App, error::Error};

impl App {
    /// The file up to and including the last of `rows`, which must begin with revision 0.
    ///
    /// # Errors
    /// [`Error::Integrity`] when the stored segments do not hash to what the last row says.
    pub(crate) async fn compose(
        &self,
        owner: &str,
        key: &DataKey,
        rows: &[Revision],
    ) -> Result<Bytes, Error> {
        let last = rows
            .last()
            .ok_or_else(|| Error::internal("an envelope without a document"))?;
        let name = format!("document:{}", last.sha256);
        if let Some(known) = self.cache().get(&name) {
            return Ok(known);
        }
        let size = usize::try_from(last.byte_offset + last.length).map_err(Error::internal)?;
        let mut file = BytesMut::with_capacity(size);
        for row in rows {
            file.extend_from_slice(&self.segment(owner, key, row).await?);
        }
        if hex::encode(Sha256::digest(&file)) != last.sha256 {
            return Err(Error::Integrity);
        }
        let file = file.freeze();
        self.cache().put(name, file.clone());
        Ok(file)
    }

    async fn segment(&self, owner: &str, key: &DataKey, row: &Revision) -> Result<Bytes, Error> {
        let own = match &row.data_key_wrapped {
            Some(wrapped) => Some(self.data_key(owner, wrapped)?),
            None => None,
        };
        self.get_object(&row.bucket, &row.path, own.as_ref().unwrap_or(key))
            .await
    }

    /// The revisions of an envelope's document, oldest first.
    pub(crate) async fn revisions(&self, envelope_id: &str) -> Result<Vec<Revision>, Error> {
        let envelope_id = envelope_id.to_owned();
        Ok(self
            .store()
            .read("revisions", move |tx| revisions::all(tx, &envelope_id))
            .await?)
    }

    /// A data key of `owner` from its wrapped form.
    pub(crate) fn data_key(&self, owner: &str, wrapped: &[u8]) -> Result<DataKey, Error> {
        Ok(DataKey::from_bytes(*self.keys().data_key(owner, wrapped)?))
    }

    /// Reads and decrypts an object.
    ///
    /// # Errors
    /// [`Error::Integrity`] when it is missing or was altered; [`Error::Storage`] when the store
    /// cannot be reached.
    pub(crate) async fn get_object(
        &self,
        bucket: &str,
        path: &str,
        key: &DataKey,
    ) -> Result<Bytes, Error> {
        let at = ObjectRef::of_row(bucket, path).map_err(Error::internal)?;
        match self.objects().get(key, &at).await {
            Ok(bytes) => Ok(bytes),
            Err(ObjectError::NotFound { .. } | ObjectError::Corrupt { .. }) => {
                Err(Error::Integrity)
            }
            Err(error) => Err(Error::Storage(error.to_string())),
        }
    }

    /// Encrypts and stores an object that must not exist yet with other content.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub(crate) async fn put_object(
        &self,
        bucket: &str,
        path: &str,
        key: &DataKey,
        bytes: Bytes,
    ) -> Result<(), Error> {
        let at = ObjectRef::of_row(bucket, path).map_err(Error::internal)?;
        let mark = if bucket == super::bucket::COPIES {
            Mark::NonAuthoritative
        } else {
            Mark::Plain
        };
        let put = self.objects().put_new(key, &at, bytes, mark).await;
        put.map(drop)
            .map_err(|error| Error::Storage(error.to_string()))
    }
}
