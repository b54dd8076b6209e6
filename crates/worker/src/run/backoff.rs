//! How long a failed job rests.

/// How often a job without a schedule of its own is tried; then it is given up. With the pauses
/// below, that is about a day.
pub const ATTEMPTS_MAX: i64 = 32;

/// Pauses after the first failures; later ones rest as long as the last.
const PAUSES_S: [i64; 9] = [1, 2, 5, 10, 30, 60, 300, 900, 3600];

/// Seconds to wait after attempt number `attempt` (from 1) failed, or `None` when it was the last.
#[must_use]
pub fn delay_s(attempt: i64) -> Option<i64> {
    if attempt >= ATTEMPTS_MAX {
        return None;
    }
    let index = usize::try_from(attempt - 1).unwrap_or(0);
    Some(PAUSES_S[index.min(PAUSES_S.len() - 1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour_and_end_after_about_a_day() {
        assert_eq!(delay_s(1), Some(1));
        assert_eq!(delay_s(5), Some(30));
        assert_eq!(delay_s(31), Some(3600));
        assert_eq!(delay_s(ATTEMPTS_MAX), None);
        let all: i64 = (1..ATTEMPTS_MAX).filter_map(delay_s).sum();
        assert!((22..26).contains(&(all / 3600)), "{all}");
    }
}
