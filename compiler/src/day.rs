//! Days, as contracts and baselines write them.

/// Whether a text has a day's form, be it in the calendar or not.
pub(crate) fn is_written_as_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits =
        |part: &&str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts.as_slice(), [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2))
}

/// Whether a text is a day of the Gregorian calendar, as `2027-06-30` (RFC 3339, "full-date"). By this form days are in the order of their
/// texts.
#[must_use]
pub fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    if !is_written_as_day(text) {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>())
    else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// How many days a day of the calendar is behind the first of the year 0.
#[cfg(feature = "compare")]
pub(crate) fn number(day: &str) -> Option<u64> {
    if !is_day(day) {
        return None;
    }
    let mut parts = day.split('-').map(|part| part.parse::<u64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // Years that begin with March end with the day that leap years add.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    Some(year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day)
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn days_are_those_of_the_calendar() {
        for day in ["2027-06-30", "2028-02-29", "2000-02-29", "0001-01-01"] {
            assert!(is_day(day), "{day}");
        }
        for text in [
            "2027-06-31",
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-6-30",
            "27-06-30",
            "2027-06-00",
            "soon",
            "",
        ] {
            assert!(!is_day(text), "{text}");
        }
    }
}
