//! One notice being worded: every place of the layouts filled from the catalog and the notice.

use minijinja::{Environment, Value, context};
use url::Url;

use super::{
    accent::Accent,
    date::in_words,
    message::MessageKind,
    notice::{Notice, Quote, Subject},
    plain::{attribute, cut, one_line},
    view::{BrandView, Fact, LinkView, QuoteView, StatusView, View},
    words::Catalog,
};

/// A document name longer than this is cut in a subject line, where it would push the rest away.
const SUBJECT_NAME_CHARS_MAX: usize = 120;
/// The same in a text message, which is paid by length.
const PHONE_NAME_CHARS_MAX: usize = 60;

/// One notice being worded.
pub(super) struct Wording<'a> {
    pub templates: &'a Environment<'static>,
    pub catalog: &'a Catalog,
    pub notice: &'a Notice,
}

impl Wording<'_> {
    pub fn view(&self) -> Result<View, minijinja::Error> {
        let frame = &self.catalog.frame;
        let words = self.catalog.words(self.notice.subject.kind());
        Ok(View {
            lang: self.notice.locale.as_str(),
            subject: one_line(&self.say_with(&words.subject, SUBJECT_NAME_CHARS_MAX)?),
            preheader: self.say(&words.preheader)?,
            brand: self.brand(),
            accent: Accent::new(self.notice.brand.accent.as_deref()),
            status: self.status(&words.status),
            heading: self.say(&words.heading)?,
            greeting: self.say(&frame.greeting)?,
            lead: self.say(&words.lead)?,
            document: one_line(&self.notice.document),
            facts: self.facts(),
            quote: self.quote(&words.quote)?,
            code: self.code(),
            button: self
                .link()
                .map(|url| LinkView::new(words.button.clone(), url)),
            link_help: frame.link_help.clone(),
            note: self.say(&words.note)?,
            keep_private: frame.keep_private.clone(),
            why: self.say(&words.why)?,
            questions: self.say(&frame.questions)?,
            sent_with: self.say(&frame.sent_with)?,
            unsubscribe: self
                .notice
                .unsubscribe
                .as_ref()
                .map(|url| LinkView::new(frame.unsubscribe.clone(), url)),
        })
    }

    pub fn phone(&self) -> Result<String, minijinja::Error> {
        let words = self.catalog.words(self.notice.subject.kind());
        self.say_with(&words.phone, PHONE_NAME_CHARS_MAX)
    }

    fn say(&self, template: &str) -> Result<String, minijinja::Error> {
        self.say_with(template, usize::MAX)
    }

    /// Fills one sentence in. What is filled in is data and never read as a template.
    fn say_with(&self, template: &str, name_chars_max: usize) -> Result<String, minijinja::Error> {
        let general = context! {
            sender => cut(&one_line(&self.notice.brand.name), name_chars_max),
            document => cut(&one_line(&self.notice.document), name_chars_max),
            name => one_line(&self.notice.name),
        };
        let values = context! { ..self.particulars(), ..general };
        self.templates
            .render_named_str("sentence.txt", template, values)
    }

    fn particulars(&self) -> Value {
        match &self.notice.subject {
            Subject::Invitation { link, .. }
            | Subject::Reminder { link, .. }
            | Subject::Completed { link, .. } => context! { link => link.as_str() },
            Subject::Otp {
                code,
                valid_min,
                host,
            } => {
                context! { code => code, minutes => valid_min, host => host }
            }
            Subject::Declined { by, .. } => context! { by => one_line(by) },
            Subject::Voided { .. } | Subject::Expired { .. } => context! {},
        }
    }

    fn brand(&self) -> BrandView {
        let name = one_line(&self.notice.brand.name);
        let first = name.chars().find(|c| c.is_alphanumeric());
        BrandView {
            initial: first
                .map(|c| c.to_uppercase().to_string())
                .unwrap_or_default(),
            logo: self.notice.brand.logo.as_ref().map(attribute),
            name,
        }
    }

    /// State is never shown by colour alone: a mark and a word go with it.
    fn status(&self, text: &str) -> Option<StatusView> {
        let (tone, mark, color, soft) = match self.notice.subject.kind() {
            MessageKind::Completed => ("ok", "\u{2713}", "#00713e", "#dff8e6"),
            MessageKind::Declined => ("bad", "\u{00d7}", "#ba1d27", "#ffecec"),
            MessageKind::Voided | MessageKind::Expired => {
                ("warn", "\u{2013}", "#8a5600", "#fff2d2")
            }
            MessageKind::Invitation | MessageKind::Reminder | MessageKind::Otp => return None,
        };
        Some(StatusView {
            text: text.to_owned(),
            tone,
            mark,
            color,
            soft,
        })
    }

    fn facts(&self) -> Vec<Fact> {
        let frame = &self.catalog.frame;
        let when = |at| in_words(at, self.notice.locale);
        let fact = |label: &String, value: String| Fact {
            label: label.clone(),
            value,
        };
        let mut facts = vec![fact(&frame.from, one_line(&self.notice.brand.name))];
        match &self.notice.subject {
            Subject::Invitation {
                role, expires_at, ..
            }
            | Subject::Reminder {
                role, expires_at, ..
            } => {
                facts.push(fact(&frame.role, one_line(role)));
                facts.extend(expires_at.map(|at| fact(&frame.expires, when(at))));
            }
            Subject::Otp { .. } => {}
            Subject::Completed { signers, .. } => facts.extend(signers.iter().map(|signer| {
                let value = format!("{}, {}", one_line(&signer.name), when(signer.at));
                fact(&frame.signed, value)
            })),
            Subject::Declined {
                by, declined_at, ..
            } => {
                facts.push(fact(&frame.by, one_line(by)));
                facts.push(fact(&frame.when, when(*declined_at)));
            }
            Subject::Voided { voided_at: at, .. } | Subject::Expired { expired_at: at } => {
                facts.push(fact(&frame.when, when(*at)));
            }
        }
        facts
    }

    fn quote(&self, title: &str) -> Result<Option<QuoteView>, minijinja::Error> {
        let (Subject::Invitation { message: quote, .. }
        | Subject::Reminder { message: quote, .. }
        | Subject::Declined { reason: quote, .. }
        | Subject::Voided { reason: quote, .. }) = &self.notice.subject
        else {
            return Ok(None);
        };
        let Some(Quote(words)) = quote
            .as_ref()
            .filter(|Quote(words)| !words.trim().is_empty())
        else {
            return Ok(None);
        };
        let lines = words.trim().lines().map(one_line).collect();
        Ok(Some(QuoteView {
            title: self.say(title)?,
            lines,
        }))
    }

    fn code(&self) -> Option<String> {
        match &self.notice.subject {
            Subject::Otp { code, .. } => Some(code.clone()),
            _ => None,
        }
    }

    fn link(&self) -> Option<&Url> {
        match &self.notice.subject {
            Subject::Invitation { link, .. }
            | Subject::Reminder { link, .. }
            | Subject::Completed { link, .. } => Some(link),
            _ => None,
        }
    }
}
