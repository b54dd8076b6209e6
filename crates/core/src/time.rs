//! Points in time as integers: microseconds since 1970, UTC.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

const MICROS_PER_MILLI: i64 = 1_000;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// A point in time, UTC. Stored as integer microseconds, printed and put into events as
/// `2026-04-11T10:00:00.000Z`.
///
/// Events print milliseconds; so that a replayed state equals the decided one, every time that enters a decision
/// is cut to whole milliseconds ([`Context::new`](crate::context::Context::new), [`Timestamp::parse`]).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

/// The text is no ISO 8601 date and time with an offset, or lies outside the years 0–9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an ISO 8601 date and time with an offset, e.g. 2026-04-11T10:00:00.000Z")]
pub struct InvalidTimestamp;

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);
    /// 9999-12-31T23:59:59.999Z, the last instant that has a printed form.
    pub const MAX: Self = Self(253_402_300_799_999_000);
    /// 0000-01-01T00:00:00Z.
    pub const MIN: Self = Self(-62_167_219_200_000_000);

    /// From microseconds since 1970; values without a printed form are drawn to the nearest that has one.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970.
    #[must_use]
    pub const fn epoch_seconds(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }

    /// Cut to whole milliseconds.
    #[must_use]
    pub const fn whole_millis(self) -> Self {
        Self(self.0 - self.0.rem_euclid(MICROS_PER_MILLI))
    }

    /// This instant moved by so many seconds.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(
            self.0
                .saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)),
        )
    }

    /// This instant moved by so many days of 24 hours.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// Seconds from `self` until `later`, rounded up, never below zero: what a `Retry-After` header says.
    #[must_use]
    pub fn seconds_until(self, later: Self) -> u64 {
        let micros = later.0.saturating_sub(self.0).max(0);
        let seconds = micros.div_euclid(MICROS_PER_SECOND);
        let rest = i64::from(micros.rem_euclid(MICROS_PER_SECOND) > 0);
        u64::try_from(seconds.saturating_add(rest)).unwrap_or(0)
    }

    /// `2026-04-11T10:00:00.000Z`.
    #[must_use]
    pub fn to_iso(self) -> String {
        let format = format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
        );
        self.print(format)
    }

    /// `2026-04-18T20:22:08Z`, the form of the M2M door.
    #[must_use]
    pub fn to_iso_seconds(self) -> String {
        self.print(format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second]Z"
        ))
    }

    /// `2026-04-18T20:22:08.258102+00:00`, the M2M door's form of a document's creation.
    #[must_use]
    pub fn to_iso_micros(self) -> String {
        let format = format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]+00:00"
        );
        self.print(format)
    }

    /// Reads ISO 8601 with any offset, cut to whole milliseconds.
    ///
    /// # Errors
    /// [`InvalidTimestamp`] when the text is something else.
    pub fn parse(text: &str) -> Result<Self, InvalidTimestamp> {
        let read = OffsetDateTime::parse(text.trim(), &Rfc3339).map_err(|_| InvalidTimestamp)?;
        let micros = read.unix_timestamp_nanos() / 1_000;
        let micros = i64::try_from(micros).map_err(|_| InvalidTimestamp)?;
        if (Self::MIN.0..=Self::MAX.0).contains(&micros) {
            Ok(Self(micros).whole_millis())
        } else {
            Err(InvalidTimestamp)
        }
    }

    /// The type of the `time` crate, for libraries that want it.
    #[must_use]
    pub fn to_offset(self) -> OffsetDateTime {
        let nanos = i128::from(self.0) * 1_000;
        OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    fn print(self, format: &(impl time::formatting::Formattable + ?Sized)) -> String {
        // Every value lies within the years 0–9999, for which these formats always print.
        self.to_offset().format(format).unwrap_or_default()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_iso())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_offset_is_normalised_to_utc_milliseconds() {
        let at = Timestamp::parse("2026-04-11T12:00:00.1239+02:00").unwrap();
        assert_eq!(at.to_iso(), "2026-04-11T10:00:00.123Z");
        assert_eq!(at.to_iso_seconds(), "2026-04-11T10:00:00Z");
        assert_eq!(at.to_iso_micros(), "2026-04-11T10:00:00.123000+00:00");
        assert_eq!(Timestamp::parse(&at.to_iso()), Ok(at));
    }

    #[test]
    fn text_without_offset_or_beyond_the_calendar_is_refused() {
        for text in [
            "2026-04-11",
            "2026-04-11T10:00:00",
            "",
            "tomorrow",
            "9999-12-31T23:59:59-10:00",
        ] {
            assert_eq!(Timestamp::parse(text), Err(InvalidTimestamp), "{text}");
        }
    }

    #[test]
    fn extreme_values_still_print() {
        assert_eq!(
            Timestamp::from_micros(i64::MAX).to_iso(),
            "9999-12-31T23:59:59.999Z"
        );
        assert_eq!(
            Timestamp::from_micros(i64::MIN).to_iso(),
            "0000-01-01T00:00:00.000Z"
        );
        assert_eq!(Timestamp::MAX.plus_days(i64::MAX), Timestamp::MAX);
    }

    #[test]
    fn waiting_time_is_rounded_up() {
        let at = Timestamp::EPOCH;
        assert_eq!(at.seconds_until(Timestamp::from_micros(1)), 1);
        assert_eq!(at.seconds_until(at.plus_seconds(60)), 60);
        assert_eq!(at.plus_seconds(60).seconds_until(at), 0);
    }
}
