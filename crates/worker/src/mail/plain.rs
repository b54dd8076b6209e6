//! Texts as they may stand in a line, an attribute, a message.

use minijinja::Value;
use url::Url;

/// A URL as an attribute's value. A parsed URL holds no quotation mark and no angle bracket; what
/// is left is escaped here, because the general escaping also takes the slashes, and mail
/// gateways that look for links do not always undo that.
pub(super) fn attribute(url: &Url) -> Value {
    let text = url
        .as_str()
        .replace('&', "&amp;")
        .replace('\'', "&#39;")
        .replace('"', "&quot;");
    Value::from_safe_string(text.replace('<', "&lt;").replace('>', "&gt;"))
}

/// Text as it may stand in one line: no line breaks or other control characters, and none of the
/// invisible marks that make text read backwards.
pub(super) fn one_line(text: &str) -> String {
    let visible = text.chars().filter(|c| !is_direction_mark(*c));
    let spaced: String = visible
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

pub(super) fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars_max - 1).collect();
    format!("{}\u{2026}", kept.trim_end())
}

/// No more than one empty line in a row, and none at either end.
pub(super) fn tidy(text: &str) -> String {
    let mut tidied = text.trim().replace("\r\n", "\n");
    while tidied.contains("\n\n\n") {
        tidied = tidied.replace("\n\n\n", "\n\n");
    }
    tidied.push('\n');
    tidied
}
