//! What came out of the runs.

use crate::arguments::Instrumentation;
use crate::joins::{Joined, Row};
use crate::machine::Machine;
use crate::sent_request::SentRequest;
use crate::trial::Trial;

/// What came out of the runs.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Each run.
    pub runs: Vec<Run>,
    /// Where they ran.
    pub machine: Machine,
}

/// What came out of a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// How the service was instrumented.
    pub instrumentation: Instrumentation,
    /// How many requests were to be sent.
    pub asked: u64,
    /// How many were: fewer where the run was interrupted, or the machine too slow.
    pub sent: usize,
    /// How many of them were answered.
    pub answered: usize,
    /// What could be joined.
    pub rows: Vec<Row>,
    /// What the service said on its standard error.
    pub said: String,
}

/// A row, with what each run says of it.
#[derive(Clone, Debug)]
pub(crate) struct Line<'c> {
    pub(crate) number: u8,
    pub(crate) asks: &'static str,
    /// In the order of the runs.
    pub(crate) judged: Vec<Result<&'c Joined, &'c str>>,
}

impl Run {
    pub(crate) fn of(trial: &Trial<'_>, requests: &[SentRequest], rows: Vec<Row>, said: String) -> Run {
        let answered = requests.iter().filter(|request| request.answer.is_some()).count();
        let (instrumentation, asked) = (trial.instrumentation, trial.load.count());
        Run { instrumentation, asked, sent: requests.len(), answered, rows, said }
    }
}

impl Comparison {
    /// The rows that every run has.
    pub(crate) fn lines(&self) -> Vec<Line<'_>> {
        let Some(first) = self.runs.first() else { return Vec::new() };
        let line = |row: &Row| {
            let same = |run: &'_ Run| run.rows.iter().position(|other| other.number == row.number);
            let judged = self.runs.iter().map(|run| {
                let own = same(run).and_then(|position| run.rows.get(position));
                own.map_or(Err("it was not asked"), |row| row.judged.as_ref().map_err(String::as_str))
            });
            Line { number: row.number, asks: row.asks, judged: judged.collect() }
        };
        first.rows.iter().map(line).collect()
    }

    /// `plain: 200 requests, 200 answered; contract: 180 of 200 requests, 180 answered`
    pub(crate) fn loads(&self) -> String {
        let load = |run: &Run| {
            let (name, sent, answered) = (run.instrumentation.name(), run.sent, run.answered);
            let of = if sent as u64 == run.asked { String::new() } else { format!(" of {}", run.asked) };
            format!("{name}: {sent}{of} requests, {answered} answered")
        };
        self.runs.iter().map(load).collect::<Vec<_>>().join("; ")
    }
}

impl Joined {
    /// How many of a hundred were joined; a hundred only where all were.
    pub(crate) fn percent(&self) -> usize {
        (self.count() * 100).checked_div(self.requests).unwrap_or_default()
    }
}

/// How often the services send what they have.
pub(crate) fn intervals() -> String {
    format!(
        "logs and spans go out every {} ms, metrics every {} ms",
        crate::intervals::RECORDS.as_millis(),
        crate::intervals::METRICS.as_millis()
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use super::*;

    /// A comparison with made-up figures, for tests of how it is shown.
    pub(crate) fn comparison() -> Comparison {
        let joined = |requests: usize, latencies: &[u64]| {
            Ok(Joined { requests, latencies: latencies.iter().copied().map(Duration::from_millis).collect() })
        };
        let rows = |second: Result<Joined, String>, third: Result<Joined, String>| {
            vec![
                Row { number: 2, asks: "the outcome, from metric, log and span alike", judged: second },
                Row { number: 11, asks: "log & span of the <last> both came", judged: third },
            ]
        };
        let plain = rows(joined(150, &[300; 110]), joined(8, &[]));
        let contract =
            rows(joined(150, &[&[90; 149][..], &[480]].concat()), Err("no such request happened".to_owned()));
        let run = |instrumentation, rows| Run {
            instrumentation,
            asked: if instrumentation == Instrumentation::Plain { 200 } else { 240 },
            sent: 200,
            answered: 199,
            rows,
            said: String::new(),
        };
        let runs = vec![run(Instrumentation::Plain, plain), run(Instrumentation::Contract, contract)];
        let processor = Some("Fast & <small> \"CPU\"".to_owned());
        Comparison { runs, machine: Machine { cores: 2, processor, system: "linux x86_64".to_owned() } }
    }

    #[test]
    fn a_hundred_percent_are_all() {
        let joined = |requests, count| Joined { requests, latencies: vec![Duration::ZERO; count] }.percent();
        assert_eq!([joined(1_000, 999), joined(3, 1), joined(3, 3), joined(0, 0)], [99, 33, 100, 0]);
    }
}
