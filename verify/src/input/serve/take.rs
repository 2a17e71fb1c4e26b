//! What becomes of a request's bytes.

use hyper::body::Bytes;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceResponse,
};

use super::Shared;
use crate::input::forward::Forwarded;
use crate::input::otlp::{self, Request, Signal};
use crate::input::queue::Item;
use crate::input::refusal::{Problem, Wrong};

/// What a request's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Protobuf,
    Json,
}

/// A request that was taken.
pub(super) struct Taken {
    /// How many parts of it were left out: records, or what holds records and can't be read itself.
    rejected: i64,
    first: String,
}

impl Taken {
    /// The answer as protobuf. Its fields have the same numbers for all signals.
    pub(super) fn response(&self) -> ExportTraceServiceResponse {
        let partial_success = (self.rejected > 0).then(|| ExportTracePartialSuccess {
            rejected_spans: self.rejected,
            error_message: self.first.clone(),
        });
        ExportTraceServiceResponse { partial_success }
    }

    /// The answer as JSON.
    pub(super) fn json(&self, signal: Signal) -> serde_json::Value {
        if self.rejected == 0 {
            return serde_json::json!({});
        }
        let member = match signal {
            Signal::Traces => "rejectedSpans",
            Signal::Logs => "rejectedLogRecords",
            Signal::Metrics => "rejectedDataPoints",
        };
        serde_json::json!({ "partialSuccess": { member: self.rejected.to_string(), "errorMessage": self.first } })
    }
}

/// Takes a request, or says why not.
pub(super) fn take(shared: &Shared, signal: Signal, form: Form, body: Bytes) -> Result<Taken, Problem> {
    let mut taken = Taken { rejected: 0, first: String::new() };
    let mut hold = shared.budget.hold();
    let mut memory = 0_u64;
    let mut room = |signal: Signal, bytes: &[u8]| {
        // What is known of its size is the messages; what stands in them is as long as it is on the wire, at least.
        memory = memory.saturating_add(otlp::memory(signal, bytes));
        let wanted = usize::try_from(memory).unwrap_or(usize::MAX);
        if wanted > shared.budget.whole() {
            let detail = format!("{} bytes would take about {memory} in memory", bytes.len());
            return Err(Problem::new(Wrong::TooManyParts, detail));
        }
        match hold.grow_to(wanted) {
            true => Ok(()),
            false => Err(Problem::new(Wrong::Full, "requests fill the memory that they may take")),
        }
    };
    let mut refused = |problem: Problem| {
        if taken.rejected == 0 {
            taken.first = match problem.path.is_empty() {
                true => format!("the request {}", problem.wrong),
                false => format!("{} {}", problem.path, problem.wrong),
            };
        }
        taken.rejected = taken.rejected.saturating_add(1);
        shared.refuse(problem);
    };
    let mut requests: Vec<Request> = Vec::with_capacity(1);
    match form {
        Form::Protobuf => {
            room(signal, &body)?;
            requests.push(otlp::protobuf(signal, &body, &mut refused)?);
        }
        Form::Json => {
            for (signal, bytes) in otlp::written(&body, &mut refused)? {
                room(signal, &bytes)?;
                requests.push(otlp::decode(signal, &bytes, &mut refused)?);
            }
        }
    }
    if !shared.queue.offer(Item::Requests(requests, shared.source.clone(), Box::new(hold))) {
        return Err(Problem::new(Wrong::Full, "requests wait to be judged"));
    }
    if let Some(forwarder) = &shared.forwarder {
        let content_type = match form {
            Form::Protobuf => "application/x-protobuf",
            Form::Json => "application/json",
        };
        forwarder.offer(Forwarded { path: path(signal), content_type, body });
    }
    Ok(taken)
}

/// A signal's path over HTTP.
pub(super) const fn path(signal: Signal) -> &'static str {
    match signal {
        Signal::Traces => "/v1/traces",
        Signal::Logs => "/v1/logs",
        Signal::Metrics => "/v1/metrics",
    }
}
