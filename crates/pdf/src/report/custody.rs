//! The custody record of a vault-in (partner contract P12, step 6).

use serde::{Deserialize, Serialize};

use super::{Attachment, Check, Fact, Report, Section};
use crate::spec::Locale;

/// Who put which record into the vault, and what was done to it there. Times are formatted for
/// a person by the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustodyRecord {
    /// Language.
    pub locale: Locale,
    /// Operator of the vault.
    pub operator: String,
    /// The envelope's id.
    pub envelope_id: String,
    /// The envelope's name.
    pub envelope_name: String,
    /// The asset's id.
    pub asset_id: String,
    /// `esign` or `paper`, in words.
    pub source: String,
    /// What became of a signed paper original, where there was one.
    pub paper_original: Option<String>,
    /// Titles of the documents in the record.
    pub titles: Vec<String>,
    /// SHA-256 of the authoritative bytes, in hex.
    pub document_sha256: String,
    /// Size of the authoritative bytes.
    pub document_bytes: u64,
    /// Pages of the authoritative document.
    pub pages: u32,
    /// Where it is stored.
    pub location: String,
    /// When it was submitted.
    pub submitted_at: String,
    /// Who submitted it: the vaulting actor, who became the first custodian.
    pub submitted_by: String,
    /// The assignee at vault-in.
    pub assignee: String,
    /// SHA-256 of the registered copy, in hex.
    pub copy_sha256: String,
    /// The compliance checks, where they were evaluated already.
    pub checks: Vec<Check>,
    /// When the record was made: seconds since 1970 UTC.
    pub created: i64,
    /// Evidence to attach.
    pub attachments: Vec<Attachment>,
}

impl CustodyRecord {
    /// The record as a document.
    #[must_use]
    pub fn report(&self) -> Report {
        let t = |en, es| self.locale.pick(en, es);
        let mut sections = vec![self.submission(), self.document(), self.custody()];
        if !self.checks.is_empty() {
            let title = t("Checks at vault-in", "Comprobaciones al ingreso").to_owned();
            sections.push(Section::Checks {
                title,
                items: self.checks.clone(),
            });
        }
        sections.push(Section::Text {
            title: String::new(),
            paragraphs: vec![
                t(
                    "This record reports what the software did and checked. It draws no legal conclusion. The current assignee is read from the control record, not from this page.",
                    "Este registro informa de lo que el software hizo y comprobó. No extrae conclusiones jurídicas. El cesionario actual se lee en el registro de control, no en esta página.",
                )
                .to_owned(),
            ],
        });
        Report {
            kicker: self.operator.clone(),
            title: t("Custody record", "Registro de custodia").to_owned(),
            summary: self.envelope_name.clone(),
            locale: self.locale,
            created: self.created,
            footer: format!("{}  ·  {}", self.envelope_id, self.asset_id),
            sections,
            attachments: self.attachments.clone(),
        }
    }

    fn submission(&self) -> Section {
        let t = |en, es| self.locale.pick(en, es);
        let mut rows = vec![
            Fact::new(t("Submitted", "Presentado"), &self.submitted_at),
            Fact::new(t("By", "Por"), &self.submitted_by),
            Fact::new(t("Source", "Origen"), &self.source),
        ];
        if let Some(paper) = &self.paper_original {
            rows.push(Fact::new(t("Paper original", "Original en papel"), paper));
        }
        Section::Facts {
            title: t("Submission", "Presentación").to_owned(),
            rows,
        }
    }

    fn document(&self) -> Section {
        let t = |en, es| self.locale.pick(en, es);
        let mut rows: Vec<Fact> = self
            .titles
            .iter()
            .map(|title| Fact::new(t("Title", "Título"), title))
            .collect();
        rows.extend([
            Fact::new("SHA-256", &self.document_sha256),
            Fact::new(
                t("Size", "Tamaño"),
                format!("{} bytes", self.document_bytes),
            ),
            Fact::new(t("Pages", "Páginas"), self.pages.to_string()),
        ]);
        Section::Facts {
            title: t("Authoritative copy", "Copia autoritativa").to_owned(),
            rows,
        }
    }

    fn custody(&self) -> Section {
        let t = |en, es| self.locale.pick(en, es);
        let rows = vec![
            Fact::new(t("Envelope", "Sobre"), &self.envelope_id),
            Fact::new(t("Asset", "Activo"), &self.asset_id),
            Fact::new(t("Location", "Ubicación"), &self.location),
            Fact::new(
                t("Assignee at vault-in", "Cesionario al ingreso"),
                &self.assignee,
            ),
            Fact::new(t("First custodian", "Primer custodio"), &self.submitted_by),
            Fact::new(
                t("Registered copy, SHA-256", "Copia registrada, SHA-256"),
                &self.copy_sha256,
            ),
        ];
        Section::Facts {
            title: t("Custody", "Custodia").to_owned(),
            rows,
        }
    }
}
