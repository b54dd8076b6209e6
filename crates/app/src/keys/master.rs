//! The master key: wraps every other secret at rest.

use std::{fs, io, io::Write as _, path::Path};

use aes_gcm_siv::{
    Aes256GcmSiv, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{clock::Entropy, error::Error};

const NONCE_LEN: usize = 12;

/// 32 bytes that wrap keys with AES-256-GCM-SIV (RFC 8452): a repeated nonce does not reveal the key.
pub struct MasterKey {
    cipher: Aes256GcmSiv,
    /// For signing storage URLs and embed tokens: derived, so no second secret must be kept.
    derived: Zeroizing<[u8; 32]>,
}

impl MasterKey {
    fn new(bytes: &[u8; 32]) -> Self {
        let derived = Sha256::new_with_prefix(b"deedbox derived")
            .chain_update(bytes)
            .finalize();
        Self {
            cipher: Aes256GcmSiv::new(bytes.into()),
            derived: Zeroizing::new(derived.into()),
        }
    }

    /// Reads the key file; makes one (mode 0600) when `create` says that this is a first start.
    ///
    /// # Errors
    /// [`Error::Internal`] naming the file and the remedy: missing although keys exist, readable by
    /// others, or not 64 hex digits.
    pub fn open(path: &Path, create: bool, entropy: &dyn Entropy) -> Result<Self, Error> {
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound && create => {
                let bytes = Zeroizing::new(entropy.seed());
                write_private(path, &hex::encode(*bytes))?;
                Ok(Self::new(&bytes))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::internal(format!(
                "master key file {} is missing but the database holds keys wrapped by it: \
                 restore the file from your backup",
                path.display()
            ))),
            Err(error) => Err(Error::internal(format!(
                "cannot read {}: {error}",
                path.display()
            ))),
        }
    }

    fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        check_mode(path)?;
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim(), &mut *bytes).map_err(|_| {
            Error::internal(format!(
                "{} must hold 64 hex digits (32 bytes)",
                path.display()
            ))
        })?;
        Ok(Self::new(&bytes))
    }

    /// Wraps `secret`; `context` must be given again to unwrap, so a wrapped value cannot be moved.
    ///
    /// # Panics
    /// Never: the cipher refuses only beyond 64 GiB.
    #[must_use]
    pub fn wrap(&self, context: &str, secret: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
        let mut out = vec![0; NONCE_LEN];
        entropy.fill(&mut out);
        let payload = Payload {
            msg: secret,
            aad: context.as_bytes(),
        };
        let sealed = self
            .cipher
            .encrypt(Nonce::from_slice(&out), payload)
            .expect("secrets are far below the cipher's 64 GiB limit");
        out.extend_from_slice(&sealed);
        out
    }

    /// Opens what [`Self::wrap`] made under the same context.
    ///
    /// # Errors
    /// [`Error::Internal`] when the bytes were altered or belong to another master key.
    pub fn unwrap(&self, context: &str, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let opened = wrapped
            .split_at_checked(NONCE_LEN)
            .and_then(|(nonce, sealed)| {
                let payload = Payload {
                    msg: sealed,
                    aad: context.as_bytes(),
                };
                self.cipher.decrypt(Nonce::from_slice(nonce), payload).ok()
            });
        opened.map(Zeroizing::new).ok_or_else(|| {
            Error::internal(format!(
                "{context} is not wrapped by this master key, or was altered"
            ))
        })
    }

    /// A key for one purpose, derived from the master key.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        Sha256::new_with_prefix(*self.derived)
            .chain_update(purpose)
            .finalize()
            .into()
    }
}

fn write_private(path: &Path, text: &str) -> Result<(), Error> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let write = || -> io::Result<()> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        writeln!(file, "{text}")?;
        file.sync_all()?;
        match path.parent() {
            Some(parent) => fs::File::open(parent)?.sync_all(),
            None => Ok(()),
        }
    };
    write().map_err(|error| Error::internal(format!("cannot write {}: {error}", path.display())))
}

fn check_mode(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path)
        .map_err(Error::internal)?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        return Err(Error::internal(format!(
            "{} can be read by others: chmod 600 {0}",
            path.display()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    #[test]
    fn a_wrapped_secret_opens_only_under_its_own_context() {
        let key = MasterKey::new(&[7; 32]);
        let wrapped = key.wrap("webhook:key_1", b"secret", &SystemEntropy);
        assert_eq!(&*key.unwrap("webhook:key_1", &wrapped).unwrap(), b"secret");
        assert!(key.unwrap("webhook:key_2", &wrapped).is_err());
        assert!(key.unwrap("webhook:key_1", &wrapped[..5]).is_err());
    }

    #[test]
    fn a_missing_file_is_made_only_at_the_first_start() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        assert!(MasterKey::open(&path, false, &SystemEntropy).is_err());
        let made = MasterKey::open(&path, true, &SystemEntropy).unwrap();
        let again = MasterKey::open(&path, false, &SystemEntropy).unwrap();
        assert_eq!(made.derive("x"), again.derive("x"));
    }
}
