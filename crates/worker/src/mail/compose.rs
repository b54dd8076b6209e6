//! Putting a notice into words: subject, plain text, HTML, text message.

use minijinja::{Environment, syntax::SyntaxConfig, value::Serde};

use super::{
    notice::Notice,
    plain::tidy,
    wording::Wording,
    words::{Catalog, Locale},
};

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
