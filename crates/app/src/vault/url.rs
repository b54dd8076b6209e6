//! P14, P15: signed URLs of the authoritative copy and of the marked copy.

use deedbox_core::asset::{Refusal, Standing, VaultState};

use crate::{
    App,
    caller::Caller,
    document::bucket,
    error::Error,
    storage_url::{Purpose, SignedUrl},
};

impl App {
    /// A URL of the authoritative bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Custody`]: not vaulted, released, in release escrow, quarantined.
    pub async fn authoritative_url(
        &self,
        caller: &Caller,
        envelope_id: &str,
        expires_in: u32,
    ) -> Result<SignedUrl, Error> {
        let loaded = self.load(caller.org.as_str(), envelope_id).await?;
        let asset = &loaded.record.asset;
        readable(asset.vault_state_for(&caller.org))?;
        let path = authoritative_path(caller.org.as_str(), envelope_id);
        let filename = format!("{envelope_id}_authoritative.pdf");
        Ok(self.sign_url(
            Purpose::Authoritative,
            bucket::VAULT,
            &path,
            filename,
            expires_in,
        ))
    }

    /// A URL of the marked copy; it works in every state but `none`.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Custody`] when not vaulted.
    pub async fn copy_url(
        &self,
        caller: &Caller,
        envelope_id: &str,
        expires_in: u32,
    ) -> Result<SignedUrl, Error> {
        let loaded = self.load(caller.org.as_str(), envelope_id).await?;
        if loaded.record.asset.vault_state == VaultState::None
            || loaded.record.asset.standing(&caller.org) == Standing::Stranger
        {
            return Err(Refusal::NotVaulted.into());
        }
        let path = copy_path(caller.org.as_str(), envelope_id);
        let filename = format!("{envelope_id}_copy.pdf");
        Ok(self.sign_url(Purpose::Copy, bucket::COPIES, &path, filename, expires_in))
    }
}

/// Whether the authoritative bytes may be read in this state (partner-api.md §4.2).
pub(crate) fn readable(state: VaultState) -> Result<(), Refusal> {
    match state {
        VaultState::Vaulted | VaultState::EscrowTransfer => Ok(()),
        VaultState::None => Err(Refusal::NotVaulted),
        VaultState::EscrowRelease => Err(Refusal::InEscrow),
        VaultState::Quarantined => Err(Refusal::Quarantined),
        VaultState::Released | VaultState::Transferred => Err(Refusal::Released),
    }
}

/// The path of an authoritative copy as partners see it (documented form).
pub(crate) fn authoritative_path(org_id: &str, envelope_id: &str) -> String {
    format!("{org_id}/{envelope_id}/signed.pdf")
}

/// The path of a marked copy as partners see it.
pub(crate) fn copy_path(org_id: &str, envelope_id: &str) -> String {
    format!("{org_id}/{envelope_id}/copy.pdf")
}
