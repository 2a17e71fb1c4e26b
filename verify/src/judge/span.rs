//! Spans.

use opentelemetry_proto::tonic::trace::v1::Span as Came;
use opentelemetry_proto::tonic::trace::v1::span::{Event as CameEvent, SpanKind as CameKind};
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use slo_compiler::diagnostic::Code;
use slo_model::event::{Signal, Span, SpanKind, Status, TextPart};

use super::attributes::{self, Attributes, shown};
use super::conditions::conditions;
use super::levels;
use super::subject::Subject;
use super::texts;
use super::values::Values;
use crate::tables::pattern::written;
use crate::tables::{EventTables, Tables};
use crate::tally::{Faults, Words};

/// Judges a span as one of an event, and gives what it says of the event's fields.
pub(crate) fn judge<'v>(
    tables: &Tables<'_>,
    contract: usize,
    event: &EventTables<'_>,
    came: &'v Came,
    faults: &mut dyn Faults,
) -> Values<'v> {
    let Some((span, record, shape)) = &event.span else { return Values::default() };
    let subject = Subject {
        contract,
        event: event.event.table.name,
        kind: "span",
        record: &event.span_name,
        node: record.node,
        signal: Signal::Span,
        closed: record.closed,
    };
    let mut attributes = Attributes::sort(shape, &came.attributes, &subject, faults);
    attributes.unknown.retain(|key| !tables.is_written_onto(key));
    let values = attributes::judge(shape, &mut attributes, &subject, faults);
    if let Some(parts) = span.name
        && !texts::is_of_fields(parts, &came.name, &event.event.table, &|_| Some(&values), true)
    {
        subject.fault(faults, Code::TelemetryText, "name", &|| {
            Words::new(format!(
                "a span is called `{}`, and by its attributes it is {}",
                shown(&came.name),
                subject.shown()
            ))
            .help("give the span the name that the contract says, or change the contract")
        });
    }
    kind(span, came, &subject, faults);
    status(span, came, &values, &subject, faults);
    times(came, &subject, faults);
    identity(came, &subject, faults);
    conditions(span.when, &event.event.table, &|_| Some(&values), &subject, faults);
    values
}

/// Judges an event on a span. What it doesn't say of fields, the span that it is on says, where that is of the same event.
pub(crate) fn span_event<'v>(
    contract: usize,
    event: &EventTables<'_>,
    number: usize,
    came: &'v CameEvent,
    on_span: Option<&Values<'_>>,
    faults: &mut dyn Faults,
) -> Values<'v> {
    let Some((one, record, shape)) = event.span_events.get(number) else { return Values::default() };
    let name = of_event(event, one.name);
    let subject = Subject {
        contract,
        event: event.event.table.name,
        kind: "span event",
        record: &name,
        node: record.node,
        signal: Signal::Span,
        closed: false,
    };
    let mut attributes = Attributes::sort(shape, &came.attributes, &subject, faults);
    let values = attributes::judge(shape, &mut attributes, &subject, faults);
    let fault = match came.time_unix_nano {
        0 => Some("has no time"),
        u64::MAX => Some("has a time past all clocks"),
        _ => None,
    };
    if let Some(fault) = fault {
        subject.fault(faults, Code::TelemetryTime, "time", &|| {
            Words::new(format!("{} {fault}", subject.shown()))
        });
    }
    let said = |field| if values.says(field) { Some(&values) } else { on_span };
    conditions(one.when, &event.event.table, &said, &subject, faults);
    values
}

/// A text with the names of fields in its holes.
pub(crate) fn of_event(event: &EventTables<'_>, parts: &[TextPart<'_>]) -> String {
    let fields = event.event.table.fields;
    written(parts, |number| fields.get(usize::from(number)).map_or("", |field| field.name))
}

/// Whether a name whose holes match is one of the event's: what stands in the holes must be values of their fields, and where the
/// name has no words of its own, the kind and a key of the event have to be there.
pub(crate) fn is_likely(event: &EventTables<'_>, parts: &[TextPart<'_>], came: &Came) -> bool {
    let Some((span, _, shape)) = &event.span else { return false };
    let has_words = crate::tables::pattern::has_words(parts);
    let has_key = || came.attributes.iter().any(|pair| shape.number(&pair.key).is_some());
    if !has_words && !(came.kind() == of_kind(span.kind) && (shape.entries.is_empty() || has_key())) {
        return false;
    }
    // With holes parted by text, each may be looked at: blanks part the words of names.
    let holes = parts.iter().filter(|part| matches!(part, TextPart::Value(_))).count();
    let words: Vec<&str> = came.name.split(' ').collect();
    if holes == words.len() && !has_words {
        let numbers = parts.iter().filter_map(|part| match part {
            TextPart::Value(number) => Some(*number),
            TextPart::Text(_) => None,
        });
        return numbers.zip(words).all(|(number, word)| texts::may_hold(&event.event.table, number, word));
    }
    true
}

const fn of_kind(kind: SpanKind) -> CameKind {
    match kind {
        SpanKind::Internal => CameKind::Internal,
        SpanKind::Server => CameKind::Server,
        SpanKind::Client => CameKind::Client,
        SpanKind::Producer => CameKind::Producer,
        SpanKind::Consumer => CameKind::Consumer,
    }
}

