//! Instants as texts ([RFC 3339]), for the few messages that carry them so. Everywhere else time is seconds since the
//! epoch.
//!
//! [RFC 3339]: https://www.rfc-editor.org/rfc/rfc3339

use alloc::format;
use alloc::string::String;

const DAY: u64 = 86_400;
/// 9999-12-31T23:59:59Z: the last second that has such a text.
const LAST: u64 = 253_402_300_799;

/// Seconds since the epoch as JavaScript's `toISOString` writes them: `2024-01-15T10:30:00.000Z`. What lies beyond the
/// year 9999 is written as its last second.
#[must_use]
pub fn to_rfc3339(seconds: u64) -> String {
    let seconds = seconds.min(LAST);
    let (days, rest) = (seconds.wrapping_div(DAY), seconds.wrapping_rem(DAY));
    let (year, month, day) = civil_from_days(days);
    let (hour, minute, second) =
        (rest.wrapping_div(3_600), rest.wrapping_div(60).wrapping_rem(60), rest.wrapping_rem(60));
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000Z")
}

/// Whole seconds since the epoch from a text in UTC, `Z` at its end, with or without a fraction of a second. `None` for
/// anything else, other offsets, leap seconds and dates before 1970 included: nobody writes them here.
#[must_use]
pub fn from_rfc3339(text: &str) -> Option<u64> {
    let (whole, rest) = text.split_at_checked(19)?;
    let fraction = rest.strip_suffix('Z')?;
    let is_fraction = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !fraction.is_empty() && !fraction.strip_prefix('.').is_some_and(is_fraction) {
        return None;
    }
    let number = |from: usize, to: usize| {
        let digits = whole.get(from..to)?;
        if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse::<u64>().ok() } else { None }
    };
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if !marks.iter().all(|(place, mark)| whole.as_bytes().get(*place) == Some(mark)) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let days = days_from_civil(year, month, day)?;
    if hour > 23 || minute > 59 || second > 59 || civil_from_days(days) != (year, month, day) {
        return None;
    }
    let of_day = hour.saturating_mul(3_600).saturating_add(minute.saturating_mul(60)).saturating_add(second);
    days.checked_mul(DAY)?.checked_add(of_day)
}

/// Years that begin in March put the leap day at their end, so that a day's place needs no table of months.
const DAYS_BEFORE_1970: u64 = 719_468;
const DAYS_IN_400_YEARS: u64 = 146_097;

/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
#[allow(clippy::arithmetic_side_effects, reason = "days are at most those of the year 9999")]
const fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let shifted = days + DAYS_BEFORE_1970;
    let (era, of_era) = (shifted / DAYS_IN_400_YEARS, shifted % DAYS_IN_400_YEARS);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[allow(clippy::arithmetic_side_effects, reason = "four digits of a year, two of a month and a day")]
fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    if year < 1970 || !(1..=12).contains(&month) || day == 0 {
        return None;
    }
    let march_year = if month <= 2 { year - 1 } else { year };
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let (era, of_era) = (march_year / 400, march_year % 400);
    let of_year = (153 * march_month + 2) / 5 + day - 1;
    let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    (era * DAYS_IN_400_YEARS + day_of_era).checked_sub(DAYS_BEFORE_1970)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_instants() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_705_314_600, "2024-01-15T10:30:00.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
            (LAST, "9999-12-31T23:59:59.000Z"),
        ] {
            assert_eq!(to_rfc3339(seconds), text);
            assert_eq!(from_rfc3339(text), Some(seconds));
        }
        assert_eq!(to_rfc3339(u64::MAX), to_rfc3339(LAST));
        assert_eq!(from_rfc3339("2024-01-15T10:30:00Z"), Some(1_705_314_600));
        assert_eq!(from_rfc3339("2024-01-15T10:30:00.999999Z"), Some(1_705_314_600));
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in [
            "",
            "2024-01-15",
            "2024-01-15T10:30:00",
            "2024-01-15T10:30:00.Z",
            "2024-01-15T10:30:00,5Z",
            "2024-01-15T10:30:00+00:00",
            "2024-01-15t10:30:00Z",
            "2024-01-15 10:30:00Z",
            "2024-13-15T10:30:00Z",
            "2024-00-15T10:30:00Z",
            "2024-02-30T10:30:00Z",
            "2023-02-29T10:30:00Z",
            "2100-02-29T10:30:00Z",
            "2024-01-00T10:30:00Z",
            "2024-01-15T24:00:00Z",
            "2024-01-15T10:60:00Z",
            "2024-01-15T10:30:60Z",
            "1969-12-31T23:59:59Z",
            "+024-01-15T10:30:00Z",
            "2024-01-15T10:30:00Z ",
            "２024-01-15T10:30:00Z",
        ] {
            assert_eq!(from_rfc3339(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_undoes_writing(seconds in 0..=LAST) {
            prop_assert_eq!(from_rfc3339(&to_rfc3339(seconds)), Some(seconds));
        }
    }
}
