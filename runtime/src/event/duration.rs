//! Lengths of time, which a contract has as numbers of its unit.

use std::time::Duration;

use super::FieldValue;

/// A length of time that may be absent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no length of time",
    label = "neither a `std::time::Duration` nor an `Option` of one"
)]
pub trait InUnit {
    /// The number of units, each of so many nanoseconds.
    fn in_unit(&self, nanoseconds: f64) -> FieldValue<'static>;
}

impl InUnit for Duration {
    fn in_unit(&self, nanoseconds: f64) -> FieldValue<'static> {
        FieldValue::Double(in_units(*self, nanoseconds))
    }
}

impl InUnit for Option<Duration> {
    fn in_unit(&self, nanoseconds: f64) -> FieldValue<'static> {
        self.map_or(FieldValue::Absent, |duration| duration.in_unit(nanoseconds))
    }
}

const SECOND: f64 = 1e9;

/// A length of time in a unit of so many nanoseconds. By way of seconds: a conversion from 128 bits costs more than all else
/// that is done with it.
#[inline(always)]
#[must_use]
pub fn in_units(duration: Duration, nanoseconds: f64) -> f64 {
    if nanoseconds == SECOND {
        return duration.as_secs_f64();
    }
    (duration.as_secs() as f64 * SECOND + f64::from(duration.subsec_nanos())) / nanoseconds
}

/// The length of time that [`in_units`] made the number of, to the nanosecond where it is less than a fortnight; none where it
/// can't be one.
#[must_use]
pub fn from_units(number: f64, nanoseconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number * nanoseconds / SECOND).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_comes_back_as_its_duration(
            nanoseconds in 0_u64..1_209_600_000_000_000,
            unit in prop::sample::select(vec![1.0, 1e3, 1e6, 1e9, 6e10, 3.6e12, 8.64e13]),
        ) {
            let given = Duration::from_nanos(nanoseconds);
            prop_assert_eq!(from_units(in_units(given, unit), unit), Some(given));
        }
    }

    #[test]
    fn what_is_no_length_of_time_is_none() {
        for number in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(from_units(number, 1e9), None, "{number}");
        }
    }
}
