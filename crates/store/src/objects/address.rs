//! Where an object is: a logical bucket and a path in it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::ObjectError;

/// Longest path, so that it fits every file system and S3 with any prefix.
const PATH_BYTES_MAX: usize = 512;

/// The logical buckets (partner-api 6.1: originals and copies lie apart).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Bucket {
    /// Working files: uploads, revisions, certificates of completion.
    #[serde(rename = "work")]
    Work,
    /// Authoritative copies.
    #[serde(rename = "ucc-vault")]
    Vault,
    /// Marked, non-authoritative copies.
    #[serde(rename = "ucc-copies")]
    Copies,
    /// PDFs of templates.
    #[serde(rename = "templates")]
    Templates,
}

impl Bucket {
    /// The name as it stands in paths, rows and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Bucket::Work => "work",
            Bucket::Vault => "ucc-vault",
            Bucket::Copies => "ucc-copies",
            Bucket::Templates => "templates",
        }
    }

    /// The bucket of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [
            Bucket::Work,
            Bucket::Vault,
            Bucket::Copies,
            Bucket::Templates,
        ]
        .into_iter()
        .find(|bucket| bucket.name() == name)
    }
}

/// A checked place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct ObjectRef {
    bucket: Bucket,
    path: String,
}

#[derive(Deserialize)]
struct Raw {
    bucket: Bucket,
    path: String,
}

impl TryFrom<Raw> for ObjectRef {
    type Error = ObjectError;

    fn try_from(raw: Raw) -> Result<Self, ObjectError> {
        Self::new(raw.bucket, &raw.path)
    }
}

impl ObjectRef {
    /// A place; parts are letters, digits, `.`, `_`, `-`, separated by `/`, and none begins with a
    /// dot, so nothing leads out of the bucket.
    ///
    /// # Errors
    /// [`ObjectError::Path`] for any other path.
    pub fn new(bucket: Bucket, path: &str) -> Result<Self, ObjectError> {
        let clean = |part: &str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain)
        };
        if path.len() > PATH_BYTES_MAX || !path.split('/').all(clean) {
            return Err(ObjectError::Path {
                path: path.chars().take(80).collect(),
            });
        }
        Ok(Self {
            bucket,
            path: path.to_owned(),
        })
    }

    /// From the two columns of a row.
    ///
    /// # Errors
    /// [`ObjectError::Path`] for an unknown bucket or a path that is not allowed.
    pub fn of_row(bucket: &str, path: &str) -> Result<Self, ObjectError> {
        let known = Bucket::of_name(bucket);
        let known = known.ok_or_else(|| ObjectError::Path {
            path: format!("{bucket}/{path}"),
        })?;
        Self::new(known, path)
    }

    /// The bucket.
    #[must_use]
    pub fn bucket(&self) -> Bucket {
        self.bucket
    }

    /// The path in the bucket.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// `ucc-vault/org_…/env_…/signed.pdf`.
impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.bucket.name(), self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_its_bucket() {
        for path in [
            "..", "a/../b", "/a", "a//b", "", "a/", ".a", "a b", "a\\b", "a/\0", "ä",
        ] {
            assert!(ObjectRef::new(Bucket::Work, path).is_err(), "{path:?}");
        }
        assert!(ObjectRef::new(Bucket::Work, &"a".repeat(513)).is_err());
        assert!(ObjectRef::new(Bucket::Vault, "org_1/env_2/signed.pdf").is_ok());
    }

    #[test]
    fn a_place_survives_json_and_a_forged_one_does_not() {
        let at = ObjectRef::new(Bucket::Copies, "org_1/copy.pdf").expect("a good path");
        let json = serde_json::to_string(&at).expect("serializable");
        assert_eq!(json, r#"{"bucket":"ucc-copies","path":"org_1/copy.pdf"}"#);
        assert_eq!(
            serde_json::from_str::<ObjectRef>(&json).expect("readable"),
            at
        );
        let forged = r#"{"bucket":"ucc-copies","path":"../x"}"#;
        assert!(serde_json::from_str::<ObjectRef>(forged).is_err());
        assert_eq!(
            ObjectRef::of_row("ucc-copies", "org_1/copy.pdf").expect("known"),
            at
        );
        assert!(ObjectRef::of_row("elsewhere", "x").is_err());
    }
}
