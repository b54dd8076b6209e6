//! When a delivery is tried again.

use deedbox_core::time::Timestamp;
use sha2::{Digest, Sha256};

/// How often a delivery is tried in all; after that it is dead (partner-api 10.3).
pub const ATTEMPTS_MAX: u32 = 6;

/// When each attempt falls, in seconds after the first.
const OFFSETS_S: [i64; ATTEMPTS_MAX as usize] = [0, 60, 5 * 60, 30 * 60, 2 * 3600, 12 * 3600];

/// The instant of the attempt that follows `attempts_made`, or `None` when the last was made.
///
/// Each falls at its offset from the first, moved by up to ten percent so that a receiver that
/// comes back is not met by everything at once; the shift depends on the delivery alone, so a
/// restart does not change it. After a long stop of ours the missed instants lie in the past;
/// they are not made up for in a burst, but at no less than half the regular distance.
#[must_use]
pub fn next_attempt_at(
    delivery_id: &str,
    first_at: Timestamp,
    attempts_made: u32,
    now: Timestamp,
) -> Option<Timestamp> {
    let index = attempts_made as usize;
    let offset_s = *OFFSETS_S.get(index)?;
    let planned = first_at.plus_seconds(shifted(offset_s, delivery_id, attempts_made));
    let gap_s = index
        .checked_sub(1)
        .map_or(0, |before| offset_s - OFFSETS_S[before]);
    Some(planned.max(now.plus_seconds(gap_s / 2)))
}

/// `offset_s` moved by −10 % … +10 %.
fn shifted(offset_s: i64, delivery_id: &str, attempt: u32) -> i64 {
    let digest = Sha256::new()
        .chain_update(delivery_id)
        .chain_update(attempt.to_be_bytes())
        .finalize();
    let draw = i64::from(u16::from_be_bytes([digest[0], digest[1]]));
    let per_mille = draw * 200 / i64::from(u16::MAX) - 100;
    offset_s + offset_s * per_mille / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first() -> Timestamp {
        Timestamp::EPOCH.plus_days(20_000)
    }

    fn delay_s(delivery_id: &str, attempts_made: u32) -> Option<i64> {
        next_attempt_at(delivery_id, first(), attempts_made, first())
            .map(|at| at.epoch_seconds() - first().epoch_seconds())
    }

    #[test]
    fn the_first_attempt_is_at_once_and_there_are_six() {
        assert_eq!(delay_s("dlv_a", 0), Some(0));
        assert_eq!(delay_s("dlv_a", ATTEMPTS_MAX), None);
    }

    #[test]
    fn every_attempt_stays_within_ten_percent_of_its_offset() {
        for n in 0..500 {
            let id = format!("dlv_{n:024x}");
            for (attempts_made, offset_s) in (0..ATTEMPTS_MAX).zip(OFFSETS_S) {
                let delay = delay_s(&id, attempts_made).expect("an attempt");
                assert!(
                    (delay - offset_s).abs() <= offset_s / 10,
                    "{id} {attempts_made} {delay}"
                );
            }
        }
    }

    #[test]
    fn two_deliveries_do_not_fall_together_and_one_is_always_the_same() {
        assert_ne!(delay_s("dlv_a", 4), delay_s("dlv_b", 4));
        assert_eq!(delay_s("dlv_a", 4), delay_s("dlv_a", 4));
    }

    #[test]
    fn attempts_missed_during_a_stop_are_not_made_in_a_burst() {
        let a_day_later = first().plus_days(1);
        let next = next_attempt_at("dlv_a", first(), 3, a_day_later).expect("an attempt");
        assert_eq!(a_day_later.seconds_until(next), (30 - 5) * 60 / 2);
    }
}
