//! What is wrong with an input, said at the place where it is wrong.

use serde::{Deserialize, Serialize};

/// One fault of an input: where it is and what would mend it. Doors print it as an item of `details`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field}: {message}")]
pub struct FieldError {
    /// Path of the faulty value, e.g. `signers[0].email`.
    pub field: String,
    /// What is wrong and what is expected.
    pub message: String,
}

impl FieldError {
    /// A fault at a path.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// Collects faults, so that a caller hears of all of them at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// No fault yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a fault.
    pub fn push(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    /// Notes a fault unless the condition holds.
    pub fn require(&mut self, holds: bool, field: impl Into<String>, message: impl Into<String>) {
        if !holds {
            self.push(field, message);
        }
    }

    /// Notes a fault unless the text has between `min` and `max` characters.
    pub fn length(&mut self, text: &str, min: usize, max: usize, field: impl Into<String>) {
        let count = text.chars().count();
        let holds = (min..=max).contains(&count);
        self.require(holds, field, format!("must have {min} to {max} characters"));
    }

    /// Takes over the faults found by another check.
    pub fn extend(&mut self, faults: Vec<FieldError>) {
        self.0.extend(faults);
    }

    /// `Ok` with the value when nothing is wrong.
    ///
    /// # Errors
    /// All faults noted so far.
    pub fn into_result<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(self.0)
        }
    }

    /// The faults noted so far.
    #[must_use]
    pub fn into_vec(self) -> Vec<FieldError> {
        self.0
    }
}
