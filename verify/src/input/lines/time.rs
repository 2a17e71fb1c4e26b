//! Times as loggers write them.

use jiff::Timestamp;

/// Nanoseconds since 1970, of a text in RFC 3339 or of a number as text.
pub(super) fn of_text(text: &str) -> Option<u64> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return u64::try_from(time.as_nanosecond()).ok();
    }
    // A zone as `+0100`, which log4j and logback write.
    if let Some((before, zone)) = text.split_at_checked(text.len().saturating_sub(5)) {
        let is_zone = zone.starts_with(['+', '-']) && zone.bytes().skip(1).all(|byte| byte.is_ascii_digit());
        if let (true, Some((hours, minutes))) = (is_zone, zone.split_at_checked(3)) {
            let time = format!("{before}{hours}:{minutes}").parse::<Timestamp>().ok()?;
            return u64::try_from(time.as_nanosecond()).ok();
        }
    }
    match text.parse::<i64>() {
        Ok(number) => of_int(number),
        Err(_) => of_double(text.parse().ok()?),
    }
}

/// Of a number that is seconds, milliseconds, microseconds or nanoseconds, by its size: each unit has the years 1973 to 5138 for itself.
pub(super) fn of_int(number: i64) -> Option<u64> {
    let number = u64::try_from(number).ok()?;
    let factor = match number {
        0..=99_999_999_999 => 1_000_000_000,
        100_000_000_000..=99_999_999_999_999 => 1_000_000,
        100_000_000_000_000..=99_999_999_999_999_999 => 1_000,
        _ => 1,
    };
    number.checked_mul(factor)
}

/// Of a number with a fraction: seconds, or milliseconds. A double of this time has no more than microseconds.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is out of range was left out"
)]
pub(super) fn of_double(number: f64) -> Option<u64> {
    let seconds = if number < 1e11 { number } else { number / 1e3 };
    if !(0.0..1.8e10).contains(&seconds) {
        return None;
    }
    let microseconds = (seconds.fract() * 1e6).round();
    Some(seconds.trunc() as u64 * 1_000_000_000 + microseconds as u64 * 1_000)
}
