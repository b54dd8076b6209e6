//! P17: the eight checks, computed when asked, whatever the status.

use deedbox_core::{
    CustomerId,
    asset::{TamperSource, VaultState},
    compliance::Report,
    envelope::Status,
};
use deedbox_store::certificates;

use super::download::Found;
use crate::{
    App, caller::Caller, document::bucket, envelope::decide::ATTEMPTS, error::Error, record::Loaded,
};

/// The answer to a compliance question.
#[derive(Clone, Debug)]
pub struct Compliance {
    /// The envelope.
    pub envelope_id: String,
    /// Its name.
    pub envelope_name: String,
    /// Its customer.
    pub customer_id: Option<CustomerId>,
    /// Its status.
    pub envelope_status: Status,
    /// The report.
    pub report: Report,
}

impl App {
    /// Evaluates all eight checks now. For a record that was vaulted, a result that differs from the
    /// newest certificate's issues a new one; a digest mismatch quarantines.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn compliance(
        &self,
        caller: &Caller,
        envelope_id: &str,
    ) -> Result<Compliance, Error> {
        let _turn = self.locks().of(envelope_id).await;
        for attempt in 1.. {
            let loaded = self.load(caller.org.as_str(), envelope_id).await?;
            match self.evaluate_once(loaded, TamperSource::Compliance).await {
                Err(Error::Conflict) if attempt < ATTEMPTS => {}
                Err(error) => return Err(error),
                Ok((loaded, report)) => {
                    let envelope = loaded.envelope();
                    return Ok(Compliance {
                        envelope_id: envelope_id.to_owned(),
                        envelope_name: envelope.name.clone().unwrap_or_default(),
                        customer_id: envelope.customer_id.clone(),
                        envelope_status: loaded.record.status_for(&caller.org),
                        report,
                    });
                }
            }
        }
        Err(Error::Conflict)
    }

    /// The weekly look at a vaulted record.
    ///
    /// # Errors
    /// [`Error::Storage`] when the store cannot be reached: the job tries again.
    pub async fn sweep(&self, envelope_id: &str) -> Result<(), Error> {
        let _turn = self.locks().of(envelope_id).await;
        let loaded = self.load_any(envelope_id).await?;
        if !loaded.record.asset.vault_state.is_live() {
            return Ok(());
        }
        self.evaluate_once(loaded, TamperSource::Scheduled)
            .await
            .map(drop)
    }

    async fn evaluate_once(
        &self,
        loaded: Loaded,
        source: TamperSource,
    ) -> Result<(Loaded, Report), Error> {
        let state = loaded.record.asset.vault_state;
        let (mut loaded, bytes) = match state {
            VaultState::None | VaultState::Released | VaultState::Transferred => {
                (loaded, Err(None))
            }
            // A record whose trail does not hold is reported on, but takes no further entry.
            _ if loaded.trail.is_err() => {
                let bytes = self.read_authoritative(&loaded).await?;
                (loaded, bytes)
            }
            _ => self.look_again(loaded, source).await?,
        };
        let ctx = self.context(deedbox_core::Actor::system("compliance"));
        let report = self.evaluate_now(&loaded, &ctx, bytes).await?;
        let newest = loaded.record.asset.newest_certificate();
        let differs = newest.is_some_and(|it| it.results != report.results());
        if !differs || loaded.trail.is_err() {
            return Ok((loaded, report));
        }
        let org = self.org(loaded.record.holder().as_str()).await?;
        let (row, outcome) = self.issue_certificate(&mut loaded, &org, &ctx, report.clone())?;
        let committed = self.commit("certificate", loaded, &ctx, outcome, move |tx| {
            Ok(certificates::insert(tx, &row)?)
        });
        Ok((committed.await?, report))
    }

    async fn read_authoritative(&self, loaded: &Loaded) -> Result<Found, Error> {
        match &loaded.record.asset.authoritative {
            Some(file) => self.read_stored(loaded, bucket::VAULT, file).await,
            None => Ok(Err(None)),
        }
    }
}
