//! Faults of log records.

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use slo_compiler::diagnostic::Code;

use super::{Event, Found, Mutation, any, found, reach, text};

fn of_event(language: &str, event: Event) -> Vec<Mutation> {
    let mut all = Vec::new();
    let mut add = |name: &str, told: Vec<Found>, change: fn(&mut LogRecord)| {
        all.push(Mutation::new(format!("log of {event:?}: {name}"), told, move |all| {
            reach::log(all, event, event.well()).map(change).is_some()
        }));
    };
    let told = |code, about| vec![found(code, event, event.log(language), about)];
    let severity = || told(Code::TelemetrySeverity, "");
    add("an error by its number", severity(), |log| log.severity_number = 17);
    add("a warning by its number", severity(), |log| log.severity_number = 13);
    add("without a severity", severity(), |log| {
        log.severity_number = 0;
        log.severity_text.clear();
    });
    add("a number past all", severity(), |log| log.severity_number = 25);
    add("a number below zero", severity(), |log| log.severity_number = -1);
    add("a text that says otherwise", severity(), |log| log.severity_text = "ERROR".to_owned());
    add("a text alone, that says otherwise", severity(), |log| {
        log.severity_number = 0;
        log.severity_text = "ERROR".to_owned();
    });
    // Of a band each number is right, and what bridges write as text.
    add("another number of the band", Vec::new(), |log| log.severity_number = 12);
    add("a text alone", Vec::new(), |log| {
        log.severity_number = 0;
        log.severity_text = "Information".to_owned();
    });
    let time = || told(Code::TelemetryTime, "time");
    add("no times", time(), |log| (log.time_unix_nano, log.observed_time_unix_nano) = (0, 0));
    add("a time past all clocks", time(), |log| log.time_unix_nano = u64::MAX);
    add("observed alone", Vec::new(), |log| {
        log.observed_time_unix_nano = log.observed_time_unix_nano.max(log.time_unix_nano);
        log.time_unix_nano = 0;
    });
    let id = || told(Code::TelemetryIdentity, "");
    add("a span id without a trace id", id(), |log| log.trace_id.clear());
    add("a trace id that is cut", id(), |log| log.trace_id.truncate(15));
    add("a span id that is cut", id(), |log| log.span_id.truncate(7));
    add("a span id as text", id(), |log| log.span_id = b"00f067aa0ba902b7".to_vec());
    add("of no trace", Vec::new(), |log| {
        log.trace_id.clear();
        log.span_id.clear();
    });
    if event.log(language) == "log" {
        add("an event name where there is none", told(Code::TelemetryEventName, ""), |log| {
            log.event_name = "shop.something".to_owned();
        });
    } else {
        add("without an event name", told(Code::TelemetryEventName, ""), |log| log.event_name.clear());
        add("an event name that is near", told(Code::TelemetryEventName, ""), |log| log.event_name.push('s'));
        add("another event name", told(Code::TelemetryEventName, ""), |log| {
            log.event_name = "something.else".to_owned();
        });
        add("a body where there is none", Vec::new(), |log| log.body = any(text("a payment")));
    }
    if language != "java" {
        let body = || told(Code::TelemetryText, "body");
        add("another body", body(), |log| log.body = any(text("something else")));
        add("a body in capitals", body(), |log| {
            if let Some(Any::StringValue(text)) = log.body.as_mut().and_then(|body| body.value.as_mut()) {
                *text = text.to_uppercase();
            }
        });
        add("without a body", body(), |log| log.body = None);
        add("a body that is a number", body(), |log| log.body = any(Any::IntValue(1)));
    }
    all
}

/// The log of another outcome than the span's.
fn of_outcomes(language: &str) -> Vec<Mutation> {
    let mut all = Vec::new();
    let checkout = |code, about: &str| found(code, Event::Checkout, "log", about);
    match language {
        // The text alone tells the outcome, and its `when` what the span says.
        "java" => {
            for (outcome, number) in [("refused", 13), ("failed", 17)] {
                all.push(Mutation::new(
                    format!("log of Checkout: of one that was placed, as {outcome}"),
                    vec![checkout(Code::TelemetryCondition, "outcome")],
                    move |all| {
                        let Some(log) = reach::log(all, Event::Checkout, "placed") else { return false };
                        let Some(Any::StringValue(text)) =
                            log.body.as_mut().and_then(|body| body.value.as_mut())
                        else {
                            return false;
                        };
                        *text = text.replace("placed", outcome);
                        log.severity_number = number;
                        log.severity_text.clear();
                        true
                    },
                ));
            }
            all.push(Mutation::new(
                "log of Checkout: of another order",
                vec![found(Code::TelemetryContradiction, Event::Checkout, "event", "order")],
                |all| {
                    let Some(log) = reach::log(all, Event::Checkout, "placed") else { return false };
                    log.body = any(text("order o-9999 placed"));
                    true
                },
            ));
        }
        _ => {
            for (outcome, number) in [("refused", 13), ("failed", 17)] {
                all.push(Mutation::new(
                    format!("log of Checkout: of one that was placed, as {outcome}"),
                    vec![found(Code::TelemetryContradiction, Event::Checkout, "event", "outcome")],
                    move |all| {
                        let Some(log) = reach::log(all, Event::Checkout, "placed") else { return false };
                        log.body = any(text(&format!("order {outcome}")));
                        log.severity_number = number;
                        log.severity_text.clear();
                        log.attributes
                            .iter_mut()
                            .filter(|pair| pair.key == "outcome")
                            .for_each(|pair| pair.value = any(text(outcome)));
                        true
                    },
                ));
                all.push(Mutation::new(
                    format!("log of Checkout: of one that was placed, as {outcome} by its key alone"),
                    vec![
                        found(Code::TelemetryContradiction, Event::Checkout, "event", "outcome"),
                        checkout(Code::TelemetrySeverity, ""),
                        checkout(Code::TelemetryText, "body"),
                    ],
                    move |all| {
                        let Some(log) = reach::log(all, Event::Checkout, "placed") else { return false };
                        log.attributes
                            .iter_mut()
                            .filter(|pair| pair.key == "outcome")
                            .for_each(|pair| pair.value = any(text(outcome)));
                        true
                    },
                ));
            }
        }
    }
    all
}

pub(super) fn mutations(language: &str) -> Vec<Mutation> {
    let mut all: Vec<Mutation> = Event::ALL.into_iter().flat_map(|event| of_event(language, event)).collect();
    all.extend(of_outcomes(language));
    all
}
