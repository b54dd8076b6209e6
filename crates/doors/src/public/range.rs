//! One byte range of a download (RFC 9110 §14).

use std::ops::Range;

/// What a `Range` header asks of so many bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All: no range, several ranges, or a header that is to be ignored.
    Whole,
    /// This part.
    Part(Range<usize>),
    /// Nothing that there is: 416.
    Unsatisfiable,
}

/// Reads a `Range` header.
pub(super) fn parse(header: Option<&str>, length: usize) -> Wanted {
    let spec = header.and_then(|text| text.trim().strip_prefix("bytes="));
    let Some((first, last)) = spec.and_then(|spec| spec.trim().split_once('-')) else {
        return Wanted::Whole;
    };
    match (digits(first), digits(last)) {
        (Some(Some(first)), Some(None)) => part(first, length, length),
        (Some(Some(first)), Some(Some(last))) if first <= last => {
            part(first, last.saturating_add(1), length)
        }
        (Some(None), Some(Some(suffix))) if suffix > 0 => {
            part(length.saturating_sub(suffix), length, length)
        }
        (Some(None), Some(Some(_))) => Wanted::Unsatisfiable,
        // Several ranges, or no ranges at all: the whole is a correct answer to both.
        _ => Wanted::Whole,
    }
}

/// `None`: not a number; `Some(None)`: empty.
fn digits(text: &str) -> Option<Option<usize>> {
    if text.is_empty() {
        return Some(None);
    }
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    // More digits than fit are a position beyond every end.
    plain.then(|| Some(text.parse().unwrap_or(usize::MAX)))
}

fn part(first: usize, end: usize, length: usize) -> Wanted {
    if first < length {
        Wanted::Part(first..end.min(length))
    } else {
        Wanted::Unsatisfiable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_a_range() {
        assert_eq!(parse(Some("bytes=0-4"), 10), Wanted::Part(0..5));
        assert_eq!(parse(Some("bytes=5-"), 10), Wanted::Part(5..10));
        assert_eq!(parse(Some("bytes=-3"), 10), Wanted::Part(7..10));
        assert_eq!(parse(Some("bytes=-30"), 10), Wanted::Part(0..10));
        assert_eq!(
            parse(Some("bytes=8-99999999999999999999999"), 10),
            Wanted::Part(8..10)
        );
    }

    #[test]
    fn what_lies_beyond_the_end_is_unsatisfiable() {
        assert_eq!(parse(Some("bytes=10-"), 10), Wanted::Unsatisfiable);
        assert_eq!(parse(Some("bytes=-0"), 10), Wanted::Unsatisfiable);
        assert_eq!(parse(Some("bytes=0-"), 0), Wanted::Unsatisfiable);
    }

    #[test]
    fn anything_else_is_answered_with_the_whole() {
        for text in [
            "bytes=0-1,4-5",
            "bytes=4-2",
            "items=0-1",
            "bytes=a-b",
            "bytes",
            "bytes=-",
        ] {
            assert_eq!(parse(Some(text), 10), Wanted::Whole, "{text}");
        }
        assert_eq!(parse(None, 10), Wanted::Whole);
    }
}
