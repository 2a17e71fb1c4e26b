//! Timestamps differ: each signal reads the clock for itself, and writes as many digits as its format has.

use super::entry::Entries;
use super::{Evidence, Joined, Judged};

pub(super) const ASKS: &str = "log and span name one moment, to the nanosecond";

/// The time of the request's log record is the end of its span. A record without a time has the one at which it was seen
/// (OTLP logs data model, "Timestamp").
pub(super) fn judge(evidence: &Evidence, entries: &Entries<'_>) -> Judged {
    Joined::each(evidence.answered(), |request, _| {
        let entry = entries.get(request)?;
        let log = &entry.log.record;
        let time = if log.time_unix_nano == 0 { log.observed_time_unix_nano } else { log.time_unix_nano };
        (time == entry.span.record.end_time_unix_nano).then(|| entry.at())
    })
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Scene, joined, wall};
    use super::*;

    #[test]
    fn a_nanosecond_is_enough_to_miss() {
        let mut scene = Scene::new();
        let times = [wall(9), wall(9) + 1, 0];
        for time in times {
            let request = scene.request(200);
            scene.span(request, 20, |_| {});
            scene.log(request, 30, |log| {
                log.time_unix_nano = time;
                log.observed_time_unix_nano = wall(9);
            });
        }
        scene.request(200);
        let evidence = scene.evidence();
        assert_eq!(joined(judge(&evidence, &Entries::of(&evidence))), (4, vec![20, 20]));
    }
}
