//! One error, four scales: HTTP's status, the error's type, the log's level and the span's status disagree.

use opentelemetry_proto::tonic::logs::v1::SeverityNumber as Severity;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode as Status;

use super::entry::Entries;
use super::{Evidence, Joined, Judged};

pub(super) const ASKS: &str = "log's severity and span's status are the answer's";

/// What each answer says, by the scenario's own table: validation, internal, timeout.
const SCALE: [(u16, Severity, Status); 3] = [
    (400, Severity::Warn, Status::Unset),
    (500, Severity::Error, Status::Error),
    (504, Severity::Warn, Status::Error),
];

/// The severity of the request's log record and the status of its span are those of its status code. The requests are the
/// requests that were answered with 400, 500 and 504.
pub(super) fn judge(evidence: &Evidence, entries: &Entries<'_>) -> Judged {
    let scale = |status: u16| SCALE.into_iter().find(|(own, ..)| *own == status);
    let failed = evidence.answered().filter(|(_, answer)| scale(answer.status).is_some());
    Joined::each(failed, |request, answer| {
        let (_, severity, status) = scale(answer.status)?;
        let entry = entries.get(request)?;
        let own = entry.span.record.status.as_ref().map_or(Status::Unset as i32, |status| status.code);
        let is_right = entry.log.record.severity_number == severity as i32 && own == status as i32;
        is_right.then(|| entry.at())
    })
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Scene, joined};
    use super::*;
    use opentelemetry_proto::tonic::trace::v1;

    fn judged(said: &[(u16, Severity, Option<Status>)]) -> (usize, Vec<u128>) {
        let mut scene = Scene::new();
        for (answer, severity, status) in said {
            let request = scene.request(*answer);
            scene.log(request, 20, |log| log.severity_number = *severity as i32);
            scene.span(request, 20, |span| {
                span.status = status.map(|code| v1::Status { code: code as i32, ..v1::Status::default() });
            });
        }
        let evidence = scene.evidence();
        joined(judge(&evidence, &Entries::of(&evidence)))
    }

    #[test]
    fn one_scale_joins() {
        let said = [
            (200, Severity::Info, None),
            (400, Severity::Warn, None),
            (400, Severity::Warn, Some(Status::Unset)),
            (500, Severity::Error, Some(Status::Error)),
            (504, Severity::Warn, Some(Status::Error)),
        ];
        assert_eq!(judged(&said), (4, vec![10; 4]));
    }

    #[test]
    fn a_scale_of_ones_own_does_not() {
        let said = [
            (400, Severity::Error, Some(Status::Error)),
            (400, Severity::Warn, Some(Status::Error)),
            (500, Severity::Info, Some(Status::Error)),
            (504, Severity::Error, Some(Status::Error)),
            (500, Severity::Error, Some(Status::Error)),
        ];
        assert_eq!(judged(&said), (5, vec![10]));
    }
}
