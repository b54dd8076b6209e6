//! What both layouts show of a message, in words already.

use minijinja::Value;
use serde::Serialize;
use url::Url;

use super::{accent::Accent, plain::attribute};

/// What both layouts show.
#[derive(Serialize)]
pub(super) struct View {
    pub lang: &'static str,
    pub subject: String,
    pub preheader: String,
    pub brand: BrandView,
    pub accent: Accent,
    pub status: Option<StatusView>,
    pub heading: String,
    pub greeting: String,
    pub lead: String,
    pub document: String,
    pub facts: Vec<Fact>,
    pub quote: Option<QuoteView>,
    pub code: Option<String>,
    pub button: Option<LinkView>,
    pub link_help: String,
    pub note: String,
    pub keep_private: String,
    pub why: String,
    pub questions: String,
    pub sent_with: String,
    pub unsubscribe: Option<LinkView>,
}

#[derive(Serialize)]
pub(super) struct BrandView {
    pub name: String,
    pub initial: String,
    pub logo: Option<Value>,
}

#[derive(Serialize)]
pub(super) struct StatusView {
    pub text: String,
    pub tone: &'static str,
    pub mark: &'static str,
    pub color: &'static str,
    pub soft: &'static str,
}

#[derive(Serialize)]
pub(super) struct Fact {
    pub label: String,
    pub value: String,
}

#[derive(Serialize)]
pub(super) struct QuoteView {
    pub title: String,
    pub lines: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct LinkView {
    pub label: String,
    pub href: Value,
    pub text_href: String,
}

impl LinkView {
    pub fn new(label: String, url: &Url) -> Self {
        Self {
            label,
            href: attribute(url),
            text_href: url.as_str().to_owned(),
        }
    }
}
