//! Log records.

use std::hash::{DefaultHasher, Hash, Hasher};

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use slo_compiler::diagnostic::Code;
use slo_compiler::plan::Record;
use slo_model::Value;
use slo_model::event::{Log, Severity, Signal, TextPart};

use super::attributes::{self, Attributes, shown};
use super::conditions::conditions;
use super::levels;
use super::span::{of_event, shows};
use super::subject::Subject;
use super::texts;
use super::values::Values;
use crate::tables::EventTables;
use crate::tables::pattern::written;
use crate::tally::{Faults, Words};

/// The attribute that held the event's name before log records had a field for it.
const EVENT_NAME: &str = "event.name";

/// The event name of a record, unless it is only a place in a program, as `tracing` of Rust makes one of each call
/// (`event src/main.rs:12`).
pub(crate) fn event_name(came: &LogRecord) -> &str {
    let own = came.event_name.as_str();
    if !own.is_empty() {
        return if is_place(own) { "" } else { own };
    }
    let attribute = came.attributes.iter().find(|pair| pair.key == EVENT_NAME);
    match attribute.and_then(|pair| pair.value.as_ref()).and_then(|value| value.value.as_ref()) {
        Some(Any::StringValue(name)) => name,
        _ => "",
    }
}

fn is_place(name: &str) -> bool {
    let line = name.strip_prefix("event ").and_then(|rest| rest.rsplit_once(':'));
    line.is_some_and(|(file, line)| file.ends_with(".rs") && line.parse::<u32>().is_ok())
}

/// The body as text; none where it is none.
pub(crate) fn body(came: &LogRecord) -> Option<&str> {
    match came.body.as_ref()?.value.as_ref()? {
        Any::StringValue(text) => Some(text),
        _ => None,
    }
}

/// Its time, or the time at which it was observed where it has none, as Rust's `tracing` gives none.
pub(crate) const fn time(came: &LogRecord) -> u64 {
    if came.time_unix_nano == 0 { came.observed_time_unix_nano } else { came.time_unix_nano }
}

/// A hash of a record of a process.
pub(crate) fn hash(process: u32, came: &LogRecord) -> u64 {
    let mut hasher = DefaultHasher::new();
    (process, time(came), came.observed_time_unix_nano, came.severity_number).hash(&mut hasher);
    (&came.event_name, &came.trace_id, &came.span_id, body(came)).hash(&mut hasher);
    crate::value::hash(&came.attributes).hash(&mut hasher);
    hasher.finish()
}

/// Judges a log record as one of an event, and gives what it says of the event's fields.
pub(crate) fn judge<'v>(
    contract: usize,
    event: &EventTables<'_>,
    number: usize,
    came: &'v LogRecord,
    faults: &mut dyn Faults,
) -> Values<'v> {
    let Some((log, record, shape)) = event.logs.get(number) else { return Values::default() };
    let subject = subject(contract, event, log, record);
    let mut attributes = Attributes::sort(shape, &came.attributes, &subject, faults);
    attributes.unknown.retain(|key| *key != EVENT_NAME);
    let values = attributes::judge(shape, &mut attributes, &subject, faults);
    name(log, came, &subject, faults);
    severity(log, came, &values, &subject, faults);
    text(log, event, came, &values, &subject, faults);
    if time(came) == 0 || time(came) == u64::MAX {
        subject.fault(faults, Code::TelemetryTime, "time", &|| {
            Words::new(format!("{} has no time, and none at which it was observed", subject.shown()))
        });
    }
    identity(came, &subject, faults);
    conditions(log.when, &event.event.table, &|_| Some(&values), &subject, faults);
    values
}

