//! What loggers call what a record has beside its attributes.
//!
//! Sources, each as its documents and its default output have it: `slo`'s own lines (`slo_model::names::log_line`); Go's `log/slog`
//! `JSONHandler` and `TextHandler`; zap's production encoder; logrus; zerolog; pino; bunyan; winston; logstash-logback-encoder; logback's
//! `JsonEncoder`; log4j's `JsonTemplateLayout` (ECS); structlog's `JSONRenderer`; python-json-logger; Serilog's compact format;
//! `tracing-subscriber`'s `json()`; the names of OpenTelemetry's instrumentations for loggers: `trace_id`, `otelTraceID`.

/// What a member of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Role {
    Time,
    ObservedTime,
    Severity,
    SeverityNumber,
    Body,
    EventName,
    TraceId,
    SpanId,
    TraceFlags,
    Resource,
    ServiceName,
    Scope,
    /// Members in it are attributes like those beside it.
    Attributes,
    Dropped,
}

/// Each name and what it is. Of two names of a role the earlier one has it, and the other one is an attribute.
pub(super) const NAMES: [(&str, Role); 66] = [
    ("timestamp", Role::Time),
    ("@timestamp", Role::Time),
    ("time", Role::Time),
    ("ts", Role::Time),
    ("@t", Role::Time),
    ("datetime", Role::Time),
    ("asctime", Role::Time),
    ("t", Role::Time),
    ("observed_timestamp", Role::ObservedTime),
    ("observedTimestamp", Role::ObservedTime),
    ("severity_text", Role::Severity),
    ("severityText", Role::Severity),
    ("level", Role::Severity),
    ("log.level", Role::Severity),
    ("severity", Role::Severity),
    ("levelname", Role::Severity),
    ("level_name", Role::Severity),
    ("lvl", Role::Severity),
    ("@l", Role::Severity),
    ("severity_number", Role::SeverityNumber),
    ("severityNumber", Role::SeverityNumber),
    ("body", Role::Body),
    ("message", Role::Body),
    ("msg", Role::Body),
    ("@m", Role::Body),
    ("@mt", Role::Body),
    ("formattedMessage", Role::Body),
    ("event", Role::Body),
    ("event_name", Role::EventName),
    ("eventName", Role::EventName),
    ("trace_id", Role::TraceId),
    ("traceId", Role::TraceId),
    ("traceID", Role::TraceId),
    ("traceid", Role::TraceId),
    ("trace.id", Role::TraceId),
    ("otelTraceID", Role::TraceId),
    ("@tr", Role::TraceId),
    ("span_id", Role::SpanId),
    ("spanId", Role::SpanId),
    ("spanID", Role::SpanId),
    ("spanid", Role::SpanId),
    ("span.id", Role::SpanId),
    ("otelSpanID", Role::SpanId),
    ("@sp", Role::SpanId),
    ("trace_flags", Role::TraceFlags),
    ("traceFlags", Role::TraceFlags),
    ("otelTraceSampled", Role::TraceFlags),
    ("resource", Role::Resource),
    ("service.name", Role::ServiceName),
    ("service_name", Role::ServiceName),
    ("serviceName", Role::ServiceName),
    ("otelServiceName", Role::ServiceName),
    ("service", Role::ServiceName),
    ("scope", Role::Scope),
    ("instrumentationScope", Role::Scope),
    ("logger", Role::Scope),
    ("logger_name", Role::Scope),
    ("loggerName", Role::Scope),
    ("log.logger", Role::Scope),
    ("target", Role::Scope),
    ("fields", Role::Attributes),
    ("attributes", Role::Attributes),
    ("mdc", Role::Attributes),
    ("kvpList", Role::Attributes),
    ("dropped_attributes_count", Role::Dropped),
    ("droppedAttributesCount", Role::Dropped),
];

/// The role of a name, and its place among all of them.
pub(super) fn role(name: &str) -> Option<(usize, Role)> {
    let at = NAMES.iter().position(|(own, _)| *own == name)?;
    NAMES.get(at).map(|(_, role)| (at, *role))
}

/// The severity of a level that is a number: pino and bunyan, each as OpenTelemetry's instrumentation maps it.
pub(super) fn numbered_level(level: i64) -> Option<i32> {
    Some(match level {
        10..=60 => {
            let (band, rest) = ((level - 10) / 10 * 4 + 1, (level % 10 + 2) / 3);
            i32::try_from(band + rest.min(3)).ok()?
        }
        _ => return None,
    })
}
