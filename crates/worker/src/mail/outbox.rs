//! The local outbox: with no mail server configured, every message is a file
//! (operator-and-signing.md §1).

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::message::{Message, SendError};

/// The folder that messages are written to, one file each.
#[derive(Debug, Clone)]
pub struct Outbox {
    folder: PathBuf,
}

impl Outbox {
    /// The outbox in `folder`, which is made with the first message.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes `message` as `<id>.json`. A message that was already written is written again in
    /// the same place, so a job that runs twice leaves one file.
    ///
    /// # Errors
    /// [`SendError::Transient`] when the file cannot be written: a full disk can be emptied.
    pub async fn put(&self, message: &Message) -> Result<(), SendError> {
        let folder = self.folder.clone();
        let name = message.id.to_string();
        let json = serde_json::to_vec_pretty(message)
            .map_err(|error| SendError::Permanent(error.to_string()))?;
        tokio::task::spawn_blocking(move || write_durably(&folder, &name, &json))
            .await
            .map_err(|error| SendError::Transient(error.to_string()))?
            .map_err(|error| SendError::Transient(format!("the outbox: {error}")))
    }
}

/// All or nothing: the file appears under its name only when all of it is on the disk. Only the
/// owner may read it, because it carries links and codes.
fn write_durably(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let unfinished = folder.join(format!(".{name}.part"));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join(format!("{name}.json")))?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use deedbox_core::time::Timestamp;
    use serde_json::Value;

    use super::*;
    use crate::mail::{Channel, MessageKind};

    fn message() -> Message {
        let created_at = Timestamp::from_micros(1_775_901_600_000_000);
        Message {
            id: Message::id_for("job_1", "ana@example.com", created_at),
            channel: Channel::Email,
            to: "ana@example.com".into(),
            subject: "Please sign".into(),
            text: "Hello".into(),
            html: Some("<p>Hello</p>".into()),
            created_at,
            envelope_id: Some("env_x7k9m2p4q1w3".into()),
            signer_id: None,
            kind: MessageKind::Invitation,
            to_name: "Ana Example".into(),
            from_name: "Northwind Motors".into(),
            unsubscribe: None,
        }
    }

    #[tokio::test]
    async fn a_message_is_one_file_with_exactly_the_documented_keys() {
        let data_dir = tempfile::tempdir().expect("a folder");
        let message = message();
        Outbox::at(&data_dir.path().join("outbox"))
            .put(&message)
            .await
            .expect("written");
        let path = data_dir.path().join(format!("outbox/{}.json", message.id));
        let json: Value = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
        let mut keys: Vec<&str> = json
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        keys.sort_unstable();
        assert_eq!(
            keys,
            [
                "channel",
                "created_at",
                "envelope_id",
                "html",
                "id",
                "kind",
                "signer_id",
                "subject",
                "text",
                "to"
            ]
        );
        assert_eq!(json["id"], message.id.to_string());
        assert_eq!(json["created_at"], "2026-04-11T10:00:00.000Z");
        assert_eq!(json["channel"], "email");
        assert_eq!(json["kind"], "invitation");
        assert_eq!(
            fs::metadata(&path).expect("a file").permissions().mode() & 0o777,
            0o600
        );
    }

    #[tokio::test]
    async fn a_job_that_runs_twice_leaves_one_file_and_no_rest() {
        let data_dir = tempfile::tempdir().expect("a folder");
        let outbox = Outbox::at(&data_dir.path().join("outbox"));
        outbox.put(&message()).await.expect("written");
        outbox.put(&message()).await.expect("written again");
        let files = fs::read_dir(data_dir.path().join("outbox"))
            .expect("a folder")
            .count();
        assert_eq!(files, 1);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_tried_again_later() {
        let data_dir = tempfile::tempdir().expect("a folder");
        fs::write(data_dir.path().join("outbox"), b"not a folder").expect("a file");
        let error = Outbox::at(&data_dir.path().join("outbox"))
            .put(&message())
            .await
            .expect_err("no folder");
        assert!(matches!(error, SendError::Transient(_)));
    }
}
