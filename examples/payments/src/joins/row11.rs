//! The span ends before the log is flushed: at shutdown the span was exported, and the log of the same work is lost in its
//! buffer.

use super::entry::Entries;
use super::{Evidence, Joined, Judged};

pub(super) const ASKS: &str = "of the last before the end, log and span both came";

/// Log record and span of a request have both come. They are those that were answered in the last interval of the
/// logs before the service was told to end.
pub(super) fn judge(evidence: &Evidence, entries: &Entries<'_>) -> Judged {
    let since = evidence.end.saturating_sub(evidence.interval);
    let last = evidence.answered().filter(|(_, answer)| answer.at >= since);
    Joined::each(last, |request, _| Some(entries.get(request)?.at()))
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Scene, joined};
    use super::*;

    #[test]
    fn a_log_that_did_not_come_joins_nothing() {
        let mut scene = Scene::new();
        let (early, last, lost) =
            (scene.request_at(200, 700), scene.request_at(200, 900), scene.request_at(200, 990));
        for request in [early, last, lost] {
            scene.span(request, 1_010, |_| {});
        }
        scene.log(last, 950, |_| {});
        let evidence = scene.evidence();
        assert_eq!(joined(judge(&evidence, &Entries::of(&evidence))), (2, vec![110]));
    }
}
