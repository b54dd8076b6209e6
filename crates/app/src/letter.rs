//! What the worker needs to know to write a message about an envelope to one of its signers.

use deedbox_core::{
    EnvelopeId,
    envelope::{Envelope, Signer},
};
use serde::Deserialize;

use crate::{App, error::Error};

/// An envelope and the organization in whose name messages about it go.
#[derive(Clone, Debug)]
pub struct Letterhead {
    /// The envelope, as its events tell it.
    pub envelope: Envelope,
    /// The organization.
    pub sender: Sender,
}

/// How an organization appears in messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Its name.
    pub name: String,
    /// Address of an image of it.
    pub logo_url: Option<String>,
    /// Colour of its buttons, `#rrggbb`.
    pub accent: Option<String>,
}

/// The part of an organization's settings that is read here.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Settings {
    brand: Brand,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Brand {
    logo_url: Option<String>,
    accent: Option<String>,
}

impl App {
    /// Reads what messages about an envelope are written from.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the envelope does not exist.
    pub async fn letterhead(&self, envelope_id: &str) -> Result<Letterhead, Error> {
        let loaded = self.load_any(envelope_id).await?;
        let envelope = loaded.envelope().clone();
        let org = self.org(envelope.org_id.as_str()).await?;
        let Settings { brand } = serde_json::from_str(&org.settings).unwrap_or_default();
        let sender = Sender {
            name: org.name,
            logo_url: brand.logo_url,
            accent: brand.accent,
        };
        Ok(Letterhead { envelope, sender })
    }

    /// A fresh link for a message to a signer: before signing it opens the signing page, afterwards
    /// that signer's own state and copy.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn letter_link(&self, envelope: &EnvelopeId, to: &Signer) -> Result<String, Error> {
        self.new_link(envelope, to).await
    }
}
