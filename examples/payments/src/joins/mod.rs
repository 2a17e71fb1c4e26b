//! How many requests can be joined across the signals, scenario by scenario, and how long after the request.
//!
//! A row is about requests that the caller sent and that were answered. A request is joined where everything that the row asks for was
//! received and says the truth; its latency is the time from the answer until the last record that is needed for it had come.
//!
//! | what | where |
//! |---|---|
//! | a request's own span and log record | `entry` |
//! | a counter's points, export by export, and whether they count the requests | `series` |
//! | how the outcome of a payment is told from what is shown | `tell` |
//! | the rows | `row02` … |

mod entry;
mod row02;
mod row03;
mod row04;
mod row05;
mod row09;
mod row11;
mod row12;
mod row13;
#[cfg(test)]
mod scene;
mod series;
mod tell;

use std::time::Duration;

use opentelemetry_proto::tonic::logs::v1::LogRecord;

use crate::arguments::Instrumentation;
use crate::received::Received;
use crate::sent_request::{Answer, SentRequest};

/// What happened in a run, and what was received of it.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// What happened.
    pub requests: Vec<SentRequest>,
    /// What was received.
    pub received: Received,
    /// When the service was told to end.
    pub end: Duration,
    /// The time within which the last requests lie: that at which log records go out.
    pub interval: Duration,
}

/// A row of the scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub number: u8,
    /// What is asked of each request.
    pub asks: &'static str,
    /// What came out, or why it can't be judged.
    pub judged: Result<Joined, String>,
}

/// How many requests were joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// How many requests there are.
    pub requests: usize,
    /// For each that was joined, how long after it that was possible; sorted.
    pub latencies: Vec<Duration>,
}

/// What a row is judged from: of each request whether it was joined, and when.
type Judged = Result<Joined, String>;

impl Joined {
    /// Joins each request; `join` gives when it was joined.
    fn each<'f>(
        requests: impl IntoIterator<Item = (&'f SentRequest, Answer)>,
        mut join: impl FnMut(&'f SentRequest, Answer) -> Option<Duration>,
    ) -> Judged {
        let (mut count, mut latencies) = (0, Vec::new());
        for (request, answer) in requests {
            count += 1;
            latencies.extend(join(request, answer).map(|at| at.saturating_sub(answer.at)));
        }
        if count == 0 {
            return Err("no such request happened".to_owned());
        }
        latencies.sort_unstable();
        Ok(Joined { requests: count, latencies })
    }

    /// How many were joined.
    #[must_use]
    pub fn count(&self) -> usize {
        self.latencies.len()
    }

    /// The latency that so many of a hundred joined requests do not exceed, by the nearest rank; `None` where none was joined.
    #[must_use]
    pub fn percentile(&self, of_hundred: usize) -> Option<Duration> {
        let rank = (self.latencies.len() * of_hundred).div_ceil(100);
        self.latencies.get(rank.checked_sub(1)?).copied()
    }
}

/// What an instrumentation calls the things that are asked for.
#[derive(Clone, Copy, Debug)]
struct Names {
    /// The counter of payments, by outcome.
    payments: &'static str,
    /// The counter of requests.
    requests: &'static str,
    /// Its label with the status code.
    status: &'static str,
    /// Whether a log record is that of a deduction.
    is_deduction: fn(&LogRecord) -> bool,
}

const PLAIN: Names = Names {
    payments: "payment_status",
    requests: "http_requests",
    status: "code",
    is_deduction: |log| shows(log, "event", "deducted"),
};

const CONTRACT: Names = Names {
    payments: "payment.attempts",
    requests: "payment.requests",
    status: "http.response.status_code",
    is_deduction: |log| log.event_name == "payment.deduction",
};

/// Whether a log record has this text under this key.
fn shows(log: &LogRecord, key: &str, text: &str) -> bool {
    let mut own = log.attributes.iter().filter(|attribute| attribute.key == key);
    own.any(|attribute| tell::text(attribute.value.as_ref()) == Some(text))
}

impl Evidence {
    /// The requests that were answered.
    fn answered(&self) -> impl Iterator<Item = (&SentRequest, Answer)> {
        self.requests.iter().filter_map(|request| Some((request, request.answer?)))
    }
}

/// Judges a run, row by row.
#[must_use]
pub fn judge(evidence: &Evidence, instrumentation: Instrumentation) -> Vec<Row> {
    let (names, outcomes) = match instrumentation {
        Instrumentation::Plain => (&PLAIN, tell::searched(evidence, PLAIN.payments)),
        Instrumentation::Contract => (&CONTRACT, tell::inverse()),
    };
    let entries = entry::Entries::of(evidence);
    let row = |number, asks, judged| Row { number, asks, judged };
    vec![
        row(2, row02::ASKS, row02::judge(evidence, names, &outcomes)),
        row(3, row03::ASKS, row03::judge(evidence, &entries)),
        row(4, row04::ASKS, row04::judge(evidence, names)),
        row(5, row05::ASKS, row05::judge(evidence, names, &entries)),
        row(9, row09::ASKS, row09::judge(evidence, names, &entries)),
        row(11, row11::ASKS, row11::judge(evidence, &entries)),
        row(12, row12::ASKS, row12::judge(evidence, names)),
        row(13, row13::ASKS, row13::judge(evidence, &entries)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_the_nearest_rank() {
        let latencies = |count: u64| (1..=count).map(Duration::from_millis).collect::<Vec<_>>();
        let joined = Joined { requests: 200, latencies: latencies(100) };
        let of = |joined: &Joined| [50, 95, 99].map(|of| joined.percentile(of).map(|at| at.as_millis()));
        assert_eq!(of(&joined), [Some(50), Some(95), Some(99)]);
        let joined = Joined { requests: 3, latencies: latencies(3) };
        assert_eq!(of(&joined), [Some(2), Some(3), Some(3)]);
        assert_eq!(of(&Joined { requests: 3, latencies: Vec::new() }), [None; 3]);
    }

    #[test]
    fn without_requests_nothing_is_judged() {
        for instrumentation in [Instrumentation::Plain, Instrumentation::Contract] {
            for row in judge(&Evidence::default(), instrumentation) {
                assert!(row.judged.is_err(), "{row:?}");
            }
        }
    }
}
