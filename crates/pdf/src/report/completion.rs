//! The certificate of completion: who signed what, how each was known, and the trail.

use serde::{Deserialize, Serialize};

use super::{Attachment, Column, Fact, Report, Section};
use crate::spec::Locale;

/// Everything the certificate shows. Times are formatted for a person by the caller; phones and
/// document numbers come masked; codes never come at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// Language.
    pub locale: Locale,
    /// Operator of the instance.
    pub operator: String,
    /// The envelope's id.
    pub envelope_id: String,
    /// The envelope's name.
    pub envelope_name: String,
    /// Who asked for the signatures.
    pub sender: String,
    /// When it was sent.
    pub sent_at: String,
    /// When the last signature was made.
    pub completed_at: String,
    /// SHA-256 of the document as uploaded, in hex.
    pub sha256_original: String,
    /// SHA-256 of the sealed document, in hex.
    pub sha256_final: String,
    /// Pages of the sealed document.
    pub pages: u32,
    /// Size of the sealed document.
    pub bytes: u64,
    /// What was achieved, such as `PAdES B-T, built-in time-stamping authority`.
    pub seal: String,
    /// The signers in order.
    pub signers: Vec<SignerBlock>,
    /// The trail, oldest first.
    pub trail: Vec<TrailEntry>,
    /// Notices shown at the end.
    pub notices: Vec<String>,
    /// When the certificate was made: seconds since 1970 UTC.
    pub created: i64,
    /// Evidence to attach.
    pub attachments: Vec<Attachment>,
}

/// One signer on the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignerBlock {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Role.
    pub role: String,
    /// When the signer signed.
    pub signed_at: String,
    /// What the signer went through, such as `Code by e-mail, 11 Apr 2026, 10:00 UTC`.
    pub steps: Vec<String>,
    /// Further facts, such as address and browser.
    pub facts: Vec<Fact>,
}

/// One entry of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEntry {
    /// Position in the chain.
    pub seq: u64,
    /// When.
    pub at: String,
    /// What happened.
    pub what: String,
    /// Who did it.
    pub who: String,
    /// The entry's hash in hex; its beginning is shown.
    pub hash: String,
}

impl Completion {
    /// The certificate as a document.
    #[must_use]
    pub fn report(&self) -> Report {
        let t = |en, es| self.locale.pick(en, es);
        let mut sections = vec![self.envelope(), self.document()];
        sections.extend(self.signers.iter().map(|s| self.signer(s)));
        sections.push(self.trail());
        if !self.notices.is_empty() {
            let title = t("Notices", "Avisos").to_owned();
            sections.push(Section::Text {
                title,
                paragraphs: self.notices.clone(),
            });
        }
        Report {
            kicker: self.operator.clone(),
            title: t("Certificate of completion", "Certificado de finalización").to_owned(),
            summary: self.envelope_name.clone(),
            locale: self.locale,
            created: self.created,
            footer: self.envelope_id.clone(),
            sections,
            attachments: self.attachments.clone(),
        }
    }

    fn envelope(&self) -> Section {
        let t = |en, es| self.locale.pick(en, es);
        let rows = vec![
            Fact::new(t("Id", "Id"), &self.envelope_id),
            Fact::new(t("Sent by", "Enviado por"), &self.sender),
            Fact::new(t("Sent", "Enviado"), &self.sent_at),
            Fact::new(t("Completed", "Completado"), &self.completed_at),
        ];
        Section::Facts {
            title: t("Envelope", "Sobre").to_owned(),
            rows,
        }
    }

    fn document(&self) -> Section {
        let t = |en, es| self.locale.pick(en, es);
        let size = format!(
            "{} {}, {} bytes",
            self.pages,
            t("pages", "páginas"),
            self.bytes
        );
        let rows = vec![
            Fact::new(
                t("As uploaded, SHA-256", "Original, SHA-256"),
                &self.sha256_original,
            ),
            Fact::new(
                t("As sealed, SHA-256", "Sellado, SHA-256"),
                &self.sha256_final,
            ),
            Fact::new(t("Size", "Tamaño"), size),
            Fact::new(t("Seal", "Sello"), &self.seal),
        ];
        Section::Facts {
            title: t("Document", "Documento").to_owned(),
            rows,
        }
    }

    fn signer(&self, signer: &SignerBlock) -> Section {
        let t = |en, es| self.locale.pick(en, es);
        let mut rows = vec![
            Fact::new(t("Role", "Rol"), &signer.role),
            Fact::new(t("E-mail", "Correo electrónico"), &signer.email),
            Fact::new(t("Signed", "Firmado"), &signer.signed_at),
        ];
        rows.extend(
            signer
                .steps
                .iter()
                .map(|step| Fact::new(t("Step", "Paso"), step)),
        );
        rows.extend(signer.facts.iter().cloned());
        Section::Facts {
            title: signer.name.clone(),
            rows,
        }
    }

    fn trail(&self) -> Section {
        let t = |en, es| self.locale.pick(en, es);
        let column = |title: &str, share| Column {
            title: title.to_owned(),
            share,
        };
        let columns = vec![
            column("#", 0.5),
            column(t("Time", "Hora"), 2.2),
            column(t("Event", "Evento"), 2.4),
            column(t("By", "Por"), 2.4),
            column(t("Hash", "Hash"), 1.6),
        ];
        let rows = self.trail.iter().map(|entry| {
            let short: String = entry.hash.chars().take(12).collect();
            vec![
                entry.seq.to_string(),
                entry.at.clone(),
                entry.what.clone(),
                entry.who.clone(),
                short,
            ]
        });
        Section::Table {
            title: t("Trail", "Registro de eventos").to_owned(),
            columns,
            rows: rows.collect(),
        }
    }
}
