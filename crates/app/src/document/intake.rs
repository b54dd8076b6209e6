//! Taking an upload in: read by a child process, refused by name, normalised where its structure needs it.

use bytes::Bytes;
use deedbox_pdf::{
    Inspection,
    child::{Answer, Ask, ChildError},
};

use crate::{App, error::Error};

/// An upload that was accepted.
pub(crate) struct Intake {
    /// The bytes that envelopes are built on: the upload, or its normalised form.
    pub bytes: Bytes,
    /// What was found in them.
    pub inspection: Inspection,
    /// The upload as it came, when it had to be normalised: kept as evidence.
    pub original: Option<Bytes>,
}

impl App {
    /// Inspects an upload; `part` names it in refusals.
    pub(crate) async fn take_in(&self, part: &'static str, upload: Bytes) -> Result<Intake, Error> {
        let mut answers = self.ask_child(upload.clone(), vec![Ask::Inspect]).await;
        let inspection = inspection(part, &mut answers)?;
        if inspection.normalise.is_none() {
            return Ok(Intake {
                bytes: upload,
                inspection,
                original: None,
            });
        }
        let normalised = match self.ask_child(upload.clone(), vec![Ask::Normalise]).await {
            Ok(answers) => match answers.into_iter().next() {
                Some(Answer::Normalised(bytes)) => Bytes::from(bytes),
                _ => return Err(Error::internal("the PDF child gave no normalised file")),
            },
            Err(error) => return Err(refused(part, error)),
        };
        let mut answers = self.ask_child(normalised.clone(), vec![Ask::Inspect]).await;
        let inspection = self::inspection(part, &mut answers)?;
        Ok(Intake {
            bytes: normalised,
            inspection,
            original: Some(upload),
        })
    }

    /// Asks a child process about a file, without blocking the runtime.
    pub(crate) async fn ask_child(
        &self,
        bytes: Bytes,
        asks: Vec<Ask>,
    ) -> Result<Vec<Answer>, ChildError> {
        let launcher = self.launcher().clone();
        let asked = tokio::task::spawn_blocking(move || launcher.ask(&bytes, &asks)).await;
        asked.unwrap_or_else(|panic| Err(ChildError::Crashed(panic.to_string())))
    }
}

fn inspection(
    part: &str,
    answers: &mut Result<Vec<Answer>, ChildError>,
) -> Result<Inspection, Error> {
    match std::mem::replace(answers, Ok(Vec::new())) {
        Ok(answers) => match answers.into_iter().next() {
            Some(Answer::Inspection(inspection)) => Ok(inspection),
            _ => Err(Error::internal("the PDF child gave no inspection")),
        },
        Err(error) => Err(refused(part, error)),
    }
}

/// A file that the child refused, could not read in time, or died of, as a fault of the upload.
pub(crate) fn refused(part: &str, error: ChildError) -> Error {
    match error {
        ChildError::Refused(refusal) => Error::invalid(part, refusal.to_string()),
        ChildError::Timeout(_) | ChildError::Crashed(_) => Error::invalid(
            part,
            "The PDF takes too much time or memory to read. Save it anew, or print it to a PDF.",
        ),
        ChildError::Io(error) => Error::internal(error),
    }
}
