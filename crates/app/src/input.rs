//! Checks of single values that several use cases share.

use std::ops::RangeInclusive;

use crate::error::Error;

/// A trimmed text whose length in characters lies in `range`.
pub(crate) fn text(field: &str, text: &str, range: RangeInclusive<usize>) -> Result<String, Error> {
    let text = text.trim();
    if range.contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    Err(Error::invalid(
        field,
        format!("must have {} to {} characters", range.start(), range.end()),
    ))
}
