//! Numbers and times as OpenMetrics has them.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A value of a sample. Integers stay exact, however great.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Int(i64),
    Uint(u64),
    Double(f64),
}

impl Number {
    /// Whether it may be what a counter stands at (OpenMetrics 1.0.0, "Counter": neither NaN nor negative).
    pub(super) fn counts(self) -> bool {
        match self {
            Number::Int(number) => number >= 0,
            Number::Uint(_) => true,
            Number::Double(number) => number >= 0.0,
        }
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Number {
        Number::Int(number)
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Number {
        Number::Uint(number)
    }
}

impl From<f64> for Number {
    fn from(number: f64) -> Number {
        Number::Double(number)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Int(number) => number.fmt(formatter),
            Number::Uint(number) => number.fmt(formatter),
            Number::Double(number) => Canonical(*number).fmt(formatter),
        }
    }
}

/// A number by the shortest digits that read back as the same one, in the form that OpenMetrics 1.0.0 asks for in "Canonical
/// Numbers": with a point or an exponent, and with an exponent of two digits from 1e+06 on and below 1e-04.
pub(super) struct Canonical(pub(super) f64);

impl fmt::Display for Canonical {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0;
        if number.is_nan() {
            return formatter.write_str("NaN");
        }
        if number.is_infinite() {
            return formatter.write_str(if number > 0.0 { "+Inf" } else { "-Inf" });
        }
        let shortest = format!("{number:e}");
        let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
        let exponent: i32 = exponent.parse().map_err(|_| fmt::Error)?;
        if (-4..6).contains(&exponent) {
            // Without an exponent by this formatting, and with a point.
            write!(formatter, "{number:?}")
        } else {
            let sign = if exponent < 0 { '-' } else { '+' };
            write!(formatter, "{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
    }
}

/// A bound as the label `le` has it: a server turns what it scrapes into this form, and zero has no sign in it.
pub(super) fn bound(bound: f64) -> String {
    Canonical(if bound == 0.0 { 0.0 } else { bound }).to_string()
}

/// A time in seconds since 1970, exact to the nanosecond.
pub(super) struct Seconds(pub(super) SystemTime);

impl fmt::Display for Seconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, distance) = match self.0.duration_since(UNIX_EPOCH) {
            Ok(after) => ("", after),
            Err(before) => ("-", before.duration()),
        };
        write!(formatter, "{sign}{}", distance.as_secs())?;
        match distance.subsec_nanos() {
            0 => Ok(()),
            nanos => write!(formatter, ".{}", format!("{nanos:09}").trim_end_matches('0')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn numbers_are_canonical() {
        // The examples of OpenMetrics 1.0.0, "Canonical Numbers", and what lies beyond them.
        for (number, text) in [
            (0.0, "0.0"),
            (0.001, "0.001"),
            (0.01, "0.01"),
            (1.0, "1.0"),
            (2.5, "2.5"),
            (10.0, "10.0"),
            (1e-10, "1e-10"),
            (1e-9, "1e-09"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (0.1, "0.1"),
            (100_000.0, "100000.0"),
            (1e6, "1e+06"),
            (1e10, "1e+10"),
            (123_456.789, "123456.789"),
            (1_234_567.89, "1.23456789e+06"),
            (-1.5e-7, "-1.5e-07"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(Canonical(number).to_string(), text);
        }
        assert_eq!(bound(-0.0), "0.0");
        assert_eq!(Number::from(u64::MAX).to_string(), "18446744073709551615");
        assert_eq!(Number::from(i64::MIN).to_string(), "-9223372036854775808");
    }

    #[test]
    fn times_are_exact() {
        let at = |seconds, nanos| UNIX_EPOCH + Duration::new(seconds, nanos);
        assert_eq!(Seconds(at(1_700_000_000, 123_456_789)).to_string(), "1700000000.123456789");
        assert_eq!(Seconds(at(1_700_000_000, 250_000_000)).to_string(), "1700000000.25");
        assert_eq!(Seconds(at(0, 1)).to_string(), "0.000000001");
        assert_eq!(Seconds(UNIX_EPOCH).to_string(), "0");
        assert_eq!(Seconds(UNIX_EPOCH - Duration::from_millis(1_500)).to_string(), "-1.5");
    }
}
