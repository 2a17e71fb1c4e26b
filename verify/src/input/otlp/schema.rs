//! The messages of OTLP, as data: what JSON is written by, and what bytes that prost doesn't read are looked at by.
//!
//! Source: opentelemetry-proto 1.10, `trace.proto`, `logs.proto`, `metrics.proto`, `common.proto`, `resource.proto`; JSON by its
//! `docs/specification.md`, "JSON Protobuf Encoding".

use std::mem::size_of;

use opentelemetry_proto::tonic::common::v1::{
    AnyValue, ArrayValue, EntityRef, InstrumentationScope, KeyValue, KeyValueList,
};
use opentelemetry_proto::tonic::logs::v1 as logs;
use opentelemetry_proto::tonic::metrics::v1 as metrics;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1 as trace;

/// A message.
pub(super) struct Message {
    pub(super) fields: &'static [Field],
    /// What it takes in memory, without what it points to.
    pub(super) size: usize,
    /// Whether it can be left out without the meaning of what is around it being another one.
    pub(super) is_record: bool,
}

/// A field of a message.
pub(super) struct Field {
    pub(super) number: u32,
    /// Its name in JSON.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) is_repeated: bool,
}

/// What stands in a field.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// Bytes that are hexadecimal in JSON.
    Id,
    /// Bytes that are base64 in JSON.
    Bytes,
    Bool,
    /// `uint32`, as a varint.
    Unsigned32,
    /// `uint64`, as a varint.
    Unsigned64,
    /// `int32`, as a varint.
    Signed32,
    /// `sint32`.
    ZigZag32,
    Fixed32,
    Fixed64,
    Double,
    /// A number whose names in JSON these are, from 0 on, behind the enum's own name.
    Enum(&'static str, &'static [&'static str]),
    /// `int64`; a number that isn't one becomes the double of this other field.
    Int(u32),
    /// `sfixed64`; a number that isn't one becomes the double of this other field.
    FixedInt(u32),
    Message(&'static Message),
}

impl Kind {
    /// The type on the wire.
    pub(super) const fn wire(self) -> u32 {
        match self {
            Kind::Bool
            | Kind::Unsigned32
            | Kind::Unsigned64
            | Kind::Signed32
            | Kind::ZigZag32
            | Kind::Enum(..)
            | Kind::Int(_) => 0,
            Kind::Fixed64 | Kind::Double | Kind::FixedInt(_) => 1,
            Kind::Text | Kind::Id | Kind::Bytes | Kind::Message(_) => 2,
            Kind::Fixed32 => 5,
        }
    }
}

impl Message {
    pub(super) fn numbered(&self, number: u32) -> Option<&'static Field> {
        // Most messages have their fields without a gap.
        let at = usize::try_from(number.wrapping_sub(1)).ok()?;
        match self.fields.get(at) {
            Some(field) if field.number == number => Some(field),
            _ => self.fields.iter().find(|field| field.number == number),
        }
    }

    /// By its name in JSON; that of the `.proto` file is taken as well.
    pub(super) fn named(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name).or_else(|| {
            let is_same = |field: &&Field| {
                let mut own = field.name.bytes();
                let is_begun = name
                    .bytes()
                    .filter(|byte| *byte != b'_')
                    .all(|byte| own.next().is_some_and(|own| own.eq_ignore_ascii_case(&byte)));
                is_begun && own.next().is_none()
            };
            self.fields.iter().filter(|_| name.contains('_')).find(is_same)
        })
    }
}

impl Field {
    /// Whether records stand in it, or in what stands in it: a metric has its points behind another message.
    pub(super) fn has_records(&self) -> bool {
        let is_record = |field: &Field| matches!(field.kind, Kind::Message(message) if message.is_record);
        is_record(self) || matches!(self.kind, Kind::Message(message) if message.fields.iter().any(is_record))
    }
}

const fn one(number: u32, name: &'static str, kind: Kind) -> Field {
    Field { number, name, kind, is_repeated: false }
}

const fn many(number: u32, name: &'static str, kind: Kind) -> Field {
    Field { number, name, kind, is_repeated: true }
}

const fn part<T>(fields: &'static [Field]) -> Message {
    Message { fields, size: size_of::<T>(), is_record: false }
}

const fn record<T>(fields: &'static [Field]) -> Message {
    Message { fields, size: size_of::<T>(), is_record: true }
}

