//! Instants as people write them. Always UTC and said so: we do not know where the reader is.

use deedbox_core::time::Timestamp;

use super::words::Locale;

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const MONTHS_ES: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// `11 April 2026, 10:00 UTC`, `11 de abril de 2026, 10:00 UTC`.
pub(super) fn in_words(at: Timestamp, locale: Locale) -> String {
    let instant = at.to_offset();
    let (day, year) = (instant.day(), instant.year());
    let (hour, minute) = (instant.hour(), instant.minute());
    let month = usize::from(u8::from(instant.month())) - 1;
    match locale {
        Locale::En => format!(
            "{day} {} {year}, {hour:02}:{minute:02} UTC",
            MONTHS_EN[month]
        ),
        Locale::Es => {
            format!(
                "{day} de {} de {year}, {hour:02}:{minute:02} UTC",
                MONTHS_ES[month]
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_out_in_both_languages() {
        let at = Timestamp::from_micros(1_775_901_600_000_000);
        assert_eq!(in_words(at, Locale::En), "11 April 2026, 10:00 UTC");
        assert_eq!(in_words(at, Locale::Es), "11 de abril de 2026, 10:00 UTC");
    }
}
