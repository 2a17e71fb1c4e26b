//! What SDKs, agents and bridges are known to do: keys that they add, and how they write values. Each line was seen by running the
//! version that it names.

use slo_model::{Value, ValueType};

use crate::value::Came;

/// Keys that SDKs, agents, bridges and collectors add to records that others made, each with where it was seen: a name, or a
/// namespace with a dot at its end.
pub const ADDED: &[(&str, &str)] = &[
    (
        "code.",
        "OpenTelemetry's logging handler for Python 0.66b2, logback's and log4j's appenders 2.31.1 when asked to",
    ),
    ("err.", "pino 10.4.0: what it makes of an error in its lines"),
    ("event.name", "bridges of before `LogRecord.event_name`"),
    ("exception.", "SDKs, where an error is recorded; otelslog v0.21.0 puts errors there"),
    ("hostname", "pino 10.4.0 and bunyan, in their lines"),
    ("log.file.", "the Collector's filelog receiver"),
    ("log.iostream", "the Collector's container parser"),
    ("log.record.", "bridges that keep the original line or an identifier"),
    ("logger.", "bridges of `tracing` and logback: the logger's name"),
    ("observed_timestamp", "exporters that write lines"),
    ("otel.", "OpenTelemetry's own: status, scope and sampling marks of bridges and exporters"),
    ("otelSpanID", "Python's logging instrumentation"),
    ("otelTraceID", "Python's logging instrumentation"),
    ("otelTraceSampled", "Python's logging instrumentation"),
    ("otelServiceName", "Python's logging instrumentation"),
    ("pid", "pino 10.4.0 and bunyan, in their lines"),
    ("sampling.", "samplers that say how a record was chosen"),
    ("session.", "agents of browsers and phones"),
    ("span.kind", "the shims for OpenTracing"),
    ("span_id", "bridges and instrumentations of loggers (pino 10.4.0)"),
    ("taskName", "Python 3.12's logging"),
    ("thread.", "the Java agent, logback's appender, `tracing-opentelemetry` 0.34"),
    ("busy_ns", "`tracing-opentelemetry` 0.34"),
    ("idle_ns", "`tracing-opentelemetry` 0.34"),
    ("target", "`tracing-opentelemetry` 0.34"),
    ("trace_flags", "bridges and instrumentations of loggers (pino 10.4.0)"),
    ("trace_id", "bridges and instrumentations of loggers (pino 10.4.0)"),
];

/// Whether a key is known to be added by others than the program.
pub(crate) fn is_added(key: &str) -> bool {
    ADDED.iter().any(|(added, _)| match added.ends_with('.') {
        true => key.starts_with(added),
        false => key == *added,
    })
}

/// How the names of scopes begin that instrumentations of libraries have, by language; those of the examples' services and their agents.
const INSTRUMENTATIONS: &[&str] = &[
    "@opentelemetry/",
    "OpenTelemetry.",
    "io.opentelemetry.",
    "go.opentelemetry.io/",
    "opentelemetry.instrumentation.",
    "opentelemetry-instrumentation-",
];

/// Whether a scope is one of an instrumentation of a library, which any service may have.
pub(crate) fn is_instrumentation(scope: &str) -> bool {
    INSTRUMENTATIONS.iter().any(|begin| scope.starts_with(begin))
}

/// Whether the SDK of a language counts in doubles unless an instrument's `valueType` says otherwise, as a language with one type of numbers
/// does (`@opentelemetry/sdk-metrics` 2.12.0).
pub(crate) fn counts_in_doubles(language: Option<&str>) -> bool {
    matches!(language, Some("nodejs" | "webjs"))
}

/// What is usually behind a value of a kind that no contract has.
pub(crate) fn of_kind(came: &Came<'_>) -> Option<String> {
    match came {
        Came::Bytes(_) => Some("Python and JavaScript send `bytes` and `Buffer` so: decode them first (`.decode()`, `.toString()`)".to_owned()),
        Came::Mixed => Some("put values of one type into a list, and none that is `None` or `null`".to_owned()),
        Came::Empty | Came::Value(_) => None,
    }
}

/// What is usually behind a value of another type.
pub(crate) fn of_type(wanted: ValueType, value: &Value<'_>) -> Option<String> {
    match (wanted, value) {
        (ValueType::Int | ValueType::Double | ValueType::Bool, Value::String(text)) => of_text(wanted, text),
        (ValueType::String, Value::Int(_) | Value::Double(_) | Value::Bool(_)) => {
            Some("write it as text where it is set".to_owned())
        }
        (ValueType::Int, Value::Double(number)) if number.fract() == 0.0 && number.is_finite() => {
            Some(format!("set it as an integer: `{number:.0}`, not `{number:?}`"))
        }
        (ValueType::IntArray | ValueType::DoubleArray | ValueType::BoolArray, Value::StringArray(_)) => {
            Some("Python's SDK writes NumPy's numbers as text: convert them with `.tolist()`".to_owned())
        }
        _ => None,
    }
}

fn of_text(wanted: ValueType, text: &str) -> Option<String> {
    let is_number = text.parse::<f64>().is_ok();
    let is_truth = matches!(text, "True" | "False");
    match wanted {
        ValueType::Bool if is_truth => {
            Some("Python's SDK writes NumPy's `bool_` so: convert it with `bool(…)`".to_owned())
        }
        ValueType::Bool if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => {
            Some("set it as a boolean, not as text".to_owned())
        }
        _ if is_number => Some(
            "set it as a number, not as text; Python's SDK writes NumPy's numbers as text, all but `float64`: convert them with `.item()`"
                .to_owned(),
        ),
        _ => duration(text),
    }
}

/// What a duration as text comes from, where it is one of those that bridges write.
fn duration(text: &str) -> Option<String> {
    let has_digit = text.contains(|character: char| character.is_ascii_digit());
    let from = if text.starts_with("PT") {
        "Java's `Duration`"
    } else if has_digit && text.split(':').count() == 3 {
        "Python's `timedelta`"
    } else if has_digit
        && (text.ends_with("ms") || text.ends_with("µs") || text.ends_with("ns") || text.ends_with('s'))
    {
        "Rust's or Go's duration as text"
    } else {
        return None;
    };
    Some(format!("`{}` looks as {from}: set the number of seconds", super::attributes::shown(text)))
}

/// What is usually behind a value that its key can't have.
pub(crate) fn of_value(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Int(number) if *number >= 1_000_000 && number % 1_000 == 0 => {
            Some("Go's bridges (otelslog, otelzap v0.21.0) write durations as nanoseconds: is the factor 1,000,000,000?".to_owned())
        }
        Value::String(text) if text.contains('.') && text.split('.').all(|part| !part.is_empty() && part.chars().all(|one| one.is_alphanumeric() || one == '_')) && text.chars().any(char::is_uppercase) => {
            Some("Python writes an `Enum` as `Class.NAME`: set its `.value`".to_owned())
        }
        _ => None,
    }
}
