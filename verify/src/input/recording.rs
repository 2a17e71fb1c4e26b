//! What came, kept in a file: whoever reads the file receives the same, in the same order.
//!
//! A line each, of JSON:
//!
//! | line | what it is |
//! |---|---|
//! | `{"slo.recording":1}` | the first: the format's number |
//! | `{"resourceSpans":[…]}`, … | a request, as OTLP/JSON has it |
//! | `{"slo.lines":"json","resourceLogs":[…]}` | log records that were made of lines |
//! | `{"slo.scrape":{…}}` | a scrape |
//! | `{"slo.refused":{…}}` | what could not be read |
//!
//! Requests stand there as the Collector's file exporter writes them.

use std::io::{self, BufRead, Read, Write};

use opentelemetry_proto::tonic::logs::v1::ResourceLogs;
use opentelemetry_proto::tonic::metrics::v1::ResourceMetrics;
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;
use prost::Message;
use serde::{Deserialize, Serialize};

use super::limits::LARGEST_REQUEST;
use super::otlp::{self, Request, Signal};
use super::refusal::{Problem, Source, Wrong};
use super::{LineForm, Receive, Refusal, Scrape, unpack};

/// The format's number.
const FORMAT: u32 = 1;

/// What a recording begins with.
pub(super) const HEAD: &[u8] = b"{\"slo.recording\":";

/// A line that is no request of OTLP.
#[derive(Serialize, Deserialize)]
enum Own<S, R> {
    #[serde(rename = "slo.recording")]
    Format(u32),
    #[serde(rename = "slo.scrape")]
    Scrape(S),
    #[serde(rename = "slo.refused")]
    Refused(R),
}

/// What log records that were made of lines begin with.
const fn lines_head(form: LineForm) -> &'static str {
    match form {
        LineForm::Json => "{\"slo.lines\":\"json\",",
        LineForm::Logfmt => "{\"slo.lines\":\"logfmt\",",
    }
}

/// Writes a recording.
pub struct Recorder<'w> {
    file: Box<dyn Write + 'w>,
    /// Why no more is written.
    error: Option<io::Error>,
    line: Vec<u8>,
}

