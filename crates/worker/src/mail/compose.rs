//! Putting a notice into words: subject, plain text, HTML, text message.

use minijinja::{Environment, Value, context, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;
use url::Url;

use super::{
    accent::Accent,
    date::in_words,
    message::MessageKind,
    notice::{Notice, Quote, Subject},
    words::{Catalog, Locale},
};

/// A document name longer than this is cut in a subject line, where it would push the rest away.
const SUBJECT_NAME_CHARS_MAX: usize = 120;
/// The same in a text message, which is paid by length.
const PHONE_NAME_CHARS_MAX: usize = 60;

/// A message in words.
#[derive(Clone, PartialEq, Eq)]
pub struct Composed {
    /// Subject line: one line, no control characters.
    pub subject: String,
    /// The message as plain text.
    pub text: String,
    /// The message as HTML.
    pub html: String,
    /// The message as a text message.
    pub phone: String,
}

/// Puts notices into words. Holds the words and layouts, parsed once.
pub struct Composer {
    templates: Environment<'static>,
    en: Catalog,
    es: Catalog,
}

impl Default for Composer {
    fn default() -> Self {
        Self::new()
    }
}

impl Composer {
    /// A composer with the built-in words.
    ///
    /// # Panics
    /// Never with the built-in files, which a test renders.
    #[must_use]
    pub fn new() -> Self {
        let mut templates = Environment::new();
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build();
        templates.set_syntax(syntax.expect("the usual delimiters are valid"));
        for (name, source) in [
            ("layout.html", include_str!("templates/layout.html")),
            ("layout.txt", include_str!("templates/layout.txt")),
        ] {
            templates
                .add_template(name, source)
                .expect("a built-in layout parses");
        }
        Self {
            templates,
            en: Catalog::of(Locale::En),
            es: Catalog::of(Locale::Es),
        }
    }

    /// Writes `notice` out.
    ///
    /// # Errors
    /// When a template is broken, which the tests exclude for the built-in ones.
    pub fn compose(&self, notice: &Notice) -> Result<Composed, minijinja::Error> {
        let catalog = match notice.locale {
            Locale::En => &self.en,
            Locale::Es => &self.es,
        };
        let words = Wording {
            templates: &self.templates,
            catalog,
            notice,
        };
        let view = words.view()?;
        Ok(Composed {
            text: tidy(
                &self
                    .templates
                    .get_template("layout.txt")?
                    .render(Serde(&view))?,
            ),
            html: self
                .templates
                .get_template("layout.html")?
                .render(Serde(&view))?,
            phone: words.phone()?,
            subject: view.subject,
        })
    }
}

/// One notice being worded.
struct Wording<'a> {
    templates: &'a Environment<'static>,
    catalog: &'a Catalog,
    notice: &'a Notice,
}

/// What both layouts show.
#[derive(Serialize)]
struct View {
    lang: &'static str,
    subject: String,
    preheader: String,
    brand: BrandView,
    accent: Accent,
    status: Option<StatusView>,
    heading: String,
    greeting: String,
    lead: String,
    document: String,
    facts: Vec<Fact>,
    quote: Option<QuoteView>,
    code: Option<String>,
    button: Option<LinkView>,
    link_help: String,
    note: String,
    keep_private: String,
    why: String,
    questions: String,
    sent_with: String,
    unsubscribe: Option<LinkView>,
}

#[derive(Serialize)]
struct BrandView {
    name: String,
    initial: String,
    logo: Option<Value>,
}

#[derive(Serialize)]
struct StatusView {
    text: String,
    tone: &'static str,
    mark: &'static str,
    color: &'static str,
    soft: &'static str,
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
}

#[derive(Serialize)]
struct QuoteView {
    title: String,
    lines: Vec<String>,
}

#[derive(Serialize)]
struct LinkView {
    label: String,
    href: Value,
    text_href: String,
}

impl Wording<'_> {
    fn view(&self) -> Result<View, minijinja::Error> {
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
            button: self.link().map(|url| link(words.button.clone(), url)),
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
                .map(|url| link(frame.unsubscribe.clone(), url)),
        })
    }

    fn phone(&self) -> Result<String, minijinja::Error> {
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

fn link(label: String, url: &Url) -> LinkView {
    LinkView {
        label,
        href: attribute(url),
        text_href: url.as_str().to_owned(),
    }
}

/// A URL as an attribute's value. A parsed URL holds no quotation mark and no angle bracket; what
/// is left is escaped here, because the general escaping also takes the slashes, and mail
/// gateways that look for links do not always undo that.
fn attribute(url: &Url) -> Value {
    let text = url
        .as_str()
        .replace('&', "&amp;")
        .replace('\'', "&#39;")
        .replace('"', "&quot;");
    Value::from_safe_string(text.replace('<', "&lt;").replace('>', "&gt;"))
}

/// Text as it may stand in one line: no line breaks or other control characters, and none of the
/// invisible marks that make text read backwards.
fn one_line(text: &str) -> String {
    let visible = text.chars().filter(|c| !is_direction_mark(*c));
    let spaced: String = visible
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars_max - 1).collect();
    format!("{}\u{2026}", kept.trim_end())
}

/// No more than one empty line in a row, and none at either end.
fn tidy(text: &str) -> String {
    let mut tidied = text.trim().replace("\r\n", "\n");
    while tidied.contains("\n\n\n") {
        tidied = tidied.replace("\n\n\n", "\n\n");
    }
    tidied.push('\n');
    tidied
}
