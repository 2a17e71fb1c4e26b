//! What a JSON log line calls what a record has beside its attributes. The attributes stand at the same level, so that none
//! of them may begin like this.
//!
//! Source: OpenTelemetry, logs data model, "Log and Event Record Definition", whose names stand here in snake case. `scope`
//! is its `InstrumentationScope`, which OTLP calls so; `dropped_attributes_count` and `attributes` are of OTLP's `LogRecord`.

use super::nested_path;

/// When it happened.
pub const TIMESTAMP: &str = "timestamp";

/// When it was seen.
pub const OBSERVED_TIMESTAMP: &str = "observed_timestamp";

/// The severity as its source calls it.
pub const SEVERITY_TEXT: &str = "severity_text";

/// The severity as a number.
pub const SEVERITY_NUMBER: &str = "severity_number";

/// Which event it is.
pub const EVENT_NAME: &str = "event_name";

/// What is said, for people.
pub const BODY: &str = "body";

/// The trace that it is part of.
pub const TRACE_ID: &str = "trace_id";

/// The span that it is part of.
pub const SPAN_ID: &str = "span_id";

/// The flags of the trace.
pub const TRACE_FLAGS: &str = "trace_flags";

/// Who says it.
pub const RESOURCE: &str = "resource";

/// Which instrumentation says it.
pub const SCOPE: &str = "scope";

/// How many attributes were left out.
pub const DROPPED_ATTRIBUTES_COUNT: &str = "dropped_attributes_count";

/// The attributes that can't stand in nested form, by their whole keys.
pub const ATTRIBUTES: &str = "attributes";

/// All of these names.
pub const ALL: [&str; 13] = [
    TIMESTAMP,
    OBSERVED_TIMESTAMP,
    SEVERITY_TEXT,
    SEVERITY_NUMBER,
    EVENT_NAME,
    BODY,
    TRACE_ID,
    SPAN_ID,
    TRACE_FLAGS,
    RESOURCE,
    SCOPE,
    DROPPED_ATTRIBUTES_COUNT,
    ATTRIBUTES,
];

/// The name of a line with which the path of a log's attribute begins, so that the attribute would stand in its place.
#[must_use]
pub fn reserved(key: &str) -> Option<&'static str> {
    let first = nested_path(key).next()?;
    ALL.into_iter().find(|name| *name == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_part_of_a_path_counts() {
        for (key, name) in [
            ("body", Some("body")),
            ("body.size", Some("body")),
            ("resource.kind", Some("resource")),
            ("trace_id", Some("trace_id")),
            ("http.request.body.size", None),
            ("trace.id", None),
            ("event.name", None),
            ("bodies", None),
            ("Body", None),
            ("", None),
        ] {
            assert_eq!(reserved(key), name, "`{key}`");
        }
    }
}
