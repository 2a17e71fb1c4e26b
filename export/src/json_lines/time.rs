//! Times as a line has them.

use std::time::SystemTime;

use jiff::Timestamp;

/// The first second of the year 0, since 1970.
const FIRST: i64 = -62_167_219_200;

/// A time by RFC 3339, in UTC with nine digits of the second. None where the RFC has no text for it: before the year 0, and
/// from the last day of the year 9999 on.
pub(super) fn rfc3339(time: SystemTime) -> Option<String> {
    let first = Timestamp::from_second(FIRST).ok()?;
    let time = Timestamp::try_from(time).ok().filter(|time| *time >= first)?;
    Some(format!("{time:.9}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn every_time_has_nine_digits_or_none() {
        let after = |seconds, nanos| UNIX_EPOCH.checked_add(Duration::new(seconds, nanos));
        let before = |seconds, nanos| UNIX_EPOCH.checked_sub(Duration::new(seconds, nanos));
        for (time, text) in [
            (after(0, 0), Some("1970-01-01T00:00:00.000000000Z")),
            (after(1_709_164_800, 5), Some("2024-02-29T00:00:00.000000005Z")),
            (after(1_700_000_000, 999_999_999), Some("2023-11-14T22:13:20.999999999Z")),
            (before(0, 1), Some("1969-12-31T23:59:59.999999999Z")),
            (before(62_167_219_200, 0), Some("0000-01-01T00:00:00.000000000Z")),
            (before(62_167_219_200, 1), None),
            (after(253_402_300_800, 0), None),
            (after(1 << 62, 0), None),
            (before(1 << 62, 0), None),
        ] {
            // What a system's clock can't hold isn't asked for.
            if let Some(time) = time {
                assert_eq!(rfc3339(time).as_deref(), text, "{time:?}");
            }
        }
    }
}