/// Judges what a log record doesn't say of itself by the span of the same event: whether its `when` lets it be there, and what its text says.
pub(crate) fn with_span(
    contract: usize,
    event: &EventTables<'_>,
    number: usize,
    text: Option<&str>,
    values: &Values<'_>,
    on_span: &Values<'_>,
    faults: &mut dyn Faults,
) {
    let Some((log, record, _)) = event.logs.get(number) else { return };
    let table = &event.event.table;
    let subject = subject(contract, event, log, record);
    conditions(log.when, table, &|field| (!values.says(field)).then_some(on_span), &subject, faults);
    let Some(text) = text else { return };
    for part in log.body {
        let TextPart::Value(number) = part else { continue };
        // Numbers have a spelling in each language.
        let Some(value @ Value::String(_)) = on_span.get(*number).filter(|_| !values.says(*number)) else {
            continue;
        };
        let said = |field: u16| if field == *number { Some(on_span) } else { Some(values) };
        if texts::is_of_fields(log.body, text, table, &said, false) {
            continue;
        }
        let name = table.fields.get(usize::from(*number)).map_or("", |field| field.name);
        let subject = Subject { kind: "event", record: "", node: event.event.node, ..subject };
        subject.fault(faults, Code::TelemetryContradiction, name, &|| {
            Words::new(format!(
                "log and span of one `{}` disagree: `{name}` is `{}` on the span, and the body of the log is `{}`",
                table.name,
                shown(&value.to_string()),
                shown(text)
            ))
            .help("set both from one value")
        });
    }
}

fn subject<'s>(contract: usize, event: &EventTables<'s>, log: &Log<'s>, record: &Record) -> Subject<'s> {
    Subject {
        contract,
        event: event.event.table.name,
        kind: "log",
        record: log.name.unwrap_or_default(),
        node: record.node,
        signal: Signal::Log,
        closed: record.closed,
    }
}

fn name(log: &Log<'_>, came: &LogRecord, subject: &Subject<'_>, faults: &mut dyn Faults) {
    let own = event_name(came);
    if own == log.name.unwrap_or_default() {
        return;
    }
    if log.name.is_none() {
        subject.fault(faults, Code::TelemetryEventName, "", &|| {
            Words::new(format!(
                "{} came with the event name `{}`, and the contract says none",
                subject.shown(),
                shown(own)
            ))
            .help("give the log this name in the contract, or leave it out where the record is written")
        });
        return;
    }
    subject.fault(faults, Code::TelemetryEventName, "", &|| {
        let came = if own.is_empty() { "no event name".to_owned() } else { format!("the event name `{}`", shown(own)) };
        Words::new(format!("{} came with {came}", subject.shown())).help(
            "set the event name of the record; where the bridge of the logger can't, `log _` declares a log that has none",
        )
    });
}

fn severity(
    log: &Log<'_>,
    came: &LogRecord,
    values: &Values<'_>,
    subject: &Subject<'_>,
    faults: &mut dyn Faults,
) {
    let possible = match levels::only(log.levels, values, |variant| variant.severity) {
        Some(one) => vec![one],
        None => levels::possible(log.levels, values, |variant| variant.severity),
    };
    let mut wanted: Vec<Severity> =
        possible.iter().map(|one| one.or(log.severity).unwrap_or(Severity::Unspecified)).collect();
    wanted.dedup();
    let text = came.severity_text.as_str();
    let own = match (levels::band(came.severity_number), came.severity_number) {
        (Some(band), _) => band,
        // A contract that says none means a record without a number, whatever its text is.
        (None, 0) if wanted.contains(&Severity::Unspecified) => Severity::Unspecified,
        (None, 0) => levels::of_text(text).unwrap_or(Severity::Unspecified),
        (None, number) => {
            subject.fault(faults, Code::TelemetrySeverity, "", &|| {
                Words::new(format!(
                    "{} has the severity number {number}, and there are those from 1 to 24",
                    subject.shown()
                ))
                .help("map the logger's levels to OpenTelemetry's numbers: its own are others")
            });
            return;
        }
    };
    if !wanted.contains(&own) {
        subject.fault(faults, Code::TelemetrySeverity, "", &|| {
            let names: Vec<String> = wanted.iter().map(|one| format!("`{}`", levels::name(*one))).collect();
            let words = Words::new(format!(
                "{} has the severity `{}`, and the contract says {}{}",
                subject.shown(),
                levels::name(own),
                names.join(" or "),
                shows(log.levels, values)
            ));
            let words = words.note(format!(
                "it came with the number {} and the text `{}`",
                came.severity_number,
                shown(text)
            ));
            match levels::of_text(text) {
                Some(other) if other != own => {
                    words.help(format!("number and text disagree: the text says `{}`", levels::name(other)))
                }
                None if own == Severity::Unspecified && !text.is_empty() => {
                    words.help("its level has no number: bridges give none to levels outside their scale")
                }
                _ => words,
            }
        });
        return;
    }
    let Some(wanted) = log.severity_text else {
        if let Some(said) = levels::of_short_name(text)
            && came.severity_number != 0
            && said != own
        {
            subject.fault(faults, Code::TelemetrySeverity, "", &|| {
                Words::new(format!(
                    "{} has the severity `{}` by its number {}, and `{}` by its text",
                    subject.shown(),
                    levels::name(own),
                    came.severity_number,
                    levels::name(said)
                ))
                .help("set both from one level: some viewers show the number, and others the text")
            });
        }
        return;
    };
    if wanted != text {
        subject.fault(faults, Code::TelemetryText, "severity text", &|| {
            Words::new(format!(
                "the severity of {} is called `{}`, and the contract says `{wanted}`",
                subject.shown(),
                shown(text)
            ))
        });
    }
}