impl<'w> Recorder<'w> {
    /// Begins a recording.
    #[must_use]
    pub fn new(file: impl Write + 'w) -> Recorder<'w> {
        let mut recorder = Recorder { file: Box::new(file), error: None, line: Vec::new() };
        recorder.own(&Own::Format::<(), ()>(FORMAT));
        recorder
    }

    /// Ends it.
    ///
    /// # Errors
    /// Where something could not be written.
    pub fn end(mut self) -> io::Result<()> {
        match self.error {
            Some(error) => Err(error),
            None => self.file.flush(),
        }
    }

    /// Keeps a request, or says why it isn't kept.
    pub(crate) fn traces(&mut self, spans: &[ResourceSpans]) -> Result<(), Refusal> {
        self.request("{", Signal::Traces, spans)
    }

    /// Keeps a request, or says why it isn't kept.
    pub(crate) fn logs(&mut self, logs: &[ResourceLogs]) -> Result<(), Refusal> {
        self.request("{", Signal::Logs, logs)
    }

    /// Keeps a request, or says why it isn't kept.
    pub(crate) fn metrics(&mut self, metrics: &[ResourceMetrics]) -> Result<(), Refusal> {
        self.request("{", Signal::Metrics, metrics)
    }

    /// Keeps lines, or says why they aren't kept.
    pub(crate) fn log_lines(&mut self, form: LineForm, logs: &[ResourceLogs]) -> Result<(), Refusal> {
        self.request(lines_head(form), Signal::Logs, logs)
    }

    /// Keeps a scrape.
    pub(crate) fn scrape(&mut self, scrape: &Scrape) {
        self.own(&Own::Scrape::<&Scrape, ()>(scrape));
    }

    /// Keeps what could not be read.
    pub(crate) fn refused(&mut self, refusal: &Refusal) {
        self.own(&Own::Refused::<(), &Refusal>(refusal));
    }

    fn own(&mut self, own: &impl Serialize) {
        self.line.clear();
        match serde_json::to_writer(&mut self.line, own) {
            Ok(()) => self.write(),
            Err(error) => self.failed(error.into()),
        }
    }

    fn request(&mut self, head: &str, signal: Signal, resources: &[impl Message]) -> Result<(), Refusal> {
        self.line.clear();
        self.line.extend_from_slice(head.as_bytes());
        let mut request = Vec::new();
        // The only field of a request, whatever its signal.
        resources.iter().for_each(|one| prost::encoding::message::encode(1, one, &mut request));
        let written = otlp::to_json(signal, &request, &mut self.line);
        written.map_err(|problem| {
            let why = format!("it {} {}", problem.wrong, problem.detail);
            Problem::at(&Source::Recording, None, None)(Problem::new(Wrong::NotRecorded, why))
        })?;
        self.line.push(b'}');
        self.write();
        Ok(())
    }

    fn write(&mut self) {
        self.line.push(b'\n');
        if self.error.is_none()
            && let Err(error) = self.file.write_all(&self.line)
        {
            self.failed(error);
        }
    }

    fn failed(&mut self, error: io::Error) {
        self.error.get_or_insert(error);
    }
}

/// Reads a recording.
pub(super) fn read(reader: &mut dyn BufRead, source: &Source, to: &mut dyn Receive) {
    let most = u64::try_from(LARGEST_REQUEST).unwrap_or(u64::MAX).saturating_add(64);
    let mut line = Vec::new();
    let mut number = 0_u64;
    while to.goes_on() {
        number += 1;
        line.clear();
        let refuse = Problem::at(source, Some(number), None);
        match (&mut *reader).take(most).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(_) if line.last() == Some(&b'\n') => {}
            Ok(_) => {
                let detail =
                    "the recording breaks off, or has a line that is longer than any that slo writes";
                return to.refused(refuse(Problem::new(Wrong::Truncated, detail)));
            }
            Err(error) => return to.refused(refuse(unpack::failed(&error))),
        }
        match self::line(&line, &mut |problem| to.refused(refuse(problem))) {
            Ok(Line::Format(FORMAT)) => {}
            Ok(Line::Format(other)) => {
                let detail = format!("this recording has the format {other}, and this slo reads {FORMAT}");
                return to.refused(refuse(Problem::new(Wrong::UnknownForm, detail)));
            }
            Ok(Line::Requests(requests)) => requests.into_iter().for_each(|request| request.give(to)),
            Ok(Line::Logs(form, logs)) => to.log_lines(form, logs),
            Ok(Line::Scrape(scrape)) => to.scrape(scrape),
            Ok(Line::Refused(refusal)) => to.refused(refusal.quoted()),
            Err(problem) => to.refused(refuse(problem)),
        }
    }
}

enum Line {
    Format(u32),
    Requests(Vec<Request>),
    Logs(LineForm, Vec<ResourceLogs>),
    Scrape(Scrape),
    Refused(Refusal),
}

fn line(line: &[u8], refused: &mut dyn FnMut(Problem)) -> Result<Line, Problem> {
    for form in [LineForm::Json, LineForm::Logfmt] {
        if let Some(rest) = line.strip_prefix(lines_head(form).as_bytes()) {
            let requests = otlp::json(&[b"{", rest].concat(), refused)?;
            let logs = requests.into_iter().filter_map(|request| match request {
                Request::Logs(logs) => Some(logs),
                _ => None,
            });
            return Ok(Line::Logs(form, logs.flatten().collect()));
        }
    }
    if !line.starts_with(b"{\"slo.") {
        return otlp::json(line, refused).map(Line::Requests);
    }
    let own: Own<Scrape, Refusal> =
        serde_json::from_slice(line).map_err(|error| Problem::new(Wrong::Malformed, error.to_string()))?;
    Ok(match own {
        Own::Format(format) => Line::Format(format),
        Own::Scrape(scrape) => Line::Scrape(scrape),
        Own::Refused(refusal) => Line::Refused(refusal),
    })
}
