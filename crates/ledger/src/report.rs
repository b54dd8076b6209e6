//! What a verification found.

use serde::Serialize;

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BundleCheck {
    /// What: `trail`, `document`, `control`, `certificate`, `completion`.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What was found.
    pub detail: String,
}

/// What a bundle proves about a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BundleReport {
    /// Whether every check holds.
    pub ok: bool,
    /// The envelope that the bundle speaks of.
    pub envelope_id: Option<String>,
    /// The checks.
    pub checks: Vec<BundleCheck>,
    /// What could not be checked, and what would be needed.
    pub not_checked: Vec<String>,
}

impl BundleReport {
    pub(crate) fn new(envelope_id: Option<String>) -> Self {
        Self {
            ok: true,
            envelope_id,
            checks: Vec::new(),
            not_checked: Vec::new(),
        }
    }

    pub(crate) fn note(&mut self, name: &'static str, found: Result<String, String>) {
        let ok = found.is_ok();
        self.ok &= ok;
        let detail = found.unwrap_or_else(|fault| fault);
        self.checks.push(BundleCheck { name, ok, detail });
    }
}
