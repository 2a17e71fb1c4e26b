//! Faults of spans.

use opentelemetry_proto::tonic::trace::v1::span::{Event as SpanEvent, Link, SpanKind};
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{Span, Status};
use slo_compiler::diagnostic::Code;

use super::{Event, Found, Mutation, found, reach};

/// The outcome of what failed.
const fn failed(event: Event) -> &'static str {
    match event {
        Event::Checkout => "failed",
        Event::Payment => "unavailable",
    }
}

fn status(code: StatusCode, message: &str) -> Option<Status> {
    Some(Status { code: code as i32, message: message.to_owned() })
}

fn of_event(event: Event) -> Vec<Mutation> {
    let mut all = Vec::new();
    let mut add = |name: &str, outcome: &'static str, told: Vec<Found>, change: fn(&mut Span)| {
        all.push(Mutation::new(format!("span `{}`: {name}", event.span()), told, move |all| {
            reach::span(all, event, outcome).map(change).is_some()
        }));
    };
    let told = |code, about| vec![found(code, event, event.span(), about)];
    let well = event.well();
    let kind = || told(Code::TelemetrySpanKind, "");
    add("kind server", well, kind(), |span| span.kind = SpanKind::Server as i32);
    add("kind producer", well, kind(), |span| span.kind = SpanKind::Producer as i32);
    add("kind consumer", well, kind(), |span| span.kind = SpanKind::Consumer as i32);
    match event {
        Event::Checkout => {
            add("kind client", well, kind(), |span| span.kind = SpanKind::Client as i32);
            // Unspecified counts as internal.
            add("kind unspecified", well, Vec::new(), |span| span.kind = 0);
        }
        Event::Payment => {
            add("kind internal", well, kind(), |span| span.kind = SpanKind::Internal as i32);
            add("kind unspecified", well, kind(), |span| span.kind = 0);
            add("kind that is none", well, kind(), |span| span.kind = 77);
        }
    }
    let wrong = || told(Code::TelemetryStatus, "");
    add("status error", well, wrong(), |span| span.status = status(StatusCode::Error, ""));
    add("status ok", well, wrong(), |span| span.status = status(StatusCode::Ok, ""));
    add("status none where it failed", failed(event), wrong(), |span| span.status = None);
    add("status unset where it failed", failed(event), wrong(), |span| {
        span.status = status(StatusCode::Unset, "")
    });
    add("status ok where it failed", failed(event), wrong(), |span| span.status = status(StatusCode::Ok, ""));
    let described = || told(Code::TelemetryText, "status description");
    add("another description", failed(event), described(), |span| {
        span.status = status(StatusCode::Error, "something else");
    });
    add("no description", failed(event), described(), |span| span.status = status(StatusCode::Error, ""));
    let name = || told(Code::TelemetryText, "name");
    add("another name", well, name(), |span| span.name = "GET /".to_owned());
    add("a name that is near", well, name(), |span| span.name.push('s'));
    add("a name in capitals", well, name(), |span| span.name = span.name.to_uppercase());
    add("no name", well, name(), |span| span.name.clear());
    let time = || told(Code::TelemetryTime, "time");
    add("no start", well, time(), |span| span.start_time_unix_nano = 0);
    add("no end", well, time(), |span| span.end_time_unix_nano = 0);
    add("no times", well, time(), |span| (span.start_time_unix_nano, span.end_time_unix_nano) = (0, 0));
    add("end before start", well, time(), |span| {
        std::mem::swap(&mut span.start_time_unix_nano, &mut span.end_time_unix_nano);
    });
    add("an end past all clocks", well, time(), |span| span.end_time_unix_nano = u64::MAX);
    add("times past all clocks", well, time(), |span| {
        (span.start_time_unix_nano, span.end_time_unix_nano) = (u64::MAX, u64::MAX);
    });
    let id = || told(Code::TelemetryIdentity, "");
    add("no trace id", well, id(), |span| span.trace_id.clear());
    add("a trace id of zeros", well, id(), |span| span.trace_id = vec![0; 16]);
    add("a trace id that is cut", well, id(), |span| span.trace_id.truncate(8));
    add("a trace id as text", well, id(), |span| span.trace_id = b"228f9a525229 42ae77a1".to_vec());
    add("no span id", well, id(), |span| span.span_id.clear());
    add("a span id of zeros", well, id(), |span| span.span_id = vec![0; 8]);
    add("a span id that is too long", well, id(), |span| span.span_id.push(1));
    add("itself as parent", well, id(), |span| span.parent_span_id.clone_from(&span.span_id));
    add("a parent that is cut", well, id(), |span| span.parent_span_id = vec![1, 2, 3]);
    add("a link to nothing", well, id(), |span| span.links.push(Link::default()));
    add("a link to zeros", well, id(), |span| {
        span.links.push(Link { trace_id: vec![0; 16], span_id: vec![0; 8], ..Link::default() });
    });
    // What others do with spans is nobody's fault.
    add("a link", well, Vec::new(), |span| {
        span.links.push(Link { trace_id: vec![1; 16], span_id: vec![1; 8], ..Link::default() });
    });
    add("a state of the trace", well, Vec::new(), |span| span.trace_state = "ot=th:0".to_owned());
    add("no parent", well, Vec::new(), |span| span.parent_span_id.clear());
    all
}

/// The variant of one outcome with the key of another.
fn of_outcomes() -> Vec<Mutation> {
    let mut all = Vec::new();
    for event in Event::ALL {
        let told = vec![found(Code::TelemetryStatus, event, event.span(), "")];
        all.push(Mutation::new(
            format!("span `{}`: unset, and failed by its key", event.span()),
            told,
            move |all| {
                let Some(span) = reach::span(all, event, failed(event)) else { return false };
                span.status = status(StatusCode::Unset, "");
                true
            },
        ));
    }
    all
}

fn of_exceptions() -> Vec<Mutation> {
    let at = |all: &mut _, change: fn(&mut SpanEvent)| {
        let span = reach::span(all, Event::Checkout, "failed");
        let event = span.and_then(|span| span.events.iter_mut().find(|event| event.name == "exception"));
        event.map(change).is_some()
    };
    vec![
        Mutation::new(
            "exception: no time",
            vec![found(Code::TelemetryTime, Event::Checkout, "exception", "time")],
            move |all| at(all, |event| event.time_unix_nano = 0),
        ),
        Mutation::new(
            "exception: a time past all clocks",
            vec![found(Code::TelemetryTime, Event::Checkout, "exception", "time")],
            move |all| at(all, |event| event.time_unix_nano = u64::MAX),
        ),
        Mutation::new(
            "exception: of a checkout that was placed",
            vec![found(Code::TelemetryCondition, Event::Checkout, "exception", "outcome")],
            |all| {
                let failed = reach::span(all, Event::Checkout, "failed").map(|span| span.events.clone());
                let (Some(events), Some(span)) = (failed, reach::span(all, Event::Checkout, "placed")) else {
                    return false;
                };
                span.events = events;
                !span.events.is_empty()
            },
        ),
        // What isn't the contract's says nothing.
        Mutation::new("exception: another name", Vec::new(), move |all| {
            at(all, |event| event.name = "retry".to_owned())
        }),
    ]
}

pub(super) fn mutations() -> Vec<Mutation> {
    let mut all: Vec<Mutation> = Event::ALL.into_iter().flat_map(of_event).collect();
    all.extend(of_outcomes());
    all.extend(of_exceptions());
    all
}
