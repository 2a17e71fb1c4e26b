//! Events, the signals that they become, and the meanings that they carry, as tables that are known when the program is
//! compiled.
//!
//! The compiler's Rust back end and the derive write these tables; the runtime reads them. What a table says was
//! proved: a field's number is a field's, a variant's keys are disjoint, and so on.

mod field;
mod meaning;
mod signal;

pub use field::{Bounded, Elapsed, Field, FieldKind, Slot};
pub use meaning::{Lossy, Meaning, Pair, PairValue, Shown, Variant};
pub use signal::{
    Buckets, InstrumentKind, Level, Log, Metric, NumberType, Passes, Severity, Signal, Span, SpanEvent,
    SpanKind, Status, Test, TextPart, Writer, WriterValue,
};

pub use crate::names::TranslationStrategy;
use crate::table::described;
use crate::table::packed::packed;
use crate::{Container, Key};

packed! {
    /// Something that happens.
    #[derive(Clone, Copy, Debug)]
    pub struct Event<'a> {
        /// Package and name, such as `fin.pay.PaymentAttempt`.
        pub name: &'a str,
        /// Where the contract says it, as `pay.slo:57`.
        pub place: &'a str,
        /// The scope that its telemetry comes from.
        pub scope: &'a Container<'a>,
        /// What the program gives; constants stand where they are written.
        pub fields: &'a [Field<'a>],
        /// How many values there are: one for each field, and behind a meaning's one for each of its payloads.
        pub values: usize,
        /// The field that the time from begin to end stands in.
        pub elapsed: Option<Elapsed>,
        /// Whether it goes out on no signal when a value doesn't fit.
        pub drop_invalid: bool,
        /// The metrics that it counts in.
        pub metrics: &'a [Metric<'a>],
        /// The metrics that count it while it runs: up at its begin, down at its end.
        pub running: &'a [Metric<'a>],
        /// The log records that it becomes.
        pub logs: &'a [Log<'a>],
        /// The span that it becomes, or writes onto.
        pub span: Option<Span<'a>>,
        /// The events that it writes onto a span.
        pub span_events: &'a [SpanEvent<'a>],
    }
}

described! {
    /// A metric that a callback of the program gives whenever it is collected.
    #[derive(Clone, Copy, Debug)]
    pub struct Observed<'a> {
        /// The scope that it comes from.
        pub scope: &'a Container<'a>,
        /// What the callback gives: the labels that are no constants, and the measured value, which is the last.
        pub fields: &'a [Field<'a>],
        /// The metric.
        pub metric: Metric<'a>,
    }

    /// What a program needs to know of a contract as a whole.
    #[derive(Clone, Copy, Debug)]
    pub struct Contract<'a> {
        /// Its name.
        pub name: &'a str,
        /// Its version.
        pub version: &'a str,
        /// What the SDK must be told of its metrics.
        pub streams: &'a [Stream<'a>],
        /// The most attributes that one of its spans has.
        pub span_attributes: u32,
        /// Whether a span of it has links, whose number only the program knows.
        pub span_links: bool,
        /// The most attributes that one event on a span has.
        pub span_event_attributes: u32,
        /// The keys that its signals may show and their values, sorted by key: what a log line written by hand is held to.
        pub keys: &'a [Key<'a>],
        /// What its metrics and keys are called under Prometheus.
        pub prometheus: Prometheus<'a>,
    }

    /// What a contract's `slo.toml` says of Prometheus: what whoever writes for Prometheus must know to write the names that were
    /// checked.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Prometheus<'a> {
        /// How names are translated.
        pub strategy: TranslationStrategy,
        /// The keys of the resource that become labels of every series.
        pub promoted: &'a [&'a str],
    }

    /// What the SDK must be told of a metric.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Stream<'a> {
        /// The name of its scope.
        pub scope: &'a str,
        /// Its name.
        pub metric: &'a str,
        /// The most points that it has, over all events of the scope that write it, the points for what is beyond a
        /// `limit=` included.
        pub points: u32,
        /// Whether its histogram has exponential buckets.
        pub exponential: bool,
    }
}

impl Contract<'_> {
    /// The contract of nothing: what the SDK needs to know where a program has no contract of its own.
    pub const EMPTY: Contract<'static> = Contract {
        name: "",
        version: "",
        streams: &[],
        span_attributes: 0,
        span_links: false,
        span_event_attributes: 0,
        keys: &[],
        prometheus: Prometheus {
            strategy: TranslationStrategy::UnderscoreEscapingWithSuffixes,
            promoted: &[],
        },
    };
}
