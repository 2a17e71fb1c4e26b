//! The rows of the tables in docs/prometheus.md, "Ways", and what random cases are made of besides.

use MetricKind::{Counter, Gauge, Histogram, UpDownCounter};
use slo_model::names::MetricKind;

pub(crate) const METRICS: &[(&str, &str, MetricKind)] = &[
    ("http.server.request.duration", "s", Histogram),
    ("rpc.latency", "ms", Histogram),
    ("http.server.requests", "{request}", Counter),
    ("jobs.total", "", Counter),
    ("read.bytes.total", "By", Counter),
    ("disk.read.bytes", "By", Counter),
    ("process.cpu.time", "s", Counter),
    ("cache.hits", "1", Counter),
    ("cpu.utilization", "1", Gauge),
    ("disk.io", "By/s", Gauge),
    ("memory.usage", "By", UpDownCounter),
    ("pool.share", "1", UpDownCounter),
    ("total.jobs", "", Counter),
    ("jobs.total.failed", "", Counter),
    ("io.ratio.total", "1", Gauge),
    ("hit.ratio", "1", Gauge),
    ("battery.level", "%", Gauge),
    ("latency.ms", "ms", Histogram),
    ("latency.seconds", "s", Gauge),
    ("lines__read", "", Gauge),
    ("sent.KiB", "KiBy", Gauge),
    ("link.speed", "Mbit/s", Gauge),
    ("temp.inside", "Cel", Gauge),
    ("work.per.second", "1/s", Gauge),
    ("speed", "m/s", Gauge),
    ("queue.depth", "{item}", UpDownCounter),
];

/// Each row is tried on a counter and a histogram, beside a gauge that has no attributes.
pub(crate) const ATTRIBUTES: &[&[(&str, &str)]] = &[
    &[("tenant_id", "2"), ("tenant.id", "1")],
    &[("a-b", "1"), ("a.b", "2"), ("a_b", "3")],
    &[("otel_scope_name", "mine")],
    &[("otel.scope.name", "mine")],
    &[("job", "mine")],
    &[("instance", "mine")],
    &[("le", "7")],
    &[("__name__", "mine")],
    &[("_private", "1")],
    &[("9lives", "1")],
    &[("名", "1")],
    &[("a..b", "1")],
    &[("empty", "")],
];

/// SDKs take a name that begins with a letter.
pub(crate) const FIRST: &[&str] = &["a", "x1", "http", "T", "KiB", "total", "bytes", "target", "s", "per"];

pub(crate) const WORDS: &[&str] = &[
    "a", "b", "9", "Ab", "total", "ratio", "bytes", "seconds", "kilobytes", "percent", "per", "second", "per_second",
    "created", "bucket", "info", "count", "sum", "Mbit", "subtotal",
];

pub(crate) const SEPARATORS: &[&str] = &[".", ".", ".", "_", "_", "-", "/", "..", "__", "_."];

/// What a second metric's name has more than the first one's.
pub(crate) const MORE: &[&str] = &[
    "", "", "", "", "", "", "", ".", ".total", "_count", ".bucket", ".sum", ".seconds", ".bytes", ".ratio", ".created",
    ".info",
];

/// Keys that seldom meet.
pub(crate) const PLAIN: &[&str] = &["region", "shop.id", "c", "Zone", "a_", "a.b.c", "quantile", "exported", "0a_"];

pub(crate) const KEYS: &[&str] = &[
    "a.b", "a_b", "a-b", "a..b", "a__b", "a:b", "_x", "__x", "x", "9x", "_9x", "job", "instance", "le", "__name__",
    "__a.b__", "..name..", "otel_scope_name", "otel.scope.name", "otel.scope.version", "otel_scope_schema_url",
    "otel_scope_x", "quantile", "名", "é", "_", "__", "9", "", "a.b", "a_b",
];
