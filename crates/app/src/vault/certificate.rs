//! Certificates: a report of checks, signed and never overwritten (P16).

use deedbox_core::{
    CertificateId, Context, Digest, Outcome,
    asset::{CertificateStatus, Command, IssueCertificate},
    compliance::{CertificateTerms, Report, Software, certificate},
    evidence::{Signature, canonical},
};
use deedbox_store::{certificates, orgs};
use serde_json::{Value, json};

use crate::{
    App,
    caller::Caller,
    error::{Error, What},
    record::Loaded,
};

/// Kind of a compliance certificate among stored certificates.
pub(crate) const KIND: &str = "ucc_9105";

impl App {
    /// The newest certificate of an envelope, or the one named.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Custody`] before vault-in.
    pub async fn certificate(
        &self,
        caller: &Caller,
        envelope_id: &str,
        certificate_id: Option<&str>,
    ) -> Result<Value, Error> {
        let loaded = self.load(caller.org.as_str(), envelope_id).await?;
        if loaded.record.asset.asset_id.is_none() {
            return Err(deedbox_core::asset::Refusal::NotVaulted.into());
        }
        let id = envelope_id.to_owned();
        let wanted = certificate_id.map(str::to_owned);
        let row = self
            .store()
            .read("certificate", move |tx| match &wanted {
                Some(wanted) => certificates::get(tx, &id, wanted),
                None => certificates::latest(tx, &id, KIND),
            })
            .await?
            .ok_or(Error::NotFound(What::Certificate))?;
        serde_json::from_str(&row.body).map_err(Error::internal)
    }

    /// Signs a certificate from a report and records its issue on the loaded record.
    pub(crate) fn issue_certificate(
        &self,
        loaded: &mut Loaded,
        org: &orgs::Org,
        ctx: &Context,
        report: Report,
    ) -> Result<(certificates::Certificate, Outcome), Error> {
        let asset = &loaded.record.asset;
        let supersedes = asset
            .newest_certificate()
            .map(|it| it.certificate_id.clone());
        let n = asset.certificates.len() + 1;
        let terms = CertificateTerms {
            certificate_id: ctx.id(&format!("certificate {n}")),
            issued_at: ctx.now,
            status: status(loaded),
            supersedes: supersedes.clone(),
            governing_law: org.governing_law.clone(),
            object_version: "1".to_owned(),
            policy_snapshot_sha256: policy_snapshot(org),
            software: software(),
        };
        let signed = certificate(&loaded.record, &report, &terms)
            .ok_or_else(|| Error::internal("a certificate for a record that was never vaulted"))?;
        let key = &self.keys().certificate;
        let signature = Signature::ed25519(key.id().as_str(), &key.sign(&signed.signed_bytes()));
        let row = row(loaded, &terms, n, &signed.logged(&signature, None));
        let issue = IssueCertificate {
            certificate_id: terms.certificate_id,
            sha256: signed.digest(),
            status: terms.status,
            supersedes,
            compliant: report.compliant,
            score: report.score,
            results: report.results(),
            missing_requirements: report.missing_requirements,
            evaluated_at: report.evaluated_at,
        };
        let outcome = loaded.execute(Command::IssueCertificate(Box::new(issue)), ctx)?;
        Ok((row, outcome))
    }
}

fn row(
    loaded: &Loaded,
    terms: &CertificateTerms,
    n: usize,
    document: &Value,
) -> certificates::Certificate {
    certificates::Certificate {
        certificate_id: terms.certificate_id.to_string(),
        envelope_id: loaded.row.envelope_id.clone(),
        kind: KIND.to_owned(),
        n: i64::try_from(n).unwrap_or(i64::MAX),
        issued_at: terms.issued_at.micros(),
        supersedes: terms.supersedes.as_ref().map(CertificateId::to_string),
        body: document.to_string(),
    }
}

/// The status under which a certificate is issued (partner-api.md §8.3).
fn status(loaded: &Loaded) -> CertificateStatus {
    use deedbox_core::asset::VaultState;
    match loaded.record.asset.vault_state {
        VaultState::Quarantined => CertificateStatus::Revoked,
        VaultState::Released => CertificateStatus::Superseded,
        _ => CertificateStatus::Active,
    }
}

/// The settings in force: who could have acted, and how.
fn policy_snapshot(org: &orgs::Org) -> Digest {
    Digest::of(&canonical::to_bytes(&json!({
        "organization": org.org_id,
        "auto_vault": org.auto_vault,
        "profile": org.profile,
        "governing_law": org.governing_law,
        "secured_party": org.secured_party_name,
        "settings": org.settings,
    })))
}

fn software() -> Software {
    Software {
        name: "deedbox".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        build_sha256: None,
    }
}
