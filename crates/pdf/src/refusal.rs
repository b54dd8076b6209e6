//! Why a file is not taken.

use serde::{Deserialize, Serialize};

/// A document that is refused, with a stable code and a sentence a person can act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The bytes do not begin with `%PDF-`.
    #[error("The file is not a PDF: it does not begin with %PDF-.")]
    NotPdf,
    /// The end of the file is missing.
    #[error("The PDF is cut off: its end is missing. Upload the whole file.")]
    Truncated,
    /// Opening needs a password.
    #[error("The PDF is protected by a password. Upload a version that opens without one.")]
    PasswordProtected,
    /// A certification signature forbids any change (`DocMDP` P=1, ISO 32000-2 12.8.2.2).
    #[error("The PDF is certified against any change and cannot be signed or sealed.")]
    CertifiedAgainstChange,
    /// The page tree is empty.
    #[error("The PDF has no pages.")]
    NoPages,
    /// More pages than the limit.
    #[error("The PDF has {pages} pages; at most {max} are accepted.")]
    TooManyPages {
        /// Pages in the file.
        pages: usize,
        /// The limit.
        max: usize,
    },
    /// More bytes than the limit.
    #[error("The PDF has {bytes} bytes; at most {max} are accepted.")]
    TooLarge {
        /// Size of the file.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// Two readers see different page trees, so signers could see different documents.
    #[error("The PDF's page tree is ambiguous: readers disagree on its pages. Save it anew first.")]
    PageTreesDisagree,
    /// A page shows nothing: its boxes are empty or do not meet.
    #[error("Page {page} of the PDF has no visible area.")]
    NoVisibleArea {
        /// Page number from 1.
        page: u32,
    },
    /// An XFA form whose pages exist only inside one vendor's viewer.
    #[error("The PDF is a dynamic XFA form. Print it to a plain PDF first.")]
    DynamicForm,
    /// Anything else that keeps the file from being read.
    #[error("The PDF cannot be read: {detail}.")]
    Unreadable {
        /// What went wrong, in the reader's words.
        detail: String,
    },
}

impl Refusal {
    /// A code that does not change between versions.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPdf => "not_pdf",
            Self::Truncated => "truncated",
            Self::PasswordProtected => "password_protected",
            Self::CertifiedAgainstChange => "certified_against_change",
            Self::NoPages => "no_pages",
            Self::TooManyPages { .. } => "too_many_pages",
            Self::TooLarge { .. } => "too_large",
            Self::PageTreesDisagree => "page_trees_disagree",
            Self::NoVisibleArea { .. } => "no_visible_area",
            Self::DynamicForm => "dynamic_form",
            Self::Unreadable { .. } => "unreadable",
        }
    }

    pub(crate) fn unreadable(detail: impl std::fmt::Display) -> Self {
        Self::Unreadable {
            detail: detail.to_string(),
        }
    }
}