const TEMPORALITY: Kind = Kind::Enum("AGGREGATION_TEMPORALITY", &["UNSPECIFIED", "DELTA", "CUMULATIVE"]);
const SPAN_KIND: Kind =
    Kind::Enum("SPAN_KIND", &["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]);
const STATUS_CODE: Kind = Kind::Enum("STATUS_CODE", &["UNSET", "OK", "ERROR"]);
const SEVERITY: Kind = Kind::Enum(
    "SEVERITY_NUMBER",
    &[
        "UNSPECIFIED",
        "TRACE",
        "TRACE2",
        "TRACE3",
        "TRACE4",
        "DEBUG",
        "DEBUG2",
        "DEBUG3",
        "DEBUG4",
        "INFO",
        "INFO2",
        "INFO3",
        "INFO4",
        "WARN",
        "WARN2",
        "WARN3",
        "WARN4",
        "ERROR",
        "ERROR2",
        "ERROR3",
        "ERROR4",
        "FATAL",
        "FATAL2",
        "FATAL3",
        "FATAL4",
    ],
);

pub(super) static TRACES: Message =
    part::<Vec<trace::ResourceSpans>>(&[many(1, "resourceSpans", Kind::Message(&RESOURCE_SPANS))]);
pub(super) static LOGS: Message =
    part::<Vec<logs::ResourceLogs>>(&[many(1, "resourceLogs", Kind::Message(&RESOURCE_LOGS))]);
pub(super) static METRICS: Message =
    part::<Vec<metrics::ResourceMetrics>>(&[many(1, "resourceMetrics", Kind::Message(&RESOURCE_METRICS))]);

static RESOURCE_SPANS: Message = record::<trace::ResourceSpans>(&[
    one(1, "resource", Kind::Message(&RESOURCE)),
    many(2, "scopeSpans", Kind::Message(&SCOPE_SPANS)),
    one(3, "schemaUrl", Kind::Text),
]);
static SCOPE_SPANS: Message = record::<trace::ScopeSpans>(&[
    one(1, "scope", Kind::Message(&SCOPE)),
    many(2, "spans", Kind::Message(&SPAN)),
    one(3, "schemaUrl", Kind::Text),
]);
static SPAN: Message = record::<trace::Span>(&[
    one(1, "traceId", Kind::Id),
    one(2, "spanId", Kind::Id),
    one(3, "traceState", Kind::Text),
    one(4, "parentSpanId", Kind::Id),
    one(5, "name", Kind::Text),
    one(6, "kind", SPAN_KIND),
    one(7, "startTimeUnixNano", Kind::Fixed64),
    one(8, "endTimeUnixNano", Kind::Fixed64),
    many(9, "attributes", Kind::Message(&KEY_VALUE)),
    one(10, "droppedAttributesCount", Kind::Unsigned32),
    many(11, "events", Kind::Message(&EVENT)),
    one(12, "droppedEventsCount", Kind::Unsigned32),
    many(13, "links", Kind::Message(&LINK)),
    one(14, "droppedLinksCount", Kind::Unsigned32),
    one(15, "status", Kind::Message(&STATUS)),
    one(16, "flags", Kind::Fixed32),
]);
static EVENT: Message = part::<trace::span::Event>(&[
    one(1, "timeUnixNano", Kind::Fixed64),
    one(2, "name", Kind::Text),
    many(3, "attributes", Kind::Message(&KEY_VALUE)),
    one(4, "droppedAttributesCount", Kind::Unsigned32),
]);
pub(super) static LINK: Message = part::<trace::span::Link>(&[
    one(1, "traceId", Kind::Id),
    one(2, "spanId", Kind::Id),
    one(3, "traceState", Kind::Text),
    many(4, "attributes", Kind::Message(&KEY_VALUE)),
    one(5, "droppedAttributesCount", Kind::Unsigned32),
    one(6, "flags", Kind::Fixed32),
]);
static STATUS: Message = part::<trace::Status>(&[one(2, "message", Kind::Text), one(3, "code", STATUS_CODE)]);

static RESOURCE_LOGS: Message = record::<logs::ResourceLogs>(&[
    one(1, "resource", Kind::Message(&RESOURCE)),
    many(2, "scopeLogs", Kind::Message(&SCOPE_LOGS)),
    one(3, "schemaUrl", Kind::Text),
]);
static SCOPE_LOGS: Message = record::<logs::ScopeLogs>(&[
    one(1, "scope", Kind::Message(&SCOPE)),
    many(2, "logRecords", Kind::Message(&LOG_RECORD)),
    one(3, "schemaUrl", Kind::Text),
]);
static LOG_RECORD: Message = record::<logs::LogRecord>(&[
    one(1, "timeUnixNano", Kind::Fixed64),
    one(2, "severityNumber", SEVERITY),
    one(3, "severityText", Kind::Text),
    one(5, "body", Kind::Message(&ANY_VALUE)),
    many(6, "attributes", Kind::Message(&KEY_VALUE)),
    one(7, "droppedAttributesCount", Kind::Unsigned32),
    one(8, "flags", Kind::Fixed32),
    one(9, "traceId", Kind::Id),
    one(10, "spanId", Kind::Id),
    one(11, "observedTimeUnixNano", Kind::Fixed64),
    one(12, "eventName", Kind::Text),
]);

static RESOURCE_METRICS: Message = record::<metrics::ResourceMetrics>(&[
    one(1, "resource", Kind::Message(&RESOURCE)),
    many(2, "scopeMetrics", Kind::Message(&SCOPE_METRICS)),
    one(3, "schemaUrl", Kind::Text),
]);
static SCOPE_METRICS: Message = record::<metrics::ScopeMetrics>(&[
    one(1, "scope", Kind::Message(&SCOPE)),
    many(2, "metrics", Kind::Message(&METRIC)),
    one(3, "schemaUrl", Kind::Text),
]);
static METRIC: Message = record::<metrics::Metric>(&[
    one(1, "name", Kind::Text),
    one(2, "description", Kind::Text),
    one(3, "unit", Kind::Text),
    one(5, "gauge", Kind::Message(&GAUGE)),
    one(7, "sum", Kind::Message(&SUM)),
    one(9, "histogram", Kind::Message(&HISTOGRAM)),
    one(10, "exponentialHistogram", Kind::Message(&EXPONENTIAL)),
    one(11, "summary", Kind::Message(&SUMMARY)),
    many(12, "metadata", Kind::Message(&KEY_VALUE)),
]);
static GAUGE: Message = part::<metrics::Gauge>(&[many(1, "dataPoints", Kind::Message(&NUMBER_POINT))]);
static SUM: Message = part::<metrics::Sum>(&[
    many(1, "dataPoints", Kind::Message(&NUMBER_POINT)),
    one(2, "aggregationTemporality", TEMPORALITY),
    one(3, "isMonotonic", Kind::Bool),
]);
static HISTOGRAM: Message = part::<metrics::Histogram>(&[
    many(1, "dataPoints", Kind::Message(&HISTOGRAM_POINT)),
    one(2, "aggregationTemporality", TEMPORALITY),
]);
static EXPONENTIAL: Message = part::<metrics::ExponentialHistogram>(&[
    many(1, "dataPoints", Kind::Message(&EXPONENTIAL_POINT)),
    one(2, "aggregationTemporality", TEMPORALITY),
]);
static SUMMARY: Message = part::<metrics::Summary>(&[many(1, "dataPoints", Kind::Message(&SUMMARY_POINT))]);
static NUMBER_POINT: Message = record::<metrics::NumberDataPoint>(&[
    one(2, "startTimeUnixNano", Kind::Fixed64),
    one(3, "timeUnixNano", Kind::Fixed64),
    one(4, "asDouble", Kind::Double),
    many(5, "exemplars", Kind::Message(&EXEMPLAR)),
    one(6, "asInt", Kind::FixedInt(4)),
    many(7, "attributes", Kind::Message(&KEY_VALUE)),
    one(8, "flags", Kind::Unsigned32),
]);
static HISTOGRAM_POINT: Message = record::<metrics::HistogramDataPoint>(&[
    one(2, "startTimeUnixNano", Kind::Fixed64),
    one(3, "timeUnixNano", Kind::Fixed64),
    one(4, "count", Kind::Fixed64),
    one(5, "sum", Kind::Double),
    many(6, "bucketCounts", Kind::Fixed64),
    many(7, "explicitBounds", Kind::Double),
    many(8, "exemplars", Kind::Message(&EXEMPLAR)),
    many(9, "attributes", Kind::Message(&KEY_VALUE)),
    one(10, "flags", Kind::Unsigned32),
    one(11, "min", Kind::Double),
    one(12, "max", Kind::Double),
]);
static EXPONENTIAL_POINT: Message = record::<metrics::ExponentialHistogramDataPoint>(&[
    many(1, "attributes", Kind::Message(&KEY_VALUE)),
    one(2, "startTimeUnixNano", Kind::Fixed64),
    one(3, "timeUnixNano", Kind::Fixed64),
    one(4, "count", Kind::Fixed64),
    one(5, "sum", Kind::Double),
    one(6, "scale", Kind::ZigZag32),
    one(7, "zeroCount", Kind::Fixed64),
    one(8, "positive", Kind::Message(&BUCKETS)),
    one(9, "negative", Kind::Message(&BUCKETS)),
    one(10, "flags", Kind::Unsigned32),
    many(11, "exemplars", Kind::Message(&EXEMPLAR)),
    one(12, "min", Kind::Double),
    one(13, "max", Kind::Double),
    one(14, "zeroThreshold", Kind::Double),
]);
static BUCKETS: Message = part::<metrics::exponential_histogram_data_point::Buckets>(&[
    one(1, "offset", Kind::ZigZag32),
    many(2, "bucketCounts", Kind::Unsigned64),
]);
static SUMMARY_POINT: Message = record::<metrics::SummaryDataPoint>(&[
    one(2, "startTimeUnixNano", Kind::Fixed64),
    one(3, "timeUnixNano", Kind::Fixed64),
    one(4, "count", Kind::Fixed64),
    one(5, "sum", Kind::Double),
    many(6, "quantileValues", Kind::Message(&QUANTILE)),
    many(7, "attributes", Kind::Message(&KEY_VALUE)),
    one(8, "flags", Kind::Unsigned32),
]);
static QUANTILE: Message = part::<metrics::summary_data_point::ValueAtQuantile>(&[
    one(1, "quantile", Kind::Double),
    one(2, "value", Kind::Double),
]);
static EXEMPLAR: Message = part::<metrics::Exemplar>(&[
    one(2, "timeUnixNano", Kind::Fixed64),
    one(3, "asDouble", Kind::Double),
    one(4, "spanId", Kind::Id),
    one(5, "traceId", Kind::Id),
    one(6, "asInt", Kind::FixedInt(3)),
    many(7, "filteredAttributes", Kind::Message(&KEY_VALUE)),
]);

static RESOURCE: Message = part::<Resource>(&[
    many(1, "attributes", Kind::Message(&KEY_VALUE)),
    one(2, "droppedAttributesCount", Kind::Unsigned32),
    many(3, "entityRefs", Kind::Message(&ENTITY_REF)),
]);
static ENTITY_REF: Message = part::<EntityRef>(&[
    one(1, "schemaUrl", Kind::Text),
    one(2, "type", Kind::Text),
    many(3, "idKeys", Kind::Text),
    many(4, "descriptionKeys", Kind::Text),
]);
static SCOPE: Message = part::<InstrumentationScope>(&[
    one(1, "name", Kind::Text),
    one(2, "version", Kind::Text),
    many(3, "attributes", Kind::Message(&KEY_VALUE)),
    one(4, "droppedAttributesCount", Kind::Unsigned32),
]);
static KEY_VALUE: Message = part::<KeyValue>(&[
    one(1, "key", Kind::Text),
    one(2, "value", Kind::Message(&ANY_VALUE)),
    one(3, "keyStrindex", Kind::Signed32),
]);
static ANY_VALUE: Message = part::<AnyValue>(&[
    one(1, "stringValue", Kind::Text),
    one(2, "boolValue", Kind::Bool),
    one(3, "intValue", Kind::Int(4)),
    one(4, "doubleValue", Kind::Double),
    one(5, "arrayValue", Kind::Message(&ARRAY)),
    one(6, "kvlistValue", Kind::Message(&KEY_VALUE_LIST)),
    one(7, "bytesValue", Kind::Bytes),
    one(8, "stringValueStrindex", Kind::Signed32),
]);
static ARRAY: Message = part::<ArrayValue>(&[many(1, "values", Kind::Message(&ANY_VALUE))]);
static KEY_VALUE_LIST: Message = part::<KeyValueList>(&[many(1, "values", Kind::Message(&KEY_VALUE))]);
