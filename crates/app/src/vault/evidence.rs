//! P11: the bundle that proves a record to somebody who does not trust this server.

use deedbox_core::{
    Digest, Event, Timestamp,
    envelope::EnvelopeEvent,
    evidence::{
        Opened, Signature, SignedJson, bundle_entry, certificate_of_completion,
        completion::{CompletionTerms, SealTerms, Sender},
    },
};
use deedbox_pades::Signer as _;
use deedbox_store::{certificates, events, keys};
use serde_json::{Value, json};

use super::certificate::KIND;
use crate::{
    App,
    caller::Caller,
    error::Error,
    keys::control_key,
    record::{self, Loaded},
};

/// Version of the bundle's form.
const BUNDLE_VERSION: &str = "1.0";

impl App {
    /// The evidence bundle of an envelope, whatever its status.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn evidence(&self, caller: &Caller, envelope_id: &str) -> Result<Value, Error> {
        let loaded = self.load(caller.org.as_str(), envelope_id).await?;
        let id = envelope_id.to_owned();
        let (stream, newest) = self
            .store()
            .snapshot("evidence", move |tx| {
                let stream = events::stream(tx, &id, 0)?;
                Ok::<_, Error>((stream, certificates::latest(tx, &id, KIND)?))
            })
            .await?;
        let mut trail = Vec::with_capacity(stream.len());
        let mut opened = Vec::with_capacity(stream.len());
        for row in stream {
            let entry = record::entry(row)?;
            opened.push(entry.open(Some(&loaded.key)).map_err(Error::internal)?);
            trail.push(bundle_entry(&entry, Some(&loaded.key)).map_err(Error::internal)?);
        }
        let now = self.now().whole_millis();
        let certificate: Option<Value> = match newest {
            Some(row) => Some(serde_json::from_str(&row.body).map_err(Error::internal)?),
            None => None,
        };
        Ok(json!({
            "bundle_version": BUNDLE_VERSION,
            "envelope_id": envelope_id,
            "generated_at": now,
            "final": loaded.envelope().status.is_final(),
            "completion": self.completion(&loaded, &opened, now).await?,
            "certificate": certificate,
            "trail": trail,
            "control": loaded.record.asset.control,
            "log": null,
            "timestamps": [],
            "keys": self.bundle_keys(&loaded).await?,
            "authorities": self.authorities(),
        }))
    }

    /// The certificate of completion, signed over its canonical form.
    async fn completion(
        &self,
        loaded: &Loaded,
        trail: &[Opened],
        now: Timestamp,
    ) -> Result<Value, Error> {
        let envelope = loaded.envelope();
        let org = self.org(envelope.org_id.as_str()).await?;
        let seal = trail.iter().find_map(|entry| match &entry.event {
            Event::Envelope(EnvelopeEvent::Completed(done)) => Some(SealTerms {
                // The only kind of seal key that this version makes.
                alg: "ecdsa-with-SHA256".to_owned(),
                cert_fpr: Digest::of(self.keys().seal.certificate()),
                signed_at: done.completed_at,
                level: done.level.clone(),
            }),
            _ => None,
        });
        let terms = CompletionTerms {
            generated_at: now,
            sender: Sender {
                name: envelope.created_by.name.clone(),
                email: None,
                organization: org.name,
            },
            seal,
            timestamps: Vec::new(),
            log: None,
        };
        let document = certificate_of_completion(&loaded.record, trail, &terms);
        let signed = SignedJson::new(document.as_object().cloned().unwrap_or_default());
        let key = &self.keys().certificate;
        let signature = Signature::ed25519(key.id().as_str(), &key.sign(&signed.signed_bytes()));
        Ok(signed.signed(&signature))
    }

    /// The public keys that the bundle's signatures were made with.
    async fn bundle_keys(&self, loaded: &Loaded) -> Result<Vec<Value>, Error> {
        let mut listed: Vec<Value> = self
            .keys()
            .published()
            .iter()
            .map(|key| json!(key))
            .collect();
        let ids: Vec<String> = self.control_keys(loaded).await?.into_keys().collect();
        let rows = self
            .store()
            .read("bundle keys", move |tx| {
                let mut rows = Vec::new();
                for id in &ids {
                    rows.extend(keys::get(tx, id)?);
                }
                Ok::<_, Error>(rows)
            })
            .await?;
        listed.extend(
            rows.into_iter()
                .filter_map(control_key)
                .map(|key| json!(key)),
        );
        Ok(listed)
    }
}
