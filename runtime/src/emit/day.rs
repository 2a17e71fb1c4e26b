//! Days of the calendar.

use std::time::{SystemTime, UNIX_EPOCH};

/// Whether the day, as `2027-06-30`, is past at this time, in UTC. The compiler saw that it is a day.
pub(crate) fn is_past(day: &str, now: SystemTime) -> bool {
    let mut parts = day.split('-').map(|part| part.parse::<i64>().ok());
    let (Some(Some(year)), Some(Some(month)), Some(Some(date))) = (parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    i64::try_from(seconds / 86_400).is_ok_and(|today| today > days(year, month, date))
}

/// The days from 1970-01-01 on, by the Gregorian calendar: a year begins in March, so that the day of leap years is its
/// last (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`).
fn days(year: i64, month: i64, date: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + date - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_day_is_past_when_the_next_one_begins() {
        // 2027-06-30T00:00:00Z is 1814313600.
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        assert!(!is_past("2027-06-30", at(1_814_313_600 + 86_399)));
        assert!(is_past("2027-06-30", at(1_814_313_600 + 86_400)));
        assert_eq!((days(1970, 1, 1), days(2000, 3, 1), days(2024, 2, 29)), (0, 11_017, 19_782));
    }
}
