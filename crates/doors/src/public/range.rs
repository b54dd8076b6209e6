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
    match (Position::parse(first), Position::parse(last)) {
        (Position::At(first), Position::Absent) => part(first, length, length),
        (Position::At(first), Position::At(last)) if first <= last => {
            part(first, last.saturating_add(1), length)
        }
        (Position::Absent, Position::At(0)) => Wanted::Unsatisfiable,
        (Position::Absent, Position::At(suffix)) => {
            part(length.saturating_sub(suffix), length, length)
        }
        // Several ranges, or no ranges at all: the whole is a correct answer to both.
        _ => Wanted::Whole,
    }
}

/// One side of a range.
enum Position {
    Absent,
    At(usize),
    Malformed,
}

impl Position {
    fn parse(text: &str) -> Self {
        if text.is_empty() {
            Self::Absent
        } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
            // More digits than fit are a position beyond every end.
            Self::At(text.parse().unwrap_or(usize::MAX))
        } else {
            Self::Malformed
        }
    }
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