fn text(
    log: &Log<'_>,
    event: &EventTables<'_>,
    came: &LogRecord,
    values: &Values<'_>,
    subject: &Subject<'_>,
    faults: &mut dyn Faults,
) {
    // The meaning whose severity is the greatest gives the body; whose isn't known gives any.
    let may_give = |level: &slo_model::event::Level<'_>| {
        level.meaning.variants.iter().any(|variant| !variant.body.is_empty())
    };
    if log.levels.iter().any(may_give) && !levels::is_known(log.levels, values) {
        return;
    }
    let shown_levels = log.levels.iter().filter_map(|level| {
        let (number, variant) = texts::variant(values, level.field, level.meaning.variants)?;
        Some((variant.severity?, (level.field, number), variant.body))
    });
    let given: Vec<_> = shown_levels.collect();
    // Of several variants that a record does not tell apart the body isn't known.
    if given.is_empty()
        && log.levels.iter().any(may_give)
        && log
            .levels
            .iter()
            .any(|level| !matches!(values.meaning(level.field), Some(super::values::Meant::Absent)))
    {
        return;
    }
    let greatest = given.iter().map(|(severity, ..)| *severity).max();
    let of_variant = given.iter().find(|(severity, _, body)| Some(*severity) == greatest && !body.is_empty());
    let own = body(came);
    let is_right = match of_variant {
        Some((_, place, parts)) => own.is_some_and(|text| texts::is_of_variant(parts, text, *place, values)),
        None if log.body.is_empty() => return,
        None => own.is_some_and(|text| {
            texts::is_of_fields(log.body, text, &event.event.table, &|_| Some(values), false)
        }),
    };
    if is_right {
        return;
    }
    subject.fault(faults, Code::TelemetryText, "body", &|| {
        let wanted = match of_variant {
            Some((_, _, parts)) => written(parts, |_| "…"),
            None => of_event(event, log.body),
        };
        let came = match (own, &came.body) {
            (Some(text), _) => format!("`{}`", shown(text)),
            (None, None) => "empty".to_owned(),
            (None, Some(_)) => "no text".to_owned(),
        };
        Words::new(format!("the body of {} is {came}, and the contract says `{wanted}`", subject.shown()))
    });
}

fn identity(came: &LogRecord, subject: &Subject<'_>, faults: &mut dyn Faults) {
    let fault = match (came.trace_id.len(), came.span_id.len()) {
        (0 | 16, 0 | 8) if came.span_id.is_empty() || !came.trace_id.is_empty() => return,
        (0 | 16, 0 | 8) => "a span id without a trace id",
        (0 | 16, _) => "a span id that is none",
        _ => "a trace id that is none",
    };
    subject.fault(faults, Code::TelemetryIdentity, "", &|| {
        Words::new(format!("{} has {fault}", subject.shown()))
    });
}