const fn kind_name(kind: CameKind) -> &'static str {
    match kind {
        CameKind::Unspecified => "unspecified",
        CameKind::Internal => "internal",
        CameKind::Server => "server",
        CameKind::Client => "client",
        CameKind::Producer => "producer",
        CameKind::Consumer => "consumer",
    }
}

fn kind(span: &Span<'_>, came: &Came, subject: &Subject<'_>, faults: &mut dyn Faults) {
    let wanted = of_kind(span.kind);
    let kind = CameKind::try_from(came.kind).unwrap_or(CameKind::Unspecified);
    // Unspecified counts as internal (OTLP, `SpanKind`).
    let is_internal = |kind| matches!(kind, CameKind::Unspecified | CameKind::Internal);
    if kind == wanted || is_internal(kind) && is_internal(wanted) {
        return;
    }
    subject.fault(faults, Code::TelemetrySpanKind, "", &|| {
        Words::new(format!(
            "{} came as `{}`, and the contract says `{}`",
            subject.shown(),
            kind_name(kind),
            kind_name(wanted)
        ))
        .help("set the kind where the span is started")
    });
}

const fn status_name(status: Status) -> &'static str {
    match status {
        Status::Unset => "unset",
        Status::Ok => "ok",
        Status::Error => "error",
    }
}

fn status(span: &Span<'_>, came: &Came, values: &Values<'_>, subject: &Subject<'_>, faults: &mut dyn Faults) {
    if span.levels.is_empty() {
        return;
    }
    let status = match came.status.as_ref().map(|status| status.code()) {
        None | Some(StatusCode::Unset) => Status::Unset,
        Some(StatusCode::Ok) => Status::Ok,
        Some(StatusCode::Error) => Status::Error,
    };
    let is_right = levels::only(span.levels, values, |variant| variant.status)
        .is_some_and(|one| one.unwrap_or(Status::Unset) == status);
    let possible = match is_right {
        true => Vec::new(),
        false => levels::possible(span.levels, values, |variant| variant.status),
    };
    if !is_right && !possible.iter().any(|one| one.unwrap_or(Status::Unset) == status) {
        subject.fault(faults, Code::TelemetryStatus, "", &|| {
            let wanted: Vec<String> =
                possible.iter().map(|one| format!("`{}`", status_name(one.unwrap_or(Status::Unset)))).collect();
            let shows = shows(span.levels, values);
            Words::new(format!(
                "{} has the status `{}`, and the contract says {}{shows}",
                subject.shown(),
                status_name(status),
                wanted.join(" or ")
            ))
            .help("set the status where the outcome is known; SDKs set `error` only where an exception leaves the span")
        });
        return;
    }
    let message = came.status.as_ref().map_or("", |status| status.message.as_str());
    let described = span.levels.iter().filter_map(|level| {
        let (number, variant) = texts::variant(values, level.field, level.meaning.variants)?;
        let gives = variant.status == Some(status) && !variant.status_description.is_empty();
        gives.then_some(((level.field, number), variant.status_description))
    });
    if let Some((place, parts)) = described.into_iter().next()
        && levels::is_known(span.levels, values)
        && !texts::is_of_variant(parts, message, place, values)
    {
        subject.fault(faults, Code::TelemetryText, "status description", &|| {
            Words::new(format!(
                "the status of {} is described as `{}`, and the contract says `{}`",
                subject.shown(),
                shown(message),
                written(parts, |_| "…")
            ))
        });
    }
}

/// What a record shows of the meanings that give its level, as messages have it.
pub(crate) fn shows(levels: &[slo_model::event::Level<'_>], values: &Values<'_>) -> String {
    let shown: Vec<String> = levels
        .iter()
        .filter_map(|level| texts::variant(values, level.field, level.meaning.variants))
        .map(|(_, variant)| format!("`{}`", variant.name))
        .collect();
    if shown.is_empty() { String::new() } else { format!(" of {}", shown.join(" and ")) }
}

fn times(came: &Came, subject: &Subject<'_>, faults: &mut dyn Faults) {
    let (start, end) = (came.start_time_unix_nano, came.end_time_unix_nano);
    let fault = match () {
        () if start == 0 => "has no start time",
        () if end == 0 => "has no end time: it never ended",
        () if end < start => "ends before it starts",
        () if start == u64::MAX || end == u64::MAX => "has a time past all clocks",
        () => return,
    };
    subject.fault(faults, Code::TelemetryTime, "time", &|| {
        Words::new(format!("{} {fault}", subject.shown()))
            .note(format!("it starts at {start} ns since 1970, and ends at {end}"))
    });
}

fn identity(came: &Came, subject: &Subject<'_>, faults: &mut dyn Faults) {
    let is_id = |bytes: &[u8], length: usize| bytes.len() == length && bytes.iter().any(|byte| *byte != 0);
    let fault = match () {
        () if !is_id(&came.trace_id, 16) => "a trace id that is none",
        () if !is_id(&came.span_id, 8) => "a span id that is none",
        () if !came.parent_span_id.is_empty() && came.parent_span_id.len() != 8 => {
            "a parent's span id that is none"
        }
        () if !came.parent_span_id.is_empty() && came.parent_span_id == came.span_id => {
            "itself as its parent"
        }
        () if came.links.iter().any(|link| !is_id(&link.trace_id, 16) || !is_id(&link.span_id, 8)) => {
            "a link to no span"
        }
        () => return,
    };
    subject.fault(faults, Code::TelemetryIdentity, "", &|| {
        Words::new(format!("{} has {fault}", subject.shown()))
    });
}
